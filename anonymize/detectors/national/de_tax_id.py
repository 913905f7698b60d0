"""German tax identification numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, mod_11_10
from anonymize.kernels.detection.wording import other_numbers


class DeTaxId(Detector):
    """German tax identification numbers: MOD 11-10, and of the first ten digits just one comes twice or thrice.

    The older Steuernummer of the tax offices is not one.
    """

    use: Literal["de_tax_id"] = "de_tax_id"

    entity = "DE_TAX_ID"
    patterns = (Pattern("[1-9][0-9]{10}", bare=0.6), Pattern("[1-9][0-9] [0-9]{3} [0-9]{3} [0-9]{3}", bare=0.8))
    standard = "§ 139b AO; StIdV; ISO 7064 MOD 11-10"
    locales = ("DE",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.02
    known_tests = frozenset(["86095742719", "47036892816", "65929970489"])
    contexts = words(
        de="Steuer-ID, Steuer-IdNr, IdNr, Steueridentifikationsnummer, Identifikationsnummer, Steuer, TIN",
        en="tax id, tin, german tax",
    )
    against = other_numbers("de")
    headers = words(
        de="steuer id, steuerid, steuer idnr, steueridnr, idnr, steueridentifikationsnummer,"
        " identifikationsnummer",
        en="german tax id, tax id",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _repeats_once)


def _repeats_once(digits: Matrix) -> Passed:
    """Since 2016 a digit may come thrice, but not three times in a row."""
    counts = (digits[:, :10, None] == np.arange(10)).sum(axis=1)
    in_a_row = (digits[:, :8] == digits[:, 1:9]) & (digits[:, 1:9] == digits[:, 2:10])
    passed: Passed = ((counts > 1).sum(axis=1) == 1) & (counts.max(axis=1) <= 3) & ~in_a_row.any(axis=1)
    return passed & mod_11_10(digits)


EXAMPLES = [
    Example(DeTaxId(), "Steuer-ID 36574261809; IdNr. 86 095 742 719", ["36574261809", "86 095 742 719"]),
    Example(DeTaxId(), "Steuer-ID 36574261890, Steuer-ID 36554266806", []),
    Example(DeTaxId(), "Rechnung 36574261809, 0.36574261809", []),
]
