"""Brazilian company numbers."""

from typing import Literal

import numpy as np
import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.core.roles import Role
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length
from anonymize.kernels.detection.checksums_west import mod_11_rest, varied
from anonymize.kernels.detection.wording import other_numbers


class BrCnpj(Detector):
    """Brazilian company numbers (CNPJ): twelve digits, or since July 2026 letters too, and two check digits modulo
    11.

    Letters count as their code in ASCII less 48. Fourteen bare letters and digits count only with context.
    """

    use: Literal["br_cnpj"] = "br_cnpj"

    entity = "BR_CNPJ"
    patterns = (
        Pattern(r"[0-9]{2}\.[0-9]{3}\.[0-9]{3}/[0-9]{4}-[0-9]{2}", bare=0.95),
        Pattern(r"[0-9A-Z]{2}\.[0-9A-Z]{3}\.[0-9A-Z]{3}/[0-9A-Z]{4}-[0-9]{2}", bare=0.95),
        Pattern("[0-9]{14}|[0-9]{8}/[0-9]{4}-[0-9]{2}", bare=0.75),
        Pattern("[0-9A-Z]{12}[0-9]{2}", bare=0.3),
    )
    standard = "Receita Federal, IN RFB 2119/2022 and 2229/2024"
    locales = ("BR",)
    tier = 2
    role = Role.OTHER
    laws = ("LGPD Art. 5",)
    chance = 0.01
    contexts = words(
        pt="CNPJ, CNPJ/MF, cadastro nacional da pessoa jurídica, inscrita no CNPJ", en="cnpj, brazilian company"
    )
    against = other_numbers("pt")
    headers = words(pt="cnpj, nr cnpj, num cnpj, numero cnpj", en="cnpj number")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _two_checks)


def _two_checks(characters: Matrix) -> Passed:
    values = np.where(characters > 9, characters + 7, characters)
    first = mod_11_rest(values, (5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) == characters[:, 12]
    second = mod_11_rest(values, (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) == characters[:, 13]
    passed: Passed = first & second & varied(characters)
    return passed


EXAMPLES = [
    Example(BrCnpj(), "CNPJ 16.727.230/0001-97, 16727230000197", ["16.727.230/0001-97", "16727230000197"]),
    Example(BrCnpj(), "CNPJ 12.ABC.345/01DE-35", ["12.ABC.345/01DE-35"]),
    Example(BrCnpj(), "CNPJ 12.ABC.345/01DE-36, 16.727.230/0001-98", []),
    Example(BrCnpj(), "fatura 16727230000197, 20240102123045", []),
]
