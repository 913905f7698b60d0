"""Mexican population register codes."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number, weighted
from anonymize.kernels.detection.checksums_west import date_of_either_century
from anonymize.kernels.detection.wording import other_numbers

_STATE = "(?:AS|B[CS]|C[CHLMS]|D[FG]|G[RT]|HG|JC|M[CNS]|N[ELT]|OC|PL|Q[RT]|S[LPR]|T[CLS]|VZ|YN|ZS)"


class MxCurp(Detector):
    """Mexican population register codes (CURP): letters of the name, date of birth, sex, state, a check digit."""

    use: Literal["mx_curp"] = "mx_curp"

    entity = "MX_CURP"
    patterns = (
        Pattern(
            f"(?i:[A-Z][AEIOUX][A-Z]{{2}}[0-9]{{2}}[01][0-9][0-3][0-9][HMX]{_STATE}[B-DF-HJ-NP-TV-Z]{{3}}[0-9A-Z][0-9])",
            bare=0.95,
        ),
    )
    standard = "SEGOB, Instructivo normativo CURP (DOF 18.10.2021)"
    locales = ("MX",)
    tier = 2
    laws = ("LFPDPPP Art. 3", "GDPR Art. 87")
    chance = 0.01
    contexts = words(es="CURP, clave única de registro, registro de población", en="curp, mexican id")
    against = other_numbers("es")
    headers = words(es="curp, clave curp, clave unica de registro de poblacion")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _dated)


def _dated(characters: Matrix) -> Passed:
    """Ñ stands between N and O: what follows counts one more."""
    values = np.where(characters > 23, characters + 1, characters)
    passed: Passed = -weighted(values, range(18, 1, -1)) % 10 == characters[:, 17]
    year, month, day = number(characters[:, 4:6]), number(characters[:, 6:8]), number(characters[:, 8:10])
    return passed & date_of_either_century(year, month, day)


EXAMPLES = [
    Example(MxCurp(), "CURP BOXW310820HNERXN09.", ["BOXW310820HNERXN09"]),
    Example(MxCurp(), "CURP BOXW310820HNERXN08, BOXW311320HNERXN09", []),
    Example(MxCurp(), "pedido 310820", []),
]
