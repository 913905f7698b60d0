"""Postal addresses in Chinese."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.detection.lists import any_of, entries, han_except
from anonymize.kernels.detection.matching import matches

_UNITS = "市区县旗镇乡村屯庄路街道巷弄里园苑城厦府湾院厂楼栋幢座胡同"
_DOORS = "号室层户组弄栋幢座楼院"
# a character ends either a part of the chain or nothing, so that RE2 needs few states
_INNER = han_except(_UNITS + _DOORS + "的了是在和与或我你他她它住从请为让把被将")
_INNER = rf"(?:{_INNER}|和平|鼓楼)"
_ROAD = han_except(
    "路街道巷弄号室层户组栋幢座楼的了是在和与或我你他她它住从请为让把被将成到寄送发往去于址家这那条至放所交等"
)
_ROAD = rf"(?:{_ROAD}|和平|鼓楼){{1,14}}[路街道巷弄]"
_NUMBER = "[0-9A-Za-z一二三四五六七八九十百甲乙丙丁-]"
_HOUSE = "(?:广场|大厦|公寓|小区|家园|国际|中心|新村|名都|酒店|大学|工业园|科技园|产业园)"
_DOOR = rf"{_NUMBER}{{1,6}}(?:单元|段|号楼|[{_DOORS}])"
_PART = rf"(?:{_INNER}{{0,9}}(?:[{_UNITS}]|{_HOUSE})|{_DOOR}|{_INNER}{{2,6}}{_DOOR}|[东西南北中]段?)"
_REGION = rf"{any_of(entries('regions_zh'))}(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|自治州|地区|省|市|盟)?"
_ROOM = r"(?:[0-9]{2,4}(?:-[0-9]{1,4})?)?(?:,? [0-9]{6}\b)?"  # and the postal code

_RESIDES = "住所地|户籍地|注册地|所在地|经营场所|坐落于|住所|户籍|住址|地址|住在|家住|居住于|位于|现住|住"
_PLACED = f"(?:{_RESIDES}|寄到|寄往|送到|送至)"
_WITH_DOOR = rf"{_NUMBER}(?:单元|[{_DOORS}])"
_WITH_ROAD = r"[区县旗市镇乡].*(?:[路街巷弄村屯庄园苑城厦]|大道|胡同)"


class AddressZh(Detector):
    """Chinese postal addresses: a chain of province, city, district, town, road and door.

    A chain that ends before a door counts only with context; a city or a district alone is no address.
    """

    use: Literal["address_zh"] = "address_zh"

    entity = "ADDRESS"
    family = "text"
    patterns = (
        Pattern(
            rf"(?:{_REGION}){{1,3}}(?:{_PART})+{_ROOM}",
            trigger=f"[{_UNITS}]",
            head=rf"(?:{_REGION}){{1,3}}(?:{_PART})",
        ),
        Pattern(
            rf"(?:{_PART})+{_ROOM}",
            before=rf"{_PLACED}[:：为是在 ]{{0,2}}",
            supported=0.9,
            trigger=_PLACED,
        ),
        Pattern(
            rf"{_ROAD}{_NUMBER}{{1,5}}[号弄](?:{_PART}){{0,3}}{_ROOM}",
            head=rf"{_ROAD}{_NUMBER}{{1,5}}[号弄]",
            supported=0.9,
            trigger=r"[路街道巷弄].{1,5}[号弄]",
        ),
    )
    standard = "GB/T 2260-2007; GB/T 23705-2009"
    locales = ("CN", "HK", "MO", "TW")
    laws = ("HIPAA 164.514(b)(2)(i)(B)", "GB/T 35273-2020 app. A")
    chance = 0.01
    closed = False
    is_long = True
    most_digits = 0.5
    contexts = words(zh="地址, 住址, 户籍, 住在, 家住, 寄到, 寄往, 送到, 收货, 居住, 通讯")
    headers = words(
        zh="地址, 住址, 户籍地址, 家庭住址, 收货地址, 通讯地址, 居住地址, 详细地址, 单位地址, 现住址",
        pinyin="dz, jtzz, zz, txdz, dizhi, zhuzhi, xxdz",
        en="address, addr, street, address line, home address",
    )
    not_headers = words(
        en="ip address, email address, mac address, mail address, web address",
        zh="网址, 邮箱地址, 邮件地址, IP地址, 网络地址",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        with_door = to_numpy(matches(candidates, _WITH_DOOR))
        with_road = to_numpy(matches(candidates, _WITH_ROAD))
        scores = np.where(with_door, np.where(with_road, 0.9, 0.6), np.where(with_road, 0.4, 0.0))
        named = to_numpy(matches(candidates, f"^{_REGION}"))  # surer of where it begins
        return np.where((scores > 0) & named, scores + 0.05, scores)


EXAMPLES = [
    Example(AddressZh(), "他住在北京市海淀区中关村大街27号，很近", ["北京市海淀区中关村大街27号"]),
    Example(
        AddressZh(),
        "收货地址：广东省深圳市南山区粤海街道科技园路8号3栋502室",
        ["广东省深圳市南山区粤海街道科技园路8号3栋502室"],
    ),
    Example(AddressZh(), "四川省东莞县蓟州杨路M座 232892", ["四川省东莞县蓟州杨路M座 232892"]),
    Example(AddressZh(), "寄到幸福路12号院3单元401室", ["幸福路12号院3单元401室"]),
    Example(AddressZh(), "北京市今天下雨，上海市的路很堵", []),
]
