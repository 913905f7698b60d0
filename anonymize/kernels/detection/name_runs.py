"""Where names in Latin letters may stand: from each capitalized word to the end of those that follow it closely.

Most capitalized words begin a sentence. Words that are common in English and no given names are passed over, so
that patterns and lists are asked about few.
"""

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.kernels.detection.english_words import On, lists_of
from anonymize.kernels.detection.joined import Joined, Places

MOST_WORDS = 6
"""Words of a region, with initials and particles."""

SHORT = 3
"""Letters of a small word that may stand within a name, as `van` and `de`."""

_ASCII = bytes(range(65, 91)) + bytes(range(97, 123))
_NO_BORDER = b"0123456789_@/\\#&="
_LATIN_LEADS = (0xC3, 0xC5)
"""First bytes of the letters from À to ſ."""


def name_runs(joined: Joined, starts: Places, ends: Places) -> tuple[Places, Places]:
    """(starts, ends) of the regions, by those of all words. They overlap: each begins at another word."""
    data = joined.data
    good = ~_one_of(_NO_BORDER)[data[starts - 1]] | (starts == 0)
    good &= ~_one_of(_NO_BORDER)[data[ends]]
    capital = _is_capital(data, starts) & good
    likely = capital.copy()
    likely[capital] = _may_begin_a_name(joined, starts[capital], ends[capital])
    if not likely.any():
        return starts[:0], ends[:0]
    reach = _reach(data, starts, ends, capital, good)
    chosen = np.flatnonzero(likely)
    return starts[chosen], ends[np.minimum(reach[chosen], chosen + MOST_WORDS - 1)]


def in_words(joined: Joined) -> NDArray[np.bool_]:
    """The bytes of words: letters, and what joins two of them (hyphens and apostrophes)."""
    data = joined.data
    letters = _one_of(_ASCII)[data]
    if not joined.is_ascii:
        lead = (data >= _LATIN_LEADS[0]) & (data <= _LATIN_LEADS[1])
        letters |= lead
        letters[1:] |= lead[:-1]
    joints = np.flatnonzero((data == ord("-")) | (data == ord("'")))
    joints = joints[joints > 0]
    inside = letters.copy()
    inside[joints] = letters[joints - 1] & letters[joints + 1]
    return inside if joined.is_ascii else _with_curly(data, letters, inside)


def _with_curly(
    data: NDArray[np.uint8], letters: NDArray[np.bool_], inside: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """With the apostrophe ’ between letters."""
    places = np.flatnonzero(data[:-3] == 0xE2)
    places = places[(data[places + 1] == 0x80) & (data[places + 2] == 0x99) & (places > 0)]
    places = places[letters[places - 1] & letters[places + 3]]
    for step in range(3):
        inside[places + step] = True
    return inside


def _one_of(members: bytes) -> NDArray[np.bool_]:
    table = np.zeros(256, np.bool_)
    table[list(members)] = True
    return table


def _is_capital(data: NDArray[np.uint8], starts: Places) -> NDArray[np.bool_]:
    first, second = data[starts], data[np.minimum(starts + 1, len(data) - 1)]
    accented = ((first == 0xC3) & (second <= 0x9E)) | (first == 0xC4) | (first == 0xC5)
    found: NDArray[np.bool_] = ((first >= ord("A")) & (first <= ord("Z"))) | accented
    return found


def _may_begin_a_name(joined: Joined, starts: Places, ends: Places) -> NDArray[np.bool_]:
    """Which words are initials, given names, or not common in English."""
    lists = lists_of(pc.ascii_lower(joined.pieces(starts, ends)))
    found: NDArray[np.bool_] = (ends - starts == 1) | ((lists & On.GIVEN) != 0) | ((lists & On.WORDS) == 0)
    return found


def _reach(
    data: NDArray[np.uint8],
    starts: Places,
    ends: Places,
    capital: NDArray[np.bool_],
    good: NDArray[np.bool_],
) -> Places:
    """For each word the last of those that follow one another closely."""
    fits = capital | (good & (ends - starts <= SHORT))
    gaps = starts[1:] - ends[:-1]
    first, second = data[ends[:-1]], data[np.minimum(ends[:-1] + 1, len(data) - 1)]
    initial = (ends - starts == 1)[:-1]
    linked = (gaps == 1) & ((first == ord(" ")) | (initial & (first == ord("."))))
    linked |= (gaps == 2) & (second == ord(" ")) & ((initial & (first == ord("."))) | (first == ord(",")))
    linked &= fits[1:]
    stops = np.flatnonzero(np.append(~linked, True))
    found: Places = stops[np.searchsorted(stops, np.arange(len(starts)))]
    return found
