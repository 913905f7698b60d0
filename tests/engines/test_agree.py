"""The same rows give the same result, however they are cut, spread over files, threads and formats."""

import io
import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anonymize.engines.local import LocalEngine
from anonymize.pipeline import Job, run
from tests.spine.build import rules_of

COUNT = 150
NAMES = ("id", "name", "zip", "age", "day", "city", "spend", "mail", "note")
RULES = rules_of(
    """  id: pseudonymize
  name: [mask(keep_first=1), truncate(20)]
  zip: {role: quasi_identifier, steps: [truncate(3), group_rare(4)]}
  age: {role: quasi_identifier, steps: [laplace_noise(scale=2), round_to(1), top_code(quantile=0.9), bin(10)]}
  day: shift_dates(days=100, per=id)
  city: {steps: [shuffle], when: "note is null or city == 'Oslo'"}
  spend: {steps: [gaussian_noise(scale=5), round_to(10)], on_error: "null"}
  mail: [fake(email)]
  note: redact_matches(pattern="[0-9]+")""",
    """rows:
  - drop_rows(where="day < '1970-01-01'")
  - sample_rows(0.9)
  - suppress_small_classes(2)
checks: [k_anonymity >= 2]""",
)


def people() -> list[dict[str, str | None]]:
    """Rows with nulls, empty and non-ASCII text, and numbers that are none."""
    return [
        {
            "id": f"p{i // 3}",
            "name": [f"Zoë {i}", "张伟", None, ""][i % 4],
            "zip": f"{(i * 7919) % 90000:05}"[:3] + "11" if i % 17 else "99988",
            "age": str(18 + i * 31 % 60) if i % 13 else None,
            "day": f"{1990 + i % 30}-0{1 + i % 9}-1{i % 10}",
            "city": ["Oslo", "Lima", "Łódź", None][i % 4],
            "spend": "unknown" if i == 77 else str(i * 3.5),
            "mail": f"u{i % 40}@example.org",
            "note": None if i % 5 == 0 else f'call {i}, "now"\n ok' if i % 5 == 1 else f"x{i}",
        }
        for i in range(COUNT)
    ]


PEOPLE = people()


def csv_lines(rows: Sequence[dict[str, str | None]]) -> list[bytes]:
    def cell(value: str | None) -> str:
        return "" if value is None else '"' + value.replace('"', '""') + '"'

    return [(",".join(cell(row[name]) for name in NAMES) + "\n").encode() for row in rows]


def as_csv(rows: Sequence[dict[str, str | None]]) -> bytes:
    return (",".join(NAMES) + "\n").encode() + b"".join(csv_lines(rows))


def as_jsonl(rows: Sequence[dict[str, str | None]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def as_parquet(rows: Sequence[dict[str, str | None]], row_group: int = 1000) -> bytes:
    target = io.BytesIO()
    table = pa.Table.from_pylist(list(rows), pa.schema([(name, pa.string()) for name in NAMES]))
    pq.write_table(table, target, row_group_size=row_group)
    return target.getvalue()


MAKERS = {".csv": as_csv, ".jsonl": as_jsonl, ".parquet": as_parquet}


def result(
    folder: Path, pieces: Sequence[bytes], suffix: str, *, to: str = "", threads: int = 1, block: int = 0
) -> bytes:
    """The output's bytes."""
    inputs = []
    for place, piece in enumerate(pieces):
        path = folder / f"in{place:03}{suffix}"
        path.write_bytes(piece)
        inputs.append(str(path))
    output = folder / f"out{to or suffix}"
    options = {"block_bytes": block} if block else {}
    run(Job(RULES, tuple(inputs), str(output), options=options, overwrite=True), LocalEngine(threads))
    return output.read_bytes()


def rows_of(content: bytes) -> list[dict[str, object]]:
    """The rows of JSON lines or Parquet."""
    if content.startswith(b"PAR1"):
        found: list[dict[str, object]] = pq.read_table(io.BytesIO(content)).to_pylist()
        return found
    return [json.loads(line) for line in content.splitlines()]


@pytest.mark.matrix("W15")
@pytest.mark.parametrize(("block", "threads"), [(1, 2), (999, 1), (999, 2), (999, 5), (5000, 2), (5000, 5)])
@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_threads_and_blocks(tmp_path: Path, suffix: str, block: int, threads: int) -> None:
    """The bytes are those of one thread over one block."""
    data = MAKERS[suffix](PEOPLE)
    whole = result(tmp_path, [data], suffix)

    assert 0.6 * COUNT < whole.count(b"\n")
    assert whole == result(tmp_path, [data], suffix, threads=threads, block=block)


@pytest.mark.matrix("W15")
@pytest.mark.parametrize(("row_group", "threads"), [(1, 2), (7, 1), (7, 5), (64, 2)])
def test_row_groups(tmp_path: Path, row_group: int, threads: int) -> None:
    """The rows are those of one row group."""
    whole = rows_of(result(tmp_path, [as_parquet(PEOPLE)], ".parquet"))

    assert whole == rows_of(result(tmp_path, [as_parquet(PEOPLE, row_group)], ".parquet", threads=threads))


@pytest.mark.matrix("W15")
@pytest.mark.parametrize("cuts", [(1,), (60, 61, 130), tuple(range(10, COUNT, 10))], ids=len)
@pytest.mark.parametrize("suffix", list(MAKERS))
def test_file_splits(tmp_path: Path, suffix: str, cuts: tuple[int, ...]) -> None:
    """Several files are one dataset, also for what depends on the row or on all rows."""
    bounds = [0, *cuts, COUNT]
    pieces = [MAKERS[suffix](PEOPLE[start:end]) for start, end in pairwise(bounds)]
    whole = result(tmp_path, [MAKERS[suffix](PEOPLE)], suffix)
    split = result(tmp_path, pieces, suffix, threads=2)

    assert whole == split if suffix != ".parquet" else rows_of(whole) == rows_of(split)


@pytest.mark.parametrize("to", list(MAKERS))
@pytest.mark.parametrize("suffix", list(MAKERS))
def test_formats(tmp_path: Path, suffix: str, to: str) -> None:
    """The same text gives the same tokens, masks, noise and samples in every format, and through any."""
    reference = rows_of(result(tmp_path, [as_parquet(PEOPLE)], ".parquet"))
    found = result(tmp_path, [MAKERS[suffix](PEOPLE)], suffix, to=to)
    if to == ".csv":
        lines = "".join(",".join("" if v is None else str(v) for v in row.values()) + "\n" for row in reference)
        assert len(lines) - lines.count('"') == len(found.decode().partition("\n")[2]) - found.decode().count('"')
        (tmp_path / "again").mkdir()
        keep = rules_of("  '*': keep")
        (tmp_path / "again.csv").write_bytes(found)
        run(Job(keep, (str(tmp_path / "again.csv"),), str(tmp_path / "again" / "out.parquet")), LocalEngine(1))
        found = (tmp_path / "again" / "out.parquet").read_bytes()

    assert reference == rows_of(found)


def test_another_order_of_columns(tmp_path: Path) -> None:
    """A column's results do not depend on where it stands."""
    turned = [dict(reversed(row.items())) for row in PEOPLE]
    whole = rows_of(result(tmp_path, [as_jsonl(PEOPLE)], ".jsonl"))

    assert whole == rows_of(result(tmp_path, [as_jsonl(turned)], ".jsonl"))


@pytest.mark.matrix("W15")
def test_two_runs(tmp_path: Path) -> None:
    """Nothing comes from the clock, the process or chance."""
    assert result(tmp_path, [as_csv(PEOPLE)], ".csv") == result(tmp_path, [as_csv(PEOPLE)], ".csv", threads=3)
