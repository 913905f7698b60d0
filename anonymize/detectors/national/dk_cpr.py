"""Danish civil registration numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import by_length
from anonymize.kernels.detection.checksums_west import day_month_year
from anonymize.kernels.detection.wording import other_numbers


class DkCpr(Detector):
    """Danish civil registration numbers (CPR): date of birth and four digits.

    The check modulo 11 is not kept by all since 2007: there is none here, and they count only with context.
    """

    use: Literal["dk_cpr"] = "dk_cpr"

    entity = "DK_CPR"
    patterns = (
        Pattern("[0-3][0-9][01][0-9]{3}-[0-9]{4}", bare=0.45),
        Pattern("[0-3][0-9][01][0-9]{7}|[0-3][0-9][01][0-9]{3} [0-9]{4}", bare=0.1),
    )
    standard = "CPR-loven § 3; CPR-kontoret, Personnummeret i CPR"
    locales = ("DK",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.04
    contexts = words(da="CPR, CPR-nr, CPR-nummer, personnummer, personnr, født", en="cpr number, danish id")
    against = other_numbers("da")
    headers = words(da="cpr, cpr nr, cprnr, cpr nummer, cprnummer, personnummer", en="cpr number")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, day_month_year)


EXAMPLES = [
    Example(DkCpr(), "CPR 211062-5629, cpr-nr. 2110625629", ["211062-5629", "2110625629"]),
    Example(DkCpr(), "født 010107-1234", ["010107-1234"]),
    Example(DkCpr(), "CPR 321062-5629", []),
    Example(DkCpr(), "ordrenummer 211062-5629, 2110625629", []),
]
