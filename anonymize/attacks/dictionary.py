"""Dictionary attack: hash every candidate and look for the result."""

import base64
import codecs
import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from anonymize.core.attack import Attack, Evidence, Trial
from anonymize.core.component import Example
from anonymize.kernels.arrays import one_array
from anonymize.kernels.risk.columns import spelling
from anonymize.kernels.risk.knowing import differs

SHORTEST = 6
"""Characters of a hash that are enough to tell."""

_DIGESTS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s")


class Dictionary(Attack):
    """Without any key, hashes or encodes every value that a column may hold, and looks the results up in the
    release.

    The attacker's list is taken to be complete: all values of the original. Tried are the usual hashes (also cut
    off, in hexadecimal and Base64), CRC-32, Base64, hexadecimal, ROT13 and reversal. A keyed pseudonym
    withstands it, an unkeyed hash of a phone number or a name does not.
    """

    use: Literal["dictionary"] = "dictionary"

    most: int = Field(default=50_000, ge=1)
    """Candidates of each column that are tried."""

    def run(self, evidence: Evidence) -> Sequence[Trial]:
        return [trial for name in evidence.shared for trial in self._column(evidence, name)]

    def _column(self, evidence: Evidence, name: str) -> Iterator[Trial]:
        before, after = spelling(evidence.original[name]), spelling(evidence.release[name])
        changed = differs(before, after) & np.asarray(one_array(after).is_valid().to_numpy(zero_copy_only=False))
        if not changed.any():
            return
        mask = pa.array(changed.tolist())
        before, after = before.filter(mask), after.filter(mask)
        candidates = before.unique().drop_null()[: self.most].to_pylist()
        best, way = 0, ""
        ways = _functions(pc.max(pc.utf8_length(after)).as_py() or 0)
        for label, function in ways.items():
            made = pa.array([function(value.encode()) for value in candidates], pa.string())
            found = made.take(pc.index_in(before, pa.array(candidates, pa.string())))
            right = pc.sum(pc.equal(pc.utf8_lower(found), pc.utf8_lower(after))).as_py() or 0
            if right > best:
                best, way = right, label
        tried = f"{len(candidates):,} candidates in {len(ways):,} ways: {len(candidates) * len(ways):,} trials"
        said = f"{way} of the value, without a key" if best else "no candidate was found"
        yield Trial(name, len(after), best, 0.0, f"{said}; {tried}")


def _functions(length: int) -> Mapping[str, Callable[[bytes], str]]:
    """Ways to make a token of this length."""
    made: dict[str, Callable[[bytes], str]] = {
        "Base64": lambda v: base64.b64encode(v).decode(),
        "hexadecimal": lambda v: v.hex(),
        "ROT13": lambda v: codecs.encode(v.decode(), "rot13"),
        "reversal": lambda v: v.decode()[::-1],
        "CRC-32": lambda v: f"{zlib.crc32(v):08x}",
    }
    for name in _DIGESTS if length >= SHORTEST else ():
        made[name] = _cut(name, length, lambda digest: digest.hex())
        made[f"{name} in Base64"] = _cut(name, length, lambda digest: base64.b64encode(digest).decode())
    return made


def _cut(name: str, length: int, write: Callable[[bytes], str]) -> Callable[[bytes], str]:
    def token(value: bytes) -> str:
        return write(hashlib.new(name, value, usedforsecurity=False).digest())[:length]

    return token


_NAMES = ["王", "Bob", "Bob", None]
_HASHES: Any = [None if n is None else hashlib.sha256(n.encode()).hexdigest()[:16] for n in _NAMES]

EXAMPLES = [
    Example(Dictionary(), {"original": {"name": _NAMES}, "release": {"name": _HASHES}}, {"name": 3}),
    Example(
        Dictionary(most=1),
        {"original": {"name": _NAMES}, "release": {"name": ["x7Gq29", "p0Zr81", "p0Zr81", None]}},
        {"name": 0},
    ),
]
