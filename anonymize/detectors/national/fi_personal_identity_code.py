"""Finnish personal identity codes."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number
from anonymize.kernels.detection.checksums_west import day_month_year, letter_value
from anonymize.kernels.detection.wording import other_numbers

_CHECK = np.array([*range(10), *(letter_value(each) for each in "ABCDEFHJKLMNPRSTUVWXY")])


class FiPersonalIdentityCode(Detector):
    """Finnish personal identity codes (HETU): date of birth, a sign for the century, three digits, a check modulo
    31.
    """

    use: Literal["fi_personal_identity_code"] = "fi_personal_identity_code"

    entity = "FI_PERSONAL_IDENTITY_CODE"
    patterns = (
        Pattern("[0-3][0-9][01][0-9]{3}[-+][0-9]{3}[0-9A-FHJ-NPR-Ya-fhj-npr-y]", bare=0.9),
        Pattern("[0-3][0-9][01][0-9]{3}[A-FU-Ya-fu-y][0-9]{3}[0-9A-FHJ-NPR-Ya-fhj-npr-y]", bare=0.9),
    )
    standard = "Asetus väestötietojärjestelmästä 128/2010; Laki 661/2009"
    locales = ("FI",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.01
    known_tests = frozenset(["131052308T", "131052A308T"])
    contexts = words(
        fi="henkilötunnus, hetu, sotu, henkilötunnuksen, hlötunnus",
        sv="personbeteckning",
        en="personal identity code, finnish id, social security number",
    )
    against = other_numbers("fi")
    headers = words(
        fi="hetu, henkilötunnus, henkilotunnus, sotu",
        sv="personbeteckning",
        en="finnish personal identity code, personal identity code",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _dated)


def _dated(characters: Matrix) -> Passed:
    """The number of date and serial modulo 31; a letter for the century stands between the two."""
    serial = number(characters[:, -4:-1])
    passed: Passed = _CHECK[(number(characters[:, :6]) * 1000 + serial) % 31] == characters[:, -1]
    return passed & day_month_year(characters) & (serial > 1)


EXAMPLES = [
    Example(FiPersonalIdentityCode(), "Hetu 131052-308T, 010101A0102?", ["131052-308T"]),
    Example(FiPersonalIdentityCode(), "131052A308T", ["131052A308T"]),
    Example(FiPersonalIdentityCode(), "hetu 131052-308U, 131352-308T", []),
    Example(FiPersonalIdentityCode(), "tilausnumero 131099+308T", []),
]
