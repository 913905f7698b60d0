"""Numbers of French places of business."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.core.roles import Role
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, luhn, number
from anonymize.kernels.detection.checksums_west import french_siren
from anonymize.kernels.detection.wording import other_numbers

_POST_OFFICE = 356000000


class FrSiret(Detector):
    """Numbers of French places of business (SIRET): a SIREN and five digits, Luhn's check over both.

    Those of La Poste but for its seat have a sum of digits that five divides.
    """

    use: Literal["fr_siret"] = "fr_siret"

    entity = "FR_SIRET"
    patterns = (Pattern("[0-9]{14}", bare=0.6), Pattern("[0-9]{3} [0-9]{3} [0-9]{3} [0-9]{5}", bare=0.8))
    standard = "Code de commerce R123-221; INSEE, répertoire Sirene"
    locales = ("FR",)
    tier = 2
    role = Role.OTHER
    laws = ("GDPR Art. 4(1)",)
    chance = 0.02
    contexts = words(fr="SIRET, SIREN, établissement, numéro SIRET", en="siret number")
    against = other_numbers("fr")
    headers = words(fr="siret, numéro siret, numero siret, code siret", en="siret number")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _place)


def _place(digits: Matrix) -> Passed:
    post_office: Passed = (number(digits[:, :9]) == _POST_OFFICE) & (digits.sum(axis=1) % 5 == 0)
    return french_siren(digits[:, :9]) & (luhn(digits) | post_office)


EXAMPLES = [
    Example(FrSiret(), "SIRET 73282932000074, 732 829 320 00074", ["73282932000074", "732 829 320 00074"]),
    Example(FrSiret(), "SIRET 73282932000075", []),
    Example(FrSiret(), "commande 73282932000074, 20240102123045", []),
]
