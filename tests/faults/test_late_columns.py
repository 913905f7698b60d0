"""Nested and late data: what nobody planned for is covered by a rule, refused or dropped, however it comes."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anonymize.core.errors import CheckError, DataError, RuleError, UsageError
from anonymize.engines.local import LocalEngine
from anonymize.pipeline import Job, run
from tests.faults.build import CANARY, assert_silent
from tests.spine.build import anonymize, rules_of

BLOCKS = [60, 1 << 20]


def lines(*records: dict[str, Any]) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def records(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]


def jsonl(folder: Path, columns: str, data: bytes, rest: str = "", **options: Any) -> bytes:
    return anonymize(folder, rules_of(columns, rest), data, suffix=".jsonl", **options)[0]


class TestAKeyInRow100000:
    """A key that no row before has."""

    early = b'{"a":"x","b":{"c":1}}\n' * 99_999
    data = early + lines({"a": "y", "b": {"c": 2, "deep": [{"secret": CANARY}]}})
    columns = "  a: keep\n  b.c: keep"

    @pytest.mark.parametrize("threads", [1, 2])
    def test_it_stops_the_run(self, tmp_path: Path, threads: int) -> None:
        """Its path is named, its value is not."""
        with pytest.raises(DataError, match=r"no rule covers the column 'b\.deep\[\*\]\.secret'") as caught:
            jsonl(tmp_path, self.columns, self.data, threads=threads)
        assert_silent(caught.value)
        assert ["in0.jsonl"] == [path.name for path in tmp_path.iterdir()]

    def test_it_is_kept(self, tmp_path: Path) -> None:
        """Byte for byte, if the rules say so."""
        assert self.data == jsonl(tmp_path, self.columns, self.data, "unlisted: keep")

    @pytest.mark.parametrize("policy", ["drop", "redact"])
    def test_it_goes(self, tmp_path: Path, policy: str) -> None:
        """Dropped with all that held nothing else, or redacted; the rest is as it was."""
        out = jsonl(tmp_path, self.columns, self.data, f"unlisted: {policy}")
        left = {"deep": [{"secret": "[REDACTED]"}]} if policy == "redact" else {}
        assert {"a": "y", "b": {"c": 2, **left}} == records(out)[-1]
        assert out.startswith(self.early)

    def test_a_glob_covers_it(self, tmp_path: Path) -> None:
        """A rule is a rule, early or late."""
        out = jsonl(tmp_path, "  a: keep\n  'b*': mask", self.data)
        assert {"a": "y", "b": {"c": "*", "deep": [{"secret": "*" * len(CANARY)}]}} == records(out)[-1]

    def test_an_exact_rule_waits_for_it(self, tmp_path: Path) -> None:
        """A name that the first rows lack may still come; one that never comes is an error."""
        out = jsonl(tmp_path, self.columns + "\n  'b.deep[*].secret': mask", self.data)
        assert CANARY.encode() not in out
        with pytest.raises(DataError, match=r"has no column 'b\.depe'"):
            jsonl(tmp_path, self.columns + "\n  b.depe: mask", self.early)
        assert self.early == jsonl(
            tmp_path, self.columns + "\n  b.depe: {steps: [mask], optional: true}", self.early
        )


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("to", ["out.jsonl", "out.parquet", "out.csv"])
def test_late_keys_in_other_formats(tmp_path: Path, block: int, to: str) -> None:
    """All columns are found first, and refused or covered as ever."""
    data = lines(*[{"a": "x"}] * 20, {"a": "y", "late": CANARY})
    with pytest.raises((DataError, RuleError), match="no rule covers the column 'late'"):
        jsonl(tmp_path, "  a: keep", data, to=to, block_bytes=block)
    out = jsonl(tmp_path, "  a: keep\n  late: mask", data, to=to, block_bytes=block)
    assert CANARY.encode() not in out


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize(("rest", "columns"), [("unlisted: keep", "  a: keep"), ("", "  a: keep\n  '*': mask")])
def test_keys_without_values(tmp_path: Path, block: int, rest: str, columns: str) -> None:
    """Null, `{}` and `[]` stay where their key may, whatever else stands in the same block."""
    bare = {"a": "x", "n": None, "o": {}, "l": []}
    data = lines(*[bare] * 5)
    out = records(jsonl(tmp_path, columns, data, rest, block_bytes=block))

    assert [bare] * 5 == out


@pytest.mark.parametrize("policy", ["keep", "drop", "redact"])
def test_late_keys_do_not_depend_on_blocks(tmp_path: Path, policy: str) -> None:
    """Keys that come and go, null and filled, give the same bytes in any cut."""
    data = lines(
        *[{"a": "x"}] * 5,
        {"a": "x", "late": None},
        {"a": "x", "late": None, "o": {}},
        {"a": "x", "late": "v", "o": {"p": 1, "q": None}},
        {"a": "x", "o": {"q": [1, 2]}},
        {"late": None, "o": {"p": None}},
    )
    whole = jsonl(tmp_path, "  a: keep", data, f"unlisted: {policy}")

    assert {whole} == {
        jsonl(tmp_path, "  a: keep", data, f"unlisted: {policy}", block_bytes=n) for n in (1, 60, 150)
    }
    assert policy != "keep" or data == whole


@pytest.mark.parametrize("block", BLOCKS)
def test_checks_and_statistics_see_late_columns(tmp_path: Path, block: int) -> None:
    """A quasi-identifier that the first rows lack is one all the same."""
    columns = "  a: {role: quasi_identifier, steps: [keep]}\n  z: {role: quasi_identifier, steps: [keep]}"
    data = lines(*[{"a": "x"}] * 20, {"a": "x", "z": "alone"})
    with pytest.raises(CheckError, match="k_anonymity >= 2 does not hold: measured 1"):
        jsonl(tmp_path, columns, data, "checks: [k_anonymity >= 2]", block_bytes=block)

    rare = columns.replace("z: {role: quasi_identifier, steps: [keep]}", "z: group_rare(2)")
    assert b"alone" not in jsonl(tmp_path, rare, data, block_bytes=block)
    suppressed = jsonl(tmp_path, columns, data, "rows: [suppress_small_classes(2)]", block_bytes=block)
    assert b"alone" not in suppressed


CONTACT = {"name": "Ada", "phones": [{"n": "111"}, {"n": "222", "k": "home"}], "geo": {"lat": 1.5, "none": None}}
PERSON = {"id": "1", "contact": CONTACT}


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("drop", {"id": "1"}),
        ("redact", {"id": "1", "contact": "[REDACTED]"}),
        ("nullify", {"id": "1", "contact": None}),
        ("keep", PERSON),
        (
            "mask",
            {
                "id": "1",
                "contact": {
                    "name": "***",
                    "phones": [{"n": "***"}, {"n": "***", "k": "****"}],
                    "geo": {"lat": "***", "none": None},
                },
            },
        ),
    ],
)
def test_a_rule_for_an_object(tmp_path: Path, block: int, step: str, expected: dict[str, Any]) -> None:
    """It goes as a whole, or every value in it is handled, also one that turns up late."""
    late = {"id": "2", "contact": {"new": {"deep": [CANARY]}}}
    out = jsonl(tmp_path, f"  id: keep\n  contact: {step}", lines(*[PERSON] * 5, late), block_bytes=block)

    assert [expected] * 5 == records(out)[:5]
    assert (step == "keep") == (CANARY.encode() in out)


@pytest.mark.parametrize("block", BLOCKS)
def test_the_nearest_rule_wins(tmp_path: Path, block: int) -> None:
    """A line for a part beats the line for the whole."""
    columns = "  id: keep\n  contact: mask\n  contact.geo: drop\n  'contact.phones[*].n': keep"
    out = jsonl(tmp_path, columns, lines(*[PERSON] * 5), block_bytes=block)

    assert {"name": "***", "phones": [{"n": "111"}, {"n": "222", "k": "****"}]} == records(out)[4]["contact"]


@pytest.mark.parametrize("block", BLOCKS)
def test_conditions_and_people_on_lists(tmp_path: Path, block: int) -> None:
    """Each item is handled by the columns of its own row."""
    visits = [
        {"id": p, "vip": v, "visits": [{"day": "2024-05-01"}, {"day": "2024-05-11", "why": CANARY}]}
        for p, v in [("p", 1), ("q", 0), ("p", None)]
    ]
    columns = (
        "  id: pseudonymize\n  vip: keep\n  'visits[*].day': shift_dates(days=100, per=id)\n"
        "  'visits[*].why': {steps: [redact], when: 'vip == 1'}"
    )
    out = records(jsonl(tmp_path, columns, lines(*visits), block_bytes=block))

    days = [[date.fromisoformat(visit["day"]) for visit in row["visits"]] for row in out]
    assert [10, 10, 10] == [(second - first).days for first, second in days]
    assert days[0] == days[2]
    assert days[0] != days[1]
    assert ["[REDACTED]", CANARY, "[REDACTED]"] == [row["visits"][1]["why"] for row in out]


def nested_table(rows: int = 6) -> pa.Table:
    return pa.Table.from_pylist([{**PERSON, "id": str(i)} for i in range(rows)])


@pytest.mark.parametrize("row_group", [1, 4, 100])
@pytest.mark.parametrize("step", ["drop", "redact", "mask", "keep"])
def test_a_rule_for_an_object_in_parquet(tmp_path: Path, step: str, row_group: int) -> None:
    """As in JSON lines; columns without a rule stop the run."""
    target = io.BytesIO()
    text = nested_table().to_pylist()
    for row in text:
        del row["contact"]["geo"]
    pq.write_table(pa.Table.from_pylist(text), target, row_group_size=row_group)
    rules = rules_of(f"  id: keep\n  contact: {step}")
    out, _ = anonymize(tmp_path, rules, target.getvalue(), suffix=".parquet")
    expected = {
        "drop": {},
        "redact": {"contact": "[REDACTED]"},
        "keep": {"contact": text[0]["contact"]},
        "mask": {"contact": {"name": "***", "phones": [{"n": "***", "k": None}, {"n": "***", "k": "****"}]}},
    }[step]

    assert [{"id": str(i), **expected} for i in range(6)] == pq.read_table(io.BytesIO(out)).to_pylist()
    with pytest.raises(DataError, match=r"'contact\.phones\[\*\]\.element\.n'|'contact\.phones\[\*\]\.n'"):
        anonymize(tmp_path, rules_of("  id: keep\n  contact.name: keep"), target.getvalue(), suffix=".parquet")


@pytest.fixture
def partitioned(tmp_path: Path) -> Path:
    """year=…/city=…/part.parquet"""
    for year in (2023, 2024):
        for city in ("Oslo", "S%C3%A3o"):
            folder = tmp_path / "in" / f"year={year}" / f"city={city}"
            folder.mkdir(parents=True)
            table = pa.table({"id": [f"{CANARY}{year}{i}" for i in range(3)], "n": [1, 2, 3]})
            pq.write_table(table, folder / "part-0.parquet", row_group_size=2)
    return tmp_path / "in"


def test_partitions_to_one_file(partitioned: Path, tmp_path: Path) -> None:
    """The folders' values are columns and follow rules."""
    columns = "  id: pseudonymize\n  n: keep\n  year: keep\n  city: mask(keep_first=1)"
    run(Job(rules_of(columns), (str(partitioned),), str(tmp_path / "out.parquet")), LocalEngine(2))
    table = pq.read_table(tmp_path / "out.parquet")

    assert ["id", "n", "year", "city"] == table.column_names
    assert ["O***"] * 3 + ["S**"] * 3 == table["city"].to_pylist()[:6]
    assert ["2023"] * 6 + ["2024"] * 6 == table["year"].to_pylist()
    assert CANARY.encode() not in (tmp_path / "out.parquet").read_bytes()


def test_partitions_to_a_folder(partitioned: Path, tmp_path: Path) -> None:
    """One file for each, in folders of the same names; a value that a rule changes never stays in a name."""
    columns = "  id: pseudonymize\n  n: keep\n  year: keep\n  city: keep"
    run(Job(rules_of(columns), (str(partitioned),), str(tmp_path / "out")), LocalEngine(2))
    made = sorted(str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*.parquet"))
    assert made == sorted(str(p.relative_to(partitioned)) for p in partitioned.rglob("*.parquet"))

    changed = rules_of(columns.replace("city: keep", "city: mask"))
    with pytest.raises(UsageError, match="the folders' names hold 'city'"):
        run(Job(changed, (str(partitioned),), str(tmp_path / "out2")), LocalEngine(2))
    assert not (tmp_path / "out2").exists()


def test_a_partition_needs_a_rule(partitioned: Path, tmp_path: Path) -> None:
    """A folder's name is data."""
    with pytest.raises(DataError, match="no rule covers the columns 'year', 'city'"):
        run(
            Job(rules_of("  id: mask\n  n: keep"), (str(partitioned),), str(tmp_path / "out.parquet")),
            LocalEngine(2),
        )
