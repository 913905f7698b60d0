"""Personal data in text as tokens that the key opens again: `<PERSON:AQI4NoOgQ9kqMTGp45toqxn8exPZ>`."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.kernels.arrays import from_numpy, to_numpy
from anonymize.kernels.crypto.ciphertexts import restored
from anonymize.kernels.crypto.siv import Siv
from anonymize.kernels.crypto.spellings import decode, encode
from anonymize.kernels.detection.matching import MARKS, all_matches
from anonymize.kernels.detection.spans import Spans, denied_spans, pieces, spliced

VERSION = b"\x01"

SHAPE = "<[A-Z][A-Z0-9_]{0,60}:[0-9A-Za-z_-]{23,}>"
_CIPHERTEXT = "^<[A-Z0-9_]+:(?P<token>.*)>$"


def tokens_in(cells: pa.StringArray, code: int) -> Spans:
    """What looks like a token."""
    marked = pc.match_substring_regex(cells, MARKS)
    if marked.true_count:  # as many bytes as before
        cells = pc.replace_substring_regex(cells, MARKS, " ")
    return denied_spans(*all_matches(cells, SHAPE), code)


def encrypted(found: pa.StringArray, spans: Spans, names: Sequence[str], cipher: Siv) -> pa.StringArray:
    """The token of each find."""
    made = encode(cipher.seal(found, (), VERSION), "base64url")
    called = pa.array(names, pa.string()).take(from_numpy(spans.entity))
    return pc.binary_join_element_wise("<", pc.binary_join_element_wise(called, made, ":"), ">", "")


def opened(cells: pa.StringArray, ciphers: Sequence[Siv]) -> tuple[pa.StringArray, NDArray[np.bool_]]:
    """The cells with what their tokens hold, and those in which there are tokens but none opens. Of the others,
    a token that somebody changed stays as it is."""
    spans = tokens_in(cells, 0)
    if not len(spans):
        return cells, np.zeros(len(cells), np.bool_)
    tokens = pc.struct_field(pc.extract_regex(pieces(cells, spans), _CIPHERTEXT), "token")
    sealed, _ = decode(tokens, "base64url")
    values = restored(tokens, lambda cipher: cipher.open(sealed, (), VERSION)[0], ciphers)
    good = to_numpy(values.is_valid())
    shut = np.zeros(len(cells), np.bool_)
    shut[spans.cell] = True
    shut[spans.cell[good]] = False
    chosen = spans.only(good)
    return spliced(cells, chosen, values.filter(from_numpy(good)).cast(pa.string())), shut
