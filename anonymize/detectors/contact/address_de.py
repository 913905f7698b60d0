"""German postal addresses."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words

_WORD = (
    r"(?:[A-Z\x{c0}-\x{de}](?:[A-Za-z0-9\x{c0}-\x{17f}'’.-]{0,23}[A-Za-z0-9\x{c0}-\x{17f}])?|[A-Z][a-z]{0,3}\.)"
)
_LEFT = r"^|[^A-Za-z0-9\x{c0}-\x{24f}_]"
_ENDING = (
    r"(?i:straße|strasse|str\.|weg|platz|allee|gasse|ring|damm|ufer|chaussee|steig|stieg|pfad|markt|graben|hof|berg"
    r"|feld)"
)
_SECOND_WORD = r"(?i:straße|strasse|str\.|weg|platz|allee)"
_NUMBER = r"[0-9]{1,4}(?: ?[a-zA-Z]\b)?(?:[-/][0-9]{1,4}[a-z]?)?"
_PLACE = rf"(?:D-|A-|CH-)?[0-9]{{4,5}} {_WORD}(?:[ -](?:am|an der|im|bei|ob der|{_WORD})){{0,3}}"
_NAME = r"[A-Z\x{c0}-\x{de}][A-Za-z\x{c0}-\x{17f}.-]{1,40}"
_AT = "(?:Am|An der|An den|Auf dem|Auf der|Im|In der|In den|Zum|Zur|Unter den|Hinter der|Beim)"


class AddressDe(Detector):
    """German postal addresses: street (by its ending or preposition) and number; perhaps postcode and town."""

    use: Literal["address_de"] = "address_de"

    entity = "ADDRESS"
    family = "text"
    patterns = (
        Pattern(
            rf"{_NAME}(?: ?{_ENDING}| {_SECOND_WORD}) {_NUMBER}(?:,? {_PLACE})?",
            before=_LEFT,
            trigger=rf"{_ENDING} [0-9]",
            bare=0.75,
        ),
        Pattern(
            rf"{_AT} {_WORD}(?: {_WORD})? {_NUMBER},? {_PLACE}",
            before=_LEFT,
            trigger="[0-9],? (?:D-|A-|CH-)?[0-9]{4,5} [A-Z]",
            bare=0.75,
        ),
    )
    standard = "DIN 5008; Deutsche Post"
    locales = ("DE", "AT", "CH", "LI", "LU")
    laws = ("GDPR Art. 4(1)", "HIPAA 164.514(b)(2)(i)(B)")
    chance = 0.01
    closed = False
    is_long = True
    most_digits = 0.5
    contexts = words(de="Adresse, Anschrift, wohnt, wohnhaft, Straße, Wohnort")
    headers = words(
        de="adresse, anschrift, straße, strasse, hausnummer, wohnadresse, lieferadresse, rechnungsadresse,"
        " postanschrift, straße hausnummer",
    )
    not_headers = words(
        de="e mail adresse, mailadresse, ip adresse, webadresse",
        en="ip address, email address, mac address, web address, mail address",
    )


EXAMPLES = [
    Example(AddressDe(), "wohnhaft Hauptstraße 12a, 10115 Berlin, seit", ["Hauptstraße 12a, 10115 Berlin"]),
    Example(AddressDe(), "Am Alten Markt 3, 50667 Köln", ["Am Alten Markt 3, 50667 Köln"]),
    Example(AddressDe(), "Am Montag 3 Stück, Hauptsache 12, der Feldweg ist lang", []),
]
