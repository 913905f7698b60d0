"""Format-preserving encryption."""

from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import AfterValidator, Field, model_validator

from anonymize.core.component import Example
from anonymize.core.errors import SecretError
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import from_numpy, where
from anonymize.kernels.crypto import resident_numbers, tokens
from anonymize.kernels.crypto.alphabets import alphabet
from anonymize.kernels.crypto.ciphertexts import plaintext
from anonymize.kernels.crypto.cycle_walking import Permutation
from anonymize.kernels.crypto.ff1 import SMALLEST_DOMAIN, Ff1
from anonymize.kernels.crypto.format_preserving import Check, Crypted, Format, crypt
from anonymize.kernels.text.characters import Characters, map_characters, text_type

RESIDENT_NUMBER = "resident_number"


def _check_alphabet(given: str) -> str:
    if given != RESIDENT_NUMBER:
        alphabet(given)
    return given


class EncryptPreservingFormat(ColumnTransform):
    """Replace the characters of each value by others of the same alphabet, so that a number stays a number of the
    same length: FF1 (NIST SP 800-38G).

    Whoever holds the key can restore every value, nobody else can read one. But a result carries no proof: another
    key, column or data set restores another value, which looks as good. So a key with several generations is
    refused there: name the one that was used. Equal values stay equal, so their frequencies survive; so do the
    length and all that is left in place. A value may by chance stay itself, one time in as many as are possible.
    A value is rejected, and the empty text with it, if there are less than 1,000,000 others that it could become:
    trying them all is no work. That takes 6 digits, 5 hex digits or letters of one case, 4 letters of both, or 2
    Chinese characters. More than 512 characters are rejected too. Numbers are encrypted by their spelling, and
    become text.
    With `alphabet: resident_number`, a Chinese resident identity number (GB 11643) becomes another that is
    well-formed: province, date of birth from 1900 to 2099 and check character are valid. It is encrypted as its
    rank among all of these, by FF1 with cycle walking (Black and Rogaway, 2002). The sex, which the last digit but
    one tells, is not kept.
    """

    use: Literal["encrypt_preserving_format"] = "encrypt_preserving_format"
    positional: ClassVar[str | None] = "alphabet"

    alphabet: Annotated[str, AfterValidator(_check_alphabet)] = "digits"
    """The characters that are encrypted, and that come out: `digits`, `hex` (0-9, a-f), `lowercase`, `uppercase`,
    `letters` (A-Z, a-z), `alphanumeric`, `cjk` (U+4E00 to U+9FFF), `resident_number`, or the characters
    themselves."""
    keep: str = ""
    """Characters that stay in place and count for nothing, such as `- ` or `+`."""
    keep_first: int = Field(default=0, ge=0, le=64)
    """How many characters of the alphabet stay in front, such as the 6 of a card's issuer."""
    keep_last: int = Field(default=0, ge=0, le=64)
    """How many characters of the alphabet stay at the end."""
    check_digit: Check | None = None
    """A check digit that is verified before and computed anew after: `luhn` (cards, IMEI; the last digit),
    `iso7064` (MOD 11-2 of ISO/IEC 7064; the last character, which may be X), `iban` (MOD 97-10; the third and
    fourth character; the country in front of them stays)."""
    tweak: str | None = Field(default=None, min_length=1)
    """Another column, as it reads before any rule; equal values have equal results only where it is equal too."""
    keep_region: bool = False
    """Of a `resident_number`, keep the first 6 digits; 73 million values are left."""
    keep_birth_date: bool = False
    """Of a `resident_number`, keep the date of birth; 350 million values are left."""
    on_foreign: Literal["fail", "skip"] = "fail"
    """What to do about characters outside the alphabet: reject the value, or leave them as they are, readable."""
    scope: str | None = Field(default=None, min_length=1)
    """A name that columns share to be joinable on their results; by default each column has its own."""
    key: str = "default"
    """Name of the key, as under `keys:`."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.alphabet == RESIDENT_NUMBER:
            self._check_resident_number()
        elif self.keep_region or self.keep_birth_date:
            raise ValueError("`keep_region` and `keep_birth_date` need `alphabet: resident_number`")
        elif set(self.keep) & set(alphabet(self.alphabet).characters):
            raise ValueError("a character of `keep` is in the alphabet too; use `keep_first` or `keep_last`")
        elif self.check_digit is not None and self.alphabet != "digits":
            raise ValueError("a check digit needs `alphabet: digits`")
        elif self.check_digit is not None and self.keep_last:
            raise ValueError("`keep_last` and `check_digit` exclude each other: the check digit must change")
        return self

    def _check_resident_number(self) -> None:
        if self.keep or self.keep_first or self.keep_last or self.check_digit or self.on_foreign == "skip":
            raise ValueError("a resident_number takes `keep_region`, `keep_birth_date` and `tweak`, nothing else")
        if (left := self._domain.size) < SMALLEST_DOMAIN:
            raise ValueError(f"{left:,} values would be left to encrypt; FF1 needs {SMALLEST_DOMAIN:,}: keep less")

    @property
    def _domain(self) -> resident_numbers.Domain:
        return resident_numbers.Domain(self.keep_region, self.keep_birth_date)

    def reads(self) -> tuple[str, ...]:
        return (self.tweak,) if self.tweak is not None else ()

    def properties(self) -> Properties:
        checked = self.check_digit or self.alphabet == RESIDENT_NUMBER
        return Properties(
            deterministic=self.tweak is None,
            injective=self.tweak is None,
            reversible=True,
            keeps=frozenset({"length", "format", "check_digit"} if checked else {"length", "format"}),
            survives=self._survives(),
        )

    def _survives(self) -> str:
        equality = "equality and frequency" if self.tweak is None else f"equality where `{self.tweak}` is equal"
        kept = {
            f"the first {self.keep_first}": self.keep_first,
            f"the last {self.keep_last}": self.keep_last,
            "the region": self.keep_region,
            "the date of birth": self.keep_birth_date,
            "the country": self.check_digit == "iban",
            "characters outside the alphabet": self.on_foreign == "skip",
        }
        return ", ".join([equality, "the length", *(what for what, stays in kept.items() if stays)])

    def output_type(self, given: pa.DataType) -> pa.DataType:
        return text_type(given)

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        return self._crypt(values, context, decrypt=False)

    def restore(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        generations = len(context.secrets(self.key, self._purpose, self.scope))
        if generations > 1:
            raise SecretError(
                f"{self.name()}: nothing in a value tells which of the key's {generations} generations made it",
                hint="refer to that generation alone under `keys:`",
            )
        return self._crypt(values, context, decrypt=True)

    @property
    def _purpose(self) -> str:
        """Other alphabets are other keys."""
        return f"encrypt_preserving_format {self.alphabet}"

    def _crypt(self, values: pa.Array, context: Context[Any], *, decrypt: bool) -> pa.Array:
        made: list[Crypted] = []

        def change(text: Characters) -> Characters:
            made.append(self._changed(text, context, decrypt=decrypt))
            return made[0].text

        result = map_characters(values, change)
        rejected = np.zeros(len(values), bool)
        for bad, problem in made[0].problems:
            context.reject(from_numpy(bad), problem)
            rejected |= bad
        return where(from_numpy(rejected), pa.scalar(None, result.type), result) if rejected.any() else result

    def _changed(self, text: Characters, context: Context[Any], *, decrypt: bool) -> Crypted:
        secret = context.secret(self.key, self._purpose, self.scope)
        tweaks = self._tweaks(context)
        if self.alphabet == RESIDENT_NUMBER:
            domain = self._domain
            return resident_numbers.crypt(text, domain, Permutation(secret, domain.size), tweaks, decrypt=decrypt)
        wanted = Format(
            alphabet(self.alphabet), self.keep, self.keep_first, self.keep_last, self.check_digit,
            self.on_foreign == "skip",
        )  # fmt: skip
        return crypt(text, wanted, Ff1(secret, wanted.alphabet.radix), tweaks, decrypt=decrypt)

    def _tweaks(self, context: Context[Any]) -> NDArray[np.uint8]:
        """A row of bytes for each value, or one for all."""
        if self.tweak is None:
            return np.zeros((1, 0), np.uint8)
        secret = context.secret(self.key, "encrypt_preserving_format tweak", self.scope)
        others = plaintext(context.read(self.tweak)).fill_null("")
        return tokens.tags(secret, others)


EXAMPLES = [
    Example(
        EncryptPreservingFormat(),
        ["13812345678", "13812345678", "13900000000", None],
        ["70905814616", "70905814616", "53126880832", None],
    ),
    Example(
        EncryptPreservingFormat(keep="+- ", keep_first=2, keep_last=2),
        ["+86 138-1234-5678"],
        ["+86 453-0686-2578"],
    ),
    Example(
        EncryptPreservingFormat(keep_first=6, check_digit="luhn", keep=" "),
        ["4111 1111 1111 1111"],
        ["4111 1144 1406 4581"],
    ),
    Example(EncryptPreservingFormat(check_digit="iso7064"), ["11010119900307109X"], ["34700800629904879X"]),
    Example(
        EncryptPreservingFormat(check_digit="iban", on_foreign="skip"),
        ["GB82WEST12345698765432"],
        ["GB31WEST38375457316189"],
    ),
    Example(
        EncryptPreservingFormat(alphabet="resident_number"),
        ["11010119900307109X", None],
        ["330462199207160035", None],
    ),
    Example(
        EncryptPreservingFormat(alphabet="resident_number", keep_region=True),
        ["11010119900307109X"],
        ["110101200402286253"],
    ),
    Example(
        EncryptPreservingFormat(alphabet="resident_number", keep_birth_date=True),
        ["11010119900307109X"],
        ["824694199003074559"],
    ),
    Example(EncryptPreservingFormat(alphabet="cjk"), ["王小明", "欧阳娜娜", None], ["甠毩澅", "遰奌筜斎", None]),
    Example(
        EncryptPreservingFormat(alphabet="甲乙丙丁戊己庚辛壬癸", scope="codes"), ["甲甲乙丙丁戊"], ["甲甲乙丁戊乙"]
    ),
    Example(
        EncryptPreservingFormat(alphabet="alphanumeric", tweak="patient", key="second"),
        ["AB12cd", "AB12cd", None],
        ["GAzUyT", "qxcvOn", None],
        columns={"patient": ["1001", "1002", "1003"]},
    ),
]
