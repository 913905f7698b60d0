"""Enforcing and measuring k-anonymity beside tools of the field, if they are installed, and on ever more rows.

usage: python -m benchmarks.anonymity [--rows N ...] [--grow N ...] [--runs N] [--limit SECONDS] [--peers PYTHON]

The table is like the census extract "Adult", with eight quasi-identifiers. A tool that would need more than the
limit, by what it took for fewer rows, is not run: the ratio is then what it would be if time only grew with the
rows.
"""

import argparse
import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.data import DATA, require_room
from benchmarks.households import HIERARCHIES, QUASI, SENSITIVE
from benchmarks.machine import use_cores
from benchmarks.measure import PEERS, ROOT, Measured, installed_in, timed, trouble, warm
from benchmarks.pages import anonymity_page
from benchmarks.report import write_readme
from benchmarks.run import say
from benchmarks.store import RESULTS, head, write

K, SHARE = 5, 0.05
OURS = "anonymize"
TOOLS = {
    "enforce": {"anjana": "`k_anonymity`, global recoding", "polarfrost": "`mondrian_k_anonymity`"},
    "measure": {"pycanon": "`k_anonymity`, `l_diversity`, `t_closeness`"},
}
ABOUT = {"enforce": "`run` with `k_anonymize`, the best global recoding", "measure": "`assess`: all metrics"}
ROW = 75  # bytes


def households(folder: Path, rows: int) -> Path:
    file = folder / f"households-{rows}.csv"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        require_room(folder, 2 * rows * ROW)
        draft = file.with_name(f"draft-{file.name}")
        subprocess.run(
            [sys.executable, "-m", "benchmarks.households", str(rows), str(draft)], cwd=ROOT, check=True
        )
        draft.replace(file)
    return file


def rules(folder: Path) -> Path:
    """The rules of our own run."""
    step = {"use": "k_anonymize", "k": K, "suppress": SHARE, "hierarchies": HIERARCHIES}
    columns = {name: {"role": "quasi_identifier", "steps": ["keep"]} for name in QUASI}
    columns[SENSITIVE] = {"role": "sensitive", "steps": ["keep"]}
    file = folder / "households.yaml"
    file.write_text(json.dumps({"version": 1, "columns": columns, "rows": [step]}))
    return file


def command(job: str, tool: str, source: Path, target: Path, asked: argparse.Namespace) -> list[str]:
    if tool != OURS:
        return [str(asked.peers), "-m", "benchmarks.peers.anonymity", str(source), str(target), tool]
    ours = [sys.executable, "-m", "anonymize"]
    if job == "enforce":
        files = [str(source), "-r", str(rules(asked.data)), "-o", str(target)]
        return [*ours, "run", *files, "--overwrite", "--threads", "2"]
    return [*ours, "assess", str(source), "--quasi", ",".join(QUASI), "--sensitive", SENSITIVE, "--threads", "2"]


def smallest_class(file: Path) -> int:
    """Of a released table: nobody is timed for a result that does not hold."""
    with file.open(newline="") as rows:
        return min(Counter(tuple(row[name] for name in QUASI) for row in csv.DictReader(rows)).values(), default=0)


def measured(
    job: str, rows: int, tools: list[str], before: dict[str, Any], asked: argparse.Namespace
) -> dict[str, Any]:
    """Ours and whoever is installed, interleaved, on a table of so many rows."""
    source, target = households(asked.data, rows), asked.data / "released.csv"
    warm(source)
    about = {OURS: ABOUT[job], **TOOLS[job]}
    found = {name: Measured(about[name]) for name in (OURS, *tools)}
    skipped = {}
    for name in tools:
        least = before.get("contenders", {}).get(name, {}).get("seconds", 0) * rows / max(before.get("rows", 1), 1)
        if least > asked.limit or name in before.get("skipped", {}):
            skipped[name] = max(
                least, before.get("skipped", {}).get(name, 0) * rows / max(before.get("rows", 1), 1)
            )
            del found[name]
    for run in range(asked.runs):
        for name, one in found.items():
            say(f"{job}, {rows:,} rows: run {run + 1} of {asked.runs}, {name}")
            target.unlink(missing_ok=True)
            cost = timed(command(job, name, source, target, asked))
            one.seconds.append(cost.seconds)
            one.megabytes.append(cost.megabytes)
            if job == "enforce" and not run and rows <= 100_000 and smallest_class(target) < K:
                raise SystemExit(f"{name} left a class of fewer than {K} rows")
    target.unlink(missing_ok=True)
    summaries = {name: one.summary() for name, one in found.items()}
    return {"rows": rows, "runs": asked.runs, "contenders": summaries, "skipped": skipped}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.anonymity", description=__doc__.partition("\n")[0])
    add = parser.add_argument
    add("--rows", type=int, nargs="+", default=[30_000, 1_000_000], metavar="N", help="rows beside other tools")
    add("--grow", type=int, nargs="*", default=[5_000_000, 20_000_000], metavar="N", help="rows for ours alone")
    add("--runs", type=int, default=3, metavar="N", help="interleaved runs (3)")
    add("--limit", type=float, default=600, metavar="SECONDS", help="the most a tool may need (600)")
    add("--peers", type=Path, default=PEERS, metavar="PYTHON", help="the Python of the tools' environment")
    add("--data", type=Path, default=DATA, metavar="FOLDER", help="where generated files are kept")
    add("--results", type=Path, default=RESULTS, metavar="FOLDER", help="where results go")
    asked = parser.parse_args()
    use_cores(2)
    every = sorted({name for tools in TOOLS.values() for name in tools})
    problems = {name: trouble(asked.peers, name) for name in every}
    jobs: dict[str, list[dict[str, Any]]] = {}
    for job, tools in TOOLS.items():
        there = [name for name in tools if problems[name] is None]
        jobs[job] = []
        for rows in (*sorted(asked.rows), *sorted(asked.grow)):
            before = jobs[job][-1] if jobs[job] else {}
            jobs[job].append(measured(job, rows, there if rows in asked.rows else [], before, asked))
    say("")
    skipped = [f"{name}: {problem}" for name, problem in problems.items() if problem]
    result = {**head(), "others": installed_in(asked.peers, every), "jobs": jobs, "skipped": skipped}
    print(anonymity_page(result))
    print(f"stored in {write(asked.results, 'anonymity', result)}")
    write_readme(asked.results)


if __name__ == "__main__":
    main()
