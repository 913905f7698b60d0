"""French names."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Verdict, words
from anonymize.kernels.detection.western_names import name_patterns, name_scores


class PersonFr(Detector):
    """French names: a frequent given name and capitalized words after it, or what stands behind a title.

    Names of other origins are found behind titles, and in columns that are called names.
    """

    use: Literal["person_fr"] = "person_fr"

    entity = "PERSON"
    family = "text"
    patterns = name_patterns("fr", "Monsieur|Madame|Mademoiselle|Mme|Mlle|Mr|Maître|Dr", "de la|de|du|des|le|la")
    standard = "INSEE, Fichier des prénoms"
    locales = ("FR", "BE", "CH", "CA", "LU", "MC")
    laws = ("GDPR Art. 4(1)", "HIPAA 164.514(b)(2)(i)(A)")
    chance = 0.02
    supported = 0.9
    closed = False
    contexts = words(
        fr="nom, prénom, patient, patiente, client, cliente, monsieur, madame, je suis, soussigné, cher, chère,"
        " salarié"
    )
    against = words(
        fr="rue, société, ville, produit, marque, école", en="street, company, university, product, brand"
    )
    headers = words(
        fr="nom, prénom, prenom, nom de famille, nom complet, nom prénom, nom client, nom patient, titulaire,"
        " nom de naissance"
    )
    not_headers = words(
        fr="nom de fichier, nom produit, nom du produit, nom société, nom de la rue, nom fichier",
        en="file name, product name, company name, host name",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return name_scores(candidates, "fr")


EXAMPLES = [
    Example(
        PersonFr(),
        "Mme Camille Dupont et Jean-Pierre de la Tour sont venus.",
        ["Camille Dupont", "Jean-Pierre de la Tour"],
    ),
    Example(PersonFr(), "Monsieur Traoré, bonjour", ["Traoré"]),
    Example(PersonFr(), "Le Lycée Charles École, Bonjour Tout Monde, Bernard Université", []),
]
