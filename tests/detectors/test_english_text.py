"""How much of what is personal is found in English letters and notes, all detectors together."""

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pyarrow as pa
import pytest

from anonymize.kernels.detection.available import every_detector
from anonymize.kernels.detection.finding import find

DATA = Path(__file__).parent.parent / "data"
FLOORS = {
    "PERSON": (0.98, 0.98),
    "PHONE_NUMBER": (0.97, 0.97),
    "EMAIL_ADDRESS": (0.99, 0.99),
    "US_SSN": (0.97, 0.97),
    "CREDIT_CARD": (0.97, 0.97),
    "IBAN_CODE": (0.97, 0.97),
    "DATE_OF_BIRTH": (0.97, 0.97),
    "IP_ADDRESS": (0.97, 0.97),
    "URL": (0.97, 0.97),
    "ADDRESS": (0.95, 0.95),
}
"""Recall and precision, by exact spans."""
MOST_OTHERS = 0.02
"""Finds of other kinds, by what is labelled."""


NAMES = {"formal": (0.93, 0.97), "chat": (0.90, 0.97)}
"""Recall and precision for names that the lists do not come from."""


@cache
def counts(file: str = "english_text.jsonl", style: str | None = None) -> Counter[tuple[str, str]]:
    """(entity, right or missed or wrong)."""
    records = [json.loads(line) for line in (DATA / file).read_text("utf-8").splitlines()]
    records = [record for record in records if style in (None, record.get("style"))]
    found = find(pa.array([record["text"] for record in records]), every_detector())
    spans: list[set[tuple[int, int, str]]] = [set() for _ in records]
    places = zip(found.row.tolist(), found.start.tolist(), found.end.tolist(), found.entity.tolist(), strict=True)
    for row, start, end, entity in places:
        spans[row].add((start, end, found.entities[entity]))
    counted: Counter[tuple[str, str]] = Counter()
    for record, actual in zip(records, spans, strict=True):
        expected = {(start, end, entity) for start, end, entity in record["spans"]}
        parts = (("right", expected & actual), ("missed", expected - actual), ("wrong", actual - expected))
        for verdict, part in parts:
            counted.update((entity, verdict) for _, _, entity in part)
    return counted


@pytest.mark.parametrize("entity", FLOORS)
def test_floor(entity: str) -> None:
    """Neither recall nor precision falls below the floor."""
    right, missed, wrong = (counts()[entity, verdict] for verdict in ("right", "missed", "wrong"))
    recall, precision = FLOORS[entity]

    assert right >= recall * (right + missed)
    assert right >= precision * (right + wrong)


def test_other_kinds() -> None:
    """Hardly anything is taken for what it is not."""
    others = sum(count for (entity, verdict), count in counts().items() if entity not in FLOORS)
    labelled = sum(count for (_, verdict), count in counts().items() if verdict in ("right", "missed"))

    assert others <= MOST_OTHERS * labelled


@pytest.mark.parametrize("style", NAMES)
def test_names(style: str) -> None:
    """Names of many origins are found in letters and in chats, and little else is."""
    found = counts("english_names.jsonl", style)
    right, missed, wrong = (found["PERSON", verdict] for verdict in ("right", "missed", "wrong"))
    recall, precision = NAMES[style]

    assert right >= recall * (right + missed)
    assert right >= precision * (right + wrong)


def test_no_names() -> None:
    """Of sentences full of places, firms, months and titles hardly one holds what is taken for a name."""
    assert counts("english_names.jsonl", "none")["PERSON", "wrong"] <= 3
