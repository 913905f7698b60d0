"""Greek tax numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import by_length
from anonymize.kernels.detection.checksums_west import greek_tax
from anonymize.kernels.detection.wording import other_numbers


class GrAfm(Detector):
    """Greek tax numbers (AFM): nine digits, powers of two modulo 11. They count only with context."""

    use: Literal["gr_afm"] = "gr_afm"

    entity = "GR_AFM"
    patterns = (Pattern("[0-9]{9}", bare=0.2),)
    standard = "Ν. 4174/2013 άρθρο 11; ΑΑΔΕ"
    locales = ("GR",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.1
    contexts = words(el="ΑΦΜ, Α.Φ.Μ., αριθμός φορολογικού μητρώου", en="afm, greek tax, vat")
    against = other_numbers("el")
    headers = words(el="αφμ, αριθμός φορολογικού μητρώου", en="afm")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, greek_tax)


EXAMPLES = [
    Example(GrAfm(), "ΑΦΜ 094259216", ["094259216"]),
    Example(GrAfm(), "ΑΦΜ 094259215", []),
    Example(GrAfm(), "τιμολόγιο 094259216, 094259216", []),
]
