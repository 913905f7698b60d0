"""Distinct combinations of columns, by sorting codes instead of hashing values."""

from collections.abc import Mapping, Sequence
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
            key, size = number(key, size)
        key = key * wide + codes if size > 1 else codes.astype(np.int64)
        size *= wide
    return key, size


def number_keys(keys: Numbers, size: int) -> tuple[Numbers, int]:
    """Keys below a size as numbers from 0 on."""
    return _number_small(keys, size) if size <= max(DENSE * len(keys), SMALL) else number(keys, size)


def _number_small(keys: NDArray[Any], size: int) -> tuple[Numbers, int]:
    """As `number`, for keys below a size that is not much larger than their number: no hashing at all."""
    taken = np.zeros(size, np.bool_)
    taken[keys] = True
    numbers = np.cumsum(taken, dtype=np.int64) - 1
    return numbers[keys], int(numbers[-1]) + 1 if size else 0


def number(keys: NDArray[Any], size: int = LARGEST_KEY) -> tuple[Numbers, int]:
    """Keys below a size as numbers from 0 on, by sorting: NumPy sorts vectors of numbers several times faster than
    they can be hashed, and fastest if key and place fit into one."""
    bits = len(keys).bit_length()
    if size << bits <= LARGEST_KEY:
        ranked = np.sort(keys.astype(np.int64) << bits | np.arange(len(keys)))
        order, ranked = ranked & ((1 << bits) - 1), ranked >> bits
    else:
        order = np.argsort(keys)
        ranked = keys[order]
    numbers = np.empty(len(keys), np.int64)
    numbers[order] = np.cumsum(np.diff(ranked, prepend=ranked[:1]) != 0)
    return numbers, int(numbers[order[-1]]) + 1 if len(keys) else 0


def encode(values: pa.Array) -> tuple[NDArray[Any], int]:
    """A code for each value, null included, and how many there may be."""
    if not pa.types.is_dictionary(values.type):
        encoded = pc.dictionary_encode(values, null_encoding="encode")
        return to_numpy(encoded.indices), len(encoded.dictionary)
    codes, count = to_numpy(values.indices), len(values.dictionary)
    if not values.null_count:
        return codes, count
    return np.where(to_numpy(values.is_null()), count, codes), count + 1


def distinct_values(values: pa.Array) -> tuple[NDArray[Any], pa.Array]:
    """A code for each value, and the values that occur, null included, each in the place of its code."""
    if not pa.types.is_dictionary(values.type):
        encoded = pc.dictionary_encode(values, null_encoding="encode")
        return to_numpy(encoded.indices), encoded.dictionary
    codes, count = encode(values)
    every = values.dictionary
    if count > len(every):
        every = pa.concat_arrays([every, pa.nulls(1, every.type)])
    occurs = np.bincount(codes, minlength=count) > 0
    return (np.cumsum(occurs) - 1)[codes], every.filter(from_numpy(occurs))


def places_of(numbers: Numbers, count: int) -> NDArray[np.intp]:
    """A place where each number stands."""
    places = np.zeros(count, np.intp)
    places[numbers] = np.arange(len(numbers))
    return places


def count_combinations(
    columns: Mapping[str, pa.Array], weights: Numbers | None = None, most: int | None = MOST
) -> pa.Table:
    """The distinct combinations of some columns, as dictionaries, with the rows of each in `__count`. Raises
    DataError for more than are held."""
    coded = {name: _coded(column) for name, column in columns.items()}
    rows = len(next(iter(coded.values()), ()))
    numbers, count = number_codes([encode(column) for column in coded.values()], rows)
    if most is not None and count > most:
        raise DataError(
            f"there are more than {most:,} different combinations of the quasi-identifiers",
            hint="coarsen columns first, as by bin, truncate or truncate_date, or give fewer the role",
        )
    places = from_numpy(places_of(numbers, count))
    counts = np.bincount(numbers, weights=weights, minlength=count).astype(np.int64)
    taken = {name: column.take(places) for name, column in coded.items()}
    return pa.table({**taken, COUNT: from_numpy(counts)})


def add_combinations(tables: Sequence[pa.Table], names: Sequence[str], most: int | None = MOST) -> pa.Table:
    """The sum of several such tables. Raises DataError."""
    every = pa.concat_tables([table.select([*names, COUNT]) for table in tables])
    try:
        columns = {name: _one_array(every[name]) for name in names}
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):  # more text than one array holds
        raise DataError("the combinations of the quasi-identifiers do not fit into memory") from None
    return count_combinations(columns, to_numpy(_one_array(every[COUNT])), most)


def decoded(table: pa.Table) -> pa.Table:
    """A table with values instead of dictionaries."""
    columns = [_one_array(table[name]) for name in table.column_names]
    plain = [one.dictionary_decode() if pa.types.is_dictionary(one.type) else one for one in columns]
    return pa.table(plain, table.column_names)


def _coded(values: pa.Array) -> pa.Array:
    return values if pa.types.is_dictionary(values.type) else pc.dictionary_encode(values)


def _one_array(column: pa.ChunkedArray) -> pa.Array:
    if column.num_chunks == 1:
        return column.chunk(0)
    if pa.types.is_dictionary(column.type) and pa.types.is_null(column.type.value_type):
        return _coded(pa.nulls(len(column)))  # Arrow cannot join dictionaries of nothing
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.nulls(0, column.type)
