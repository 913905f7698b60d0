"""Do the expensive part once per distinct value."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.kernels.arrays import text, to_numpy


def map_distinct(values: pa.Array, function: Callable[[str], str | None]) -> pa.Array:
    """Apply a Python function to each distinct non-null value, then spread the answers back."""
    encoded = text(values).dictionary_encode()
    answers = pa.array([function(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return answers.take(encoded.indices)


def ask_distinct(values: pa.StringArray, function: Callable[[str], Any], width: type[np.generic]) -> NDArray[Any]:
    """A number or a flag for each value, asked once for each distinct one. Values are not null."""
    encoded = values.dictionary_encode()
    answers = np.fromiter(map(function, encoded.dictionary.to_pylist()), width, len(encoded.dictionary))
    found: NDArray[Any] = answers[to_numpy(encoded.indices)]
    return found
