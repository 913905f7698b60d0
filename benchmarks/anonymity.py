"""Enforcing and measuring k-anonymity beside tools of the field, if they are installed, and on ever more rows.

usage: python -m benchmarks.anonymity [--rows N ...] [--grow N ...] [--runs N] [--limit SECONDS] [--peers PYTHON]

The table is like the census extract "Adult", with eight quasi-identifiers. A tool is stopped at the limit, and not
run if it would need more by what it took for fewer rows. What is compared is processor time: it hardly depends on
what else the machine does. A million rows and more are measured once.
"""

import argparse
import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.data import DATA, require_room
from benchmarks.households import HIERARCHIES, QUASI, SENSITIVE
from benchmarks.machine import use_cores
from benchmarks.measure import ENVIRONMENT, PEERS, ROOT, Measured, installed_in, timed, trouble, warm
from benchmarks.pages import anonymity_page
from benchmarks.report import write_readme
from benchmarks.run import say
from benchmarks.store import RESULTS, head, write

Found: TypeAlias = dict[str, Any]
BRIEF = {"polarfrost": 60.0}
"""What never comes near the others is not waited for: seconds."""
K, SHARE = 5, 0.05
LARGE = 1_000_000
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


def measured(job: str, rows: int, tools: list[str], before: Found, asked: argparse.Namespace) -> Found:
    """Ours and whoever is installed, interleaved, on a table of so many rows."""
    source, target = households(asked.data, rows), asked.data / "released.csv"
    warm(source)
    about = {OURS: ABOUT[job], **TOOLS[job]}
    late = {name: needed for name in tools if (needed := expected(name, rows, before)) > asked.limit}
    least: dict[str, float] = {}
    found = {name: Measured(about[name]) for name in (OURS, *tools) if name not in late}
    runs = asked.runs if rows < LARGE else 1
    for run in range(runs):
        for name in list(found):
            say(f"{job}, {rows:,} rows: run {run + 1} of {runs}, {name}")
            target.unlink(missing_ok=True)
            try:
                limit = None if name == OURS else min(asked.limit, BRIEF.get(name, asked.limit))
                found[name].add(timed(command(job, name, source, target, asked), limit))
            except subprocess.TimeoutExpired:
                late[name] = float(limit or 0)
                del found[name]
                continue
            if job == "enforce" and not run and rows <= 100_000 and smallest_class(target) < K:
                raise SystemExit(f"{name} left a class of fewer than {K} rows")
            aside = Path(f"{target}.alone")
            if aside.exists():
                least[name] = min(float(aside.read_text()), least.get(name, float("inf")))
                aside.unlink()
    target.unlink(missing_ok=True)
    if least:
        say(f"{job}, {rows:,} rows: in process")
        least[OURS] = in_process(job, source)
    if rows > LARGE:
        source.unlink()
    summaries = {name: one.summary() for name, one in found.items()}
    return {"rows": rows, "runs": runs, "contenders": summaries, "skipped": late, "alone": least}


def in_process(job: str, source: Path) -> float:
    """What our algorithm alone takes."""
    words = [sys.executable, "-m", "benchmarks.in_process", job, str(source)]
    return float(subprocess.run(words, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, check=True).stdout)


def expected(name: str, rows: int, before: Found) -> float:
    """The least that a tool will need if time only grows with the rows; 0 if nothing is known."""
    known = before.get("contenders", {}).get(name, {}).get("seconds", before.get("skipped", {}).get(name, 0))
    return float(known) * rows / int(before.get("rows", rows))


def census(rows: int) -> Found:
    """What it takes to count the combinations of the quasi-identifiers."""
    say(f"census, {rows:,} rows")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.census", str(rows)], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    found: Found = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.anonymity", description=__doc__.partition("\n")[0])
    add = parser.add_argument
    add("--rows", type=int, nargs="+", default=[30_000, 1_000_000], metavar="N", help="rows beside other tools")
    add("--grow", type=int, nargs="*", default=[5_000_000, 20_000_000], metavar="N", help="rows for ours alone")
    add("--census", type=int, default=10_000_000, metavar="N", help="rows whose combinations are counted")
    add("--runs", type=int, default=3, metavar="N", help="interleaved runs (3)")
    add("--limit", type=float, default=600, metavar="SECONDS", help="the most a tool may need (600)")
    add("--peers", type=Path, default=PEERS, metavar="PYTHON", help="the Python of the tools' environment")
    add("--data", type=Path, default=DATA, metavar="FOLDER", help="where generated files are kept")
    add("--results", type=Path, default=RESULTS, metavar="FOLDER", help="where results go")
    asked = parser.parse_args()
    use_cores(2)
    every = sorted({name for tools in TOOLS.values() for name in tools})
    problems = {name: trouble(asked.peers, name) for name in every}
    skipped = [f"{name}: {problem}" for name, problem in problems.items() if problem]
    jobs: dict[str, list[Found]] = {job: [] for job in TOOLS}
    result = {**head(), "others": installed_in(asked.peers, every), "jobs": jobs, "skipped": skipped}
    result["census"] = census(asked.census)
    for rows in (*sorted(asked.rows), *sorted(asked.grow)):
        for job, tools in TOOLS.items():
            there = [name for name in tools if problems[name] is None and rows in asked.rows]
            jobs[job].append(measured(job, rows, there, jobs[job][-1] if jobs[job] else {}, asked))
            write(asked.results, "anonymity", result)  # the largest take long
    say("")
    print(anonymity_page(result))
    print(f"stored in {write(asked.results, 'anonymity', result)}")
    write_readme(asked.results)


if __name__ == "__main__":
    main()
