"""Polish tax numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import by_length
from anonymize.kernels.detection.checksums_west import polish_tax
from anonymize.kernels.detection.wording import other_numbers


class PlNip(Detector):
    """Polish tax numbers (NIP) of companies and of people in business. Ten bare digits count only with context."""

    use: Literal["pl_nip"] = "pl_nip"

    entity = "PL_NIP"
    patterns = (
        Pattern("[0-9]{3}-[0-9]{3}-[0-9]{2}-[0-9]{2}|[0-9]{3}-[0-9]{2}-[0-9]{2}-[0-9]{3}", bare=0.75),
        Pattern("[0-9]{10}", bare=0.2),
        Pattern("[0-9]{3} [0-9]{3} [0-9]{2} [0-9]{2}", bare=0.4),
    )
    standard = "Ustawa o zasadach ewidencji i identyfikacji podatników, Art. 2"
    locales = ("PL",)
    tier = 2
    laws = ("GDPR Art. 4(1)",)
    chance = 0.1
    contexts = words(pl="NIP, numer NIP, identyfikacji podatkowej", en="tax id, nip, vat")
    against = other_numbers("pl")
    headers = words(pl="nip, nr nip, numer nip", en="nip number, polish tax id")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, polish_tax)


EXAMPLES = [
    Example(PlNip(), "NIP 856-734-62-15, nip: 8567346215", ["856-734-62-15", "8567346215"]),
    Example(PlNip(), "NIP 856-734-62-16", []),
    Example(PlNip(), "faktura 8567346215, 8567346215", []),
]
