"""Distinct combinations of columns, by hashing codes instead of values."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.errors import DataError
from anonymize.kernels.arrays import from_numpy, to_numpy
from anonymize.kernels.counting import COUNT

Numbers: TypeAlias = NDArray[np.int64]

LARGEST_KEY = 1 << 62
SMALL, DENSE = 1 << 12, 4
"""Keys are marked in a table of up to so many places, or so many for each of them."""
MOST = 10_000_000
"""Distinct combinations that are held in memory: about 100 bytes for each."""


def number_codes(columns: Sequence[tuple[NDArray[Any], int]], rows: int) -> tuple[Numbers, int]:
    """A number from 0 on for each distinct combination of codes, given with how many codes there are."""
    return number_keys(*combine_codes(columns, rows))


def combine_codes(columns: Sequence[tuple[NDArray[Any], int]], rows: int) -> tuple[Numbers, int]:
    """A key for each combination of codes, and what all keys are below."""
    key, size = np.zeros(rows, np.int64), 1
    for codes, wide in columns:
        if wide < 2:
            continue
        if size * wide > LARGEST_KEY:
            key, size = number(key)
        key = key * wide + codes if size > 1 else codes.astype(np.int64)
        size *= wide
    return key, size


def number_keys(keys: Numbers, size: int) -> tuple[Numbers, int]:
    """Keys below a size as numbers from 0 on."""
    return _number_small(keys, size) if size <= max(DENSE * len(keys), SMALL) else number(keys)


def _number_small(keys: NDArray[Any], size: int) -> tuple[Numbers, int]:
    """As `number`, for keys below a size that is not much larger than their number: no hashing at all."""
    taken = np.zeros(size, np.bool_)
    taken[keys] = True
    numbers = np.cumsum(taken, dtype=np.int64) - 1
    return numbers[keys], int(numbers[-1]) + 1 if size else 0


def number(keys: NDArray[Any]) -> tuple[Numbers, int]:
    """Keys as numbers from 0 on; hashing is several times faster than sorting."""
    encoded = pc.dictionary_encode(from_numpy(keys))
    return to_numpy(encoded.indices).astype(np.int64), len(encoded.dictionary)


def encode(values: pa.Array) -> tuple[NDArray[Any], int]:
    """A code for each value, null included, and how many there are."""
    encoded = pc.dictionary_encode(values, null_encoding="encode")
    return to_numpy(encoded.indices), len(encoded.dictionary)


def places_of(numbers: Numbers, count: int) -> NDArray[np.intp]:
    """A place where each number stands."""
    places = np.zeros(count, np.intp)
    places[numbers] = np.arange(len(numbers))
    return places


def count_combinations(columns: dict[str, pa.Array], weights: Numbers | None = None) -> pa.Table:
    """The distinct combinations of some columns, with the rows of each in `__count`. Raises DataError for more
    than fit into memory."""
    rows = len(next(iter(columns.values()), ()))
    numbers, count = number_codes([encode(column) for column in columns.values()], rows)
    if count > MOST:
        raise DataError(
            f"there are more than {MOST:,} different combinations of the quasi-identifiers",
            hint="coarsen columns first, as by bin, truncate or truncate_date, or give fewer the role",
        )
    places = from_numpy(places_of(numbers, count).astype(np.int64))
    counts = np.bincount(numbers, weights=weights, minlength=count).astype(np.int64)
    taken = {name: column.take(places) for name, column in columns.items()}
    return pa.table({**taken, COUNT: from_numpy(counts)})
