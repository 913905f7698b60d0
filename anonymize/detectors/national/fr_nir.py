"""French social security numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length, number
from anonymize.kernels.detection.checksums_west import letter_value
from anonymize.kernels.detection.wording import other_numbers

_MONTH = "(?:0[1-9]|1[0-2]|[2-9][0-9])"


class FrNir(Detector):
    """French social security numbers: sex, year and month of birth, place, order, and a key modulo 97.

    Corsica's departments count as 19 (2A) and 18 (2B). Thirteen digits without the key count only with context.
    """

    use: Literal["fr_nir"] = "fr_nir"

    entity = "FR_NIR"
    patterns = (
        Pattern(
            f"[1-478] ?[0-9]{{2}} ?{_MONTH} ?[0-9][0-9ABab] ?[0-9]{{3}} ?[0-9]{{3}} ?[0-9]{{2}}"
            f"|[1-478]\\.[0-9]{{2}}\\.{_MONTH}\\.[0-9][0-9AB]\\.[0-9]{{3}}\\.[0-9]{{3}}[./][0-9]{{2}}",
            bare=0.9,
        ),
        Pattern(f"[12][0-9]{{2}}{_MONTH}[0-9][0-9ABab][0-9]{{6}}", bare=0.05, supported=0.8),
    )
    standard = "Décret n° 82-103; INSEE, Répertoire national d'identification"
    locales = ("FR",)
    tier = 2
    laws = ("GDPR Art. 87", "Loi 78-17 Art. 30")
    chance = 0.0104
    contexts = words(
        fr="NIR, sécurité sociale, numéro de sécurité sociale, n° de sécurité sociale, sécu, numéro INSEE, INSEE,"
        " NSS, n° SS, immatriculation",
        en="french social security, insee, nir",
    )
    against = other_numbers("fr")
    headers = words(
        fr="nir, nss, numéro de sécurité sociale, numero securite sociale, num secu, no secu, sécurité sociale,"
        " securite sociale, n ss, numero insee",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _key)


def _key(characters: Matrix) -> Passed:
    """97 less the remainder of the first thirteen; those alone pass."""
    letter = characters[:, 6]
    department = np.select([letter == letter_value("A"), letter == letter_value("B")], [19, 18], letter)
    corsican = letter > 9
    digits = characters.copy()
    digits[:, 5] = np.where(corsican, 1, characters[:, 5])
    digits[:, 6] = department % 10
    sound: Passed = ~corsican | (characters[:, 5] == 2)
    if characters.shape[1] == 13:
        return sound
    passed: Passed = 97 - number(digits[:, :13]) % 97 == number(characters[:, 13:])
    return passed & sound


EXAMPLES = [
    Example(FrNir(), "n° 2 55 08 14 168 025 38", ["2 55 08 14 168 025 38"]),
    Example(FrNir(), "NIR 253072B07300470, sécu 2550814168025", ["253072B07300470", "2550814168025"]),
    Example(FrNir(), "NIR 2 55 08 14 168 025 39", []),
    Example(FrNir(), "commande 2550814168025, 2550814168025", []),
]
