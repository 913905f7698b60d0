"""Records that hold objects and lists, now here, now there: no rule is missed, however the file is cut."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, event, example, given
from hypothesis import strategies as st

from anonymize.core.errors import AnonymizeError, DataError
from anonymize.engines.local import LocalEngine
from anonymize.pipeline import Job, run
from anonymize.rulefile.loading import parse_rules
from anonymize.rulefile.matching import find_rule, leads_to, matches
from tests.faults.build import CANARY, assert_silent
from tests.fuzz.drawn import bounded

LINES = ("c: mask", "c: redact", "c: keep", "c*: mask", "c*: keep", "c*: redact", "c.d: mask", "c[*]: mask",
         "c: number", "c: drop", "c*: drop", "*: keep", "c.d: redact", "c[*].e: redact", "c: nullify", "c.*: mask",
         "c.d: keep", "c[*]: keep", "c[*].e: mask", "c.d.f: mask", "c.d: drop")  # fmt: skip
UNLISTED = ("error", "keep", "drop", "redact")
Files = tuple[tuple[Any, ...], tuple[str, ...], str]

texts = st.sampled_from([CANARY, "", "x"])
empty = st.sampled_from([None, {}, []])
objects = st.fixed_dictionaries(
    {}, optional={"d": texts | st.none() | st.fixed_dictionaries({"f": texts}), "g": texts}
)
lists = st.lists(texts | st.none(), max_size=2) | st.lists(st.fixed_dictionaries({"e": texts}), max_size=2)
anything = texts | st.integers(0, 9) | empty | objects | lists
"""Of any shape; `one_shape` keeps to one, so that nothing is refused for having two."""
one_shape = st.sampled_from([texts | st.none(), objects | st.just({}), st.lists(texts, max_size=2)])


def files(shapes: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[Files]:
    """What stands under `c` in each row, a few lines of rules, and a policy."""
    lines = st.lists(st.sampled_from(LINES), min_size=1, max_size=most, unique_by=lambda line: line.split(":")[0])
    return st.tuples(
        st.lists(shapes, min_size=1, max_size=5).map(tuple), lines.map(tuple), st.sampled_from(UNLISTED)
    )


def output(file: Files, block: int, threads: int = 1) -> str | AnonymizeError:
    """The whole output, or the error."""
    rows, lines, unlisted = file
    columns = {"a": "keep", **dict(line.split(": ") for line in lines)}
    rules = parse_rules(json.dumps({"version": 1, "dataset": "t", "columns": columns, "unlisted": unlisted}))
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name, "in.jsonl"), Path(name, "out.jsonl")
        source.write_text("".join(json.dumps({"a": 1, "c": row}) + "\n" for row in rows))
        try:
            job = Job(rules, (str(source),), str(target), options={"block_bytes": block})
            run(job, LocalEngine(threads))
        except AnonymizeError as error:
            assert_silent(error)
            assert not target.exists()
            return error
        return target.read_text()


def leaves(path: str, value: Any) -> list[tuple[str, Any]]:
    """All plain values with their paths."""
    if isinstance(value, dict):
        return [leaf for key, below in value.items() for leaf in leaves(f"{path}.{key}", below)]
    if isinstance(value, list):
        return [leaf for below in value for leaf in leaves(f"{path}[*]", below)]
    return [(path, value)]


def may_stay(file: Files) -> bool:
    """Whether some rule lets a canary pass."""
    rows, lines, unlisted = file
    steps = dict(line.split(": ") for line in lines)
    paths = {path for row in rows for path, value in leaves("c", row) if value == CANARY}
    return any(steps.get(find_rule(steps, path) or "", unlisted) == "keep" for path in paths)


LATE = (("x", {"d": CANARY}), ("c.d: mask", "c*: keep"), "error")
LATE_LIST = (("x", [{"e": CANARY}]), ("c[*]: mask",), "keep")


@pytest.mark.matrix("J6", "J7")
@example(LATE)
@example(LATE_LIST)
@bounded
@given(files(anything))
def test_no_cut_lets_a_value_past_its_rule(file: Files) -> None:
    """A value that no rule keeps is not in the output, whatever stood at its place in other rows."""
    for block, threads in ((1 << 20, 1), (7, 2), (40, 1)):
        found = output(file, block, threads)
        event(type(found).__name__)
        assert not isinstance(found, str) or CANARY not in found or may_stay(file)


@bounded
@given(one_shape.flatmap(lambda shape: files(shape, most=1)))
def test_the_cut_does_not_matter(file: Files) -> None:
    """Objects, lists and what they hold come and go under one rule: the same bytes, or an error."""
    is_left = file[2] != "drop" and not file[1][0].endswith("drop")
    assume(is_left or "." not in file[1][0])  # an object may stay as an empty one, or not
    whole, *others = [output(file, *cut) for cut in ((1 << 20, 1), (7, 2), (40, 1))]
    for found in others:
        assert found == whole if isinstance(whole, str) else isinstance(found, AnonymizeError)


@pytest.mark.matrix("J7")
@pytest.mark.parametrize("line", ["c: mask", "c: redact", "c*: redact", "c: nullify", "c: number"])
@pytest.mark.parametrize("rows", [("x", {"d": CANARY}), ([CANARY], "x"), ({}, "x"), (1, [])])
def test_two_shapes_under_one_rule_are_refused(line: str, rows: tuple[Any, ...]) -> None:
    """Whether they meet in one block or not."""
    for block in (1 << 20, 7):
        assert isinstance(output((rows, (line,), "keep"), block), DataError)


@pytest.mark.parametrize("line", ["c: keep", "c: drop"])
def test_two_shapes_may_stay_or_go(line: str) -> None:
    """As a whole, in any cut."""
    rows = ("x", {"d": "y"}, ["z"], 1, None)
    found = {output((rows, (line,), "error"), block) for block in (1 << 20, 40, 7)}
    kept = "".join(json.dumps({"a": 1, **({"c": row} if line == "c: keep" else {})}) + "\n" for row in rows)

    assert {kept} == found


PATHS = ["c", "c.d", "c[*]", "c[*].e", "b", "cc", "c.d.f"]


@pytest.mark.parametrize(
    "pattern", [*(line.split(":")[0] for line in LINES), "?", "?.*", "[cd].d", "*e", "c[*].*"]
)
@pytest.mark.parametrize("path", PATHS)
def test_what_a_pattern_leads_to(pattern: str, path: str) -> None:
    """If it names something that the path holds, it leads to it."""
    beneath = [f"{path}{more}" for more in (".d", "[*]", "[*].e", ".d.f", ".x")]

    assert (
        leads_to(pattern, path) or not any(find_rule({pattern: 1}, p) for p in beneath) or matches(pattern, path)
    )
    assert not (pattern == path and leads_to(pattern, path))
