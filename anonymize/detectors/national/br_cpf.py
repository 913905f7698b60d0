"""Brazilian taxpayer numbers."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.detection.checksums import Matrix, Passed, by_length
from anonymize.kernels.detection.checksums_west import mod_11_rest, varied
from anonymize.kernels.detection.wording import other_numbers


class BrCpf(Detector):
    """Brazilian taxpayer numbers (CPF): eleven digits, the last two check digits modulo 11."""

    use: Literal["br_cpf"] = "br_cpf"

    entity = "BR_CPF"
    patterns = (
        Pattern(r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}", bare=0.95),
        Pattern("[0-9]{11}|[0-9]{9}-[0-9]{2}", bare=0.75),
        Pattern("[0-9]{3} [0-9]{3} [0-9]{3} [0-9]{2}", bare=0.6),
    )
    standard = "Receita Federal, IN RFB 2172/2024"
    locales = ("BR",)
    tier = 2
    laws = ("LGPD Art. 5", "GDPR Art. 87")
    chance = 0.01
    known_tests = frozenset(["39053344705", "52998224725"])
    contexts = words(pt="CPF, CPF/MF, cadastro de pessoas físicas, inscrito no CPF", en="cpf, brazilian tax id")
    against = other_numbers("pt")
    headers = words(pt="cpf, nr cpf, num cpf, numero cpf, cpf cnpj", en="cpf number")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, _two_checks)


def _two_checks(digits: Matrix) -> Passed:
    first = mod_11_rest(digits, range(10, 1, -1)) == digits[:, 9]
    passed: Passed = first & (mod_11_rest(digits, range(11, 1, -1)) == digits[:, 10])
    return passed & varied(digits)


EXAMPLES = [
    Example(BrCpf(), "CPF 390.533.447-05, 39053344705", ["390.533.447-05", "39053344705"]),
    Example(BrCpf(), "CPF 390.533.447-06, 111.111.111-11", []),
    Example(BrCpf(), "telefone 39053344705, pedido 39053344705, 0.39053344705", []),
]
