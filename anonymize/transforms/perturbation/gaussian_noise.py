"""Noise with the normal distribution."""

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from anonymize.core.component import Example
from anonymize.kernels.noise import AddNoise, Chance


class GaussianNoise(AddNoise):
    """Add normal (Gaussian) noise.

    Noise addition in the terms of ISO/IEC 20889. This is plain perturbation: it gives no differential privacy,
    whatever the scale. Several rows of one subject can be averaged unless `per` names the subject.
    Rounding to whole numbers hides noise much smaller than 1. The noise depends on the key and on the number of
    the row (with `per`, on the subject), so it is the same in every run; who has the key can remove it.
    """

    use: Literal["gaussian_noise"] = "gaussian_noise"
    positional: ClassVar[str | None] = "scale"

    scale: float = Field(gt=0, allow_inf_nan=False)
    """Standard deviation of the noise, as in 1000 (or 0.1 with `relative`)."""

    def noise(self, chance: Chance) -> NDArray[np.float64]:
        radius = np.sqrt(-2 * np.log(0.5 + chance(0)))  # Box and Muller 1958
        noise: NDArray[np.float64] = radius * np.cos(2 * np.pi * chance(1))
        return noise


EXAMPLES = [
    Example(GaussianNoise(scale=1000), ["52000", "52000", "48000.50", None], ["53694", "52159", "48395.14", None]),
    Example(GaussianNoise(scale=0.1, relative=True), [200, 0, None, -200], [234, 0, None, -193]),
    Example(GaussianNoise(scale=5, decimals=1), [36.6, None, 37.25], [45.1, None, 39.2]),
    Example(
        GaussianNoise(scale=10, per="patient", key="study"),
        ["120", "125", "120"],
        ["118", "123", "124"],
        columns={"patient": ["李", "李", "Zoë"]},
    ),
]
