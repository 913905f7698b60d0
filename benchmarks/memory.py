"""The reference job on ever larger CSV files: memory must not grow, and time only with the rows.

usage: python -m benchmarks.memory [--rows N ...] [--runs N] [--data FOLDER]

A large file repeats a generated part of at most a million rows; it is deleted after its runs. 20 million rows are
4.2 GB, and the result as much again.
"""

import argparse
from pathlib import Path
from typing import Any

from benchmarks.data import DATA, people, repeated
from benchmarks.jobs import JOBS, TWO_THREADS, Job
from benchmarks.machine import use_cores
from benchmarks.measure import interleaved
from benchmarks.pages import memory_page
from benchmarks.report import write_readme
from benchmarks.run import say
from benchmarks.store import RESULTS, head, write

PART = 1_000_000
SIZES = [1_000_000, 5_000_000, 20_000_000]


def measured(job: Job, rows: int, asked: argparse.Namespace) -> dict[str, Any]:
    """Ours and the floor on a file of so many rows."""
    contenders = [contender for contender in job.contenders if contender.name in (TWO_THREADS, "floor")]
    part = people(asked.data, min(rows, PART))["csv"]
    source = part if rows <= PART else repeated(asked.data, part, rows // PART)
    try:
        found = interleaved(job, contenders, source, asked.data, asked.runs, say)
        return {"rows": rows, "bytes": source.stat().st_size, "runs": asked.runs, "contenders": found}
    finally:
        if source != part:
            source.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__.partition("\n")[0])
    add = parser.add_argument
    add("--rows", type=int, nargs="+", default=SIZES, metavar="N", help="rows, in millions from a million on")
    add("--runs", type=int, default=3, metavar="N", help="interleaved runs (3)")
    add("--data", type=Path, default=DATA, metavar="FOLDER", help="where generated files are kept")
    add("--results", type=Path, default=RESULTS, metavar="FOLDER", help="where results go")
    asked = parser.parse_args()
    if any(rows > PART and rows % PART for rows in asked.rows):
        parser.error(f"above {PART:,} rows only multiples of it")
    use_cores(2)
    job = next(job for job in JOBS if job.name == "csv")
    result = {**head(), "sizes": [measured(job, rows, asked) for rows in sorted(asked.rows)]}
    say("")
    print(memory_page(result))
    print(f"stored in {write(asked.results, 'memory', result)}")
    write_readme(asked.results)


if __name__ == "__main__":
    main()
