"""Lists of names and words that come with the package: `data/detection/`, each with its source and licence."""

import re
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.kernels.distinct import ask_distinct

HAN = r"\x{4e00}-\x{9fff}"
"""Chinese characters, inside a character class."""


@lru_cache(maxsize=64)
def entries(name: str) -> tuple[str, ...]:
    """The words of a list, in its order. Lines that begin with `#` tell where they come from."""
    lines = files("anonymize").joinpath(f"data/detection/{name}.txt").read_text("utf-8").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=64)
def _members(name: str) -> frozenset[str]:
    return frozenset(entries(name))


def among(values: pa.StringArray, name: str) -> NDArray[np.bool_]:
    """Which values are on a list. Arrow's `is_in` makes its table of the list anew each time."""
    return ask_distinct(values, _members(name).__contains__, np.bool_)


def any_of(words: tuple[str, ...] | list[str]) -> str:
    """A pattern for any of the words, the longest first: `(?:欧阳|[王李])`."""
    single = [word for word in words if len(word) == 1]
    longer = sorted((word for word in words if len(word) > 1), key=len, reverse=True)
    options = [re.escape(word) for word in longer] + ([f"[{''.join(map(re.escape, single))}]"] if single else [])
    return f"(?:{'|'.join(options)})"


def han_except(characters: str) -> str:
    """A character class of all Chinese characters but these."""
    borders = [0x4DFF, *sorted(map(ord, set(characters))), 0xA000]
    ranges = [(low + 1, high - 1) for low, high in pairwise(borders) if high - low > 1]
    return "[" + "".join(rf"\x{{{low:x}}}-\x{{{high:x}}}" for low, high in ranges) + "]"
