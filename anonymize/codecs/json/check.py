"""Whether lines of bytes are JSON as RFC 8259 has it, for a whole block at once."""

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

# `Raw` lets msgspec check the grammar, numbers and escapes (lone surrogates too) without making any object but
# one per line. It does not look at UTF-8, at line ends, or for keys that stand twice.
_DECODER = msgspec.json.Decoder(msgspec.Raw)
DEEPEST = 64


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
