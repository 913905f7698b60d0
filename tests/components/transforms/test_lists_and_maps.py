"""Replacements come from the given lists and tables only; what they do not cover is never kept or guessed."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pydantic import ValidationError

from anonymize.core.errors import DataError
from anonymize.transforms.substitution.map_values import MapValues
from anonymize.transforms.substitution.replace_from_list import ReplaceFromList
from tests.components.transforms.substitution import IDS, rejected, results
from tests.harness import answer, run_column


def test_unknown_values_are_rejected() -> None:
    """Never kept, never guessed."""
    mapping = MapValues(mapping={"m": "male", "f": None})

    assert rejected(mapping, pa.array(["m", "f", "x", None, "M"])) == [False, False, True, False, True]


def test_mappings_spell_scalars_as_text() -> None:
    """Numbers and booleans of a rule file are what a cell would hold."""
    mapping = MapValues.model_validate({"mapping": {2: 10, True: "yes", "2.5": False}, "other": "?"})

    assert results(mapping, ["2", "true", "2.5", "x", None]) == ["10", "yes", "false", "?", None]
    assert results(mapping, [True, False]) == ["yes", "?"]


def test_mapping_files(tmp_path: Path) -> None:
    """A CSV file with its header, in UTF-8, with or without a byte order mark."""
    path = tmp_path / "map.csv"
    path.write_bytes('\ufeffvalue,replacement\r\n"a,b",é\r\n"",\r\n'.encode())

    assert results(MapValues(file=path), ["a,b", "", None]) == ["é", "", None]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"secret,x\n", "first line"),
        (b"", "first line"),
        (b"value,replacement\nsecret\n", "line 2 of the file has 1 cells"),
        (b"value,replacement\nsecret,x\nsecret,y\n", "line 3 of the file repeats"),
        (b'value,replacement\n"secret\n', "not valid CSV"),
        (b"value,replacement\nsecret\xff,x\n", "not UTF-8"),
        (b"value,replacement\n", "empty"),
        (None, "cannot be read"),
    ],
)
def test_wrong_mapping_files(tmp_path: Path, content: bytes | None, why: str) -> None:
    """Refused with a line, without a value."""
    path = tmp_path / "map.csv"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ValidationError, match=why) as caught:
        MapValues(file=path)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"mapping": {}},
        {"mapping": {"a": "b"}, "file": "x.csv"},
        {"mapping": {"a": "b"}, "default": "null", "other": "x"},
        {"mapping": {"a": "b"}, "default": "keep"},
        {"mapping": {1: "a", "1": "b"}},
        {"mapping": {"a": [1]}},
    ],
)
def test_wrong_mappings(wrong: dict[str, Any]) -> None:
    """One table, not empty, unambiguous."""
    with pytest.raises(ValidationError):
        MapValues.model_validate(wrong)


def test_mapping_claims() -> None:
    """One-to-one tables keep values apart, others do not."""
    assert MapValues(mapping={"a": "1", "b": "2"}).properties().injective
    assert not MapValues(mapping={"a": "1", "b": "1"}).properties().injective
    assert not MapValues(mapping={"a": "1"}, other="2").properties().injective
    assert not MapValues(mapping={"a": None}).properties().injective


def test_choices_are_even_and_steady() -> None:
    """Every item is chosen about equally often, and the same value always gets the same."""
    colours = ReplaceFromList(values=("red", "green", "blue"))
    found = results(colours, IDS)

    assert min(found.count(colour) for colour in ("red", "green", "blue")) > 900
    assert results(colours, IDS.slice(1000, 10)) == found[1000:1010]


def test_list_files(tmp_path: Path) -> None:
    """An item on each line, whatever the line ends."""
    path = tmp_path / "list.txt"
    path.write_bytes("rot\r\ngrün\nblau".encode())
    assert set(results(ReplaceFromList(file=path), IDS)) == {"rot", "grün", "blau"}

    path.write_bytes(b"secret\n\nx\n")
    with pytest.raises(ValidationError, match="line 2 of the file is empty") as caught:
        ReplaceFromList(file=path)
    assert "secret" not in str(caught.value)


def test_unique_choices() -> None:
    """Different values get different items, in whatever order and pieces they come."""
    items = tuple(f"item {number}" for number in range(3000))
    transform = ReplaceFromList(values=items, unique=True)
    statistic = transform.needs(("value",))
    found = results(transform, IDS)
    backwards = [pa.record_batch({"value": IDS.slice(start, 500)}) for start in range(2500, -1, -500)]
    again, _ = run_column(transform, IDS.slice(700, 100), fitted=answer(statistic, *backwards))

    assert len(set(found)) == 3000
    assert found[700:800] == again.to_pylist()
    assert found != sorted(found)


def test_unique_choices_run_out() -> None:
    """More values than items is an error that counts and quotes nothing."""
    with pytest.raises(DataError, match="3 distinct values, but the list of replace_from_list has 2") as caught:
        run_column(ReplaceFromList(values=("a", "b"), unique=True), pa.array(["secret", "y", "z", None]))
    assert "secret" not in str(caught.value)


def test_values_that_were_not_counted() -> None:
    """A value that appears only when applying is rejected."""
    transform = ReplaceFromList(values=("a", "b"), unique=True)
    fitted = answer(transform.needs(("value",)), pa.record_batch({"value": ["x"]}))

    assert rejected(transform, pa.array(["x", "y", None]), fitted=fitted) == [False, True, False]


@pytest.mark.parametrize("wrong", [{}, {"values": []}, {"values": ["a", "a"], "unique": True}, {"values": [""]}])
def test_wrong_lists(wrong: dict[str, Any]) -> None:
    """A list, with something in it, without repetitions where they would collide."""
    with pytest.raises(ValidationError):
        ReplaceFromList.model_validate(wrong)
