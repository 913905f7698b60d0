"""Croatian identification numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import by_length, mod_11_10
from anonymize.kernels.detection.wording import other_numbers


class HrOib(Detector):
    """Croatian identification numbers (OIB) of people and companies: MOD 11-10. They count only with context."""

    use: Literal["hr_oib"] = "hr_oib"

    entity = "HR_OIB"
    patterns = (Pattern("[0-9]{11}", bare=0.25),)
    standard = "Zakon o osobnom identifikacijskom broju; ISO 7064 MOD 11-10"
    locales = ("HR",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.1
    contexts = words(hr="OIB, osobni identifikacijski broj", en="oib, croatian id")
    against = other_numbers("hr")
    headers = words(hr="oib, osobni identifikacijski broj", en="croatian personal id")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, mod_11_10)


EXAMPLES = [
    Example(HrOib(), "OIB 33392005961", ["33392005961"]),
    Example(HrOib(), "OIB 33392005962", []),
    Example(HrOib(), "narudžba 33392005961, 33392005961", []),
]
