"""Noise with the Laplace distribution."""

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from anonymize.core.component import Example
from anonymize.kernels.noise import AddNoise, Chance


class LaplaceNoise(AddNoise):
    """Add Laplace noise: most of it small, now and then large.

    Noise addition in the terms of ISO/IEC 20889. This is plain perturbation: it gives no differential privacy,
    whatever the scale. Several rows of one subject can be averaged unless `per` names the subject.
    Rounding to whole numbers hides noise much smaller than 1. The noise depends on the key and on the number of
    the row (with `per`, on the subject), so it is the same in every run; who has the key can remove it.
    """

    use: Literal["laplace_noise"] = "laplace_noise"
    positional: ClassVar[str | None] = "scale"

    scale: float = Field(gt=0, allow_inf_nan=False)
    """Spread of the noise: its mean size, as in 1000 (or 0.1 with `relative`)."""

    def noise(self, chance: Chance) -> NDArray[np.float64]:
        centred = chance(0)
        noise: NDArray[np.float64] = -np.sign(centred) * np.log1p(-2 * np.abs(centred))
        return noise


EXAMPLES = [
    Example(LaplaceNoise(scale=1000), ["52000", "52000", "48000.50", None], ["52266", "51825", "47656.79", None]),
    Example(LaplaceNoise(scale=0.1, relative=True), [200, 0, None, -200], [205, 0, None, -181]),
    Example(LaplaceNoise(scale=5, decimals=1), [36.6, None, 37.25], [37.9, None, 35.5]),
    Example(
        LaplaceNoise(scale=10, per="patient", key="study"),
        ["120", "125", "120"],
        ["121", "126", "130"],
        columns={"patient": ["李", "李", "Zoë"]},
    ),
]
