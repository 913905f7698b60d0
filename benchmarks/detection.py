"""How fast personal data is found in text, beside tools of the field: see requirements-peers.txt.

usage: python -m benchmarks.detection [--lines N] [--runs N] [--peers PYTHON]
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.data import DATA
from benchmarks.detection_page import detection_page
from benchmarks.measure import PEERS, ROOT, installed_in, trouble
from benchmarks.quality import quality
from benchmarks.report import write_readme
from benchmarks.run import say
from benchmarks.store import RESULTS, head, write
from tests.data.make_chinese_text import lines as chinese_lines
from tests.data.make_english_text import lines

SOME = 0.4
"""The share of the rows of longer text that hold something."""

TOOLS = {
    "presidio": ("presidio_analyzer", "presidio-analyzer", "`AnalyzerEngine` with its patterns, no model", 5),
    "scrubadub": ("scrubadub", "scrubadub", "`Scrubber`, its default detectors", 5),
    "datafog": ("datafog", "datafog", "`RegexAnnotator`", 1),
}
"""What it is imported and installed as, what is measured, and which lines are enough: one in so many."""


def measured(
    python: Path | str, tool: str, texts: list[dict[str, Any]], asked: argparse.Namespace
) -> dict[str, Any]:
    """The best of the runs, in processor seconds."""
    file = asked.data / "detection.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in texts))
    found = []
    for run in range(asked.runs):
        say(f"{tool}: run {run + 1} of {asked.runs}")
        words = [str(python), "-m", "benchmarks.peers.detection", str(file), tool]
        done = subprocess.run(words, capture_output=True, cwd=ROOT, check=False)
        if done.returncode:
            raise SystemExit(f"{tool}\n{done.stderr.decode(errors='replace')}")
        found.append(json.loads(done.stdout))
    file.unlink()
    best = min(found, key=lambda one: one["seconds"])
    return best | {"rate": best["bytes"] / best["seconds"], "lines": len(texts)}


def longer(random: Random, pool: list[dict[str, Any]], count: int, gap: str) -> list[dict[str, Any]]:
    """Rows of several sentences, of which so many hold a labelled line."""
    plain = [str(line["text"]) for line in pool if not line["spans"]]
    labelled = [str(line["text"]) for line in pool if line["spans"]]
    rows = []
    for _ in range(count):
        parts = random.choices(plain, k=3)
        if random.random() < SOME:
            parts.insert(random.randint(0, 3), random.choice(labelled))
        rows.append({"text": gap.join(parts)})
    return rows


def rows_of_text(asked: argparse.Namespace) -> dict[str, Any]:
    """How fast rows are scanned of which some hold something, in two languages."""
    english = longer(Random(7), lines(Random(7), asked.lines), asked.lines, " ")
    chinese = longer(Random(7), chinese_lines(Random(7), asked.lines // 4), asked.lines, "。")
    pools = {"English": english, "Chinese": chinese}
    return {name: measured(sys.executable, "anonymize", rows, asked) for name, rows in pools.items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.detection", description=__doc__.partition("\n")[0])
    add = parser.add_argument
    add("--lines", type=int, default=50_000, metavar="N", help="lines of text (50,000)")
    add("--runs", type=int, default=3, metavar="N", help="runs of each tool (3)")
    add("--peers", type=Path, default=PEERS, metavar="PYTHON", help="the Python of the tools' environment")
    add("--data", type=Path, default=DATA, metavar="FOLDER", help="where generated files are kept")
    add("--results", type=Path, default=RESULTS, metavar="FOLDER", help="where results go")
    asked = parser.parse_args()
    asked.data.mkdir(parents=True, exist_ok=True)
    texts = lines(Random(7), asked.lines)
    found = {"anonymize": measured(sys.executable, "anonymize", texts, asked) | {"about": "all detectors"}}
    rows = rows_of_text(asked)
    skipped = []
    for name, (package, _, about, share) in TOOLS.items():
        problem = trouble(asked.peers, package)
        if problem:
            skipped.append(f"{name}: {problem}")
        else:
            found[name] = measured(asked.peers, name, texts[: asked.lines // share], asked) | {"about": about}
    others = installed_in(asked.peers, [installed for _, installed, _, _ in TOOLS.values()])
    result = {**head(), "others": others, "tools": found, "longer": rows, "quality": quality()}
    result["skipped"] = skipped
    print(detection_page(result))
    print(f"stored in {write(asked.results, 'detection', result)}")
    write_readme(asked.results)


if __name__ == "__main__":
    main()
