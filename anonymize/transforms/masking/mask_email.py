"""Hiding e-mail addresses."""

from typing import Annotated, Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import Field

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.text import masking
from anonymize.kernels.text.characters import (
    OTHER,
    Characters,
    CharacterSet,
    class_of,
    few_characters,
    map_characters,
    text_type,
)

HIDDEN = "***"


class MaskEmail(ColumnTransform):
    """Hide the local part of an e-mail address: `a***@example.com`.

    There are always three stars, so the length is hidden. A local part that is not longer than `keep_first` is
    hidden entirely. What is not one address, split at its last `@` into something and a domain of letters,
    digits, `.`, `-` and `_`, is hidden entirely too, and never passed.
    A rare domain (a family's, a small firm's) still tells who it is.
    """

    use: Literal["mask_email"] = "mask_email"
    keep_first: Annotated[int, Field(ge=0, le=64)] = 1
    """How many characters of the local part stay."""
    keep_domain: bool = True
    """Show the domain; otherwise it becomes three stars too."""

    def properties(self) -> Properties:
        first = [few_characters("first", self.keep_first)] if self.keep_first else []
        domain = ["the domain"] if self.keep_domain else []
        return Properties(survives=" and ".join(first + domain) or "nothing")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        return text_type(given)

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        return map_characters(values, self._mask)

    def _mask(self, text: Characters) -> Characters:
        at = _at_signs(text)
        address = at > text.starts
        kept = np.where(address & (at - text.starts > self.keep_first), self.keep_first, 0)
        local = masking.Region(text.starts + kept, np.where(address, at, text.ends))
        text = masking.replace(text, local, HIDDEN)
        if self.keep_domain:
            return text
        domain = text.starts + np.where(address, kept + len(HIDDEN) + 1, 0)
        return masking.replace(text, masking.Region(domain, text.ends), HIDDEN)


def _at_signs(text: Characters) -> NDArray[np.int64]:
    """Where the last `@` stands in each value, or -1 unless a domain and nothing else follows."""
    found = masking.find_last(text, ~_DOMAIN.flags(text.codes))
    if not len(text.codes):
        return found
    sound = (text.codes[found] == ord("@")) & (found + 1 < text.ends)
    return np.where(sound, found, -1)


_DOMAIN = CharacterSet(lambda character: character in ".-_" or class_of(character) != OTHER)


EXAMPLES = [
    Example(
        MaskEmail(), ["alice@example.com", "王小明@例子.中国", None], ["a***@example.com", "王***@例子.中国", None]
    ),
    Example(
        MaskEmail(),
        ["a@b.org", '"x@y"@b.org', "no address", "@b.org", ""],
        ["***@b.org", '"***@b.org', *["***"] * 3],
    ),
    Example(MaskEmail(), ["alice@example.com, tel. 555 0100"], ["***"]),
    Example(MaskEmail(keep_first=0), ["alice@example.com"], ["***@example.com"]),
    Example(MaskEmail(keep_domain=False), ["alice@example.com", "alice", None], ["a***@***", "***", None]),
]
