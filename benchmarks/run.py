"""The reference job against its floor and its peers.

usage: python -m benchmarks.run [--rows N ...] [--runs N] [--only csv,parquet] [--skip pandas] [--data FOLDER]
"""

import argparse
import sys
from pathlib import Path
from typing import Any

from benchmarks.data import DATA, people
from benchmarks.goals import LARGE
from benchmarks.jobs import JOBS, NO_RULES, Contender, Job, chosen, command
from benchmarks.machine import use_cores
from benchmarks.measure import interleaved, timed
from benchmarks.report import job_page, write_readme
from benchmarks.store import RESULTS, head, read, write

CHECKED_ROWS = 2_000
SLOW = {"pandas", "Python loop", "pyarrow"}  # minutes a run on a large table, with the ratio of a small one


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__.partition("\n")[0])
    names = ", ".join(job.name for job in JOBS)
    add = parser.add_argument
    add("--rows", type=int, nargs="+", default=[1_000_000], metavar="N", help="rows of the tables (1,000,000)")
    add("--runs", type=int, default=5, metavar="N", help="interleaved runs (5)")
    add("--only", type=words, metavar="JOBS", help=f"of {names}")
    slow = f"contenders to leave out, as pandas,polars (from {LARGE:,} rows on {', '.join(sorted(SLOW))})"
    add("--skip", type=words, metavar="NAMES", help=slow)
    add("--cores", type=int, default=2, metavar="N", help="cores that everybody may use (2)")
    add("--data", type=Path, default=DATA, metavar="FOLDER", help="where generated files are kept")
    add("--results", type=Path, default=RESULTS, metavar="FOLDER", help="where results go")
    asked = parser.parse_args()
    unknown = (asked.only or set()) - {job.name for job in JOBS}
    if unknown:
        parser.error(f"no job is called {', '.join(sorted(unknown))}; there are {names}")
    return asked


def words(text: str) -> set[str]:
    return {word.strip() for word in text.split(",")}


def say(text: str) -> None:
    """Where we are, on one line that is written over."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def check(job: Job, contenders: list[Contender], folder: Path) -> None:
    """Everybody does the job on a small table, and the results are compared."""
    source = people(folder, CHECKED_ROWS)[job.source]
    target = folder / f"check.{job.target}"
    for contender in contenders:
        if "{target}" not in contender.command:
            continue
        say(f"{job.title}: checking {contender.name}")
        target.unlink(missing_ok=True)
        timed(command(contender, source, target))
        timed([sys.executable, "-m", "benchmarks.agreement", str(source), str(target), agreement(contender)])
    target.unlink(missing_ok=True)


def agreement(contender: Contender) -> str:
    """How its result is compared: see `benchmarks.agreement`."""
    if not contender.works or str(NO_RULES) in contender.command:
        return "kept"
    return "keyed" if "anonymize" in contender.command else "full"


def left_out(asked: set[str] | None, rows: int) -> set[str]:
    """Who does not take part."""
    if asked is None:
        return SLOW if rows >= LARGE else set()
    return asked


def run(job: Job, rows: int, asked: argparse.Namespace) -> dict[str, Any]:
    """One job, checked and measured."""
    contenders = chosen(job, left_out(asked.skip, rows) if job.name != "start" else set())
    check(job, contenders, asked.data)
    rows = 1 if job.name == "start" else rows
    source = people(asked.data, rows)[job.source]
    found = interleaved(job, contenders, source, asked.data, asked.runs, say)
    facts = {"rows": rows, "bytes": source.stat().st_size, "runs": asked.runs}
    return {**facts, "contenders": found}


def store(asked: argparse.Namespace, rows: int, jobs: dict[str, Any]) -> Path:
    """Add the jobs to the result of the day, and write the page anew."""
    now = {**head(), "rows": rows}
    before = read(asked.results, now["date"], str(rows))
    if before.get("machine") == now["machine"]:
        jobs = before["jobs"] | jobs
    file = write(asked.results, str(rows), {**now, "jobs": jobs})
    write_readme(asked.results)
    return file


def measure(rows: int, asked: argparse.Namespace) -> None:
    """The jobs on a table of so many rows. What start-up costs is asked once, with the first."""
    jobs = {}
    for job in JOBS:
        repeated = job.name == "start" and rows != asked.rows[0]
        if not repeated and (asked.only is None or job.name in asked.only):
            jobs[job.name] = run(job, rows, asked)
            say("")
            print(job_page(job.name, jobs[job.name]), flush=True)
    print(f"stored in {store(asked, rows, jobs)}")


def main() -> None:
    asked = arguments()
    use_cores(asked.cores)
    for rows in asked.rows:
        measure(rows, asked)


if __name__ == "__main__":
    main()
