"""Chinese names."""

from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.detection.lists import among, any_of, entries, han_except

_SURNAME = any_of(entries("surnames_zh"))
_WORDLIKE = "和于从全都时有那来但由因应相管项别常安水方高金路成平马白任查计位何明关乐强信利向万支官公单海国司"
_SURE = any_of([name for name in entries("surnames_zh") if name not in _WORDLIKE])
_GIVEN = han_except(
    "的了是在和与及或不有为我你他她它这那个们吗呢吧啊哦把被将从向对于以而但就都也很还又再要会能可说去到给让请您"
    "号码位名称电话手机地址年月日时分秒元人男者因患病院"
)
_TITLE = any_of(entries("titles_zh"))
_LABEL = any_of(entries("labels_zh"))
_AFTER = any_of(entries("after_names_zh"))
_END = rf"$|[^\p{{Han}}]|{_AFTER}"


class PersonZh(Detector):
    """Chinese names: a surname and one or two characters, beside a label or title, or in a column called names.

    Without any of these a name is not told from words that look like one. Names of four characters without a
    compound surname, and transliterated ones, are not found.
    """

    use: Literal["person_zh"] = "person_zh"

    entity = "PERSON"
    family = "han"
    patterns = (
        Pattern(
            rf"{_SURNAME}{_GIVEN}{{1,2}}",
            before=rf"{_LABEL}(?:[:：=]| {{0,2}}|是|为|叫|名){{0,3}}[“\"【\[ ]?",
            after=_END,
            bare=0.85,
            family="text",
        ),
        Pattern(rf"{_SURNAME}{_GIVEN}{{1,2}}|{_SURE}", after=_TITLE, bare=0.8),
        Pattern(rf"{_SURNAME}{_GIVEN}{{1,2}}", before="^", after="$", bare=0.3, supported=0.9),
        Pattern(
            rf"{_SURE}{_GIVEN}{{1,2}}",
            before="^",
            after="(?:说|称|表示|告诉|反映|来电|住在|出生|主诉|的(?:电话|手机|身份证|邮箱|地址|银行卡))",
            bare=0.7,
        ),
    )
    standard = "百家姓; GB/T 35273-2020"
    locales = ("CN", "TW", "HK", "MO")
    laws = ("HIPAA 164.514(b)(2)(i)(A)", "GB/T 35273-2020 app. A")
    chance = 0.15
    closed = False
    contexts = words(
        zh="姓名, 名字, 患者, 病人, 联系人, 收件人, 收货人, 户名, 法人, 客户, 申请人, 负责人,"
        " 持卡人, 监护人, 我叫, 经办人, 寄件人, 家属, 同事, 学生, 员工",
        en="name, patient, contact",
    )
    against = words(zh="品牌, 产品, 公司, 城市, 省份, 科室, 部门, 职位, 状态, 类型, 疾病, 药品, 诊断, 症状, 型号")
    headers = words(
        zh="姓名, 名字, 客户姓名, 联系人, 收件人, 收货人, 户名, 法人, 患者姓名, 法人代表,"
        " 经办人, 负责人, 监护人, 持卡人",
        pinyin="xm, xingming, lxr, khxm, hzxm",
        en="name, full name, person name, contact, customer name, patient name,"
        " user name, real name, contact name, student name, employee name, payee",
    )
    not_headers = words(
        en="file name, product name, host name, company name, brand name, table name, item name,"
        " place name, city name, event name, domain name, app name, project name, department name,"
        " school name, drug name, shop name",
        zh="文件名, 产品名, 公司名, 品牌名, 域名, 主机名, 表名, 项目名, 商品名, 部门名, 学校名, 药品名, 用户名",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        first = pc.utf8_slice_codeunits(candidates, 0, 2)
        return ~(among(candidates, "not_names_zh") | (among(first, "not_names_zh") & (_length(candidates) > 2)))


def _length(candidates: pa.StringArray) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return to_numpy(pc.utf8_length(candidates))


EXAMPLES = [
    Example(PersonZh(), "患者张伟，男，联系人：欧阳小红", ["张伟", "欧阳小红"]),
    Example(PersonZh(), "请联系王小明先生或李女士", ["王小明", "李"]),
    Example(PersonZh(), "姓名：李娜 电话13812345678", ["李娜"]),
    Example(PersonZh(), "高兴地办理，时间安排在北京，方法简单", []),
    Example(PersonZh(), "平台管理", []),
]
