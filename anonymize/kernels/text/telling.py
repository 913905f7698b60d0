"""Values that show what a rule does, and values as shapes that show nothing else."""

import unicodedata
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.kernels.arrays import is_text


def shape(text: str) -> str:
    """`Aaaaa 9999` for `Alice 2024`: what kind of character stands where."""
    return "".join(map(_kind, text))


def _kind(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] == "L":
        return {"Lu": "A", "Lt": "A", "Ll": "a"}.get(category, "文")
    if category[0] == "N":
        return "9"
    if category == "Zs":
        return " "
    return character if category[0] == "P" or character in "$+<=>^`|~\n\t" else "◦"


def telling_values(values: pa.Array) -> Iterator[tuple[int, str]]:
    """(position, why) of a null, an empty, a shortest, a longest, a foreign, a smallest and a largest value."""
    missing = pc.index(values.is_null(), True).as_py()
    if missing >= 0:
        yield missing, "null"
    if values.null_count == len(values):
        return
    yield from _text_cases(values) if is_text(values.type) else _numeric_cases(values)


def _text_cases(values: pa.Array) -> Iterator[tuple[int, str]]:
    lengths = pc.utf8_length(values)
    empty = pc.equal(lengths, 0)
    if pc.any(empty).as_py():
        yield pc.index(empty, True).as_py(), "empty"
        lengths = pc.if_else(empty, pa.scalar(None, lengths.type), lengths)
    least, most = pc.min(lengths), pc.max(lengths)
    if least != most:
        yield pc.index(lengths, least).as_py(), "shortest"
        yield pc.index(lengths, most).as_py(), "longest"
    foreign = pc.not_equal(
        pc.cast(pc.binary_length(values), pa.int64()), pc.cast(pc.utf8_length(values), pa.int64())
    )
    if pc.any(foreign).as_py():
        yield pc.index(foreign, True).as_py(), "not ASCII"


def _numeric_cases(values: pa.Array) -> Iterator[tuple[int, str]]:
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type):
        for said, bound in (("smallest", pc.min(values)), ("largest", pc.max(values))):
            if bound.is_valid and (place := pc.index(values, bound).as_py()) >= 0:
                yield place, said
