"""Do the expensive part once per distinct value."""

from collections.abc import Callable

import pyarrow as pa

from anonymize.kernels.arrays import text


def map_distinct(values: pa.Array, function: Callable[[str], str | None]) -> pa.Array:
    """Apply a Python function to each distinct non-null value, then spread the answers back."""
    encoded = text(values).dictionary_encode()
    answers = pa.array([function(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return answers.take(encoded.indices)
