"""AES-SIV (RFC 5297) over whole columns: encryption that is deterministic and authenticated.

The synthetic IV of all values is one AES-CMAC over the column, the keystream one AES call over all their blocks.
"""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.kernels.arrays import fixed_width_text, from_numpy, text_buffers, to_numpy, validity
from anonymize.kernels.crypto.aes import BLOCK, BlockCipher, Cmac
from anonymize.kernels.crypto.spellings import require_size
from anonymize.kernels.segments import gather
from anonymize.kernels.text.characters import running_totals

KEY_SIZES = (32, 48, 64)  # one half for S2V, one for CTR

_WINDOW = "V16"
_SLICE = 1 << 14  # values at once: their blocks stay in the processor's cache
_PLACES, _LENGTHS = np.arange(BLOCK), np.arange(BLOCK + 1)[:, None]
_MASKS = np.where(_PLACES < _LENGTHS, 255, 0).astype(np.uint8).view(_WINDOW).reshape(-1)
_PADS = np.where(_PLACES == _LENGTHS, 0x80, 0).astype(np.uint8).view(_WINDOW).reshape(-1)
_CLEARED = np.frombuffer(bytes.fromhex("ffffffffffffffff7fffffff7fffffff"), np.uint64)  # RFC 5297, section 2.5
_POLYNOMIAL = np.uint64(0x87)

Words = NDArray[np.uint64]
Positions = NDArray[np.int64]


class Siv:
    """AES-SIV under one key; of 64 bytes, for AES-256."""

    def __init__(self, key: bytes) -> None:
        if len(key) not in KEY_SIZES:
            raise ValueError("AES-SIV takes a key of 32, 48 or 64 bytes")
        self._mac = Cmac(key[: len(key) // 2])
        self._cipher = BlockCipher(key[len(key) // 2 :])
        self._start = _tags(self._mac, pa.array([bytes(BLOCK)], pa.binary()))

    def seal(self, values: pa.Array, associated: tuple[pa.Array, ...] = (), head: bytes = b"") -> pa.Array:
        """Each value of a string or binary array as head, synthetic IV and ciphertext; null where it is null.

        Each of the `associated` arrays adds a string to the vector that is authenticated with a value; a null in
        it adds none.
        """
        parts = [
            self._seal(values[start : start + _SLICE], _slices(associated, start), head)
            for start in range(0, max(len(values), 1), _SLICE)
        ]
        return pa.concat_arrays(parts)

    def open(
        self, sealed: pa.Array, associated: tuple[pa.Array, ...] = (), head: bytes = b""
    ) -> tuple[pa.Array, pa.Array]:
        """The values (binary; null where nothing authentic stands) and which of the sealed ones are authentic."""
        opened = [
            self._open(sealed[start : start + _SLICE], _slices(associated, start), head)
            for start in range(0, max(len(sealed), 1), _SLICE)
        ]
        values, authentic = zip(*opened, strict=True)
        return pa.concat_arrays(values), pa.concat_arrays(authentic)

    def _seal(self, values: pa.Array, associated: tuple[pa.Array, ...], head: bytes) -> pa.Array:
        offsets, data = text_buffers(values)
        tags = self._synthetic(values, associated)
        lengths = np.diff(offsets).astype(np.int64)
        plain = _Blocks.of(_windows(data, offsets[0], offsets[-1]), offsets[:-1] - offsets[0], lengths)
        return _joined(head, tags, plain.mixed_with(self._keystream(tags, plain)), values)

    def _open(self, sealed: pa.Array, associated: tuple[pa.Array, ...], head: bytes) -> tuple[pa.Array, pa.Array]:
        offsets, data = text_buffers(sealed)
        starts = (offsets[:-1] - offsets[0]).astype(np.int64)
        lengths = np.diff(offsets).astype(np.int64) - len(head) - BLOCK
        whole = lengths >= 0
        lengths = np.where(whole, lengths, 0)
        windows = _windows(data, offsets[0], offsets[-1])
        starts[~whole] = 0
        heads = _words(windows, starts) & _words(_MASKS, np.array([len(head)]))
        expected = np.frombuffer(head.ljust(BLOCK, b"\0"), np.uint64)
        tags = _words(windows, starts + len(head))
        coded = _Blocks.of(windows, starts + len(head) + BLOCK, lengths)
        values = coded.mixed_with(self._keystream(tags, coded)).values()
        found = self._synthetic(values, associated)
        # all bits of all tags are compared, so that time tells nothing about where one differs
        differences = np.bitwise_or.reduce((found ^ tags) | (heads ^ expected), axis=1)
        authentic = from_numpy((differences == 0) & whole & to_numpy(sealed.is_valid()))
        return _where_true(values, authentic), authentic

    def _keystream(self, tags: Words, blocks: "_Blocks") -> Words:
        """One block for each block of the values, counting on from the synthetic IV (without two of its bits, so
        that no carry leaves its last 32)."""
        initial = tags & _CLEARED
        counters = np.repeat(initial, blocks.counts, axis=0) if not blocks.one_each else initial
        if not blocks.one_each:
            within = np.arange(len(counters)) - np.repeat(blocks.firsts[:-1], blocks.counts)
            counters[:, 1] = (counters[:, 1].byteswap() + within.astype(np.uint64)).byteswap()
        return self._cipher.encrypt(counters)

    def _synthetic(self, values: pa.Array, associated: tuple[pa.Array, ...]) -> Words:
        """S2V (RFC 5297, section 2.4) of the associated strings and each value."""
        offsets, data = text_buffers(values)
        starts, lengths = offsets[:-1] - offsets[0], np.diff(offsets)
        vector = self._vector(associated)
        used = np.empty(int(offsets[-1] - offsets[0]) + BLOCK, np.uint8)
        used[:-BLOCK] = data[offsets[0] : offsets[-1]]
        short = lengths < BLOCK
        counted = np.minimum(lengths, BLOCK)
        padded = _words(_windows(used, 0, len(used)), starts) & _words(_MASKS, counted)
        padded ^= _words(_PADS, counted) ^ _doubled(vector)
        if short.all():
            return _tags(self._mac, fixed_width_text(padded.reshape(-1).view(np.uint8), BLOCK))
        _end_with(used, starts[~short] + lengths[~short], vector if len(vector) == 1 else vector[~short])
        buffer = np.concatenate([padded.reshape(-1).view(np.uint8), used])
        begins = np.where(short, BLOCK * np.arange(len(lengths)), padded.nbytes + starts)
        ends = begins + np.maximum(lengths, BLOCK)
        return _tags(self._mac, gather(buffer, begins.astype(np.int32), ends.astype(np.int32)))

    def _vector(self, associated: tuple[pa.Array, ...]) -> Words:
        """What S2V has made of the strings before the last, as one row or a row for each value."""
        state = self._start
        for strings in associated:
            after = _doubled(state) ^ _tags(self._mac, strings)
            missing = to_numpy(strings.is_null())
            state = np.where(missing[:, None], state, after) if strings.null_count else after
        return state


class _Blocks:
    """The bytes of values in blocks of 16, each value beginning with a new block; zeros past its end."""

    def __init__(self, words: Words, lengths: Positions) -> None:
        self.words = words
        self.lengths = lengths
        self.counts = (lengths + (BLOCK - 1)) // BLOCK
        self.firsts = running_totals(self.counts)
        self.one_each = bool((self.counts == 1).all())

    @classmethod
    def of(cls, windows: NDArray[np.void], starts: Positions, lengths: Positions) -> "_Blocks":
        made = cls(np.zeros((0, 2), np.uint64), lengths)
        places = starts
        if not made.one_each:
            places = np.repeat(starts - BLOCK * made.firsts[:-1], made.counts)
            places += BLOCK * np.arange(len(places))
        made.words = _words(windows, places)
        return made.cleared()

    def mixed_with(self, keystream: Words) -> "_Blocks":
        return _Blocks(self.words ^ keystream, self.lengths).cleared()

    def cleared(self) -> "_Blocks":
        """The same, with zeros past the end of each value."""
        if self.one_each:
            self.words &= _words(_MASKS, self.lengths)
        else:
            filled = self.counts > 0
            last = self.firsts[1:][filled] - 1
            self.words[last] &= _words(_MASKS, (self.lengths[filled] - 1) % BLOCK + 1)
        return self

    def values(self) -> pa.Array:
        starts = (BLOCK * self.firsts[:-1]).astype(np.int32)
        buffer = np.ascontiguousarray(self.words).reshape(-1).view(np.uint8)
        return gather(buffer, starts, starts + self.lengths.astype(np.int32))


def _joined(head: bytes, tags: Words, coded: _Blocks, like: pa.Array) -> pa.Array:
    """Head, tag and ciphertext of each value."""
    count = len(tags)
    require_size(BLOCK * (1 + count + len(coded.words)) + count * (len(head) + BLOCK))
    starts = np.empty((count, 3), np.int32)
    buffer = np.empty((1 + count + len(coded.words), 2), np.uint64)
    buffer[0] = np.frombuffer(head.ljust(BLOCK, b"\0"), np.uint64)
    buffer[1 : 1 + count] = tags
    buffer[1 + count :] = coded.words
    starts[:, 0] = 0
    starts[:, 1] = BLOCK * np.arange(1, 1 + count)
    starts[:, 2] = BLOCK * (1 + count + coded.firsts[:-1])
    ends = starts.copy()
    ends[:, 0] += len(head)
    ends[:, 1] += BLOCK
    ends[:, 2] += coded.lengths.astype(np.int32)
    data = gather(buffer.reshape(-1).view(np.uint8), starts.reshape(-1), ends.reshape(-1)).buffers()[2]
    offsets = running_totals(coded.lengths + len(head) + BLOCK).astype(np.int32)
    return pa.Array.from_buffers(pa.binary(), count, [validity(like), pa.py_buffer(offsets), data])


def _where_true(values: pa.Array, mask: pa.Array) -> pa.Array:
    """The values, null where the mask is not true."""
    _, offsets, data = values.buffers()
    return pa.Array.from_buffers(pa.binary(), len(values), [mask.buffers()[1], offsets, data])


def _tags(mac: Cmac, values: pa.Array) -> Words:
    return mac.tags(values).view(np.uint64)


def _slices(arrays: tuple[pa.Array, ...], start: int) -> tuple[pa.Array, ...]:
    return tuple(array[start : start + _SLICE] for array in arrays)


def _windows(data: NDArray[np.uint8], start: int, end: int) -> NDArray[np.void]:
    """The 16 bytes from each position between start and end on, overlapping, with zeros past the end."""
    padded = np.zeros(end - start + 2 * BLOCK, np.uint8)
    padded[: end - start] = data[start:end]
    return np.ndarray((len(padded) - BLOCK + 1,), _WINDOW, padded, strides=(1,))


def _words(windows: NDArray[np.void], places: NDArray[np.integer]) -> Words:
    """The windows at some places, as two words each."""
    words: Words = windows[places].view(np.uint64).reshape(-1, 2)
    return words


def _end_with(data: NDArray[np.uint8], ends: NDArray[np.int32], mixed: Words) -> None:
    """Mixes 16 bytes into those before each end, in place."""
    windows = np.ndarray((len(data) - BLOCK + 1,), _WINDOW, data, strides=(1,))
    changed = _words(windows, ends - BLOCK) ^ mixed
    windows[ends - BLOCK] = changed.view(_WINDOW).reshape(-1)


def _doubled(blocks: Words) -> Words:
    """Each block multiplied by x in the field of 2**128 elements (RFC 5297, section 2.3)."""
    high, low = blocks[:, 0].byteswap(), blocks[:, 1].byteswap()
    out = np.empty_like(blocks)
    out[:, 0] = ((high << np.uint64(1)) | (low >> np.uint64(63))).byteswap()
    out[:, 1] = ((low << np.uint64(1)) ^ ((high >> np.uint64(63)) * _POLYNOMIAL)).byteswap()
    return out
