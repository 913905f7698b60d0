"""Identity numbers of foreigners in Spain."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import by_length
from anonymize.kernels.detection.checksums_west import spanish_person
from anonymize.kernels.detection.wording import other_numbers


class EsNie(Detector):
    """Identity numbers of foreigners in Spain: X, Y or Z, seven digits and a control letter."""

    use: Literal["es_nie"] = "es_nie"

    entity = "ES_NIE"
    patterns = (Pattern("[XYZxyz][- ]?0?[0-9]{7}[- ]?[A-HJ-NP-TV-Za-hj-np-tv-z]", bare=0.75),)
    standard = "Real Decreto 557/2011 Art. 206"
    locales = ("ES",)
    tier = 2
    laws = ("GDPR Art. 87",)
    chance = 0.05
    contexts = words(es="NIE, extranjero, identificación de extranjero, TIE, NIF", en="foreigner, nie")
    against = other_numbers("es")
    headers = words(es="nie, numero nie, dni nie, nif nie")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, spanish_person)


EXAMPLES = [
    Example(EsNie(), "NIE X-2482300-W, y1234567x", ["X-2482300-W", "y1234567x"]),
    Example(EsNie(), "NIE X-2482300-A, Y1234567Z", []),
    Example(EsNie(), "artículo X2482300W", []),
]
