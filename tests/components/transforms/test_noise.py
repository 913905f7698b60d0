"""The noise has the distribution it claims, and keeps the form of the numbers."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from anonymize.kernels.noise import AddNoise
from anonymize.transforms.perturbation.gaussian_noise import GaussianNoise
from anonymize.transforms.perturbation.laplace_noise import LaplaceNoise
from anonymize.transforms.perturbation.uniform_noise import UniformNoise
from tests.harness import run_column

ROWS = 40_000


@pytest.mark.parametrize("per", [None, "subject"])
@pytest.mark.parametrize(
    ("kind", "deviation", "inside"),
    [(LaplaceNoise, 2**0.5, 1 - np.exp(-1)), (GaussianNoise, 1, 0.682689), (UniformNoise, 3**-0.5, 1)],
)
def test_distribution(kind: Any, deviation: float, inside: float, per: str | None) -> None:
    """Centre, spread and the share within one scale are those of the distribution by its name."""
    subjects = {"subject": [str(row) for row in range(ROWS)]}

    result, _ = run_column(kind(scale=2, per=per), pa.array([100.0] * ROWS), subjects)

    noise = (np.array(result.to_pylist()) - 100) / 2
    assert abs(noise.mean()) < 0.03
    assert noise.std() == pytest.approx(deviation, rel=0.03)
    assert (np.abs(noise) <= 1).mean() == pytest.approx(inside, abs=0.01)


def test_one_subject_one_noise_and_none_without() -> None:
    """The same subject gets the same noise in all rows; a row without one is rejected."""
    given = pa.array([10.0, 20.0, 30.0, 40.0])

    result, found = run_column(GaussianNoise(scale=5, per="s"), given, {"s": ["x", "y", "x", None]})

    noise = [None if r is None else r - g for r, g in zip(result.to_pylist(), given.to_pylist(), strict=True)]
    assert noise[0] == pytest.approx(noise[2])
    assert noise[0] != pytest.approx(noise[1])
    assert [r.bad.to_pylist() for r in found.rejections] == [[False, False, False, True]]
    assert noise[3] is None


@pytest.mark.parametrize("kind", [LaplaceNoise, GaussianNoise, UniformNoise])
def test_decimals_follow_the_cell(kind: type[AddNoise]) -> None:
    """Integers stay integers, and hundredths get no third digit."""
    result, _ = run_column(kind.model_validate({"scale": 100}), pa.array(["12345", "12345.67", "1e3"] * 30))

    integers, hundredths = result.to_pylist()[::3], result.to_pylist()[1::3]
    assert all("." not in value for value in integers)
    assert all(len(value.partition(".")[2]) <= 2 for value in hundredths)
