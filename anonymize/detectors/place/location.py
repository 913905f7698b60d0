"""Towns and regions."""

from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.core.roles import Role
from anonymize.kernels.arrays import to_numpy

_WORD = r"[A-Z\x{c0}-\x{de}][a-z\x{df}-\x{17f}]{2,20}"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_BEHIND = (
    "lives? in|living in|born in|resid(?:es|ing|ent) (?:in|of)|moved to|located in|based in|hometown is|wohnt in"
    "|wohnhaft in|geboren in|lebt in|habite à|née? à|demeurant à|vive en|nacid[oa] en|residente (?:en|a|em)"
    "|nat[oa] a|vive a|mora em|nascid[oa] em"
)


class Location(Detector):
    """Towns and regions: in columns that are called so, and behind `lives in`, `born in` and the like.

    Countries and states alone are taken for harmless.
    """

    use: Literal["location"] = "location"

    entity = "LOCATION"
    family = "text"
    patterns = (
        Pattern(
            rf"{_WORD}(?:[ -](?:{_WORD}|de|la|am|an der|upon|sur)){{0,2}}(?:, [A-Z]{{2}}\b)?",
            before=rf"\b(?i:{_BEHIND}) ",
            trigger=f"(?i:{_BEHIND}) [A-Z]",
            bare=0.65,
        ),
    )
    standard = "ISO 3166-2; 45 CFR 164.514(b)(2)(i)(B)"
    role = Role.QUASI_IDENTIFIER
    laws = ("HIPAA 164.514(b)(2)(i)(B)", "GDPR Art. 4(1)")
    chance = 0.1
    closed = False
    contexts = words(en="city, town, lives in, born in, hometown", zh="籍贯, 城市, 出生地")
    headers = words(
        en="city, town, village, birthplace, place of birth, birth place, hometown, home town, residence, county,"
        " district, city name, location, birth city, home city, municipality",
        zh="城市, 籍贯, 出生地, 户籍地, 所在城市, 居住城市, 区县",
        pinyin="jg, csd, cs",
        ja="市区町村, 出身地, 本籍",
        ko="도시, 출생지, 시군구",
        de="ort, stadt, wohnort, geburtsort",
        fr="ville, commune, lieu de naissance",
        es="ciudad, municipio, lugar de nacimiento, localidad",
        it="città, comune, luogo di nascita, citta",
        pt="cidade, município, naturalidade, local de nascimento",
    )
    not_headers = words(en="file location, log location, s3 location, storage location, warehouse location")

    def check(self, candidates: pa.StringArray) -> Verdict:
        passed: Verdict = ~to_numpy(pc.match_substring_regex(candidates, f"^(?:{_MONTHS})"))
        return passed


EXAMPLES = [
    Example(Location(), "He lives in San Jose, CA and was born in Lyon.", ["San Jose, CA", "Lyon"]),
    Example(Location(), "wohnhaft in Frankfurt am Main", ["Frankfurt am Main"]),
    Example(Location(), "born in March 1990, built in Python, the Paris agreement", []),
]
