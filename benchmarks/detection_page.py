"""The page of how fast and how well personal data is found in text."""

from typing import Any

from benchmarks.pages import conditions, verdict
from benchmarks.quality import f1, precision, recall
from benchmarks.tables import table

GOAL, FLOOR = 10, 1.3
"""Megabytes of text a second."""


def detection_page(result: dict[str, Any]) -> str:
    """Personal data in text, the fastest first."""
    tools = result["tools"]
    rows = [("", "MB/s", "ours is faster by", "finds a line", "lines", "what it is")]
    for name, one in sorted(tools.items(), key=lambda item: -item[1]["rate"]):
        named = f"**{name}**" if name == "anonymize" else name
        times = "" if name == "anonymize" else f"{tools['anonymize']['rate'] / one['rate']:,.1f}x"
        finds = f"{one['finds'] / one['lines']:.2f}"
        rows.append((named, f"{one['rate'] / 1e6:.3g}", times, finds, f"{one['lines']:,}", one["about"]))
    about = (
        "Generated English letters and notes, the same for all, on one core: the best run in processor seconds. "
        "Loading is not counted, but what is made ready for the first long text is. The tools look for different "
        "kinds of data; none uses a model."
    )
    missing = "".join(f"- {line}\n" for line in result["skipped"])
    page = f"## Personal data in text\n\n{conditions(result)}\n{about}\n\n{table(rows)}"
    page += f"\nNot measured:\n\n{missing}" if missing else ""
    return page + longer_part(result["longer"]) + quality_part(result["quality"])


def longer_part(found: dict[str, Any]) -> str:
    """Rows of which some hold something, against the goals."""
    rows = [("", "MB/s", f"at least {GOAL:g}", f"at least {FLOOR:g}", "rows", "bytes each", "finds a row")]
    for language, one in found.items():
        speed, each = one["rate"] / 1e6, one["bytes"] / one["lines"]
        goals = verdict(speed >= GOAL), verdict(speed >= FLOOR)
        finds = f"{one['finds'] / one['lines']:.2f}"
        rows.append((language, f"{speed:.1f}", *goals, f"{one['lines']:,}", f"{each:.0f}", finds))
    return (
        "\n### Rows of several sentences, four in ten with a line of the kind above\n\n"
        "All detectors, one core; the other sentences hold no labelled kind, but ages, dates and companies.\n\n"
        f"{table(rows)}"
    )


def quality_part(lines: list[dict[str, Any]]) -> str:
    """Precision and recall, kind by kind."""
    rows = [("set", "kind", "labelled", "precision", "recall", "F1", "wrong")]
    for line in lines:
        labelled = line["right"] + line["missed"]
        shares = [f"{share(line):.3f}" if labelled else "" for share in (precision, recall, f1)]
        rows.append((line["set"], f"`{line['entity']}`", str(labelled or ""), *shares, str(line["wrong"])))
    return (
        "\n### What is found\n\nOf the labelled, made-up texts in `tests/data`, by exact places, all detectors "
        "together; `tests/detectors` keeps them from falling. Kinds that a set does not label (an age, a company) "
        f"count as not labelled, right or not.\n\n{table(rows)}"
    )
