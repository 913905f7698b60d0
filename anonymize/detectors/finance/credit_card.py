"""Payment card numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import by_length, luhn

_SIXTEEN = (
    "(?:4[0-9]{3}|5[1-5][0-9]{2}|2(?:2[2-9]|[3-6][0-9]|7[01])[0-9]|2720|6011|64[4-9][0-9]|65[0-9]{2}|35[2-8][0-9])"
)
_AMEX, _DINERS = "3[47][0-9]{2}", "3(?:0[0-5]|[689][0-9])[0-9]"


class CreditCard(Detector):
    """Numbers of Visa, Mastercard, American Express, Discover, JCB and Diners cards: range and Luhn check."""

    use: Literal["credit_card"] = "credit_card"

    entity = "CREDIT_CARD"
    patterns = (
        Pattern(
            rf"{_SIXTEEN}(?: [0-9]{{4}}){{3}}|{_SIXTEEN}(?:-[0-9]{{4}}){{3}}"
            rf"|{_AMEX}[ -][0-9]{{6}}[ -][0-9]{{5}}|{_DINERS}[ -][0-9]{{6}}[ -][0-9]{{4}}",
            bare=0.9,
        ),
        Pattern(rf"{_SIXTEEN}[0-9]{{12}}|{_AMEX}[0-9]{{11}}|{_DINERS}[0-9]{{10}}", bare=0.7),
        Pattern("4[0-9]{12}|4[0-9]{18}", bare=0.3),
    )
    standard = "ISO/IEC 7812-1:2017"
    laws = ("PCI DSS 3.4, 3.5", "HIPAA 164.514(b)(2)(i)(J)", "PIPL Art. 28")
    chance = 0.05
    known_tests = frozenset(
        [
            "4111111111111111",
            "4242424242424242",
            "5555555555554444",
            "378282246310005",
            "6011111111111117",
            "3530111333300000",
            "30569309025904",
            "4012888888881881",
            "5105105105105100",
            "371449635398431",
        ]
    )
    contexts = words(
        en="card, credit card, debit card, visa, mastercard, amex, pan, cc, payment card",
        zh="卡号, 信用卡, 银行卡, 刷卡",
        ja="カード",
        ko="카드",
        de="Kreditkarte, Karte",
        fr="carte, carte bancaire, cb",
        es="tarjeta",
        pt="cartão",
        it="carta",
    )
    against = words(
        en="order, invoice, tracking, isbn, imei, sku, serial, transaction, trace, timestamp, hash",
        zh="订单, 流水, 单号, 编号, 序列号",
    )
    headers = words(
        en="card, card no, card number, card num, pan, cc, cc num, cc number, credit card, credit card"
        " number, debit card",
        zh="信用卡, 信用卡号, 卡号",
        pinyin="xykh, kh",
        ja="カード番号, クレジットカード番号",
        ko="카드번호",
        de="kreditkarte, kreditkartennummer",
        fr="carte bancaire, numéro de carte",
        es="tarjeta, número de tarjeta",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, luhn)


EXAMPLES = [
    Example(CreditCard(), "Visa 4111 1111 1111 1111 exp 01/30", ["4111 1111 1111 1111"]),
    Example(CreditCard(), "378282246310005,5555-5555-5555-4444", ["378282246310005", "5555-5555-5555-4444"]),
    Example(CreditCard(), "card 4111 1111 1111 1112", []),
    Example(CreditCard(), "order 4111111111111111", []),
    Example(CreditCard(), "0.4111111111111111 and x4111111111111111", []),
]
