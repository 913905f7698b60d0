"""Sex and gender."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.core.roles import Role

_WORDS = (
    "(?i:m|f|d|x|u|o|h|v|w|k|male|female|man|woman|boy|girl|non-?binary|other|unknown|diverse?|divers|männlich|weiblich"
    "|homme|femme|masculin|féminin|masculino|femenino|feminino|hombre|mujer|homem|mulher|maschio|femmina|uomo|donna"
    "|man|vrouw|kvinna|kvinne|mand)|男性?|女性?|未知|其他|남자?|여자?|남성|여성"
)
_LABEL = "gender|sexe?|geschlecht|sexo|sesso"


class Gender(Detector):
    """Sex and gender, as whole values of a column that is called so, or behind a label."""

    use: Literal["gender"] = "gender"

    entity = "GENDER"
    family = "text"
    patterns = (
        Pattern(_WORDS, before="^", after="$", trigger=f"^(?:{_WORDS})$", bare=0.1, supported=0.8),
        Pattern(
            _WORDS,
            before=rf"(?i:\b(?:{_LABEL}))[\"']?[:= ]{{1,3}}|(?:性别|性別|성별)[:：为是 ]{{1,2}}",
            after=r"$|[^A-Za-z\x{c0}-\x{24f}]",
            trigger="(?i:gender|sex|geschlecht|sesso)|性别|性別|성별",
            bare=0.8,
        ),
        Pattern("[0129]", before="^", after="$", trigger="^[0129]$", bare=0.02, supported=0.7),
    )
    standard = "ISO/IEC 5218:2022; GB/T 2261.1-2003"
    role = Role.QUASI_IDENTIFIER
    laws = ("GDPR Art. 4(1)",)
    chance = 0.9
    contexts = words(en="gender, sex", zh="性别", de="Geschlecht", fr="sexe", es="sexo")
    headers = words(
        en="gender, sex, patient sex, patient gender, gender code, sex code, birth sex",
        zh="性别",
        pinyin="xb, xingbie",
        ja="性別",
        ko="성별",
        de="geschlecht",
        fr="sexe, genre",
        es="sexo, género, genero",
        it="sesso, genere",
        pt="sexo, gênero",
        nl="geslacht",
        pl="płeć",
        sv="kön",
    )


EXAMPLES = [
    Example(Gender(), "sex: F, Geschlecht: männlich", ["F", "männlich"]),
    Example(Gender(), "性别：女，年龄30", ["女"]),
    Example(Gender(), "M", []),
    Example(Gender(), "the man said M", []),
]
