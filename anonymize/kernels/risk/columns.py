"""Columns of any type as numbers of values, as spellings and as numbers."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.kernels.arrays import is_text, one_array, text, to_numpy
from anonymize.kernels.combining import Numbers, encode
from anonymize.kernels.numbers.parsing import Quiet, is_number, parse

CODE = r"^0[0-9]"
"""Digits that begin so are a code, not a number."""


def codes_of(column: Any) -> Numbers:
    """A number for each value."""
    return encode(one_array(column))[0].astype(np.int64)


def common_codes(one: Any, other: Any) -> tuple[Numbers, Numbers, int]:
    """The values of two columns numbered alike, by their spelling, and how many there are."""
    both = pa.concat_arrays([spelling(one), spelling(other)])
    codes, count = encode(both)
    return codes[: len(one)].astype(np.int64), codes[len(one) :].astype(np.int64), count


def spelling(column: Any) -> pa.Array:
    """The values as text."""
    array = one_array(column)
    if pa.types.is_binary(array.type) or pa.types.is_large_binary(array.type) or pa.types.is_nested(array.type):
        return pa.repeat(pa.scalar(None, pa.string()), len(array))
    return text(array)


def numbers_of(column: Any) -> NDArray[np.float64]:
    """The numbers, NaN for all else."""
    array = one_array(column)
    parsed = parse(array, Quiet())
    found = to_numpy(parsed).copy()
    found[~to_numpy(pc.is_valid(parsed))] = np.nan
    return found


def is_numeric(column: Any) -> bool:
    """Whether nine of ten values of a column are numbers."""
    array = one_array(column)
    kind = array.type.value_type if pa.types.is_dictionary(array.type) else array.type
    if not (is_number(kind) or is_text(kind)):
        return False
    present = len(array) - array.null_count
    if is_text(kind) and (pc.sum(pc.match_substring_regex(text(array), CODE)).as_py() or 0):
        return False
    return bool(present and int((~np.isnan(numbers_of(array))).sum()) >= 0.9 * present)
