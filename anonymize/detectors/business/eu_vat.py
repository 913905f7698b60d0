"""Value added tax numbers of the European Union."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.core.roles import Role
from anonymize.kernels.detection.checksums import by_length
from anonymize.kernels.detection.vat_numbers import SHAPES, vat_number


class EuVat(Detector):
    """Value added tax numbers with their country, after the check of each; British ones too.

    They belong to companies and to people in business on their own.
    """

    use: Literal["eu_vat"] = "eu_vat"

    entity = "EU_VAT"
    patterns = (
        Pattern("|".join(f"{country} ?(?:{shape})" for country, shape in SHAPES.items()), bare=0.75),
        Pattern("DE ?[0-9]{3} [0-9]{3} [0-9]{3}|BE ?[01][0-9]{3}[. ][0-9]{3}[. ][0-9]{3}", bare=0.8),
        Pattern("FR ?[0-9A-Z]{2}(?: [0-9]{3}){3}|GB ?[0-9]{3} [0-9]{4} [0-9]{2}", bare=0.8),
    )
    standard = "Council Directive 2006/112/EC Art. 215; checks of the member states"
    locales = tuple("GR" if country == "EL" else country for country in SHAPES if country != "XI")
    tier = 2
    role = Role.OTHER
    laws = ("GDPR Art. 4(1)",)
    chance = 0.1
    contexts = words(
        en="vat, vat number, vat no, vat id, tax id",
        de="USt-IdNr, USt-ID, UID, Umsatzsteuer",
        fr="TVA, TVA intracommunautaire",
        es="NIF, NIF-IVA, IVA",
        it="partita IVA, P.IVA, IVA",
        nl="btw, btw-nummer",
        pt="IVA, NIF",
        pl="NIP, VAT UE",
        sv="momsnummer, moms",
    )
    against = words(en="sku, part, serial, tracking, shipment", de="Sendung, Seriennummer")
    headers = words(
        en="vat, vat number, vat no, vat id, vat reg no, vat code, eu vat",
        de="ust idnr, ust id, umsatzsteuer id, ustid, uid nummer",
        fr="tva, numéro de tva, tva intracommunautaire, numero tva",
        es="nif iva, vat",
        it="partita iva, p iva, piva",
        nl="btw nummer, btwnummer, btw",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return by_length(candidates, vat_number)


EXAMPLES = [
    Example(
        EuVat(),
        "USt-IdNr. DE 136 695 976, TVA FR40303265045, BTW NL004495445B01",
        ["DE 136 695 976", "FR40303265045", "NL004495445B01"],
    ),
    Example(EuVat(), "ATU13585627 ESB58378431 PL8567346215", ["ATU13585627", "ESB58378431", "PL8567346215"]),
    Example(EuVat(), "VAT DE136695977 FR41303265045 ATU13585628", []),
    Example(EuVat(), "tracking DE136695976? no: serial DE136695976", []),
]
