"""The reference job against its floor and its peers.

usage: python -m benchmarks.run [--rows N] [--runs N] [--only csv,parquet] [--skip pandas] [--data FOLDER]
"""

import argparse
import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.data import people
from benchmarks.jobs import JOBS, NO_RULES, Contender, Job, chosen, command
from benchmarks.machine import machine, use_cores
from benchmarks.measure import interleaved, timed
from benchmarks.report import job_page, write_readme

RESULTS = Path(__file__).parent / "results"
DATA = Path(tempfile.gettempdir()) / "anonymize-bench"
CHECKED_ROWS = 2_000


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__.partition("\n")[0])
    names = ", ".join(job.name for job in JOBS)
    add = parser.add_argument
    add("--rows", type=int, default=1_000_000, metavar="N", help="rows of the table (1,000,000)")
    add("--runs", type=int, default=5, metavar="N", help="interleaved runs (5)")
    add("--only", type=words, metavar="JOBS", help=f"of {names}")
    add("--skip", type=words, default=set(), metavar="NAMES", help="contenders to leave out, as pandas,polars")
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


def run(job: Job, asked: argparse.Namespace) -> dict[str, Any]:
    """One job, checked and measured."""
    contenders = chosen(job, asked.skip)
    check(job, contenders, asked.data)
    rows = 1 if job.name == "start" else asked.rows
    source = people(asked.data, rows)[job.source]
    found = interleaved(job, contenders, source, asked.data, asked.runs, say)
    facts = {"rows": rows, "bytes": source.stat().st_size, "runs": asked.runs}
    return {**facts, "contenders": found}


def store(asked: argparse.Namespace, jobs: dict[str, Any]) -> Path:
    """Add the jobs to the result of the day, and write the page anew."""
    asked.results.mkdir(parents=True, exist_ok=True)
    now = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "rows": asked.rows, "machine": machine()}
    file = asked.results / f"{now['date']}-{asked.rows}.json"
    before = json.loads(file.read_text()) if file.exists() else {"machine": None}
    if before["machine"] == now["machine"]:
        jobs = before["jobs"] | jobs
    file.write_text(json.dumps({**now, "jobs": jobs}, indent=1, ensure_ascii=False) + "\n")
    write_readme(asked.results)
    return file


def main() -> None:
    asked = arguments()
    use_cores(asked.cores)
    jobs = {}
    for job in JOBS:
        if asked.only is None or job.name in asked.only:
            jobs[job.name] = run(job, asked)
            say("")
            print(job_page(job.name, jobs[job.name]), flush=True)
    print(f"stored in {store(asked, jobs)}")


if __name__ == "__main__":
    main()
