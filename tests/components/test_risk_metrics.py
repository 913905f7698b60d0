"""Risk metrics against the definitions, row by row."""

from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from anonymize.core.errors import DataError
from anonymize.core.roles import Roles
from anonymize.metrics.average_class_size import AverageClassSize
from anonymize.metrics.discernibility import Discernibility
from anonymize.metrics.journalist_risk import JournalistRisk
from anonymize.metrics.marketer_risk import MarketerRisk
from anonymize.metrics.population_uniqueness import PopulationUniqueness
from anonymize.metrics.prosecutor_risk import ProsecutorRisk
from anonymize.metrics.suda2 import Suda2
from tests.harness import answer

CELL = st.sampled_from(["a", "b", "", None])
ROWS = st.lists(st.tuples(CELL, CELL), min_size=1, max_size=12)
ROLES = Roles(quasi=("x", "y"))


def measured(metric, rows):
    batch = pa.record_batch({n: pa.array([row[i] for row in rows], pa.string()) for i, n in enumerate("xy")})
    return metric.measure(answer(metric.needs(ROLES), batch)).value


@settings(deadline=None)
@given(ROWS, st.sampled_from([0.2, 0.5, 1.0]))
def test_risks_row_by_row(rows, fraction):
    """1/f of each row: the highest, the mean, the share above; the journalist's are so many times smaller."""
    sizes = Counter(rows)
    risks = [1 / sizes[row] for row in rows]
    figures = ("highest", "average", "share")
    over = sum(risk > 0.4 for risk in risks) / len(rows)
    expected = [max(risks), sum(risks) / len(rows), over]
    assert expected == pytest.approx([measured(ProsecutorRisk(figure=f, threshold=0.4), rows) for f in figures])
    fewer = [measured(JournalistRisk(figure=f, fraction=fraction, threshold=0.4), rows) for f in figures]
    over = sum(risk * fraction > 0.4 for risk in risks) / len(rows)
    assert [max(risks) * fraction, sum(risks) * fraction / len(rows), over] == pytest.approx(fewer)
    assert fewer[1] == pytest.approx(measured(MarketerRisk(fraction=fraction), rows))


@settings(deadline=None)
@given(ROWS)
def test_losses_row_by_row(rows):
    """Each row costs its class, a row of nulls the whole table; classes are rows / classes / k large."""
    sizes = Counter(rows)
    costs = [len(rows) if row == (None, None) else sizes[row] for row in rows]
    assert sum(costs) == measured(Discernibility(), rows)
    assert len(rows) / len(sizes) / 2 == pytest.approx(measured(AverageClassSize(k=2), rows))


def test_a_population_file(tmp_path):
    """F is counted in the file, and is never less than f."""
    file = tmp_path / "people.csv"
    file.write_text("x,y\na,a\na,a\na,a\na,a\nb,b\nb,a\n")
    rows = [("a", "a"), ("a", "a"), ("b", "b"), ("", "a")]
    there = [4, 4, 1, 1]  # the last is not in the file
    figures = {"highest": 1, "average": sum(1 / f for f in there) / 4, "share": 0.5}
    for figure, expected in figures.items():
        assert expected == measured(JournalistRisk(figure=figure, population=file, threshold=0.3), rows)
    assert (2 / 4 + 1 + 1) / 4 == measured(MarketerRisk(population=file), rows)


def test_a_population_file_without_the_columns(tmp_path):
    """It is refused without a word of its values."""
    file = tmp_path / "people.csv"
    file.write_text("x\nsecret\n")
    with pytest.raises(DataError) as refused:
        measured(MarketerRisk(population=file), [("a", "b")])
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("kind", [JournalistRisk, MarketerRisk, PopulationUniqueness])
def test_one_population(kind):
    """No population and two populations are refused."""
    for said in ({}, {"size": 10, "fraction": 0.5}):
        with pytest.raises(ValidationError):
            kind(**said)


def test_too_many_combinations_are_refused():
    """SUDA2 says so before it starts."""
    with pytest.raises(ValueError, match="max_size"):
        Suda2(max_size=10).needs(Roles(quasi=tuple(map(str, range(40)))))
