"""Text as bytes and characters: the fast ways give what the plain ones give."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.kernels.arrays import text_buffers
from anonymize.kernels.text import masking
from anonymize.kernels.text.cases import lower
from anonymize.kernels.text.characters import CharacterSet, map_characters, running_totals
from anonymize.kernels.text.labels import labelled
from anonymize.kernels.text.scanning import first_of, members
from anonymize.kernels.text.spelling import spell

texts = st.lists(st.one_of(st.none(), st.text("ab@.É中𝄞", max_size=5), st.text("ab@.", max_size=5)), max_size=8)


def column(values: list[str | None], hidden: bytes = b"") -> pa.Array:
    """A column in which each null owns some bytes."""
    owned = [hidden if value is None else value.encode() for value in values]
    offsets = np.cumsum([0, *map(len, owned)]).astype(np.int32)
    valid = np.packbits(np.array([value is not None for value in values], np.bool_), bitorder="little")
    buffers = [pa.py_buffer(part) for part in (offsets, b"".join(owned), valid)]
    return pa.StringArray.from_buffers(len(values), *buffers)


@given(st.binary(max_size=600), st.sets(st.integers(0, 255)))
def test_members_are_those_of_the_set(data: bytes, wanted: set[int]) -> None:
    """Few runs or many: the same flags as a look-up."""
    table = np.array([byte in wanted for byte in range(256)])
    given = np.frombuffer(data, np.uint8)

    assert table[given].tolist() == members(given, table).tolist()


@pytest.mark.parametrize("wanted", [range(256), range(0), range(128, 256), range(1), range(0, 256, 2)])
def test_sets_at_the_edges(wanted: range) -> None:
    """All bytes, none, the last ones, the first one, every other one."""
    table = np.array([byte in wanted for byte in range(256)])

    assert table.tolist() == members(np.arange(256, dtype=np.uint8), table).tolist()


@given(st.lists(st.text("ab:/", max_size=5)), st.sampled_from([b":", b"/", b":/"]), st.booleans())
def test_the_first_byte_is_found(values: list[str], wanted: bytes, one_each: bool) -> None:
    """In each range, or its end; also where every range has exactly one."""
    values = [value.replace(":", "") + ":" for value in values] if one_each else values
    data = np.frombuffer("".join(values).encode(), np.uint8)
    offsets = np.cumsum([0, *map(len, values)]).astype(np.int32)

    found = first_of(data, wanted, offsets[:-1], offsets[1:]) - offsets[:-1]

    expected = [min([i for i, b in enumerate(v.encode()) if b in wanted], default=len(v)) for v in values]
    assert expected == found.tolist()


def change(values: list[str | None], with_: str) -> list[str | None]:
    """What follows the first `a` becomes `with_`, or the whole value if nothing does."""
    parts = [None if value is None else value.partition("a") for value in values]
    return [None if each is None else (each[0] + each[1] if each[2] else "") + with_ for each in parts]


@pytest.mark.parametrize("largest", [2**31 - 1, 0])
@given(
    values=texts, with_=st.sampled_from(["*", "***", "中", "é*"]), hidden=st.sampled_from([b"", b"a@", b"\xff"])
)
def test_regions_are_replaced(largest: int, values: list[Any], with_: str, hidden: bytes) -> None:
    """Whatever the width of the characters, the room that is needed and the bytes that nulls own."""
    given = column(values, hidden)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(masking, "_LARGEST", largest)
        found = map_characters(given, lambda t: masking.replace(t, masking.region_after(t, "a"), with_))

    found.validate(full=True)
    assert change(values, with_) == found.to_pylist()
    nulls = np.array([value is None for value in values], np.bool_)
    assert not np.diff(text_buffers(found)[0])[nulls].any()


@given(texts)
def test_nulls_and_empty_values_have_no_last_character(values: list[Any]) -> None:
    """The last flagged character of each value, as Python finds it."""
    found: list[int] = []

    def look(text: Any) -> Any:
        hits = masking.find_last(text, CharacterSet("@".__eq__).flags(text.codes))
        found.extend(np.where(hits < 0, -1, hits - text.starts).tolist())
        return text

    assert values == map_characters(column(values), look).to_pylist()
    assert [(value or "").rfind("@") for value in values] == found


@given(st.lists(st.tuples(st.integers(-5, 5) | st.integers(-(2**40), 2**40), st.booleans()), max_size=9))
def test_groups_get_their_names(rows: list[tuple[int, bool]]) -> None:
    """Near or far apart; null where there is no group."""
    groups = np.array([group for group, _ in rows], np.int64)
    valid = np.array([known for _, known in rows], np.bool_)

    found = labelled(groups, valid, lambda group: f"<{group}>")

    found.validate(full=True)
    assert [f"<{group}>" if known else None for group, known in rows] == found.to_pylist()


@given(texts)
def test_lower_case(values: list[Any]) -> None:
    """As Arrow writes it in any script."""
    assert [None if v is None else v.lower() for v in values] == lower(column(values)).to_pylist()


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.binary(2)])
def test_binary_is_spelled_as_hexadecimal(kind: pa.DataType) -> None:
    """Slices and nulls included."""
    values = pa.array([b"xx", b"\x00\xff", None, b"az"], kind).slice(1)

    assert ["00ff", None, "617a"] == spell(values).to_pylist()


def test_characters_of_every_width() -> None:
    """One to four bytes, the first and the last of each; null, and nothing, stay."""
    values = ["\x00\x7f", "\x80\u07ff", "\u0800\uffff", "\U00010000\U0010ffff", "a\U00010000é", "", None]

    assert values == map_characters(pa.array(values), lambda text: text).to_pylist()
    assert [0, 3, 3, 7] == running_totals(np.array([3, 0, 4])).tolist()
