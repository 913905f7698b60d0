"""Which keys stand in a block: the few distinct ones among very many."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from anonymize.codecs.json.check import MalformedError
from anonymize.codecs.json.scan import Scan
from anonymize.codecs.json.tokens import Bytes, Places
from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.segments import gather

_WORD = 8


def decoded_keys(data: Bytes, start: Places, end: Places, rows: int) -> tuple[NDArray[np.int32], list[str]]:
    """A number for each key, equal for all spellings of one key, and the keys."""
    indices, spelled = _distinct(data, start, end, rows)
    decoded = [msgspec.json.decode(b'"' + key + b'"', type=str) for key in spelled]
    keys = list(dict.fromkeys(decoded))
    if len(keys) != len(decoded):
        number = {key: place for place, key in enumerate(keys)}
        indices = np.array([number[key] for key in decoded], np.int32).take(indices)
    return indices, keys


def _distinct(data: Bytes, start: Places, end: Places, rows: int) -> tuple[NDArray[np.int32], list[bytes]]:
    """A number for the bytes of each key, and the bytes of each number, in order of appearance."""
    count, ragged = divmod(len(start), max(rows, 1))
    if count and not ragged:
        first, last = (
            [data[start[i] : end[i]].tobytes() for i in range(begin, begin + count)]
            for begin in (0, len(start) - count)
        )
        by_row = start[:-count].reshape(-1, count), end[:-count].reshape(-1, count)
        if first == last and len(set(first)) == count and _repeats(data, *by_row):
            return np.tile(np.arange(count, dtype=np.int32), rows), first
    encoded = gather(data, start.astype(np.int32), end.astype(np.int32)).dictionary_encode()
    return to_numpy(encoded.indices), encoded.dictionary.to_pylist()


def _repeats(data: Bytes, start: Places, end: Places) -> bool:
    """Whether each row has the keys of the first, compared eight bytes at a time."""
    if not len(start):
        return True
    lengths = end - start
    longest = int(lengths[0].max())
    # Words must not reach beyond the data; the last row was looked at by itself.
    if (lengths != lengths[0]).any() or start[-1, -1] + longest + _WORD > len(data):
        return False
    words = np.ndarray((len(data) - _WORD + 1,), "V8", data, strides=(1,))
    for done in range(0, longest, _WORD):
        longer = np.flatnonzero(lengths[0] > done)
        spare = np.maximum(done + _WORD - lengths[0].take(longer), 0).astype(np.uint64)
        found = words[start[:, longer] + done].view("<u8")
        if ((found ^ found[0]) << (spare * np.uint64(_WORD))).any():
            return False
    return True


def check_keys(found: Scan, key: NDArray[np.int32]) -> None:
    """Raises MalformedError if an object holds a key twice."""
    order, _ = found.groups
    path, container = found.of.take(order), found.container.take(order)
    again = (path[1:] == path[:-1]) & (container[1:] <= container[:-1])
    if (again & (key.take(order[1:]) >= 0)).any():
        raise MalformedError("a key stands twice in one object")
