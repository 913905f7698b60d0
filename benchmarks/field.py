"""Small jobs that tools of the field can do too, if they are installed: see requirements-peers.txt.

usage: python -m benchmarks.field [--rows N] [--runs N] [--only hash,mask] [--peers PYTHON]
"""

import argparse
import csv
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.data import DATA, people
from benchmarks.jobs import NO_RULES, TWO_THREADS, Contender, Job, command
from benchmarks.machine import use_cores
from benchmarks.measure import PEERS, installed_in, interleaved, timed, trouble
from benchmarks.pages import field_page
from benchmarks.peers.job import EMAIL
from benchmarks.report import write_readme
from benchmarks.run import CHECKED_ROWS, say, words
from benchmarks.store import RESULTS, head, write

RULES = {
    "hash": ("id=pseudonymize", "ssn=pseudonymize"),
    "mask": ("phone=mask(keep_last=4)",),
    "fake": ("full_name=fake(person)",),
    "redact": (f"notes=redact_matches(pattern='{EMAIL}', with='[EMAIL]')",),
}
TITLES = {
    "hash": "Keyed tokens for two columns",
    "mask": "Phone numbers but for their last 4 characters",
    "fake": "Invented names",
    "redact": "E-mail addresses in notes",
}


@dataclass(frozen=True)
class Tool:
    """A tool as it is installed, called here and imported; and what it is asked to do in each job it can do."""

    name: str
    script: str
    package: str
    jobs: dict[str, str]


TOOLS = (
    Tool(
        "presidio-structured",
        "presidio",
        "presidio_structured",
        {
            "hash": "operator `hash`, SHA-256 with a fixed salt",
            "mask": "operator `mask`",
            "redact": "one `PatternRecognizer` and the anonymizer",
        },
    ),
    Tool(
        "aindo-anonymize",
        "aindo",
        "aindo.anonymize",
        {
            "hash": "`KeyHashing`, HMAC with SHA-256",
            "mask": "`CharacterMasking`",
            "fake": "`Mocking`, a new name in each row",
        },
    ),
    Tool("cape-dataframes", "cape", "cape_dataframes", {"hash": "`Tokenizer`, SHA-256 of value and key"}),
    Tool("anonymizedf", "anonymizedf", "anonymizedf", {"fake": "`fake_names`, one for each distinct name"}),
    Tool("scrubadub", "scrubadub", "scrubadub", {"redact": "`EmailDetector` alone"}),
)


def ours(job: str) -> Contender:
    """The command line, with the rules of a job over those that keep everything."""
    run = ("-m", "anonymize", "run", "{source}", "-r", str(NO_RULES), "-o", "{target}", "--threads", "2")
    sets = tuple(part for rule in RULES[job] for part in ("--set", rule.replace("{", "{{").replace("}", "}}")))
    return Contender(TWO_THREADS, " ".join(f"`{rule.partition('(')[0]}`" for rule in RULES[job]), (*run, *sets))


def theirs(tool: Tool, job: str) -> Contender:
    script = ("-m", "benchmarks.peers.field", "{source}", "{target}", tool.script, job)
    return Contender(tool.name, tool.jobs[job], script)


def measured(name: str, tools: list[Tool], asked: argparse.Namespace) -> dict[str, Any]:
    """One job, by ours and by whoever can do it and is installed."""
    contenders = [ours(name), *(theirs(tool, name) for tool in tools if name in tool.jobs)]
    job = Job(name, TITLES[name], "csv", "csv", tuple(contenders))
    pythons = {tool.name: str(asked.peers) for tool in tools}
    check(job, asked.data, pythons)
    source = people(asked.data, asked.rows)["csv"]
    found = interleaved(job, contenders, source, asked.data, asked.runs, say, pythons)
    return {"title": job.title, "contenders": found}


def check(job: Job, folder: Path, pythons: dict[str, str]) -> None:
    """Whoever left the columns of the job as they were, or dropped rows, is not measured but reported."""
    source, target = people(folder, CHECKED_ROWS)["csv"], folder / "check.csv"
    columns = [rule.partition("=")[0] for rule in RULES[job.name]]
    given = cells(source, columns)
    for contender in job.contenders:
        target.unlink(missing_ok=True)
        timed(command(contender, source, target, pythons.get(contender.name, sys.executable)))
        found = cells(target, columns)
        if len(found) != len(given) or found == given:
            raise SystemExit(f"{contender.name} did not do the job {job.name}")
    target.unlink(missing_ok=True)


def cells(file: Path, columns: list[str]) -> list[list[str]]:
    with file.open(newline="") as rows:
        return [[row[name] for name in columns] for row in csv.DictReader(rows)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.field", description=__doc__.partition("\n")[0])
    add = parser.add_argument
    add("--rows", type=int, default=100_000, metavar="N", help="rows of the table (100,000)")
    add("--runs", type=int, default=3, metavar="N", help="interleaved runs (3)")
    add("--only", type=words, metavar="JOBS", help=f"of {', '.join(RULES)}")
    add("--peers", type=Path, default=PEERS, metavar="PYTHON", help="the Python of the tools' environment")
    add("--data", type=Path, default=DATA, metavar="FOLDER", help="where generated files are kept")
    add("--results", type=Path, default=RESULTS, metavar="FOLDER", help="where results go")
    asked = parser.parse_args()
    use_cores(2)
    problems = {tool.name: trouble(asked.peers, tool.package) for tool in TOOLS}
    there = [tool for tool in TOOLS if problems[tool.name] is None]
    skipped = [f"{name}: {problem}" for name, problem in problems.items() if problem]
    chosen = [name for name in RULES if asked.only is None or name in asked.only]
    jobs = {name: measured(name, there, asked) for name in chosen}
    say("")
    others = installed_in(asked.peers, [tool.name for tool in TOOLS])
    facts = {"others": others, "rows": asked.rows, "runs": asked.runs}
    result = {**head(), **facts, "jobs": jobs, "skipped": skipped}
    print(field_page(result))
    print(f"stored in {write(asked.results, 'field', result)}")
    write_readme(asked.results)


if __name__ == "__main__":
    main()
