"""French company numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.core.roles import Role
from anonymize.kernels.detection.checksums import by_length
from anonymize.kernels.detection.checksums_west import french_siren
from anonymize.kernels.detection.wording import other_numbers


class FrSiren(Detector):
    """French company numbers (SIREN): nine digits with Luhn's check. They count only with context.

    People in business on their own have one too.
    """

    use: Literal["fr_siren"] = "fr_siren"

    entity = "FR_SIREN"
    patterns = (Pattern("[0-9]{9}", bare=0.2), Pattern("[0-9]{3} [0-9]{3} [0-9]{3}", bare=0.3))
    standard = "Code de commerce R123-220; INSEE, répertoire Sirene"
    locales = ("FR",)
    tier = 2
    role = Role.OTHER
    laws = ("GDPR Art. 4(1)",)
    chance = 0.1
    contexts = words(fr="SIREN, RCS, immatriculée, numéro SIREN", en="siren number")
    against = other_numbers("fr")
    headers = words(fr="siren, numéro siren, numero siren, code siren, rcs", en="siren number")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, french_siren)


EXAMPLES = [
    Example(FrSiren(), "RCS Paris 732 829 320, SIREN 552008443", ["732 829 320", "552008443"]),
    Example(FrSiren(), "SIREN 732 829 321", []),
    Example(FrSiren(), "commande 732829320, 732829320", []),
]
