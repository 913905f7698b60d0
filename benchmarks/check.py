"""Fails if a job has become slower against its floor than the stored ratio allows.

usage: python -m benchmarks.check [--update] [--only csv,start] [--data FOLDER]

What is compared was chosen by the spread of measurements of the same code, on two cores that others were using.
Ratios by the clock moved by up to 40 %, those of processor seconds in two threads by 15 %. The least of nine runs
in one thread against the floor's least, in turns and in three processes, moved by 3 % beside one or two busy
programs, and beside four by 7 % (start-up by 12 %). So that is the ratio. It does not see whether a second thread
still helps: that is what `make bench` shows. Store ratios on a quiet machine.

Start-up would hide what a small file costs. The jobs are therefore measured inside a process that has started
(`benchmarks.pair`), and start-up has cases of its own, in processes of their own.

A case over its limit is measured again with three times the runs before it counts. The ratios depend on the
processor: on another model than the stored one the limit is twice as far away.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.data import DATA, people
from benchmarks.jobs import START, TWO_THREADS, command
from benchmarks.machine import model, use_cores
from benchmarks.measure import ENVIRONMENT, ROOT, timed
from benchmarks.tables import table

STORED = Path(__file__).parent / "results/check.json"
TOLERANCE = 0.15
PROCESSES, RUNS = 3, 3
MORE = 3  # times the processes of a second measurement
STARTS = 15
ROWS = {"csv": 100_000, "csv-no-rules": 100_000, "csv-parquet": 100_000, "parquet": 100_000, "jsonl": 50_000}
STARTING = {"start": (TWO_THREADS, "pyarrow"), "help": ("help", "floor")}
TITLES = {
    "csv": "CSV to CSV, against pyarrow",
    "csv-no-rules": "CSV to CSV without rules, against pyarrow",
    "csv-parquet": "CSV to Parquet, against pyarrow",
    "parquet": "Parquet to Parquet, against pyarrow",
    "jsonl": "JSONL to JSONL, against the line loop",
    "start": "a one-row job, against `import pyarrow.csv`",
    "help": "`anonymize --help`, against `python -c pass`",
}
Measure = Callable[[str, int], float]


@dataclass(frozen=True)
class Verdict:
    """A case, its ratio then and now."""

    case: str
    stored: float | None
    measured: float
    tolerance: float

    @property
    def limit(self) -> float:
        return (self.stored or 0.0) * (1 + self.tolerance)

    @property
    def holds(self) -> bool:
        return self.stored is not None and self.measured <= self.limit

    def __str__(self) -> str:
        """What it comes to, and what to do."""
        if self.stored is None:
            return "NOT STORED: run `make bench-check-update`"
        if not self.holds:
            return f"SLOWER by {self.measured / self.stored - 1:.0%}"
        if self.measured * (1 + self.tolerance) < self.stored:
            return "faster: worth storing"
        return "holds"


def judged(cases: Iterable[str], stored: dict[str, float], tolerance: float, measure: Measure) -> list[Verdict]:
    """Every case; one that does not hold is measured again, and only that counts."""
    found = []
    for case in cases:
        verdict = Verdict(case, stored.get(case), measure(case, 1), tolerance)
        if verdict.stored is not None and not verdict.holds:
            verdict = Verdict(case, verdict.stored, measure(case, MORE), tolerance)
        found.append(verdict)
    return found


def verdict_table(verdicts: list[Verdict]) -> str:
    rows = [("case", "stored", "measured", "limit", "verdict")]
    for verdict in verdicts:
        stored, limit = ("", "") if verdict.stored is None else (f"{verdict.stored:.2f}", f"{verdict.limit:.2f}")
        rows.append((TITLES[verdict.case], stored, f"{verdict.measured:.2f}", limit, str(verdict)))
    return table(rows)


def measured(case: str, times: int, folder: Path) -> float:
    """Our least processor seconds in those of the floor."""
    if case in STARTING:
        return start_ratio(case, STARTS * times, folder)
    ours, floor = [], []
    for _ in range(PROCESSES * times):
        words = [sys.executable, "-m", "benchmarks.pair", case, str(ROWS[case]), str(RUNS), str(folder)]
        done = subprocess.run(words, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, check=True)
        runs = json.loads(done.stdout)
        ours += runs["ours"]
        floor += runs["floor"]
    return min(ours) / min(floor)


def start_ratio(case: str, runs: int, folder: Path) -> float:
    """The least processor seconds of two commands, started in turns."""
    source, target = people(folder, 1)["csv"], folder / "started.csv"
    by_name = {contender.name: contender for contender in START}
    pair = [command(by_name[name], source, target) for name in STARTING[case]]
    ours, floor = zip(*([timed(words).processor for words in pair] for _ in range(runs)), strict=True)
    target.unlink(missing_ok=True)
    return min(ours) / min(floor)


def read_stored(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text()) if file.exists() else {"processor": model(), "ratios": {}}


def update(file: Path, ratios: dict[str, float]) -> None:
    """Store the ratios; on the processor of the others they replace only their own cases."""
    before = read_stored(file)
    kept = before["ratios"] if before["processor"] == model() else {}
    merged = kept | {case: round(ratio, 3) for case, ratio in ratios.items()}
    ordered = {case: merged[case] for case in TITLES if case in merged}
    file.write_text(json.dumps({"processor": model(), "ratios": ordered}, indent=1) + "\n")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check", description=__doc__.partition("\n")[0])
    add = parser.add_argument
    add("--update", action="store_true", help="store what is measured now")
    add("--only", metavar="CASES", help=f"of {', '.join(TITLES)}")
    add("--data", type=Path, default=DATA, metavar="FOLDER", help="where generated files are kept")
    asked = parser.parse_args()
    asked.cases = asked.only.split(",") if asked.only else list(TITLES)
    if unknown := set(asked.cases) - set(TITLES):
        parser.error(f"no case is called {', '.join(sorted(unknown))}; there are {', '.join(TITLES)}")
    return asked


def main() -> int:
    asked = arguments()
    use_cores(2)
    for rows in set(ROWS.values()):
        people(asked.data, rows)
    if asked.update:
        update(STORED, {case: measured(case, MORE, asked.data) for case in asked.cases})
    before = read_stored(STORED)
    elsewhere = before["processor"] != model()
    if elsewhere:
        print("stored on another processor: the limits are twice as far away")
    tolerance = TOLERANCE * (2 if elsewhere else 1)
    verdicts = judged(asked.cases, before["ratios"], tolerance, lambda case, n: measured(case, n, asked.data))
    print(verdict_table(verdicts), end="")
    return 0 if all(verdict.holds for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
