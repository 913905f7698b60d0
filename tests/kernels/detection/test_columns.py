"""What columns seem to hold, by name and values."""

import random

import pyarrow as pa
import pytest

from anonymize.finding.scanning import all_detectors
from anonymize.kernels.detection.columns import DISTINCT, classify, profile

EVERY = all_detectors()
DRAW = random.Random(7)  # noqa: S311 - not a secret


def numbers(digits: int, count: int = 400) -> list[str]:
    return [str(DRAW.randrange(10 ** (digits - 1), 10**digits)) for _ in range(count)]


HARMLESS = {
    "order_id": numbers(12),
    "x9": numbers(9),
    "x10": numbers(10),
    "x11": numbers(11),
    "x16": numbers(16),
    "x18": numbers(18),
    "amount": [f"{DRAW.random() * 10_000:.2f}" for _ in range(400)],
    "ratio": [repr(DRAW.random()) for _ in range(400)],
    "created_at": [f"2024-{DRAW.randrange(1, 13):02}-07 12:00:{n % 60:02}" for n in range(400)],
    "version": [f"{DRAW.randrange(9)}.{DRAW.randrange(30)}.{n}" for n in range(400)],
    "产品名称": ["苹果手机", "安卓平板", "高压锅", "方便面"] * 100,
    "supplier": ["Johnson Controls", "Morgan Stanley", "Wells Fargo"] * 100,
    "phone_type": ["mobile", "home"] * 200,
}


@pytest.mark.parametrize("name", HARMLESS)
@pytest.mark.parametrize("is_named", [True, False])
def test_harmless_columns(name: str, is_named: bool) -> None:
    """Numbers, amounts, dates and names of things are taken for nothing, whatever the column is called."""
    verdict = classify(pa.array(HARMLESS[name]), EVERY, name if is_named else None)

    assert verdict.confidence < 0.5
    assert () == verdict.inside


FOUND = {
    "EMAIL_ADDRESS": [f"user{n}@mail.example.com" for n in range(20)],
    "PHONE_NUMBER": [f"138{n:08}" for n in DRAW.sample(range(10**8), 40)],
    "UUID": [f"f47ac10b-58cc-4372-a567-0e02b2c3d{n}" for n in range(100, 140)],
    "IP_ADDRESS": [f"203.0.113.{n}" for n in range(40)],
    "CREDIT_CARD": ["4111111111111111", "5555555555554444", "378282246310005", "6011111111111117"] * 2,
}


@pytest.mark.parametrize("entity", FOUND)
def test_columns_without_a_telling_name(entity: str) -> None:
    """Enough values speak for themselves."""
    verdict = classify(pa.array(FOUND[entity]), EVERY, "x")

    assert verdict.detector is not None
    assert (entity, True) == (verdict.detector.entity, verdict.confidence >= 0.8)


def test_names_alone() -> None:
    """A column of unknown words that is called a name is one."""
    verdict = classify(pa.array(["Oyelaran", "Ngũgĩ", "Þóra", "Siobhán"]), EVERY, "last_name")

    assert verdict.detector is not None
    assert ("PERSON", True) == (verdict.detector.entity, verdict.confidence >= 0.8)


def test_spreadsheet_floats() -> None:
    """Whole numbers that became floats are read as whole numbers."""
    column = pa.array([float(13800000000 + n * 7919) for n in range(50)])
    verdict = classify(column, EVERY, "phone")

    assert verdict.detector is not None
    assert ("PHONE_NUMBER", 1.0) == (verdict.detector.entity, verdict.hits)


def test_text() -> None:
    """Columns of sentences tell which part of them holds what."""
    column = pa.array([f"call me at 13812345{n:03} today, thank you very much" for n in range(50)] + ["fine"] * 50)
    verdict = classify(column, EVERY, "notes")

    assert ["PHONE_NUMBER"] == [each.entity for each in verdict.inside]
    assert verdict.confidence < 0.5


@pytest.mark.parametrize("column", [pa.array([], pa.string()), pa.nulls(3), pa.array(["", None])])
def test_nothing(column: pa.Array) -> None:
    """An empty column holds nothing, whatever it is called."""
    assert 0.0 == classify(column, EVERY, "email").confidence


def test_the_profile_draws_evenly() -> None:
    """Not only the first values are looked at."""
    outlines, chosen = profile(pa.array([str(n) for n in range(10 * DISTINCT)]))

    assert (10 * DISTINCT, DISTINCT) == (outlines.distinct, len(chosen))
    assert int(chosen[-1].as_py()) > 9 * DISTINCT
