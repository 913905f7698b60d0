"""FF1 (NIST SP 800-38G) over whole columns: encryption from strings of n numerals to strings of n numerals.

A half of the Feistel network is kept as numbers below 2**32 (`places`), the most significant first, so that any
radix and length is whole-column arithmetic on 64-bit integers, and each AES block of a round a call for all rows.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.crypto.aes import BLOCK, BlockCipher

SMALLEST_DOMAIN = 1_000_000  # SP 800-38G revision 1: radix**minlen
LARGEST_RADIX = 1 << 16
LONGEST = 512  # numerals; SP 800-38G leaves maxlen to us, and the work grows with the square of the length

_ROUNDS = 10
_SLICE = 1 << 14  # rows at once: their blocks stay in the processor's cache
_WORD = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)

Half = list[NDArray[np.uint64]]
Numerals = NDArray[np.integer]


def least_length(radix: int) -> int:
    """The fewest numerals that make a domain of at least a million."""
    length = 1
    while radix**length < SMALLEST_DOMAIN:
        length += 1
    return max(length, 2)


class Ff1:
    """FF1 under one key for numerals below one radix."""

    def __init__(self, key: bytes, radix: int) -> None:
        if not 2 <= radix <= LARGEST_RADIX:
            raise ValueError("the radix of FF1 is 2 to 65536")
        self.radix = radix
        self._cipher = BlockCipher(key)

    def encrypt(self, numerals: Numerals, tweaks: NDArray[np.uint8]) -> Numerals:
        """Each row of numerals, under its row of tweak bytes or the only one there is."""
        return self._all(numerals, tweaks, decrypt=False)

    def decrypt(self, numerals: Numerals, tweaks: NDArray[np.uint8]) -> Numerals:
        """What `encrypt` was given."""
        return self._all(numerals, tweaks, decrypt=True)

    def permute(
        self, numbers: NDArray[np.uint64], length: int, tweaks: NDArray[np.uint8], *, decrypt: bool
    ) -> NDArray[np.uint64]:
        """The same for numbers below radix**length <= 2**64, whose numerals these are."""
        shape = _shape(self.radix, length)
        if shape.second.count > 1:
            raise ValueError("the numbers are too large")
        base = np.uint64(self.radix**shape.right)
        upper = numbers // base
        left, right = self._crypt([upper], [numbers - upper * base], shape, tweaks, decrypt=decrypt)
        return left[0] * base + right[0]

    def _all(self, numerals: Numerals, tweaks: NDArray[np.uint8], *, decrypt: bool) -> Numerals:
        shape = _shape(self.radix, numerals.shape[1])
        out = np.empty_like(numerals)
        for start in range(0, len(numerals), _SLICE):
            rows = slice(start, start + _SLICE)
            columns = np.ascontiguousarray(numerals[rows].T)
            tweak = tweaks if len(tweaks) == 1 else tweaks[rows]
            left, right = shape.first.read(columns[: shape.left]), shape.second.read(columns[shape.left :])
            left, right = self._crypt(left, right, shape, tweak, decrypt=decrypt)
            shape.first.write(left, columns[: shape.left])
            shape.second.write(right, columns[shape.left :])
            out[rows] = columns.T
        return out

    def _crypt(
        self, left: Half, right: Half, shape: "_Shape", tweaks: NDArray[np.uint8], *, decrypt: bool
    ) -> tuple[Half, Half]:
        """All rounds (SP 800-38G, algorithms 7 and 8, steps 5 and 6)."""
        state, tail = self._beginning(shape, tweaks)
        for turn in reversed(range(_ROUNDS)) if decrypt else range(_ROUNDS):
            half = shape.second if turn % 2 else shape.first
            asked, changed = (left, right) if decrypt else (right, left)
            number = half.remainder(self._random(state, tail, turn, asked, shape))
            result = half.minus(changed, number) if decrypt else half.plus(changed, number)
            left, right = (result, asked) if decrypt else (asked, result)
        return left, right

    def _beginning(
        self, shape: "_Shape", tweaks: NDArray[np.uint8]
    ) -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
        """The CBC-MAC over what all rounds share, and the bytes of the blocks that they do not."""
        size = tweaks.shape[1]
        zeros = (-size - shape.bytes - 1) % BLOCK
        fixed = bytes([1, 2, 1]) + self.radix.to_bytes(3) + bytes([10, shape.left % 256])
        fixed += shape.length.to_bytes(4) + size.to_bytes(4)
        message = np.zeros((len(tweaks), size + zeros + 1 + shape.bytes), np.uint8)
        message[:, :size] = tweaks
        state = self._cipher.encrypt(np.frombuffer(fixed, np.uint64).reshape(1, 2))
        shared = (size + zeros) // BLOCK * BLOCK
        for start in range(0, shared, BLOCK):
            state = self._cipher.encrypt(state ^ _words(message[:, start : start + BLOCK]))
        return state, message[:, shared:]

    def _random(
        self, state: NDArray[np.uint64], tail: NDArray[np.uint8], turn: int, asked: Half, shape: "_Shape"
    ) -> NDArray[np.uint64]:
        """The number y of a round, as 32-bit words in order."""
        rows, size = len(asked[0]), tail.shape[1]
        last = tail.copy()
        last[:, size - shape.bytes - 1] = turn
        constant = last.view(np.uint64)
        constant[:, :2] ^= state
        words = shape.second.limbs(asked, shape.bytes)  # either half has the same places but the first
        blocks = np.empty((rows, size // 8), np.uint64)
        blocks[:] = constant
        for place in range(1, len(words) + 1, 2):  # pairs of words from the end, as 8 bytes of the message
            pair = words[-place] if place == len(words) else words[-place] | (words[-place - 1] << _WORD)
            blocks[:, -(place + 1) // 2] ^= pair.byteswap()
        drawn = self._cipher.encrypt(blocks[:, :2])
        for start in range(2, blocks.shape[1], 2):
            drawn = self._cipher.encrypt(blocks[:, start : start + 2] ^ drawn)
        return self._stretched(drawn, shape.drawn)

    def _stretched(self, state: NDArray[np.uint64], size: int) -> NDArray[np.uint64]:
        """The first `size` bytes of the block and its continuation, as 64-bit numbers of 32 bits each (of 64 if
        that is all)."""
        if size == 8:
            return state[:, :1].byteswap()
        parts = [state]
        for number in range(1, -(-size // BLOCK)):
            counter = np.frombuffer(number.to_bytes(BLOCK), np.uint64)
            parts.append(self._cipher.encrypt(state ^ counter))
        whole = np.ascontiguousarray(np.concatenate(parts, axis=1)).view(">u4")
        return whole[:, : size // 4].astype(np.uint64)


@dataclass(frozen=True)
class _Side:
    """Numbers of so many numerals of a radix, written as places below 2**32."""

    radix: int
    length: int

    @cached_property
    def width(self) -> int:
        """Numerals in a place."""
        width = 1
        while self.radix ** (width + 1) <= 1 << 32:
            width += 1
        return width

    @cached_property
    def count(self) -> int:
        """Places of a number."""
        return -(-self.length // self.width)

    @cached_property
    def bases(self) -> list[np.uint64]:
        """How many numbers each place can hold; the first has the numerals that are left over."""
        top = self.length - (self.count - 1) * self.width
        return [np.uint64(self.radix**top)] + [np.uint64(self.radix**self.width)] * (self.count - 1)

    def read(self, columns: Numerals) -> Half:
        """The places of numerals, a row of which holds one numeral of each value."""
        places, start = [], 0
        radix = np.uint64(self.radix)
        for end in self._ends():
            place = columns[start].astype(np.uint64)
            for column in columns[start + 1 : end]:
                place *= radix
                place += column.astype(np.uint64)
            places.append(place)
            start = end
        return places

    def write(self, places: Half, columns: Numerals) -> None:
        """The inverse of `read`, into `columns`."""
        start = 0
        radix = np.uint32(self.radix)
        for place, end in zip(places, self._ends(), strict=True):
            rest = place.astype(np.uint32)
            for column in range(end - 1, start, -1):
                above = rest // radix
                columns[column] = rest - above * radix
                rest = above
            columns[start] = rest
            start = end

    def _ends(self) -> list[int]:
        return [self.length - self.width * after for after in reversed(range(self.count))]

    def limbs(self, places: Half, size: int) -> Half:
        """The number in `size` bytes, as 32-bit words, the most significant first."""
        count = -(-size // 4)
        if len(places) == 1:
            return places
        words = [np.zeros(len(places[0]), np.uint64) for _ in range(count)]
        base = self.bases[-1]
        for place in places:
            carry = place
            for index in range(count - 1, -1, -1):
                product = words[index] * base + carry
                words[index] = product & _LOW
                carry = product >> _WORD
        return words

    def remainder(self, words: NDArray[np.uint64]) -> Half:
        """The places of the number modulo radix**length."""
        if words.shape[1] == 1:
            return [words[:, 0] - words[:, 0] // self.bases[0] * self.bases[0]]
        rest = list(words.T)
        places: Half = []
        for base in reversed(self.bases):
            left = np.zeros(len(words), np.uint64)
            for index, word in enumerate(rest):
                whole = (left << _WORD) | word
                rest[index] = whole // base
                left = whole - rest[index] * base
            places.insert(0, left)
        return places

    def plus(self, first: Half, second: Half) -> Half:
        """The sum modulo radix**length."""
        if len(first) == 1:
            total = first[0] + second[0]
            return [np.minimum(total, total - self.bases[0])]  # what is below zero wraps to the largest numbers
        carry: NDArray[np.uint64] | None = None
        places: Half = []
        for a, b, base in zip(reversed(first), reversed(second), reversed(self.bases), strict=True):
            total = a + b if carry is None else a + b + carry
            carry = (total >= base).view(np.uint8).astype(np.uint64)
            places.insert(0, total - carry * base)
        return places

    def minus(self, first: Half, second: Half) -> Half:
        """The difference modulo radix**length."""
        if len(first) == 1:
            rest = first[0] - second[0]
            return [np.minimum(rest, rest + self.bases[0])]
        borrow: NDArray[np.uint64] | None = None
        places: Half = []
        for a, b, base in zip(reversed(first), reversed(second), reversed(self.bases), strict=True):
            taken = b if borrow is None else b + borrow
            borrow = (a < taken).view(np.uint8).astype(np.uint64)
            places.insert(0, a + borrow * base - taken)
        return places


@dataclass(frozen=True)
class _Shape:
    """What follows from the radix and the length n (SP 800-38G, algorithm 7, steps 1 to 4)."""

    radix: int
    length: int

    @cached_property
    def left(self) -> int:
        return self.length // 2

    @cached_property
    def right(self) -> int:
        return self.length - self.left

    @cached_property
    def first(self) -> _Side:
        return _Side(self.radix, self.left)

    @cached_property
    def second(self) -> _Side:
        return _Side(self.radix, self.right)

    @cached_property
    def bytes(self) -> int:
        """Bytes of the number of a half."""
        largest: int = self.radix**self.right - 1
        return -(-largest.bit_length() // 8)

    @cached_property
    def drawn(self) -> int:
        """Bytes of the random number of a round."""
        return 4 * -(-self.bytes // 4) + 4


@lru_cache(maxsize=1024)
def _shape(radix: int, length: int) -> _Shape:
    if length < 2 or radix**length < SMALLEST_DOMAIN:
        raise ValueError("FF1 needs a domain of at least 1,000,000 values")
    if length > LONGEST:
        raise ValueError(f"FF1 is limited to {LONGEST} numerals here")
    return _Shape(radix, length)


def _words(columns: NDArray[np.uint8]) -> NDArray[np.uint64]:
    return np.ascontiguousarray(columns).view(np.uint64)
