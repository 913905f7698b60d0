"""Matches of long patterns by their heads.

RE2 finds where a match begins by reading back from its end: that takes long if the pattern has many ways to end.
From a place that is known it reads on at full speed.
"""

import numpy as np

from anonymize.kernels.detection.families import Regions
from anonymize.kernels.detection.joined import Places
from anonymize.kernels.detection.matching import all_matches

REST, LOOK = 768, 384
"""Bytes from a head on that are read; a match that ends in the last of them might go on."""

CROWDED = 8
"""If so many times the text would be read, heads are not worth while."""


def headed_matches(regions: Regions, head: str, body: str) -> tuple[Places, Places]:
    """(start, end) of each match in the buffer, as if the body alone had been looked for in the regions."""
    which, starts, _ = all_matches(regions.strings, head)
    if len(which) * REST > CROWDED * int(regions.lengths.sum()):
        return _plain(regions, body)
    starts += regions.starts[which]
    cut = np.minimum(starts + REST, regions.ends[which])
    at_head, _, lengths = all_matches(regions.joined.pieces(starts, cut), f"^(?:{body})")
    ends = starts.copy()
    ends[at_head] += lengths
    same = which[1:] == which[:-1]
    unsure = (cut < regions.ends[which]) & (ends > cut - LOOK)
    unsure[:-1] |= same & (starts[1:] < ends[:-1])  # a match may begin within what is no match any more
    again = np.zeros(len(regions.starts), np.bool_)
    again[which[unsure]] = True
    sure = np.flatnonzero((ends > starts) & ~again[which])
    others = _plain(regions.only(again), body)
    begins, finishes = (np.concatenate(pair) for pair in zip((starts[sure], ends[sure]), others, strict=True))
    order = np.argsort(begins, kind="stable")
    return begins[order], finishes[order]


def _plain(regions: Regions, body: str) -> tuple[Places, Places]:
    which, starts, ends = all_matches(regions.strings, body)
    return regions.starts[which] + starts, regions.starts[which] + ends
