"""Portuguese names."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Verdict, words
from anonymize.kernels.detection.western_names import name_patterns, name_scores


class PersonPt(Detector):
    """Portuguese names: a frequent given name and capitalized words after it, or what stands behind a title.

    Names of other origins are found behind titles, and in columns that are called names.
    """

    use: Literal["person_pt"] = "person_pt"

    entity = "PERSON"
    family = "text"
    patterns = name_patterns("pt", "Senhora?|Sra?|Dona|Dom|Dr|Dra|Exmo|Exma", "de|da|do|dos|das")
    standard = "IBGE, Nomes no Brasil"
    locales = ("PT", "BR", "AO", "MZ")
    laws = ("GDPR Art. 4(1)", "HIPAA 164.514(b)(2)(i)(A)")
    chance = 0.02
    supported = 0.9
    closed = False
    contexts = words(
        pt="nome, sobrenome, apelido, paciente, cliente, senhor, senhora, prezado, prezada, caro, titular, me"
        " chamo, funcionário"
    )
    against = words(
        pt="rua, empresa, cidade, produto, marca, escola", en="street, company, university, product, brand"
    )
    headers = words(
        pt="nome, sobrenome, apelido, nome completo, nome cliente, nome do paciente, titular, nome da mãe, nome"
        " da mae, nome do pai"
    )
    not_headers = words(
        pt="nome do arquivo, nome produto, nome do produto, nome empresa, nome fantasia, nome de usuário",
        en="file name, product name, company name, host name",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return name_scores(candidates, "pt")


EXAMPLES = [
    Example(PersonPt(), "A paciente Ana Paula dos Santos e João Silva", ["Ana Paula dos Santos", "João Silva"]),
    Example(PersonPt(), "Prezada Sra. Nakamura, obrigado", ["Nakamura"]),
    Example(PersonPt(), "Bom Dia, Rio de Janeiro e Salvador Praça", []),
]
