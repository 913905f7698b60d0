"""Ours and the floor, in turns inside one process: prints the processor seconds of each run as JSON.

usage: python -m benchmarks.pair CASE ROWS RUNS FOLDER

Start-up is over before the first run, so a file of a few megabytes is enough to see what a megabyte costs.
Ours works in one thread: with two, the processor seconds also count how the threads get in each other's way.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import anonymize
from benchmarks.data import people
from benchmarks.jobs import NO_RULES, REFERENCE
from benchmarks.peers.floor import pass_csv, pass_parquet
from benchmarks.peers.line_loop import pass_decoded_lines


@dataclass(frozen=True)
class Pair:
    """A job, and what passes the same file on without rules."""

    title: str
    source: str
    target: str
    rules: Path
    floor: Callable[[Path, Path], None]
    about: str


PAIRS = {
    "csv": Pair("CSV to CSV", "csv", "csv", REFERENCE, pass_csv, "pyarrow"),
    "csv-no-rules": Pair("CSV to CSV, no rules", "csv", "csv", NO_RULES, pass_csv, "pyarrow"),
    "csv-parquet": Pair("CSV to Parquet", "csv", "parquet", REFERENCE, pass_parquet, "pyarrow"),
    "parquet": Pair("Parquet to Parquet", "parquet", "parquet", REFERENCE, pass_parquet, "pyarrow"),
    "jsonl": Pair("JSONL to JSONL", "jsonl", "jsonl", REFERENCE, pass_decoded_lines, "the line loop"),
}


def processor_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def runs_of(pair: Pair, rows: int, runs: int, folder: Path) -> dict[str, list[float]]:
    """The seconds of both; the first run of each is not counted."""
    source, target = people(folder, rows)[pair.source], folder / f"pair-{os.getpid()}.{pair.target}"
    ours: list[float] = []
    floor: list[float] = []
    for _ in range(runs + 1):
        ours.append(processor_seconds(lambda: anonymize.run(source, rules=pair.rules, to=target, threads=1)))
        target.unlink()
        floor.append(processor_seconds(lambda: pair.floor(source, target)))
        target.unlink()
    return {"ours": ours[1:], "floor": floor[1:]}


if __name__ == "__main__":
    name, rows, runs, folder = sys.argv[1:]
    print(json.dumps(runs_of(PAIRS[name], int(rows), int(runs), Path(folder))))
