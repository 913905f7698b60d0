"""QQ accounts."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words

_LABEL = "(?:(?:^|[^0-9A-Za-z_@.])(?i:qq)|扣扣|加[qQ]|企鹅)(?:号码?|账号|帐号|ID|id)?"
_LABELLED = "(?i:qq)|扣扣|加[qQ]|企鹅"


class QqNumber(Detector):
    """QQ accounts: five to eleven digits beside the letters QQ. Those of groups are not meant."""

    use: Literal["qq_number"] = "qq_number"

    entity = "QQ_NUMBER"
    patterns = (
        Pattern(
            r"[1-9][0-9]{4,10}\b",
            before=rf"{_LABEL} ?[:：=是为]{{0,2}} ?",
            bare=0.9,
            family="text",
            trigger=_LABELLED,
            words=False,
        ),
        Pattern("[1-9][0-9]{4,10}", bare=0.02, supported=0.8),
    )
    standard = "Tencent, QQ numbers"
    locales = ("CN", "HK", "MO", "TW")
    tier = 2
    laws = ("GB/T 35273-2020 app. A", "HIPAA 164.514(b)(2)(i)(R)")
    chance = 0.9
    contexts = words(zh="QQ号, qq号, QQ号码, 扣扣, 加QQ, QQ账号", en="qq number, qq no")
    against = words(
        zh="订单, 流水, 单号, 编号, 序列号, 群, 电话, 手机, 微信, 版本, 金额, 元, 验证码",
        en="group, version, order, invoice, tracking, serial",
    )
    headers = words(
        zh="QQ号, QQ号码, QQ账号, 扣扣", pinyin="qqh, qqhm", en="qq, qq no, qq number, qq account, qq id"
    )
    not_headers = words(zh="QQ群, QQ群号", en="qq group")


EXAMPLES = [
    Example(QqNumber(), "QQ：123456789，扣扣号1234567", ["123456789", "1234567"]),
    Example(QqNumber(), "加QQ10001聊", ["10001"]),
    Example(QqNumber(), "QQ群123456789，邮箱user@qq.com 12345", []),
    Example(QqNumber(), "共12345条，QQ版本9.7.20", []),
]
