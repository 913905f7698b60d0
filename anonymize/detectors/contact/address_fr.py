"""French postal addresses."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words

_WORD = (
    r"(?:[A-Z\x{c0}-\x{de}](?:[A-Za-z0-9\x{c0}-\x{17f}'’.-]{0,23}[A-Za-z0-9\x{c0}-\x{17f}])?|[A-Z][a-z]{0,3}\.)"
)
_LEFT = r"^|[^A-Za-z0-9\x{c0}-\x{24f}_]"
_KIND = (
    r"(?i:rue|avenue|av\.|boulevard|bd|bld|place|pl\.|chemin|allée|allées|impasse|quai|cours|route|square|passage"
    "|faubourg|résidence|sentier|villa|rond-point)"
)
_SMALL = "(?:de la|de l['’]|des|du|de|d['’]|le|la|les|l['’]|et|aux?|à|sur|sous|en|saint|sainte)"
_NUMBER = "[0-9]{1,4}(?: ?(?:bis|ter|quater|[A-D]))?,?"
_PLACE = rf"(?:F-)?[0-9]{{5}} {_WORD}(?:[ -](?:{_SMALL}[ -]?)?{_WORD}){{0,3}}"
_NAME = rf"(?:{_SMALL} ?){{0,2}}{_WORD}(?:[ -](?:{_SMALL} ?){{0,2}}{_WORD}){{0,4}}"


class AddressFr(Detector):
    """French postal addresses: number, kind of street and its name; perhaps postcode and town."""

    use: Literal["address_fr"] = "address_fr"

    entity = "ADDRESS"
    family = "text"
    patterns = (
        Pattern(
            rf"{_NUMBER} {_KIND} {_NAME}(?:,? {_PLACE})?",
            before=_LEFT,
            trigger=rf"[0-9](?: ?(?:bis|ter|quater|[A-D]))?,? {_KIND} ",
            bare=0.8,
        ),
    )
    standard = "AFNOR NF Z10-011"
    locales = ("FR", "BE", "CH", "LU", "CA", "MC")
    laws = ("GDPR Art. 4(1)", "HIPAA 164.514(b)(2)(i)(B)")
    chance = 0.01
    closed = False
    is_long = True
    most_digits = 0.5
    contexts = words(fr="adresse, domicile, domicilié, demeurant, habite, réside")
    headers = words(
        fr="adresse, adresse postale, rue, domicile, adresse de livraison, voie, adresse complète, adresse 1",
    )
    not_headers = words(
        fr="adresse mail, adresse email, adresse ip, adresse électronique",
        en="ip address, email address, mac address, web address, mail address",
    )


EXAMPLES = [
    Example(AddressFr(), "demeurant 12 bis, rue de la Paix, 69002 Lyon.", ["12 bis, rue de la Paix, 69002 Lyon"]),
    Example(AddressFr(), "5 avenue Victor Hugo", ["5 avenue Victor Hugo"]),
    Example(AddressFr(), "la rue est longue, 12 personnes place ici, 3 cours de cuisine", []),
]
