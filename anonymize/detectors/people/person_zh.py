"""Chinese names."""

from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.detection.lists import HAN, among
from anonymize.kernels.detection.names_zh import (
    END,
    GIVEN,
    LABEL,
    LIKELY_GIVEN,
    NO_FUNCTION_WORD,
    SURE,
    SURNAME,
    TITLE,
)

_NAME = rf"{SURNAME}{GIVEN}{{1,2}}"
_ASIDE = rf"(?:[（(][{HAN}]{{1,6}}[）)])?"
_JOINED = r"(?:[:：=]| {0,2}|是|为|叫|名){0,3}[“\"【\[ \x{3000}]?"
_ATTRIBUTE = "的(?:电话|手机|身份证|邮箱|地址|银行卡|微信|卡号|住址)"
_BELONGING = "的(?:快递|包裹|外卖|订单|账号|账户|名字|孩子|资料|信息|材料|合同|病历|报告|简历|发票|工资|房子|车)"
_PARTICULARS = "[ ，,、:：]{0,2}(?:身份证|手机|电话|联系方式|证件|[男女](?:$|[，, 、])|汉族|[0-9]{1,2}岁)"
_SPEAKS = "(?:说|称|表示|告诉|反映|来电|住在|出生|主诉)"


class PersonZh(Detector):
    """Chinese names: a surname and one or two characters, beside a label or title, or in a column called names.

    Names of four characters without a compound surname, and transliterated ones, are not found.
    """

    use: Literal["person_zh"] = "person_zh"

    entity = "PERSON"
    family = "han"
    patterns = (
        Pattern(_NAME, before=rf"{LABEL}{_ASIDE}{_JOINED}", after=END, bare=0.95, family="text"),
        Pattern(rf"{SURE}{GIVEN}{{1,2}}", before="叫|找|转给|[账款]给|[寄发送]给", after=END, bare=0.7),
        Pattern(_NAME, before="叫", after=rf"$|[^{HAN}]", bare=0.75),
        Pattern(_NAME, before="联系一下|户名|名字写?", after=END, bare=0.8),
        Pattern(rf"{NO_FUNCTION_WORD}(?:{GIVEN}{{1,2}})?", after=TITLE, bare=0.8),
        Pattern(rf"{SURNAME}(?:{GIVEN}{{1,2}})?", before="^", after=TITLE, bare=0.8),
        Pattern(rf"{SURNAME}{LIKELY_GIVEN}{{1,2}}", before="^", after="$", bare=0.3, supported=0.9),
        Pattern(_NAME, before="^", after=_ATTRIBUTE, bare=0.75),
        Pattern(rf"{SURE}{LIKELY_GIVEN}{{1,2}}", before="^", after=_BELONGING, bare=0.75),
        Pattern(
            _NAME, before=rf"(?:^|[^{HAN}])", after=_PARTICULARS, bare=0.75, family="text", trigger=_PARTICULARS
        ),
        Pattern(rf"{SURE}{GIVEN}{{1,2}}", before="^", after=_SPEAKS, bare=0.7),
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
    against = words(zh="品牌, 产品, 状态, 类型, 疾病, 药品, 诊断, 症状, 型号")
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
        common = among(candidates, "not_names_zh") | among(candidates, "regions_zh")
        return ~(common | (among(first, "not_names_zh") & (_length(candidates) > 2)))


def _length(candidates: pa.StringArray) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return to_numpy(pc.utf8_length(candidates))


EXAMPLES = [
    Example(PersonZh(), "患者张伟，男，联系人：欧阳小红", ["张伟", "欧阳小红"]),
    Example(PersonZh(), "请联系王小明先生或李女士", ["王小明", "李"]),
    Example(PersonZh(), "姓名：李娜 电话13812345678", ["李娜"]),
    Example(PersonZh(), "高兴地办理，时间安排在北京，方法简单", []),
    Example(PersonZh(), "平台管理", []),
]
