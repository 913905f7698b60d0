"""The results as Markdown: one table for each job, and its goals."""

from pathlib import Path
from typing import Any

from benchmarks.detection_page import detection_page
from benchmarks.goals import judged
from benchmarks.jobs import JOBS, TWO_THREADS
from benchmarks.pages import (
    adult_page,
    anonymity_page,
    conditions,
    crypto_page,
    field_page,
    memory_page,
    verdict,
)
from benchmarks.store import newest, newest_of_jobs
from benchmarks.tables import table

OTHER_PAGES = {"memory": memory_page, "crypto": crypto_page, "field": field_page, "anonymity": anonymity_page}
OTHER_PAGES |= {"adult": adult_page, "detection": detection_page}
TITLES = {job.name: job.title for job in JOBS}
INTRODUCTION = """\
# Benchmark results

Written by `make bench` (`python -m benchmarks.run`); the figures behind it are in the JSON files beside it.

The reference job on a generated table of people, 14 columns of text: mask `email` and `phone`, pseudonymize `id`
and `ssn` with a key, bin `salary`, shorten `birth_date`, `zip` and `ip`, redact e-mail addresses in `notes`, drop
`full_name`, keep the rest. All peers do the same work, each in a process of its own, with interpreter start and
imports counted; their scripts are in `benchmarks/peers`, and what they write is compared before anything is timed.
Runs are interleaved (A B C A B C …) and the figures are medians. Ratios carry over to other machines, seconds do
not.
"""


def job_page(name: str, job: dict[str, Any]) -> str:
    """Who did it in what time, fastest first, and the goals."""
    floor = job["contenders"]["floor"]["seconds"]
    by_time = sorted(job["contenders"].items(), key=lambda item: item[1]["seconds"])
    digits = 2 if floor > 0.1 else 3
    rows = [("", "ratio to the floor", "seconds", "from – to", "peak MB", "what it is")]
    for contender, found in by_time:
        bold = f"**{contender}**" if contender.startswith("anonymize") else contender
        ratio = f"{found['seconds'] / floor:.2f}"
        spread = f"{min(found['runs']):.{digits}f} – {max(found['runs']):.{digits}f}"
        seconds = f"{found['seconds']:.{digits}f}"
        rows.append((bold, ratio, seconds, spread, str(found["peak_mb"]), found["about"]))
    title = f"### {TITLES[name]} ({job['bytes'] / 1e6:,.0f} MB; runs: {job['runs']})\n\n"
    return title + table(rows) + goals_page(name, job)


def goals_page(name: str, job: dict[str, Any]) -> str:
    """Limits against figures."""
    rows = [("goal", "limit", "measured", "")]
    for goal, value in judged(name, job):
        limit = f"{'at most' if goal.at_most else 'at least'} {goal.limit:g}{goal.unit}"
        rows.append((goal.text, limit, f"{value:.3g}{goal.unit}", verdict(goal.met(value))))
    return "\n" + table(rows) if len(rows) > 1 else ""


def result_page(result: dict[str, Any]) -> str:
    """All jobs on tables of one size."""
    head = f"## {result['rows']:,} rows\n\n{conditions(result)}"
    return "\n".join([head, *(job_page(name, result["jobs"][name]) for name in TITLES if name in result["jobs"])])


def growth_page(results: list[dict[str, Any]]) -> str:
    """What more rows cost, where a job was measured at several sizes."""
    results = [result for result in results if result["machine"] == results[-1]["machine"]]
    rows = [("job", "rows", "time", "peak MB", "MB/s")]
    for name, title in TITLES.items():
        sizes = [(result["rows"], result["jobs"][name]) for result in results if name in result["jobs"]]
        if len(sizes) < 2 or name == "start":
            continue
        least_rows, least = sizes[0][0], sizes[0][1]["contenders"][TWO_THREADS]
        for count, job in sizes:
            found = job["contenders"][TWO_THREADS]
            times, speed = found["seconds"] / least["seconds"], job["bytes"] / found["seconds"] / 1e6
            rows.append(
                (title, f"{count / least_rows:g}x", f"{times:.2f}x", str(found["peak_mb"]), f"{speed:.0f}")
            )
    if len(rows) == 1:
        return ""
    return f"## More rows\n\nWith two threads; goal: ten times the rows, ten times the time.\n\n{table(rows)}"


def write_readme(folder: Path) -> None:
    """All newest results on one page."""
    results = newest_of_jobs(folder)
    pages = [INTRODUCTION, *map(result_page, results), growth_page(results) if results else ""]
    for kind, page in OTHER_PAGES.items():
        if found := newest(folder, kind):
            pages.append(page(found))
    (folder / "README.md").write_text("\n".join(page for page in pages if page))
