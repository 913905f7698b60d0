"""Mobile equipment identities."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, luhn
from anonymize.kernels.detection.checksums_west import varied
from anonymize.kernels.detection.wording import other_numbers


class Imei(Detector):
    """Mobile equipment identities: a reporting body, model, serial number and Luhn's check digit.

    Fifteen bare digits of a reporting body that is rare count only with context; so do those with a software
    version.
    """

    use: Literal["imei"] = "imei"

    entity = "IMEI"
    patterns = (
        Pattern(
            "(?:01|35|86|99)-?[0-9]{6}-[0-9]{6}-[0-9]|(?:01|35|86|99) [0-9]{6} [0-9]{6}"
            " [0-9]|(?:01|35|86|99)-[0-9]{4}-[0-9]{2}-[0-9]{6}-[0-9]",
            bare=0.85,
        ),
        Pattern("(?:01|35|86|99)[0-9]{13}", bare=0.5),
        Pattern("[0-9]{15}", bare=0.2),
    )
    standard = "3GPP TS 23.003 section 6; GSMA TS.06"
    locales = ()
    tier = 1
    laws = ("HIPAA 164.514(b)(2)(i)(M)", "GDPR Art. 4(1)", "PIPL Art. 4")
    chance = 0.1
    known_tests = frozenset(["490154203237518"])
    contexts = words(
        en="imei, device, handset, imei no, imei number, equipment identity",
        zh="IMEI, 串号, 设备号, 手机串号",
        ja="製造番号, 端末識別番号",
        ko="단말기",
    )
    against = other_numbers(without="serial, serial number, 序列号, 手机")
    headers = words(en="imei, imei number, imei no, device imei, imei 1", zh="imei号, 串号, 手机串号, 设备imei")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _body)


def _body(digits: Matrix) -> Passed:
    return luhn(digits) & varied(digits)


EXAMPLES = [
    Example(Imei(), "IMEI 35-209900-176148-1, 352099001761481", ["35-209900-176148-1", "352099001761481"]),
    Example(Imei(), "imei 490154203237518", ["490154203237518"]),
    Example(Imei(), "IMEI 352099001761482", []),
    Example(Imei(), "order 352099001761481, 490154203237518, 0.352099001761481", []),
]
