"""The values of a block of JSON lines, found by the shortest way that leads through it."""

import numpy as np

from anonymize.codecs.json.check import check_text, count_documents
from anonymize.codecs.json.flat import flat
from anonymize.codecs.json.nested import nested
from anonymize.codecs.json.regular import Memory, regular
from anonymize.codecs.json.scan import Lines, Paths, Scan
from anonymize.codecs.json.tokens import Bytes


def scan(data: Bytes, memory: Memory) -> Lines:
    """The values of whole lines. What is remembered of earlier blocks saves time, and changes nothing.

    Raises MalformedError when any line is not one JSON object.
    """
    if not len(data):
        return _nothing(data)
    check_text(data)
    if (alike := regular(data, memory)) is not None:
        return alike
    documents = count_documents(data)
    return flat(data, documents) or nested(data, documents)


def _nothing(data: Bytes) -> Scan:
    places, numbers = np.zeros(0, np.int64), np.zeros(0, np.int32)
    starts = np.zeros(1, np.int64)
    return Scan(data, starts, places, places, data, numbers, places, numbers, numbers, numbers, Paths([], [], []))
