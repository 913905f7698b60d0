"""Compares what a contender wrote with the job done row by row in plain Python, so that nobody cheats.

usage: python -m benchmarks.agreement IN OUT full|keyed|kept
full: everything is equal, HMACs too; keyed: tokens need only be keyed pseudonyms; kept: the file is unchanged.
"""

import csv
import json
import re
import sys
from pathlib import Path
from typing import Any

from benchmarks.peers.job import COLUMNS, KEPT, MASKS

Rows = list[dict[str, Any]]
TOKENS = ("id", "ssn")


def rows_of(path: Path) -> Rows:
    """A file as rows; an empty cell is null."""
    if path.suffix == ".csv":
        with path.open(newline="") as file:
            return [{name: cell or None for name, cell in row.items()} for row in csv.DictReader(file)]
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_bytes().splitlines()]
    import pyarrow.parquet as pq

    return pq.read_table(path).to_pylist()


def expected(row: dict[str, Any]) -> dict[str, Any]:
    """The job, for one row."""
    return {n: MASKS[n](row[n]) if n in MASKS and row[n] is not None else row[n] for n in KEPT}


def differences(given: Rows, found: Rows, how: str) -> list[str]:
    """The columns that are not as they should be."""
    wanted = given if how == "kept" else [expected(row) for row in given]
    names = COLUMNS if how == "kept" else KEPT
    if len(found) != len(given) or any(set(row) != set(names) for row in found):
        return ["number of rows or names of columns"]
    loose = TOKENS if how == "keyed" else ()
    exact = [name for name in names if name not in loose and column(found, name) != column(wanted, name)]
    return exact + [name for name in loose if not pseudonymous(column(given, name), column(found, name))]


def column(rows: Rows, name: str) -> list[Any]:
    return [row[name] for row in rows]


def pseudonymous(given: list[Any], found: list[Any]) -> bool:
    """32 hex digits for each value, the same for the same, another for another, null for null."""
    pairs = set(zip(given, found, strict=True))
    spelled = all(a is None if b is None else re.fullmatch("[0-9a-f]{32}", a) for b, a in pairs)
    return spelled and len(pairs) == len(set(given)) == len(set(found))


if __name__ == "__main__":
    wrong = differences(rows_of(Path(sys.argv[1])), rows_of(Path(sys.argv[2])), sys.argv[3])
    sys.exit(f"differs in: {', '.join(wrong)}" if wrong else 0)
