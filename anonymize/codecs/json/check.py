"""Whether lines of bytes are JSON as RFC 8259 has it, for a whole block at once."""

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.kernels.segments import Ranges, joined

# `Raw` lets msgspec check the grammar, numbers and escapes (lone surrogates too) without making any object but
# one per line. It does not look at UTF-8, at line ends, or for keys that stand twice.
_DECODER = msgspec.json.Decoder(msgspec.Raw)
DEEPEST = 64
_NULL = b"null"
_NULL_WORD = int.from_bytes(_NULL, "little")
_BARE = np.isin(np.arange(256), list(b"0123456789+-.eEtrufals\n"))


class MalformedError(ValueError):
    """The bytes are not lines of JSON objects. The text says what is wrong, and quotes nothing."""


def too_deep() -> MalformedError:
    """Nested deeper than this package follows."""
    return MalformedError(f"objects and lists are nested deeper than {DEEPEST} levels")


def check_text(data: NDArray[np.uint8]) -> None:
    """Raises MalformedError unless the bytes are UTF-8 (surrogates are not)."""
    bounds = pa.py_buffer(np.array([0, len(data)], np.int32))
    try:
        pa.StringArray.from_buffers(1, bounds, pa.py_buffer(data)).validate(full=True)
    except pa.ArrowInvalid:
        raise MalformedError("not UTF-8") from None


def count_documents(data: NDArray[np.uint8]) -> int:
    """The number of JSON texts that follow each other. Raises MalformedError."""
    try:
        return len(_DECODER.decode_lines(data.data))
    except msgspec.DecodeError:
        raise MalformedError("not valid JSON") from None
    except RecursionError:
        raise too_deep() from None


def bare_values_are_valid(data: NDArray[np.uint8], start: NDArray[np.int64], end: NDArray[np.int64]) -> bool:
    """Whether each range is a number, `true`, `false` or `null`; the data ends with a line feed."""
    is_null = end - start == len(_NULL)
    words = np.ndarray((len(data) - len(_NULL) + 1,), "V4", data, strides=(1,))
    is_null[is_null] = words[start[is_null]].view("<u4") == _NULL_WORD
    others = np.flatnonzero(~is_null)
    if not len(others):
        return True
    ranges = Ranges(2 * len(others))
    pairs = ranges.bounds.reshape(-1, 2, 2)  # a view: each value, and a line feed behind it
    pairs[:, 0, 0], pairs[:, 0, 1] = start.take(others), end.take(others)
    pairs[:, 1] = len(data) - 1, len(data)
    lines = np.frombuffer(joined(ranges.gather(data)), np.uint8)
    try:
        return bool(_BARE[lines].all()) and count_documents(lines) == len(others)
    except MalformedError:
        return False
