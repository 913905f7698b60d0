"""Postal codes."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.core.roles import Role
from anonymize.kernels.detection.wording import other_numbers

_STATES = (
    "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]"
    "|W[AIVY]"
)


class PostalCode(Detector):
    """Postal codes: Canadian, Dutch, behind a US state or the Japanese sign; plain digits only with context."""

    use: Literal["postal_code"] = "postal_code"

    entity = "POSTAL_CODE"
    patterns = (
        Pattern(
            r"[0-9]{5}(?:-[0-9]{4})?",
            before=rf"\b(?:{_STATES}),? ",
            bare=0.6,
            family="text",
            words=True,
            trigger=rf"\b(?:{_STATES}),? [0-9]{{5}}",
        ),
        Pattern("[0-9]{3}-?[0-9]{4}", before="〒 ?", bare=0.95, family="text", trigger="〒"),
        Pattern("[A-CEGHJ-NPR-TVXY][0-9][A-CEGHJ-NPR-TV-Z] [0-9][A-CEGHJ-NPR-TV-Z][0-9]", bare=0.6),
        Pattern("[1-9][0-9]{3} [A-Z]{2}", bare=0.1, supported=0.9),
        Pattern(
            "[A-CEGHJ-NPR-TVXYa-y][0-9][A-Za-z][0-9][A-Za-z][0-9]|[1-9][0-9]{3}[A-Z]{2}", bare=0.05, supported=0.85
        ),
        Pattern(
            "[0-9]{5}-[0-9]{3,4}|[0-9]{2}-[0-9]{3}|[0-9]{3}-[0-9]{4}|[0-9]{4}-[0-9]{3}|[0-9]{3} [0-9]{2}",
            bare=0.05,
            supported=0.8,
        ),
        Pattern("[0-9]{4,6}", bare=0.02, supported=0.7),
    )
    standard = "UPU S42; national posts"
    role = Role.QUASI_IDENTIFIER
    laws = ("HIPAA 164.514(b)(2)(i)(B)",)
    chance = 0.9
    contexts = words(
        en="zip, zip code, zipcode, postal code, postcode, post code",
        zh="邮编, 邮政编码",
        ja="郵便番号",
        ko="우편번호",
        de="PLZ, Postleitzahl",
        fr="code postal, CP",
        es="código postal, C.P., CP",
        it="CAP",
        pt="CEP, código postal",
        nl="postcode",
        sv="postnummer",
        pl="kod pocztowy",
    )
    against = other_numbers(without="编号")
    headers = words(
        en="zip, zip code, zipcode, postal code, postalcode, postcode, post code, postal, zip5, zip 4",
        zh="邮编, 邮政编码, 邮政代码",
        pinyin="yb, yzbm, youbian",
        ja="郵便番号",
        ko="우편번호",
        de="plz, postleitzahl",
        fr="code postal, cp, codepostal",
        es="código postal, codigo postal, cp",
        it="cap, codice postale",
        pt="cep, código postal, codigo postal",
        pl="kod pocztowy",
        sv="postnummer",
    )
    not_headers = words(en="zip file, zip size")


EXAMPLES = [
    Example(PostalCode(), "San Francisco, CA 94107-1234; Ottawa K1A 0B1", ["94107-1234", "K1A 0B1"]),
    Example(PostalCode(), "PLZ 10115, 邮编100871, 〒100-0001", ["10115", "100871", "100-0001"]),
    Example(PostalCode(), "10115, order 94107, 1012 AB", []),
]
