"""Spanish names."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Verdict, words
from anonymize.kernels.detection.western_names import name_patterns, name_scores


class PersonEs(Detector):
    """Spanish names: a frequent given name and capitalized words after it, or what stands behind a title.

    Names of other origins are found behind titles, and in columns that are called names.
    """

    use: Literal["person_es"] = "person_es"

    entity = "PERSON"
    family = "text"
    patterns = name_patterns("es", "Señora?|Sra?|Srta|Don|Doña|Dr|Dra|D|Dª", "de la|de los|de las|de|del")
    standard = "INE, Nombres y apellidos más frecuentes"
    locales = ("ES", "MX", "AR", "CO", "CL", "PE", "VE", "UY", "EC", "US")
    laws = ("GDPR Art. 4(1)", "HIPAA 164.514(b)(2)(i)(A)")
    chance = 0.02
    supported = 0.9
    closed = False
    contexts = words(
        es="nombre, apellidos, paciente, cliente, señor, señora, estimado, estimada, titular, me llamo, soy,"
        " empleado"
    )
    against = words(
        es="calle, empresa, ciudad, producto, marca, colegio", en="street, company, university, product, brand"
    )
    headers = words(
        es="nombre, apellido, apellidos, primer apellido, segundo apellido, nombre completo, nombre y apellidos,"
        " nombre cliente, titular, nombres"
    )
    not_headers = words(
        es="nombre de archivo, nombre producto, nombre del producto, nombre empresa, nombre de usuario",
        en="file name, product name, company name, host name",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return name_scores(candidates, "es")


EXAMPLES = [
    Example(
        PersonEs(), "La paciente María García López y don Rodrigo Ruiz", ["María García López", "Rodrigo Ruiz"]
    ),
    Example(PersonEs(), "Sr. Etxeberria, gracias", ["Etxeberria"]),
    Example(PersonEs(), "Hospital General, Buenos Aires y Rosario Calle", []),
]
