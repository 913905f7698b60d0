"""What the columns of tables of many trades and countries are taken for."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import groupby

import pytest

from anonymize.finding.scanning import Sample, scan_sample
from tests.data.tables import ROWS, columns

LABELLED = list(columns())
SOURCES = list(dict.fromkeys(column.source for column in LABELLED))
PERSONAL = [name for name in SOURCES if any(each.entity for each in LABELLED if each.source == name)]
ALIKE = {"UK_POSTCODE": "POSTAL_CODE"}
LEAST_F1, LEAST_IN_ONE = 0.97, 0.65
MOST_FLAGGED = 0.02
"""The share of harmless columns that may be taken for something."""


@cache
def counts() -> Counter[tuple[str, str, str]]:
    """(source, entity, right or wrong or missed): columns. Those that hold nothing personal are of `NOTHING`."""
    return Counter(_verdicts())


NOTHING = "nothing personal"


def _verdicts() -> Iterator[tuple[str, str, str]]:
    for source, group in groupby(LABELLED, lambda column: column.source):
        labelled = {column.name: column for column in group}
        found = scan_sample(Sample({name: [each.values] for name, each in labelled.items()}, ROWS, True))
        for column in found.columns:
            expected, actual = labelled[column.name].entity or NOTHING, column.entity or NOTHING
            if ALIKE.get(actual, actual) == ALIKE.get(expected, expected):
                yield source, expected, "right"
            else:
                yield source, expected, "missed"
                yield source, actual, "wrong"


def total(verdict: str, sources: list[str], personal: bool = True) -> int:
    """How many columns of some sources came out so: those of entities, or those that hold nothing."""
    return sum(
        count
        for (source, entity, said), count in counts().items()
        if said == verdict and source in sources and (entity != NOTHING) is personal
    )


def f1(sources: list[str]) -> float:
    """The harmonic mean of precision and recall over all columns of some sources that hold something."""
    right, wrong, missed = (total(verdict, sources) for verdict in ("right", "wrong", "missed"))
    return 2 * right / max(2 * right + wrong + missed, 1)


def test_all_sources() -> None:
    """Nearly every column is taken for what it holds."""
    assert f1(SOURCES) >= LEAST_F1


@pytest.mark.parametrize("source", PERSONAL)
def test_each_source(source: str) -> None:
    """No manner of naming columns is left out."""
    assert f1([source]) >= LEAST_IN_ONE


def test_harmless_columns() -> None:
    """Hardly one of those that hold nothing is taken for something."""
    left_alone, flagged = (total(verdict, SOURCES, personal=False) for verdict in ("right", "missed"))

    assert left_alone > 200
    assert flagged <= MOST_FLAGGED * (left_alone + flagged)
