"""Chinese bank cards."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import by_length, luhn


class CnBankCard(Detector):
    """Cards of Chinese banks: UnionPay's ranges (62, 81 and the older ones of banks) and the Luhn check."""

    use: Literal["cn_bank_card"] = "cn_bank_card"

    entity = "CN_BANK_CARD"
    patterns = (
        Pattern("62[0-9]{2}(?: [0-9]{4}){3}(?: [0-9]{1,3})?|62[0-9]{2}(?:-[0-9]{4}){3}(?:-[0-9]{1,3})?", bare=0.9),
        Pattern("62[0-9]{14,17}", bare=0.8),
        Pattern(
            "(?:81[0-9]{2}|9[0-9]{3}|60[0-9]{2}|68[0-9]{2}|4[0-9]{3}|5[0-9]{3})[0-9]{12,15}",
            bare=0.3,
            supported=0.9,
        ),
    )
    standard = "ISO/IEC 7812-1:2017; JR/T 0008-2000"
    locales = ("CN",)
    laws = ("PIPL Art. 28", "PCI DSS 3.4", "JR/T 0171-2020 C3")
    chance = 0.1
    contexts = words(
        zh="银行卡, 卡号, 储蓄卡, 借记卡, 账号, 账户, 打款, 转账, 开户", en="bank card, card, unionpay, account"
    )
    against = words(
        zh="订单, 流水, 单号, 编号, 序列号, 身份证, 凭证", en="order, invoice, tracking, imei, serial, transaction"
    )
    headers = words(
        zh="银行卡, 银行卡号, 卡号, 银行账号, 账号, 储蓄卡号",
        pinyin="yhkh, yhk, kh, zh, yhzh, yinhangka",
        en="bank card, bank card no, bank card number, card no, card number, bankcard",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, luhn)


EXAMPLES = [
    Example(CnBankCard(), "卡号6222021234567890128", ["6222021234567890128"]),
    Example(CnBankCard(), "打到 6222 0212 3456 7894 谢谢", ["6222 0212 3456 7894"]),
    Example(CnBankCard(), "卡号6222021234567890129", []),
    Example(CnBankCard(), "流水号6222021234567890128", []),
]
