"""Several quasi-identifiers as one column of small numbers: one look-up then takes all of them to their levels."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from anonymize.kernels.anonymity.domains import Codes, Domain
from anonymize.kernels.combining import Numbers, number_codes, places_of

LEAST, PART = 1 << 12, 16
"""A pack has up to so many distinct combinations, or one for so many of the census."""
ROOM = 1 << 22


@dataclass
class Pack:
    """Some quasi-identifiers, their combinations numbered."""

    places: tuple[int, ...]
    domains: Sequence[Domain]
    """Of all quasi-identifiers."""
    values: Sequence[Codes]
    """For each of these quasi-identifiers, the value that each number stands for."""
    numbers: NDArray[np.uint32]
    """The number of each combination of the census."""
    _known: dict[tuple[int, ...], tuple[Numbers, int]] = field(default_factory=dict, repr=False)

    def groups(self, node: Sequence[int]) -> tuple[Numbers, int]:
        """The group that each number falls into on the levels of a node, and how many groups there are."""
        levels = tuple(node[place] for place in self.places)
        if levels not in self._known:
            if len(self._known) * len(self.values[0]) > ROOM:
                self._known.clear()
            on = [self.domains[place].levels[level] for place, level in zip(self.places, levels, strict=True)]
            taken = [(level.groups.take(own), level.size) for level, own in zip(on, self.values, strict=True)]
            self._known[levels] = number_codes(taken, len(self.values[0]))
        return self._known[levels]


def packed(domains: Sequence[Domain], values: Sequence[Codes]) -> list[Pack]:
    """The quasi-identifiers of a census in as few packs as their order allows."""
    rows = len(values[0]) if values else 0
    most, packs = max(LEAST, rows // PART), list[Pack]()
    for place, own in enumerate(values):
        alone = (own, domains[place].size)
        if packs and len(packs[-1].values[0]) <= most:
            last = packs[-1]
            numbers, count = number_codes([(last.numbers, len(last.values[0])), alone], rows)
            if count <= most:
                at = places_of(numbers, count)
                known = [*(value[last.numbers[at]] for value in last.values), own[at]]
                packs[-1] = Pack((*last.places, place), domains, known, numbers.astype(np.uint32))
                continue
        numbers, count = number_codes([alone], rows)
        packs.append(Pack((place,), domains, [own[places_of(numbers, count)]], numbers.astype(np.uint32)))
    return packs
