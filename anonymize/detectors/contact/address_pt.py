"""Portuguese postal addresses."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words

_WORD = (
    r"(?:[A-Z\x{c0}-\x{de}](?:[A-Za-z0-9\x{c0}-\x{17f}'’.-]{0,23}[A-Za-z0-9\x{c0}-\x{17f}])?|[A-Z][a-z]{0,3}\.)"
)
_LEFT = r"^|[^A-Za-z0-9\x{c0}-\x{24f}_]"
_KIND = (
    "(?:(?i:rua|avenida|travessa|praça|praceta|alameda|estrada|rodovia|largo|calçada|beco|ladeira|quadra)"
    r"|Av\.|R\.|Tv\.|Pç\.)"
)
_SMALL = "(?:da|das|do|dos|de|e|d['’])"
_NAME = rf"(?:{_SMALL} )?{_WORD}(?: (?:{_SMALL} )?{_WORD}){{0,4}}"
_FLAT = r"(?:(?i:apto?\.?|bloco|casa|sala) ?[0-9A-Z]{1,4}|[0-9]{1,2}[ºª°](?: ?[A-Za-z]{1,4}\b)?)"
_NUMBER = rf"(?:n[ºo°]\.? ?)?[0-9]{{1,5}}(?:,? ?{_FLAT})?"
_PLACE = rf"(?:[0-9]{{4}}-[0-9]{{3}}|[0-9]{{5}}-[0-9]{{3}}) {_WORD}(?: (?:{_SMALL} )?{_WORD}){{0,3}}"


class AddressPt(Detector):
    """Portuguese and Brazilian postal addresses: kind of street, name and number; perhaps flat, postcode, town."""

    use: Literal["address_pt"] = "address_pt"

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
    standard = "UPU S42; CTT; Correios"
    locales = ("PT", "BR", "AO", "MZ")
    laws = ("GDPR Art. 4(1)", "HIPAA 164.514(b)(2)(i)(B)")
    chance = 0.01
    closed = False
    is_long = True
    most_digits = 0.5
    contexts = words(pt="endereço, morada, reside, residente, domicílio, mora")
    headers = words(
        pt="endereço, endereco, morada, logradouro, rua, endereço de entrega, endereco residencial, residência",
    )
    not_headers = words(
        pt="endereço ip, endereço de email, endereço eletrônico, endereco ip, endereco email",
        en="ip address, email address, mac address, web address, mail address",
    )


EXAMPLES = [
    Example(
        AddressPt(),
        "na Rua das Flores, 123, apto 45, 01310-100 São Paulo",
        ["Rua das Flores, 123, apto 45, 01310-100 São Paulo"],
    ),
    Example(AddressPt(), "Av. da Liberdade 110, 1250-146 Lisboa", ["Av. da Liberdade 110, 1250-146 Lisboa"]),
    Example(AddressPt(), "a rua está fechada, largo 3", []),
]
