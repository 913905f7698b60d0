"""Greek social security numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, luhn
from anonymize.kernels.detection.checksums_west import day_month_year
from anonymize.kernels.detection.wording import other_numbers


class GrAmka(Detector):
    """Greek social security numbers (AMKA): date of birth, four digits, and Luhn's check digit."""

    use: Literal["gr_amka"] = "gr_amka"

    entity = "GR_AMKA"
    patterns = (Pattern("[0-3][0-9][01][0-9]{8}", bare=0.65),)
    standard = "Ν. 3655/2008 άρθρο 153"
    locales = ("GR",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.01
    contexts = words(el="ΑΜΚΑ, Α.Μ.Κ.Α., αριθμός μητρώου κοινωνικής ασφάλισης", en="amka, greek social security")
    against = other_numbers("el")
    headers = words(el="αμκα", en="amka")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _dated)


def _dated(digits: Matrix) -> Passed:
    return luhn(digits) & day_month_year(digits)


EXAMPLES = [
    Example(GrAmka(), "ΑΜΚΑ 01013099997", ["01013099997"]),
    Example(GrAmka(), "ΑΜΚΑ 01013099996, 01133099997", []),
    Example(GrAmka(), "παραγγελία 01013099996, 01013099990", []),
]
