"""Chilean identity numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, weighted
from anonymize.kernels.detection.checksums_west import letter_value
from anonymize.kernels.detection.wording import other_numbers


class ClRut(Detector):
    """Chilean identity and tax numbers (RUT, RUN): seven or eight digits and a check digit modulo 11, or K.

    Without the hyphen they count only with context.
    """

    use: Literal["cl_rut"] = "cl_rut"

    entity = "CL_RUT"
    patterns = (
        Pattern(r"[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}-[0-9Kk]", bare=0.95),
        Pattern("[1-9][0-9]{6,7}-[0-9Kk]", bare=0.55),
        Pattern("[1-9][0-9]{6,7}[0-9Kk]", bare=0.1),
    )
    standard = "Decreto Ley 3/1969; Registro Civil"
    locales = ("CL",)
    tier = 2
    laws = ("Ley 19.628 Art. 2", "GDPR Art. 87")
    chance = 0.1
    contexts = words(
        es="RUT, RUN, R.U.T., rol único tributario, cédula de identidad, cédula", en="rut, chilean id"
    )
    against = other_numbers("es")
    headers = words(es="rut, run, rut cliente, rut persona, numero rut")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _check_digit)


def _check_digit(characters: Matrix) -> Passed:
    weights = (3, 2, 7, 6, 5, 4, 3, 2)[9 - characters.shape[1] :]
    rest = -weighted(characters, weights) % 11
    passed: Passed = np.where(rest == 10, letter_value("K"), rest) == characters[:, -1]
    return passed


EXAMPLES = [
    Example(
        ClRut(), "RUT 12.531.909-2, RUN 12531909-2, rut 125319092", ["12.531.909-2", "12531909-2", "125319092"]
    ),
    Example(ClRut(), "RUT 12.531.909-3", []),
    Example(ClRut(), "pedido 12531909-2, 125319092", []),
]
