"""How well personal data is found in the labelled texts of tests/data, kind by kind."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.detectors import test_chinese_text as chinese
from tests.detectors import test_column_types as columns
from tests.detectors import test_english_text as english

LABELLED = ("right", "missed")


def quality() -> list[dict[str, Any]]:
    """Counts for each set and kind, by exact spans; kinds that a set does not label are told together."""
    sets = {f"Chinese, {style}": _of_style(chinese.counts(), style) for style in ("formal", "chat")}
    sets["English"] = english.counts()
    sets |= {f"English names, {style}": _names(style) for style in ("formal", "chat", "none")}
    sets["Columns of tables"] = _by_entity(columns.counts())
    return [line for title, counts in sets.items() for line in _lines(title, counts)]


def _by_entity(counts: Counter[tuple[str, str, str]]) -> Counter[tuple[str, str]]:
    """Whatever the source."""
    found: Counter[tuple[str, str]] = Counter()
    for (_, entity, verdict), count in counts.items():
        found[entity, verdict] += count
    return found


def _names(style: str) -> Counter[tuple[str, str]]:
    """Names only: the places and dates in these sentences are not labelled."""
    counts = english.counts("english_names.jsonl", style)
    return Counter({what: n for what, n in counts.items() if what[0] == "PERSON"})


def _of_style(counts: Counter[tuple[str, str, str]], style: str) -> Counter[tuple[str, str]]:
    return Counter({(entity, verdict): n for (of, entity, verdict), n in counts.items() if of == style})


def _lines(title: str, counts: Counter[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    known = sorted({entity for entity, verdict in counts if verdict in LABELLED})
    for entity in known:
        right, missed, wrong = (counts[entity, verdict] for verdict in (*LABELLED, "wrong"))
        yield {"set": title, "entity": entity, "right": right, "missed": missed, "wrong": wrong}
    others = sum(n for (entity, _), n in counts.items() if entity not in known)
    yield {"set": title, "entity": "not labelled", "right": 0, "missed": 0, "wrong": others}


def precision(line: dict[str, Any]) -> float:
    """The share of the finds that are right."""
    return float(line["right"] / max(line["right"] + line["wrong"], 1))


def recall(line: dict[str, Any]) -> float:
    """The share of what is labelled that is found."""
    return float(line["right"] / max(line["right"] + line["missed"], 1))


def f1(line: dict[str, Any]) -> float:
    """The harmonic mean of both."""
    return float(2 * line["right"] / max(2 * line["right"] + line["missed"] + line["wrong"], 1))
