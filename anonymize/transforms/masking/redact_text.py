"""Personal data in free text, found and replaced."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import ConfigDict, Field, field_validator

from anonymize.core.component import Example
from anonymize.core.roles import Role
from anonymize.core.transform import ColumnTransform, Context, Properties, Sibling
from anonymize.kernels.arrays import from_numpy, text
from anonymize.kernels.crypto.siv import Siv
from anonymize.kernels.detection.beside import Beside, beside, spans_of_known, substituted, values_meant
from anonymize.kernels.detection.redacting import (
    DENIED,
    coded,
    denied,
    found_in,
    invented,
    labels,
    masked,
    numbered,
    pseudonyms,
)
from anonymize.kernels.detection.sealing import encrypted, opened, tokens_in
from anonymize.kernels.detection.spans import Spans, combined, merged, pieces, spliced
from anonymize.kernels.fakes.values import fake
from anonymize.kernels.text.characters import text_type

KEYED = ("pseudonym", "fake", "encrypt")
FILE = "redact_text, all columns"
"""The scope of codes that all texts of a file share."""

Entity = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]


class RedactText(ColumnTransform):
    """Find personal data in free text and replace it; the rest of the text stays.

    What the detectors miss passes: no scanner finds every name. `known: row` finds far more, since it looks for
    the values of the row's own columns, as far as the rules change or drop them: in any case, with or without
    accents, names in any order, with initials or in parts, dates in other layouts, numbers with other separators.
    Where the rules of such a column alone tell what takes the value's place (a pseudonym, a fake, a shifted date),
    the text gets the same. A cell that is too long to be scanned is replaced as a whole.

    With `encrypt` the text can be restored, and so can an answer to it, such as a model's: `anonymize restore`
    opens every token that stands there, wherever it has moved to. A token that somebody changed stays as it is;
    a cell of which none opens is an error.
    """

    model_config = ConfigDict(populate_by_name=True)

    use: Literal["redact_text"] = "redact_text"
    positional: ClassVar[str | None] = "entities"

    entities: tuple[Entity, ...] = ()
    """What to look for, as `[PERSON, PHONE_NUMBER]`; by default all that `anonymize show detectors` lists, but for
    those that only look when asked."""
    with_: Annotated[
        Literal["entity", "numbered", "mask", "pseudonym", "fake", "encrypt"],
        Field(validation_alias="with", serialization_alias="with"),
    ] = "entity"
    """What takes its place: `<PERSON>`; `<PERSON_1>`, the same number for the same value of a row; `*` for each
    letter and digit; the token of `pseudonymize`, or the invented value of `fake`, with the same scope and key; or
    `<PERSON:…>` with what AES-256-SIV makes of it, the same for the same text."""
    known: Literal["row"] | tuple[str, ...] = ()
    """`row`, or the columns of the row whose values are looked for too."""
    min_score: float = Field(default=0.5, ge=0, le=1)
    """How sure a detector must be."""
    allow: tuple[str, ...] = ()
    """Texts that stay although a detector takes them for personal data; case does not matter."""
    deny: tuple[str, ...] = ()
    """Words and phrases that go wherever they stand; case does not matter."""
    locales: tuple[str, ...] = ()
    """Countries whose identifiers are looked for, as `[CN, US]`; by default all."""
    numbered_within: Literal["row", "column", "file"] = "row"
    """Where the same value has the same number. Within a column, or all such columns of a file, values are told
    apart by eight letters and digits instead, as in `<PERSON_K3VQ7A2M>`: numbers would depend on the order of the
    rows. They come from the key, so they are the same in every file of the dataset."""
    scope: str | None = Field(default=None, min_length=1)
    """A name that columns share to get the same tokens and fakes; by default each column has its own."""
    key: str = "default"
    """Name of the key, as under `keys:`; used by `pseudonym`, `fake` and `encrypt`, and by `numbered` beyond a
    row."""

    @field_validator("allow", "deny")
    @classmethod
    def _not_empty(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        if any(not word.strip() for word in words):
            raise ValueError("an empty text stands everywhere")
        return words

    def reads(self) -> tuple[str, ...]:
        return () if self.known == "row" else self.known

    def key_names(self) -> tuple[str, ...]:
        return (self.key,) if self.with_ in KEYED or self._is_coded() else ()

    def _is_coded(self) -> bool:
        return self.with_ == "numbered" and self.numbered_within != "row"

    def properties(self) -> Properties:
        return Properties(
            deterministic=not self.known and (self.with_ != "numbered" or self._is_coded()),
            reversible=self.with_ == "encrypt",
            authenticated=self.with_ == "encrypt",
            survives="the rest of the text",
        )

    def output_type(self, given: pa.DataType) -> pa.DataType:
        return text_type(given)

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        cells = pc.fill_null(text(values), "")
        columns = [beside(sibling) for sibling in self._siblings(context)]
        names, found = found_in(
            cells, context.column, self.entities, self.min_score, self.locales, self.allow, context.detectors
        )
        names, known = spans_of_known(cells, context.rows, columns, names)
        parts = [found, known, denied(cells, self.deny, len(names))]
        if self.with_ == "encrypt":
            parts.append(tokens_in(cells, len(names)))
        chosen = merged(combined(parts))
        result = spliced(cells, chosen, self._replacements(cells, chosen, [*names, DENIED], columns, context))
        if values.null_count:
            result = pc.if_else(values.is_valid(), result, pa.scalar(None, pa.string()))
        return result.cast(text_type(values.type))

    def restore(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        cells = pc.fill_null(text(values), "")
        result, shut = opened(cells, self._ciphers(context))
        context.reject(from_numpy(shut), "no token of this key, column and data set")
        if values.null_count:
            result = pc.if_else(values.is_valid(), result, pa.scalar(None, pa.string()))
        return result

    def _ciphers(self, context: Context[Any]) -> list[Siv]:
        """One for each generation of the key, newest first."""
        macs = context.secrets(self.key, "redact_text mac", self.scope)
        keys = context.secrets(self.key, "redact_text", self.scope)
        return [Siv(mac + key) for mac, key in zip(macs, keys, strict=True)]

    def _siblings(self, context: Context[Any]) -> Sequence[Sibling]:
        """The columns whose values are looked for."""
        if not self.known:
            return []
        changed = context.siblings() if context.siblings is not None else ()
        if self.known == "row":
            return [each for each in changed if each.name != context.column]
        at_hand = {each.name: each for each in changed}
        return [at_hand[name] if name in at_hand else _as_read(name, context) for name in self.known]

    def _replacements(
        self,
        cells: pa.Array,
        chosen: Spans,
        names: Sequence[str],
        columns: Sequence[Beside],
        context: Context[Any],
    ) -> pa.Array:
        """A text for each span."""
        found = pieces(cells, chosen)
        if self.with_ == "mask":
            return masked(found, chosen, names)
        if self.with_ == "encrypt":
            return encrypted(found, chosen, names, self._ciphers(context)[0])
        meant = values_meant(found, chosen, columns)
        if self._is_coded():
            scope = self.scope or (FILE if self.numbered_within == "file" else None)
            return coded(chosen, names, meant, context.secret(self.key, "redact_text code", scope))
        if self.with_ == "numbered":
            return numbered(chosen, names, meant, context.rows)
        new = labels(chosen, names)
        if self.with_ == "pseudonym":
            new = pseudonyms(chosen, names, meant, new, context.secret(self.key, "pseudonymize", self.scope))
        if self.with_ == "fake":

            def make(kind: str, given: pa.Array) -> pa.Array:
                return fake(kind, context.locale, context.secret(self.key, f"fake {kind}", self.scope), given)

            new = invented(chosen, names, meant, new, make)
        return substituted(chosen, columns, new)


def _as_read(name: str, context: Context[Any]) -> Sibling:
    """A column that the rules leave as it is, but that is named."""
    return Sibling(name, Role.OTHER, context.read(name), context.rows, None)


EXAMPLES = [
    Example(
        RedactText(),
        ["Write to anna@example.com or 13812345678.", "请联系王小明先生", "", None],
        ["Write to <EMAIL_ADDRESS> or <PHONE_NUMBER>.", "请联系<PERSON>先生", "", None],
    ),
    Example(
        RedactText(entities=("EMAIL_ADDRESS",), with_="numbered", allow=("help@example.com",)),
        ["a@example.com, b@example.com, A@example.com", "help@example.com", None],
        ["<EMAIL_ADDRESS_1>, <EMAIL_ADDRESS_2>, <EMAIL_ADDRESS_1>", "help@example.com", None],
    ),
    Example(
        RedactText(entities=("PHONE_NUMBER",), with_="mask", deny=("Project Nightingale",), min_score=0.6),
        ["tel 138-1234-5678 about project nightingale", None],
        ["tel ***-****-**** about ******* ***********", None],
    ),
    Example(
        RedactText(entities=("US_SSN",), deny=("Mia", "C++", "蓝湖")),
        ["mia Mia, C++ or 在蓝湖: miami", None],
        ["<REDACTED> <REDACTED>, <REDACTED> or 在<REDACTED>: miami", None],
    ),
    Example(
        RedactText(entities=("PERSON",), known=("name", "born")),
        ["KOVAC, Zoe called; Z. Kováč was born on 7 March 1990", None],
        ["<PERSON> called; <PERSON> was born on <DATE_OF_BIRTH>", None],
        columns={"name": ["Zoë Kováč", "Li Wei"], "born": ["1990-03-07", None]},
    ),
    Example(
        RedactText(entities=("US_SSN",), with_="pseudonym", scope="patients", locales=("US",)),
        ["SSN 536-22-8726", None],
        ["SSN 344b7d076a3172fed60b4c7653018103", None],
    ),
    Example(
        RedactText(entities=("EMAIL_ADDRESS",), with_="numbered", numbered_within="column"),
        ["a@example.com and A@example.com", "b@example.com", None],
        ["<EMAIL_ADDRESS_EKEQ2ZM4> and <EMAIL_ADDRESS_EKEQ2ZM4>", "<EMAIL_ADDRESS_PZWKY4K6>", None],
    ),
    Example(
        RedactText(entities=("EMAIL_ADDRESS",), with_="encrypt", scope="chat"),
        ["from a@example.com, zoë", None],
        ["from <EMAIL_ADDRESS:ATphLUSzEuMtI5mVRM3B4D67pbMYaBibbnnRYvqI>, zoë", None],
    ),
    Example(
        RedactText(entities=("EMAIL_ADDRESS",), with_="fake", key="second", numbered_within="row"),
        ["from a@example.com", None],
        ["from claudia.russo8813@example.org", None],
    ),
]
