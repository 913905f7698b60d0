"""Spanish postal addresses."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words

_WORD = (
    r"(?:[A-Z\x{c0}-\x{de}](?:[A-Za-z0-9\x{c0}-\x{17f}'’.-]{0,23}[A-Za-z0-9\x{c0}-\x{17f}])?|[A-Z][a-z]{0,3}\.)"
)
_LEFT = r"^|[^A-Za-z0-9\x{c0}-\x{24f}_]"
_KIND = (
    r"(?:(?i:calle|avenida|avda\.?|av\.|plaza|pza\.?|paseo|pº|carrer|camino|carretera|ctra\.?|ronda|travesía|glorieta"
    "|callejón|urbanización|rambla|calzada|privada|boulevard)|[Cc]/)"
)
_SMALL = "(?:de la|de las|de los|de|del|la|las|los|el|y|i|d['’])"
_NAME = rf"(?:{_SMALL} ){{0,2}}{_WORD}(?: (?:{_SMALL} ){{0,2}}{_WORD}){{0,4}}"
_NUMBER = r"(?i:n[ºo°]\.? ?|núm\.? |#)?[0-9]{1,5}(?:,? ?[0-9]{1,2}[ºª°](?: ?[A-Za-z]\b)?)?"
_PLACE = rf"(?:C\.?P\.? ?)?[0-9]{{5}} {_WORD}(?: (?:{_SMALL} )?{_WORD}){{0,3}}"


class AddressEs(Detector):
    """Spanish postal addresses: kind of street, name and number; perhaps floor, postcode and town."""

    use: Literal["address_es"] = "address_es"

    entity = "ADDRESS"
    family = "text"
    patterns = (
        Pattern(
            rf"{_KIND} ?{_NAME},? {_NUMBER}(?:,? {_PLACE})?",
            before=_LEFT,
            trigger=rf"{_KIND}.{{1,60}}[0-9]",
            bare=0.8,
        ),
    )
    standard = "UPU S42; Correos"
    locales = ("ES", "MX", "AR", "CO", "CL", "PE", "UY", "EC")
    laws = ("GDPR Art. 4(1)", "HIPAA 164.514(b)(2)(i)(B)")
    chance = 0.01
    closed = False
    is_long = True
    most_digits = 0.5
    contexts = words(es="dirección, domicilio, vive, reside, domiciliado")
    headers = words(
        es="dirección, direccion, domicilio, calle, dirección postal, domicilio fiscal, dirección de envío,"
        " direccion envio",
    )
    not_headers = words(
        es="dirección ip, dirección de correo, direccion ip, dirección email, direccion correo",
        en="ip address, email address, mac address, web address, mail address",
    )


EXAMPLES = [
    Example(AddressEs(), "en Calle de Alcalá 42, 3º B, 28014 Madrid", ["Calle de Alcalá 42, 3º B, 28014 Madrid"]),
    Example(AddressEs(), "Avda. Diagonal, nº 615", ["Avda. Diagonal, nº 615"]),
    Example(AddressEs(), "la calle está cerrada, plaza 3", []),
]
