"""What the figures should be."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.jobs import TWO_THREADS

Result = dict[str, Any]
Figure = Callable[[Result], float]


@dataclass(frozen=True)
class Goal:
    """A figure of a job and its limit."""

    job: str
    text: str
    figure: Figure
    limit: float
    at_most: bool
    unit: str = "x"
    least_rows: int = 0
    """Start-up no longer counts from here on; with fewer rows the goal is not asked."""

    def met(self, value: float) -> bool:
        return value <= self.limit if self.at_most else value >= self.limit


def slower_than(contender: str) -> Figure:
    """Our time in times of another's."""
    return lambda job: job["contenders"][TWO_THREADS]["seconds"] / job["contenders"][contender]["seconds"]


def faster_than(contender: str) -> Figure:
    """Another's time in times of ours."""
    return lambda job: 1 / slower_than(contender)(job)


def seconds(contender: str) -> Figure:
    return lambda job: job["contenders"][contender]["seconds"]


def peak(job: Result) -> float:
    return job["contenders"][TWO_THREADS]["peak_mb"]


def throughput(job: Result) -> float:
    return job["bytes"] / job["contenders"][TWO_THREADS]["seconds"] / 1e6


def at_most(job: str, contender: str, limit: float, least_rows: int = 0) -> Goal:
    return Goal(job, f"time against the {contender}", slower_than(contender), limit, True, least_rows=least_rows)


def at_least(job: str, contender: str, limit: float) -> Goal:
    return Goal(job, f"faster than {contender}", faster_than(contender), limit, False)


LARGE = 5_000_000
GOALS = (
    at_most("csv", "floor", 1.3),
    at_least("csv", "duckdb", 2.5),
    at_least("csv", "polars", 4),
    at_least("csv", "pandas", 12),
    Goal("csv", "peak memory", peak, 200, True, " MB"),
    at_most("csv", "floor", 1.0, LARGE),
    Goal("csv", "bytes read per second", throughput, 400, False, " MB/s", LARGE),
    at_most("csv-no-rules", "floor", 0.9),
    at_most("csv-parquet", "floor", 1.2),
    at_least("csv-parquet", "duckdb", 1.5),
    at_most("parquet", "floor", 1.15),
    at_least("jsonl", "line loop", 2),
    at_least("jsonl", "polars", 1),
    at_least("jsonl", "duckdb", 1),
    at_least("jsonl", "pandas", 20),
    Goal("start", "`anonymize --help`", seconds("help"), 0.12, True, " s"),
    Goal("start", "a one-row job", seconds(TWO_THREADS), 0.4, True, " s"),
)


def judged(name: str, job: Result) -> list[tuple[Goal, float]]:
    """The goals of a job that its figures can answer, and the figures."""
    asked = [goal for goal in GOALS if goal.job == name and job["rows"] >= goal.least_rows]
    found = []
    for goal in asked:
        try:
            found.append((goal, goal.figure(job)))
        except KeyError:
            continue  # a contender was left out of this run
    return found
