"""Noise spread evenly over a range."""

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from anonymize.core.component import Example
from anonymize.kernels.noise import AddNoise, Chance


class UniformNoise(AddNoise):
    """Add noise spread evenly between -scale and +scale.

    Noise addition in the terms of ISO/IEC 20889. This is plain perturbation: it gives no differential privacy,
    whatever the scale; the value is certain to lie within `scale` of the result. Several rows of one subject can
    be averaged unless `per` names the subject. Rounding to whole numbers hides noise much smaller than 1. The
    noise depends on the key and on the number of the row (with `per`, on the subject), so it is the same in
    every run; who has the key can remove it.
    """

    use: Literal["uniform_noise"] = "uniform_noise"
    positional: ClassVar[str | None] = "scale"

    scale: float = Field(gt=0, allow_inf_nan=False)
    """The largest noise in either direction, as in 1000 (or 0.1 with `relative`)."""

    def noise(self, chance: Chance) -> NDArray[np.float64]:
        return 2 * chance(0)


EXAMPLES = [
    Example(UniformNoise(scale=1000), ["52000", "52000", "48000.50", None], ["51914", "51516", "48862.92", None]),
    Example(UniformNoise(scale=0.1, relative=True), [200, 0, None, -200], [198, 0, None, -208]),
    Example(UniformNoise(scale=5, decimals=1), [36.6, None, 37.25], [36.2, None, 41.6]),
    Example(
        UniformNoise(scale=10, per="patient", key="study"),
        ["120", "125", "120"],
        ["127", "132", "114"],
        columns={"patient": ["李", "李", "Zoë"]},
    ),
]
