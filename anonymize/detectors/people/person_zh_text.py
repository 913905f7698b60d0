"""Chinese names in running text."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.lists import HAN, among
from anonymize.kernels.detection.names_zh import (
    COMPOUND,
    END,
    GIVEN,
    LIKELY_GIVEN,
    NO_FUNCTION_WORD,
    SURE,
    SURNAME,
)

_LONG = rf"(?:{COMPOUND}{LIKELY_GIVEN}{{1,2}}|{NO_FUNCTION_WORD}{LIKELY_GIVEN}{{2}})"
_SHORT = rf"{SURE}{LIKELY_GIVEN}"
_ROLES = "人方员者主客户长师友事学授理经儿子女夫妻亲妈爸公婆姐哥弟妹伴台名表"
_WORKS = "天到注知告派约见带陪聘请是给找叫与和及向由为对被让问写同上下里个位系户跟替帮谢托醒访复识烦"
_LINK = f"[{_ROLES}{_WORKS}]"
"""A character after which a name often stands: the last of a role, of a verb or of a preposition."""

_DOES = (
    "已经?|申请|请假|在吗|在不在|那边|这边|刚刚?|昨天|今天|明天|没来|来了|来过|反映|投诉|付款|退款|下单|确认|回复"
)
"""What people do, at the beginning of a clause."""

_PLACE_END = "[0-9A-Za-z室号楼座村]"
_GAP = r"[ ，,、:：;；/|\t\x{3000}（(]{1,2}"
_NUMBER = r"(?:\+86|86 ?1|1[3-9][0-9]|[1-9][0-9]{5} ?(?:19|20)|0[1-9][0-9]{1,2}-?[2-8])"


class PersonZhText(Detector):
    """Chinese names without a label: of characters that names have, beside a number or where a clause begins.

    Names of two characters are found beside telephone and identity numbers, and after words such as 人 and 找.
    """

    use: Literal["person_zh_text"] = "person_zh_text"

    entity = "PERSON"
    family = "han"
    patterns = (
        Pattern(
            rf"{SURNAME}{GIVEN}{{1,2}}",
            before=rf"(?:^|[^{HAN}])",
            after=rf"{_GAP}{_NUMBER}",
            bare=0.8,
            family="text",
            trigger=_NUMBER,
        ),
        Pattern(
            rf"{SURNAME}{GIVEN}{{1,2}}",
            before=f"{_PLACE_END}{_GAP}",
            after=rf"{_GAP}{_NUMBER}|[ ，,]?收",
            bare=0.8,
            family="text",
            trigger=f"{_PLACE_END}{_GAP}[{HAN}]",
        ),
        Pattern(
            rf"{SURE}{LIKELY_GIVEN}{{1,2}}",
            before=rf"{_PLACE_END}{_GAP}",
            after=rf"$|[^{HAN}]",
            bare=0.55,
            family="text",
            trigger=f"{_PLACE_END}{_GAP}[{HAN}]",
        ),
        Pattern(_LONG, before=f"^|{_LINK}", after=END, bare=0.65),
        Pattern(
            _SHORT,
            before=r"[人方员者长师妈爸表主][）)]?[:：\s]{1,3}",
            after=rf"$|[^{HAN}]",
            bare=0.7,
            family="text",
        ),
        Pattern(_SHORT, before=_LINK, after=END, bare=0.55),
        Pattern(rf"{_LONG}|{_SHORT}", before=f"{_LONG}[和与及、]", after=END, bare=0.6, family="text"),
        Pattern(_SHORT, before="^", after=f"于$|{_DOES}", bare=0.6),
        Pattern(_SHORT, before="@", after=rf"$|[^{HAN}]", bare=0.8, family="text"),
        Pattern(
            _SHORT,
            before=r"^|[\n。！？]",
            after="[：:] ?|[，,] ?(?:你好|您好|在吗|麻烦)",
            bare=0.6,
            family="text",
        ),
    )
    standard = "百家姓; GB/T 35273-2020"
    locales = ("CN", "TW", "HK", "MO")
    laws = ("HIPAA 164.514(b)(2)(i)(A)", "GB/T 35273-2020 app. A")
    chance = 0.15
    closed = False
    against = words(zh="品牌, 产品, 状态, 类型, 疾病, 药品, 诊断, 症状, 型号")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return ~(
            among(candidates, "not_names_zh") | among(candidates, "regions_zh") | among(candidates, "words_zh")
        )


EXAMPLES = [
    Example(PersonZhText(), "经查，杜平俊于昨日驾车，借款人梁志还款", ["杜平俊", "梁志"]),
    Example(PersonZhText(), "刘洋 13812345678，寄5栋502室，陈晓燕收", ["刘洋", "陈晓燕"]),
    Example(PersonZhText(), "安全生产，黄金海岸，林业发展，石油公司和江苏银行", []),
]
