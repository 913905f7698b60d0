"""Portuguese tax numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import by_length
from anonymize.kernels.detection.checksums_west import portuguese_tax
from anonymize.kernels.detection.wording import other_numbers


class PtNif(Detector):
    """Portuguese tax numbers (NIF): nine digits modulo 11. They count only with context."""

    use: Literal["pt_nif"] = "pt_nif"

    entity = "PT_NIF"
    patterns = (
        Pattern("[1-9][0-9]{8}", bare=0.2),
        Pattern("[1-9][0-9]{2} [0-9]{3} [0-9]{3}", bare=0.3),
    )
    standard = "Decreto-Lei n.º 14/2013"
    locales = ("PT",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.1
    contexts = words(
        pt="NIF, NIPC, contribuinte, número de contribuinte, identificação fiscal, n.º contribuinte",
        en="portuguese tax, nif",
    )
    against = other_numbers("pt")
    headers = words(
        pt="nif, nipc, contribuinte, número de contribuinte, numero contribuinte, nif contribuinte",
        en="portuguese tax number",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, portuguese_tax)


EXAMPLES = [
    Example(PtNif(), "NIF 501964843, contribuinte 501 964 843", ["501964843", "501 964 843"]),
    Example(PtNif(), "NIF 501964842", []),
    Example(PtNif(), "fatura 501964843, 501964843", []),
]
