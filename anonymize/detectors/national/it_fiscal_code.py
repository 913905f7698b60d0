"""Italian fiscal codes."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length
from anonymize.kernels.detection.wording import other_numbers

_DIGIT = "[0-9LMNPQRSTUV]"
# the value of 0-9 and A-Z in the first, third, ... place (D.M. 23 dicembre 1976, art. 3)
_ODD = np.array(
    [1, 0, 5, 7, 9, 13, 15, 17, 19, 21] * 2 + [2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]
)
_OMOCODIA = np.full(36, -1)
_OMOCODIA[:10] = np.arange(10)
_OMOCODIA[[21, 22, 23, 25, 26, 27, 28, 29, 30, 31]] = np.arange(10)


class ItFiscalCode(Detector):
    """Italian fiscal codes: consonants of the name, date and place of birth, a control letter.

    In codes that two people would share some digits are letters (omocodia).
    """

    use: Literal["it_fiscal_code"] = "it_fiscal_code"

    entity = "IT_FISCAL_CODE"
    patterns = (
        Pattern(f"(?i:[A-Z]{{6}}{_DIGIT}{{2}}[ABCDEHLMPRST]{_DIGIT}{{2}}[A-MZ]{_DIGIT}{{3}}[A-Z])", bare=0.95),
        Pattern(
            f"(?i:[A-Z]{{3}} [A-Z]{{3}} {_DIGIT}{{2}}[ABCDEHLMPRST]{_DIGIT}{{2}} [A-MZ]{_DIGIT}{{3}}[A-Z])",
            bare=0.95,
        ),
    )
    standard = "D.M. 23 dicembre 1976; D.P.R. 605/1973"
    locales = ("IT",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.04
    contexts = words(it="codice fiscale, CF, C.F., cod. fisc., cod fisc", en="fiscal code, tax code, italian tax")
    against = other_numbers()
    headers = words(
        it="codice fiscale, codicefiscale, cod fiscale, cod fisc, cf", en="fiscal code, italian fiscal code"
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _control_letter)


def _control_letter(characters: Matrix) -> Passed:
    """Sum of both places' values modulo 26, and a day of birth that exists; women's are 40 later."""
    values = np.clip(characters, 0, 35)
    odd = _ODD[values[:, 0:15:2]].sum(axis=1)
    even = np.where(values > 9, values - 10, values)[:, 1:14:2].sum(axis=1)
    day = _OMOCODIA[values[:, 9]] * 10 + _OMOCODIA[values[:, 10]]
    day = day - 40 * (day > 40)
    passed: Passed = ((odd + even) % 26 + 10 == characters[:, 15]) & (day > 0) & (day <= 31)
    return passed


EXAMPLES = [
    Example(ItFiscalCode(), "CF RCCMNL83S18D969H e VRD MRC 85M 01F205Z", ["RCCMNL83S18D969H"]),
    Example(ItFiscalCode(), "codice fiscale: rccmnl83s18d969h", ["rccmnl83s18d969h"]),
    Example(ItFiscalCode(), "CF RCCMNL83S18D969G, RCCMNL83S78D969H", []),
    Example(ItFiscalCode(), "ordine RCCMNL83F18D969H", []),
]
