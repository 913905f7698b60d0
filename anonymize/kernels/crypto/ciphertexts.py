"""What the reversible ciphers share: values as bytes, and ciphertexts back as values or as rejections."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.kernels.arrays import text
from anonymize.kernels.crypto.tokens import is_binary
from anonymize.kernels.numbers.parsing import Rejects
from anonymize.kernels.rejecting import reject_lost
from anonymize.kernels.text.spelling import spell

FOREIGN = "not a token of this key, column and data set"

C = TypeVar("C")


def plaintext(values: pa.Array) -> pa.Array:
    """The values as the string array that is encrypted: numbers and dates as spelled, bytes as hex."""
    if isinstance(values, pa.ExtensionArray):
        values = values.storage
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    return spell(values.cast(pa.binary()) if is_binary(values.type) else values)


def as_text(values: pa.Array) -> pa.Array:
    """A column of tokens, as a string or binary array."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    return values.cast(pa.binary()) if is_binary(values.type) else text(values)


def restored(tokens: pa.Array, open_with: Callable[[C], pa.Array], ciphers: Iterable[C]) -> pa.Array:
    """What the first of the ciphers that can opens of each token; null where none can."""
    newest, *older = ciphers
    found = open_with(newest)
    for cipher in older:
        if found.null_count > tokens.null_count:
            found = pc.coalesce(found, open_with(cipher))
    return found


def reject_foreign(found: pa.Array, tokens: pa.Array, context: Rejects) -> pa.Array:
    """The restored bytes as text, after reporting each token that was not opened."""
    return reject_lost(found.cast(pa.string()), tokens, FOREIGN, context)
