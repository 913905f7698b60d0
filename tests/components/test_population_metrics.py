"""k-map and δ-presence against a file of the population."""

from pathlib import Path

import pyarrow as pa
import pytest

from anonymize.core.metric import Metric
from anonymize.core.roles import Roles
from anonymize.metrics.delta_presence import DeltaPresence
from anonymize.metrics.k_map import KMap
from tests.harness import answer

ROLES = Roles(quasi=("zip", "sex"))
RELEASE = pa.record_batch({"zip": ["1", "1", "2", None], "sex": ["f", "f", "m", "m"]})
PEOPLE = "zip,sex,name\n" + "1,f,a\n" * 4 + "2,m,b\n" * 2 + ",m,c\n" + "3,f,d\n" * 5


@pytest.fixture
def population(tmp_path: Path) -> Path:
    path = tmp_path / "population.csv"
    path.write_text(PEOPLE)
    return path


def measured(metric: Metric, batch: pa.RecordBatch = RELEASE) -> float:
    return metric.measure(answer(metric.needs(ROLES), batch)).value


def test_the_smallest_class_there(population: Path) -> None:
    """A null agrees with an empty cell only; one person of the population has neither."""
    assert 1 == measured(KMap(population=population))
    assert 2 == measured(KMap(population=population), RELEASE.slice(0, 3))


def test_a_class_that_nobody_there_belongs_to(population: Path) -> None:
    """The worst there is."""
    stray = pa.record_batch({"zip": ["9"], "sex": ["f"]})

    assert 0 == measured(KMap(population=population), stray)
    assert 1 == measured(DeltaPresence(population=population), stray)


def test_presence_is_known_where_all_are_in_the_table(population: Path) -> None:
    """Two of four, one of two, one of one; and none of five."""
    assert 1 == measured(DeltaPresence(population=population))
    assert 0.5 == measured(DeltaPresence(population=population), RELEASE.slice(0, 3))
    assert 0 == measured(DeltaPresence(figure="least", population=population))


@pytest.mark.parametrize("kind", [KMap, DeltaPresence])
def test_one_way_to_say_the_population(kind: type[Metric], population: Path) -> None:
    """Neither none nor two."""
    with pytest.raises(ValueError, match="give one of `population` and `fraction`"):
        kind()
    with pytest.raises(ValueError, match="give one of `population` and `fraction`"):
        kind(population=population, fraction=0.5)
