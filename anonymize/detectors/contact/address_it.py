"""Italian postal addresses."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words

_WORD = (
    r"(?:[A-Z\x{c0}-\x{de}](?:[A-Za-z0-9\x{c0}-\x{17f}'’.-]{0,23}[A-Za-z0-9\x{c0}-\x{17f}])?|[A-Z][a-z]{0,3}\.)"
)
_LEFT = r"^|[^A-Za-z0-9\x{c0}-\x{24f}_]"
_KIND = (
    r"(?:[Vv]ia|[Vv]iale|V\.le|[Pp]iazza|P\.zza|[Pp]iazzale|[Cc]orso|C\.so|[Ll]argo|[Vv]icolo|[Ss]trada"
    "|[Ll]ungomare|[Ll]ungotevere|[Cc]ontrada|[Ll]ocalità|[Ss]alita|[Gg]alleria|[Tt]raversa)"
)
_SMALL = "(?:della|delle|dello|degli|dei|del|dell['’]|di|da|d['’]|la|le|lo|il|e|al|alla|san|santa)"
_NAME = rf"(?:{_SMALL} ?){{0,2}}{_WORD}(?: (?:{_SMALL} ?){{0,2}}{_WORD}){{0,4}}"
_NUMBER = r"(?:n\.? ?)?[0-9]{1,4}(?:/[0-9A-Za-z]{1,3}| ?(?:bis|[a-zA-Z])\b)?"
_PLACE = rf"(?:I-)?[0-9]{{5}} {_WORD}(?: (?:{_SMALL} )?{_WORD}){{0,3}}(?: \([A-Z]{{2}}\))?"


class AddressIt(Detector):
    """Italian postal addresses: kind of street, name and number; perhaps postcode, town and province."""

    use: Literal["address_it"] = "address_it"

    entity = "ADDRESS"
    family = "text"
    patterns = (
        Pattern(
            rf"{_KIND} {_NAME},? {_NUMBER}(?:,? {_PLACE})?",
            before=_LEFT,
            trigger=rf"{_KIND} .{{1,60}}[0-9]",
            bare=0.8,
        ),
    )
    standard = "UPU S42; Poste Italiane"
    locales = ("IT", "CH", "SM")
    laws = ("GDPR Art. 4(1)", "HIPAA 164.514(b)(2)(i)(B)")
    chance = 0.01
    closed = False
    is_long = True
    most_digits = 0.5
    contexts = words(it="indirizzo, residente, residenza, domicilio, abita")
    headers = words(
        it="indirizzo, residenza, domicilio, indirizzo di residenza, indirizzo spedizione",
    )
    not_headers = words(
        it="indirizzo ip, indirizzo email, indirizzo mail, indirizzo di posta elettronica",
        en="ip address, email address, mac address, web address, mail address",
    )


EXAMPLES = [
    Example(AddressIt(), "in Via Garibaldi, 12/A, 20121 Milano (MI)", ["Via Garibaldi, 12/A, 20121 Milano (MI)"]),
    Example(AddressIt(), "Piazza del Duomo 3", ["Piazza del Duomo 3"]),
    Example(AddressIt(), "via email 12, per via aerea, Corso di 3 giorni", []),
]
