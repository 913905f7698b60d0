"""How much of what is personal is found in Chinese records and chats, all detectors together."""

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pyarrow as pa
import pytest

from anonymize.core.catalog import component, modules
from anonymize.kernels.detection.finding import find

LABELLED = Path(__file__).parent.parent / "data" / "chinese_text.jsonl"
EVERY = [component("detector", name)() for name in modules("detector")]  # type: ignore[call-arg]

NUMBERS = """
    CN_ID_CARD CN_BANK_CARD PHONE_NUMBER CN_USCC CN_LICENSE_PLATE CN_PASSPORT CN_HK_MACAU_PERMIT WECHAT_ID
    QQ_NUMBER EMAIL_ADDRESS DATE_OF_BIRTH
"""
FLOORS = {
    "formal": dict.fromkeys(NUMBERS.split(), 0.985) | {"PERSON": 0.97, "ADDRESS": 0.97},
    "chat": dict.fromkeys(NUMBERS.split(), 0.985) | {"PERSON": 0.96, "ADDRESS": 0.96},
}


@cache
def counts() -> Counter[tuple[str, str, str]]:
    """(style, entity, right or missed or wrong), by exact spans."""
    records = [json.loads(line) for line in LABELLED.read_text("utf-8").splitlines()]
    found = find(pa.array([record["text"] for record in records]), EVERY)
    spans: list[set[tuple[int, int, str]]] = [set() for _ in records]
    places = zip(found.row.tolist(), found.start.tolist(), found.end.tolist(), found.entity.tolist(), strict=True)
    for row, start, end, entity in places:
        spans[row].add((start, end, found.entities[entity]))
    counted: Counter[tuple[str, str, str]] = Counter()
    for record, actual in zip(records, spans, strict=True):
        expected = {(start, end, entity) for start, end, entity in record["spans"]}
        for verdict, part in (
            ("right", expected & actual),
            ("missed", expected - actual),
            ("wrong", actual - expected),
        ):
            counted.update((record["style"], entity, verdict) for _, _, entity in part)
    return counted


@pytest.mark.parametrize("style", FLOORS)
@pytest.mark.parametrize("entity", FLOORS["formal"])
def test_floor(style: str, entity: str) -> None:
    """Neither recall nor precision falls below the floor."""
    right, missed, wrong = (counts()[style, entity, verdict] for verdict in ("right", "missed", "wrong"))
    if not right + missed:
        assert wrong <= 2
        return

    floor = FLOORS[style][entity]
    assert right >= floor * (right + missed)
    assert right >= floor * (right + wrong)


def test_numbers_that_fail_their_check_are_not_taken_for_real() -> None:
    """The set holds identity and card numbers with a wrong check digit, none of which counts."""
    texts = [json.loads(line)["text"] for line in LABELLED.read_text("utf-8").splitlines()]

    assert sum("校验失败" in text or "流水号" in text for text in texts) > 20
    assert 0 == counts()["formal", "CN_ID_CARD", "wrong"] + counts()["chat", "CN_BANK_CARD", "wrong"]
