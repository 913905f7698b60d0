"""British postcodes."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.core.roles import Role

_AREAS = (
    "A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]|L[ADELNSU]?"
    "|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|ZE"
)
_OUTWARD, _INWARD = f"(?:{_AREAS})[0-9][0-9A-HJKMNPR-Y]?|GIR", "[0-9][ABD-HJLNP-UW-Z]{2}"


class UkPostcode(Detector):
    """British postcodes: an area that exists, a district, and an inward code without C, I, K, M, O or V.

    A postcode is shared by fifteen addresses or so. Those written in small letters or without the space count only
    with context.
    """

    use: Literal["uk_postcode"] = "uk_postcode"

    entity = "UK_POSTCODE"
    patterns = (
        Pattern(f"(?:{_OUTWARD}) {_INWARD}", bare=0.65),
        Pattern(f"(?i:(?:{_OUTWARD}) ?{_INWARD})", bare=0.2, supported=0.9),
    )
    standard = "BS 7666-1:2006; Royal Mail Postcode Address File"
    locales = ("GB", "IM", "JE", "GG")
    tier = 2
    role = Role.QUASI_IDENTIFIER
    laws = ("HIPAA 164.514(b)(2)(i)(B)",)
    chance = 0.1
    contexts = words(en="postcode, post code, postal code, address, lives, road, street, avenue, london, uk")
    against = words(en="part, model, sku, serial, order, size, grade, room, version")
    headers = words(en="postcode, post code, postal code, zip, zip code, pcode, post cd")


EXAMPLES = [
    Example(UkPostcode(), "10 Downing Street, London SW1A 2AA; postcode m11ae", ["SW1A 2AA", "m11ae"]),
    Example(UkPostcode(), "SW1A 2CA QX1 2AB AB1 2", []),
    Example(UkPostcode(), "model M1 1AE, b12 3cd, E11EE", []),
]
