"""Alipay accounts."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words


class AlipayAccount(Detector):
    """Alipay accounts: user numbers (2088…), and telephone numbers and e-mail addresses beside 支付宝."""

    use: Literal["alipay_account"] = "alipay_account"

    entity = "ALIPAY_ACCOUNT"
    patterns = (
        Pattern("2088[0-9]{12}", bare=0.4),
        Pattern("1[3-9][0-9]{9}", bare=0.0, supported=0.8),
        Pattern(
            r"[0-9A-Za-z._%+-]{1,64}@[0-9A-Za-z-]{1,63}(?:\.[0-9A-Za-z-]{1,63}){1,4}\b",
            bare=0.0,
            supported=0.8,
            family="at",
            words=False,
        ),
    )
    standard = "Ant Group, open platform: user numbers"
    locales = ("CN",)
    tier = 2
    laws = ("PIPL Art. 28", "GB/T 35273-2020 app. B", "JR/T 0171-2020 C3")
    chance = 0.8
    contexts = words(zh="支付宝, 支付宝账号, 支付宝账户", en="alipay, alipay account")
    against = words(zh="订单, 流水, 单号, 手机, 电话, 邮箱, 微信, 交易号", en="order, trade no, phone, email")
    headers = words(
        zh="支付宝, 支付宝账号, 支付宝账户, 支付宝帐号",
        pinyin="zfb, zfbzh, zhifubao",
        en="alipay, alipay account, alipay id, alipay no",
    )
    not_headers = words(zh="支付宝订单号, 支付宝交易号")


EXAMPLES = [
    Example(AlipayAccount(), "支付宝账号：13812345678", ["13812345678"]),
    Example(
        AlipayAccount(),
        "支付宝 2088123412341234 或支付宝zhang@example.com",
        ["2088123412341234", "zhang@example.com"],
    ),
    Example(AlipayAccount(), "交易号2088123412341234，手机13812345678", []),
]
