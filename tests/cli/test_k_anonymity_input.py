"""Whatever the table and its hierarchies are like, a run that asks for k-anonymity has a clear answer."""

import re
from pathlib import Path

import pytest

from anonymize.cli import obey

COLUMNS = ["age", "zip", "sex"]
PEOPLE = """age,zip,sex,diagnosis
21,10115,f,flu
23,10117,f,cold
34,10119,f,flu
38,10115,f,asthma
36,10117,f,flu
71,80331,f,flu
"""
NULLS = PEOPLE.replace("\n21,", "\n,").replace("80331", "")
CONSTANT = "age,zip,sex,diagnosis\n" + "30,1,f,flu\n" * 3
HEADER = PEOPLE[: PEOPLE.index("\n") + 1]
TREE = "10115;1011*;*\n10117;1011*;*\n10119;1011*;*\n"


def run(folder: Path, data: str, step: str, tree: str = TREE) -> int:
    """The exit code of a run over this data."""
    roles = [f"  {name}: {{role: quasi_identifier, steps: [keep]}}" for name in COLUMNS]
    head = ["version: 1", "columns:", *roles, "  diagnosis: {role: sensitive, steps: [keep]}", "rows:"]
    (folder / "rules.yaml").write_text("\n".join([*head, f"  - {{use: k_anonymize, {step}}}", ""]))
    (folder / "data.csv").write_text(data)
    (folder / "zip.csv").write_text(tree)
    files = [str(folder / "data.csv"), "-r", str(folder / "rules.yaml"), "-o", str(folder / "out.csv")]
    return obey(["run", *files])


REFUSED = {
    "unknown value": (PEOPLE, "k: 2, hierarchies: {zip: zip.csv}", 3, "row 6: .*'zip' is not in its hierarchy"),
    "no such hierarchy": (PEOPLE, "k: 2, hierarchies: {zip: no.csv}", 2, "there is no such file"),
    "nulls are errors": (NULLS, "k: 2, nulls: fail", 3, "2 of 6 rows have a null in a quasi-identifier"),
    "nulls over the limit": (NULLS, "k: 2, nulls: drop", 3, "2 of 6 rows have a null .*, 0 may be suppressed"),
    "unreachable k": (PEOPLE, "k: 50", 3, "no levels reach k=50: .*the largest k within this limit is 6"),
    "unreachable k, local": (PEOPLE, "k: 50, local: true", 3, "no levels reach k=50"),
    "unreachable model": (PEOPLE, "k: 3, l: 9", 3, "no levels reach k=3 and the other .*k alone is within reach"),
    "all suppressed": (PEOPLE, "k: 50, suppress: 100%", 3, "every row would be suppressed.*there are 6 rows"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_done_is_said(
    case: tuple[str, str, int, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The code, the reason and what to do; no file, and none that is half done."""
    data, step, code, said = case

    assert code == run(tmp_path, data, step)
    assert re.search(said, capsys.readouterr().err, re.DOTALL)
    assert {"data.csv", "rules.yaml", "zip.csv"} == {file.name for file in tmp_path.iterdir()}


def test_uneven_levels_are_refused_with_their_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the rules, before any data is read."""
    uneven = TREE.replace("10117;1011*;*", "10117;1011*")

    assert run(tmp_path, PEOPLE, "k: 2, hierarchies: {zip: zip.csv}", uneven) == 2
    assert "line 2 of the hierarchy has 2 levels" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("data", "step", "expected"),
    [
        (NULLS, "k: 2, nulls: drop, suppress: 50%", [",1011*,f"] * 4),
        (NULLS, "k: 2, nulls: value", [",,f"] * 6),
        (CONSTANT, "k: 3", ["30,1,f"] * 3),
        (HEADER, "k: 3", []),
    ],
    ids=["nulls dropped", "nulls are values", "constant columns", "no rows"],
)
def test_what_can_be_done_is_done(data: str, step: str, expected: list[str], tmp_path: Path) -> None:
    """Rows with nulls go or are like any other; what is alike stays; a table without rows stays one."""
    assert run(tmp_path, data, step) == 0
    released = (tmp_path / "out.csv").read_text().splitlines()[1:]

    assert [row.rpartition(",")[0] for row in released] == expected
