"""Bank accounts."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.kernels.detection.wording import other_numbers


class BankAccount(Detector):
    """Bank accounts of any country, in digits, beside words that name one; British ones with their sort code."""

    use: Literal["bank_account"] = "bank_account"

    entity = "BANK_ACCOUNT"
    patterns = (
        Pattern("[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{8}", bare=0.6),
        Pattern("[0-9]{6,18}", bare=0.02, supported=0.7),
        Pattern(
            "[0-9]{2,6}(?:-[0-9]{2,12}){1,4}|[0-9]{4}(?: [0-9]{4}){1,4}(?: [0-9]{1,4})?", bare=0.02, supported=0.7
        ),
    )
    standard = "ISO 20022, CashAccount identification other than IBAN"
    laws = ("HIPAA 164.514(b)(2)(i)(J)", "PIPL Art. 28")
    chance = 0.95
    contexts = words(
        en="account, account number, account no, acct, acct no, a/c, bank account, sort code, savings, checking,"
        " deposit",
        zh="账号, 账户, 银行账号, 开户账号, 帐号, 对公账户",
        ja="口座番号, 口座, 普通預金",
        ko="계좌번호, 계좌",
        de="Konto, Kontonummer, Kto, Konto-Nr",
        fr="compte, numéro de compte, RIB",
        es="cuenta, número de cuenta, CLABE, CBU",
        it="conto, conto corrente",
        pt="conta, conta corrente, agência",
        nl="rekening, rekeningnummer",
    )
    against = other_numbers("de", "fr", "es", "it", "pt", "nl", without="编号")
    headers = words(
        en="account number, account no, acct, acct no, acct number, bank account, bank account number, account"
        " num,"
        " bank acct",
        zh="账号, 银行账号, 银行账户, 开户账号, 对公账号, 帐号",
        pinyin="yhzh, zh",
        ja="口座番号",
        ko="계좌번호",
        de="kontonummer, konto, kto, konto nr",
        fr="compte, numéro de compte, numero de compte",
        es="cuenta, numero de cuenta, número de cuenta, cuenta bancaria, clabe, cbu",
        it="conto corrente, numero conto",
        pt="conta, conta corrente, numero conta",
        nl="rekeningnummer, rekening",
    )
    not_headers = words(en="account balance, account manager, account status, user account")


EXAMPLES = [
    Example(BankAccount(), "Acct no 00123456789, 口座番号 1234567", ["00123456789", "1234567"]),
    Example(BankAccount(), "20-00-00 55779911", ["20-00-00 55779911"]),
    Example(BankAccount(), "00123456789, order 00123456789, account opened 5 days ago", []),
]
