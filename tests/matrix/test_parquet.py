"""Parquet and Arrow through the command line: exit code, message, every file afterwards, every type as it was."""

import contextlib
import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anonymize.cli import obey
from tests.faults.build import CANARY, assert_none_in, rules_file, tree
from tests.formats.parquet_tables import everything
from tests.matrix.corpus import INSIDE, REDACTED

FILES = 150
SUFFIXES = (".parquet", ".arrow")
NESTED = pa.table(
    {
        "who": [{"name": CANARY, "tags": ["a", None]}, None, {"name": None, "tags": []}],
        "calls": [[{"number": CANARY}], [], None],
        "notes": pa.array([[("k", CANARY)], None, []], pa.map_(pa.string(), pa.string())),
        "n": [1, 2, 3],
    }
)
LEAVES = "  who.name: redact\n  who.tags[*]: keep\n  calls[*].number: redact\n  notes[*].value: redact"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def packed(table: pa.Table, suffix: str, **options: Any) -> bytes:
    """The table as a file."""
    out = io.BytesIO()
    if suffix == ".parquet":
        pq.write_table(table, out, **{"write_page_checksum": True, **options})
        return out.getvalue()
    with pa.ipc.new_file(out, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table, max_chunksize=700)
    return out.getvalue()


def opened(raw: bytes, suffix: str) -> pa.Table:
    """The table in a file; of Parquet, with the checksum of each page verified."""
    if suffix == ".parquet":
        return pq.ParquetFile(io.BytesIO(raw), page_checksum_verification=True).read()
    return pa.ipc.open_file(io.BytesIO(raw)).read_all()


def run(folder: Path, raw: bytes, suffix: str, rules: str, rest: str = "") -> tuple[int, bytes]:
    """Its exit code and the output. There is nothing else in the folder afterwards, and no canary in what is said."""
    (folder / f"in{suffix}").write_bytes(raw)
    rules_file(folder, rules, rest)
    before = tree(folder)
    code = obey(["run", f"in{suffix}", "-r", "rules.yaml", "-o", f"out{suffix}", "--quiet"])
    after = tree(folder)
    found = after.pop(f"out{suffix}", b"")
    assert before == after
    assert (code == 0) == bool(found)
    return code, found


@pytest.mark.matrix("P1")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_rules_by_path(folder: Path, suffix: str) -> None:
    """Each leaf by its own; what surrounds it keeps its shape, its nulls and its types."""
    code, found = run(folder, packed(NESTED, suffix), suffix, f"{LEAVES}\n  notes[*].key: keep\n  n: keep")
    table = opened(found, suffix)

    assert 0 == code
    assert NESTED.schema.types == table.schema.types
    assert [
        {"who": {"name": REDACTED, "tags": ["a", None]}, "calls": [{"number": REDACTED}], "notes": [("k", REDACTED)], "n": 1},
        {"who": None, "calls": [], "notes": None, "n": 2},
        {"who": {"name": None, "tags": []}, "calls": None, "notes": [], "n": 3},
    ] == table.to_pylist()  # fmt: skip
    assert CANARY.encode() not in found


@pytest.mark.matrix("P1")
@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("steps", ["redact", "mask", "drop"])
def test_a_rule_on_a_parent_covers_its_leaves(folder: Path, suffix: str, steps: str) -> None:
    """All of them, or it is refused; none passes."""
    rules = f"  who: {steps}\n  calls: {steps}\n  notes: {steps}\n  n: keep"
    code, found = run(folder, packed(NESTED, suffix), suffix, rules)

    assert code in {0, 2, 3}
    assert CANARY.encode() not in found
    assert CANARY not in str(opened(found, suffix).to_pylist() if found else "")
    assert code == 0 or steps != "drop"


@pytest.mark.matrix("P1")
@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    "missing", ["who.name", "who.tags[*]", "calls[*].number", "notes[*].value", "notes[*].key"]
)
def test_a_leaf_that_no_rule_covers(
    folder: Path, suffix: str, missing: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Stops the run, by its path."""
    rules = f"{LEAVES}\n  notes[*].key: keep\n  n: keep"
    left = "\n".join(line for line in rules.split("\n") if not line.startswith(f"  {missing}:"))
    code, _ = run(folder, packed(NESTED, suffix), suffix, left)
    said = capfd.readouterr().err

    assert 3 == code
    assert f"no rule covers the column '{missing}'" in said
    assert_none_in(said)


@pytest.mark.matrix("P2")
@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("rest", ["", "rows: ['drop_rows(where=\"n == 1\")']"])
def test_dictionaries_are_rebuilt(folder: Path, suffix: str, rest: str) -> None:
    """Values that a rule changed, that went with their rows, or that no row ever had."""
    kinds = pa.DictionaryArray.from_arrays([0, 1, 0], [CANARY, "seen"])
    unused = pa.DictionaryArray.from_arrays([0, 0, 0], ["seen", f"{CANARY}-unused"])
    gone = pa.DictionaryArray.from_arrays([0, 1, 1], [f"{CANARY}-gone", "seen"])
    table = pa.table({"a": kinds, "b": unused, "c": gone if rest else unused, "n": [1, 2, 3]})
    code, found = run(folder, packed(table, suffix), suffix, "  a: redact\n  b: keep\n  c: keep\n  n: keep", rest)

    assert 0 == code
    assert CANARY.encode() not in found
    assert ["seen"] * (2 if rest else 3) == opened(found, suffix)["b"].to_pylist()


@pytest.mark.matrix("P3")
@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("rule", ['  "*": keep', '  text: redact\n  "*": keep', '  required: drop\n  "*": keep'])
def test_every_type_passes_as_it_is(folder: Path, suffix: str, rule: str) -> None:
    """Beside a column that is changed or dropped, too: values, types, metadata of fields and of the whole."""
    table = everything() if suffix == ".parquet" else everything().drop_columns(["double"])
    code, found = run(folder, packed(table, suffix), suffix, rule)
    given, after = opened(packed(table, suffix), suffix), opened(found, suffix)

    assert 0 == code
    names = [name for name in given.column_names if f"  {name}: drop" not in rule]
    assert names == after.column_names
    for name in names if "redact" not in rule else [name for name in names if name != "text"]:
        assert given.schema.field(name).equals(after.schema.field(name), check_metadata=True), name
        assert same(given[name], after[name]), name
    assert b"people" == (after.schema.metadata or {})[b"title"]


def same(one: pa.ChunkedArray, other: pa.ChunkedArray) -> bool:
    """Whether the values are equal, NaN included."""
    return bool(one.equals(other)) or str(one.to_pylist()) == str(other.to_pylist())


def nasty(seed: int, suffix: str) -> tuple[pa.Table, bytes | None]:
    """A few columns of any types, some rows of them, one text; written in one of the ways that there are."""
    chance = random.Random(seed)  # noqa: S311
    whole = everything()
    names = chance.sample(whole.column_names, chance.randint(1, 6))
    rows = chance.choice([0, 1, 7, 100])
    table = whole.select(names).slice(chance.randint(0, 50), rows)
    texts = [chance.choice([None, *INSIDE]) for _ in range(rows)]
    table = table.append_column("last", pa.array(texts, chance.choice([pa.string(), pa.large_string()])))
    if suffix == ".arrow":
        return table, packed(table, suffix, compression=chance.choice([None, "lz4", "zstd"]))
    options = {
        "compression": chance.choice(["none", "snappy", "gzip", "zstd", "brotli", "lz4"]),
        "row_group_size": chance.choice([1, 3, 1000]),
        "use_dictionary": chance.random() < 0.5,
        "data_page_version": chance.choice(["1.0", "2.0"]),
        "write_statistics": chance.random() < 0.5,
        "write_page_index": chance.random() < 0.3,
        "data_page_size": chance.choice([1, 100, 1 << 20]),
        "use_compliant_nested_type": chance.random() < 0.7,
    }
    raw = packed(table, suffix, **options)
    with contextlib.suppress(pa.ArrowInvalid):  # Arrow cannot read all that it writes, with pages of a byte
        opened(raw, suffix)
        return table, raw
    return table, None


@pytest.mark.slow
@pytest.mark.matrix("P3")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_nasty_tables(folder: Path, suffix: str) -> None:
    """Hundreds of them, of all types and layouts: what no rule touches is what it was."""
    wrong = []
    for seed in range(FILES):
        table, raw = nasty(seed, suffix)
        if raw is None:
            continue
        code, found = run(folder, raw, suffix, '  last: redact\n  "*": keep')
        given = opened(raw, suffix)
        if code:
            wrong.append((seed, code, table.schema.types))
            continue
        after = opened(found, suffix)
        redacted = [None if value is None else REDACTED for value in given["last"].to_pylist()]
        kept = [name for name in given.column_names if name != "last"]
        if redacted != after["last"].to_pylist() or not all(
            given.schema.field(name).equals(after.schema.field(name), check_metadata=True)
            and same(given[name], after[name])
            for name in kept
        ):
            wrong.append((seed, 0, table.schema.types))
        (folder / f"out{suffix}").unlink()

    assert [] == wrong


def cut(raw: bytes) -> bytes:
    return raw[: len(raw) // 2]


def changed(raw: bytes) -> bytes:
    place = raw.index(f"{CANARY}-250".encode()) + 3
    return raw[:place] + b"~~~~" + raw[place + 4 :]


@pytest.mark.matrix("P4")
@pytest.mark.parametrize(
    ("suffix", "damage", "says"),
    [
        (".parquet", cut, "truncated Parquet file"),
        (".parquet", changed, "row group 1 is damaged"),
        (".parquet", lambda _: b"", "is not a Parquet file"),
        (".parquet", lambda _: b"a,b\n1,2\n", "is not a Parquet file"),
        (".parquet", lambda raw: raw[:-8] + b"\xff\xff\xff\x7fPAR1", "the footer is damaged"),
        (".arrow", cut, r"in.arrow"),
        (".arrow", lambda _: b"a,b\n1,2\n", r"in.arrow"),
    ],
)
def test_damage_stops_the_run(
    folder: Path, suffix: str, damage: Callable[[bytes], bytes], says: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """With the file's name, and without an output."""
    table = pa.table({"a": [f"{CANARY}-{i}" for i in range(500)]})
    options = {"compression": "none", "use_dictionary": False} if suffix == ".parquet" else {}
    code, _ = run(folder, damage(packed(table, suffix, **options)), suffix, "  a: mask")
    said = capfd.readouterr().err

    assert 3 == code
    assert says in said
    assert f"in{suffix}" in said
    assert_none_in(said)


@pytest.mark.matrix("P4")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_table_without_rows(folder: Path, suffix: str) -> None:
    """Comes out as one, with its types."""
    table = everything().slice(0, 0)
    code, found = run(folder, packed(table, suffix), suffix, '  "*": keep')

    assert 0 == code
    assert table.schema.equals(opened(found, suffix).schema)


@pytest.mark.matrix("P5")
def test_a_bomb_costs_nothing(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Four gigabytes of one value in a few kilobytes: the footer tells."""
    one = pa.array(["x" * (1 << 20)])
    with pq.ParquetWriter(folder / "made", pa.schema([("a", pa.string())]), compression="zstd") as writer:
        for _ in range(3):
            batch = pa.RecordBatch.from_arrays(
                [pa.DictionaryArray.from_arrays([0] * 1000, one).cast(pa.string())], ["a"]
            )
            writer.write_table(pa.Table.from_batches([batch]), row_group_size=1000)
    raw = (folder / "made").read_bytes()
    (folder / "made").unlink()
    code, found = run(folder, raw, ".parquet", "  a: truncate(2)")

    assert len(raw) < 5 << 20
    assert code in {0, 3}
    assert not found or [0] == sorted({len(v) - 2 for v in opened(found, ".parquet")["a"].to_pylist()})
    assert_none_in(capfd.readouterr().err)


@pytest.mark.matrix("P6")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_metadata_tell_nothing_of_what_changed(folder: Path, suffix: str) -> None:
    """Of fields that a rule changed or dropped, and of pages: byte search."""
    kept, gone = (pa.field(n, pa.string(), metadata={"first": v}) for n, v in (("a", "fine"), ("b", CANARY)))
    table = pa.table([["x", "y"], [CANARY, f"{CANARY}2"]], schema=pa.schema([kept, gone]))
    options = {"write_page_index": True} if suffix == ".parquet" else {}
    for step in ("drop", "redact", "pseudonymize"):
        code, found = run(folder, packed(table, suffix, **options), suffix, f"  a: keep\n  b: {step}")
        assert 0 == code
        assert CANARY.encode() not in found
        assert {b"first": b"fine"}.items() <= dict(opened(found, suffix).schema.field("a").metadata).items()
        (folder / f"out{suffix}").unlink()


@pytest.mark.matrix("P8")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_files_that_differ(folder: Path, suffix: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Missing, added and of another type: named, and nothing is written."""
    (folder / "set").mkdir()
    (folder / "set" / f"1{suffix}").write_bytes(packed(pa.table({"a": [CANARY], "b": [1]}), suffix))
    rules_file(folder, "  a: redact\n  b: keep\n  c: keep")
    for table, says in [
        (pa.table({"a": [CANARY]}), "lacks 'b'"),
        (pa.table({"a": [CANARY], "b": [1], "c": [2]}), "adds 'c'"),
        (pa.table({"a": [CANARY], "b": ["1"]}), "has other types for 'b'"),
    ]:
        (folder / "set" / f"2{suffix}").write_bytes(packed(table, suffix))
        before = tree(folder)
        assert 3 == obey(["run", "set", "-r", "rules.yaml", "-o", "out/", "--quiet"])
        said = capfd.readouterr().err
        assert f"2{suffix}: its columns differ" in said
        assert says in said
        assert_none_in(said)
        assert before == tree(folder)
