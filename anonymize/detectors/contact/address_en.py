"""English postal addresses."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words

_WORD = (
    r"(?:[A-Z\x{c0}-\x{de}](?:[A-Za-z0-9\x{c0}-\x{17f}'’.-]{0,23}[A-Za-z0-9\x{c0}-\x{17f}])?"
    r"|[A-Z][a-z]{0,3}\.|[0-9]{1,3}(?:st|nd|rd|th))"
)
_LEFT = r"^|[^A-Za-z0-9\x{c0}-\x{24f}_]"
_KIND = (
    "(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Court|Ct|Place|Pl|Square|Sq|Terrace|Ter|Way"
    "|Parkway|Pkwy|Highway|Hwy|Circle|Cir|Crescent|Cres|Close|Grove|Gardens|Row|Mews|Trail|Trl|Loop|Walk|Plaza"
    r"|Alley)\b\.?"
)
_NUMBER = r"[0-9]{1,5}[A-Za-z]? (?:[NSEW]\.? |North |South |East |West )?"
_UNIT = r"(?:,? (?:(?i:apt\.?|apartment|suite|ste\.?|unit|flat|floor|room) ?|#)[0-9A-Za-z-]{1,6})?"
_TOWN = rf"{_WORD}(?: {_WORD}){{0,2}},?"
_ZIP = rf"{_TOWN} [A-Z]{{2,3}},? [0-9]{{4,5}}(?:-[0-9]{{4}})?"
_PLACE = rf"(?:{_ZIP}|{_TOWN} [A-Z]{{1,2}}[0-9][0-9A-Z]? [0-9][A-Z]{{2}}\b)"


class AddressEn(Detector):
    """Postal addresses in English: number, name and kind of street; perhaps flat, town, postcode; P.O. boxes."""

    use: Literal["address_en"] = "address_en"

    entity = "ADDRESS"
    family = "text"
    patterns = (
        Pattern(
            rf"{_NUMBER}{_WORD}(?: {_WORD}){{0,3}} {_KIND}(?: [NSEW]{{1,2}}\b)?{_UNIT}(?:,? {_PLACE})?",
            before=_LEFT,
            trigger=rf"[0-9][A-Za-z]? .{{1,60}}{_KIND}",
            bare=0.8,
        ),
        Pattern(
            rf"{_NUMBER}{_WORD}(?: {_WORD}){{0,3}}{_UNIT}, {_ZIP}",
            before=_LEFT,
            trigger="[A-Za-z],? [A-Z]{2,3},? [0-9]{4,5}",
            bare=0.8,
        ),
        Pattern(rf"(?i:P\.? ?O\.? ?Box) [0-9]{{1,6}}(?:,? {_PLACE})?", trigger="(?i:box) [0-9]", bare=0.85),
    )
    standard = "USPS Publication 28; BS 7666"
    locales = ("US", "GB", "CA", "AU", "NZ", "IE", "ZA", "IN", "SG")
    laws = ("GDPR Art. 4(1)", "HIPAA 164.514(b)(2)(i)(B)")
    chance = 0.01
    closed = False
    is_long = True
    most_digits = 0.5
    contexts = words(en="address, lives at, resides, residence, located at, ship to")
    headers = words(
        en="address, addr, street, street address, address line, address 1, address line 1, home address,"
        " mailing address, billing address, shipping address, postal address, residential address,"
        " ship to, deliver to, delivery address",
    )
    not_headers = words(en="address type, wallet address, memory address, ip address, email address, mac address")


EXAMPLES = [
    Example(
        AddressEn(),
        "at 742 Evergreen Terrace, Springfield, IL 62704.",
        ["742 Evergreen Terrace, Springfield, IL 62704"],
    ),
    Example(AddressEn(), "10 Downing Street and P.O. Box 123", ["10 Downing Street", "P.O. Box 123"]),
    Example(
        AddressEn(),
        "It goes to 349 Hernandez Mountains Apt. 7, Port Megan, KY 35780 and 10 High Street, London SW1A 1AA.",
        ["349 Hernandez Mountains Apt. 7, Port Megan, KY 35780", "10 High Street, London SW1A 1AA"],
    ),
    Example(AddressEn(), "5 Main points, the 2 way street, 100 best drive ways", []),
]
