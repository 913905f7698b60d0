"""Digests of columns are what their definition says, however the rows are cut."""

import hashlib
import struct

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from anonymize.kernels.column_digest import ColumnDigests, extract


def digest_by_hand(values):
    """The digest of a column as its description says, without Arrow."""
    lengths = b"".join(struct.pack("<i", -1 if v is None else len(v.encode())) for v in values)
    data = b"".join(v.encode() for v in values if v is not None)
    return hashlib.sha256(hashlib.sha256(lengths).digest() + hashlib.sha256(data).digest()).hexdigest()


@given(st.lists(st.one_of(st.none(), st.text(max_size=5))), st.data())
def test_column_digests_do_not_depend_on_cuts(values, data):
    """The same rows in other pieces, or in a slice of a larger array, give the digest of the description."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(values)), max_size=3)))
    found = ColumnDigests()
    array = pa.array(["x", *values], pa.string())
    for start, stop in zip([0, *cuts], [*cuts, len(values)], strict=True):
        piece = array.slice(1 + start, stop - start)
        found.add(len(piece), {"a": extract(piece, None, len(piece), None)})
    assert {"a": digest_by_hand(values)} == found.hexdigests()


@given(st.lists(st.tuples(st.one_of(st.none(), st.text(max_size=3)), st.booleans())))
def test_column_digests_are_of_the_rows_that_stay(rows):
    """Rows that are dropped leave no trace in a digest."""
    found = ColumnDigests()
    kept = np.array([stays for _, stays in rows], bool)
    found.add(int(kept.sum()), {"a": extract(pa.array([v for v, _ in rows], pa.string()), None, len(rows), kept)})
    assert {"a": digest_by_hand([v for v, stays in rows if stays])} == found.hexdigests()


def test_columns_that_turn_up_late_were_null_before():
    """A column that is missing on a page counts as null there."""
    found = ColumnDigests()
    found.add(2, {"a": extract(pa.array(["x", "y"]), None, 2, None)})
    found.add(1, {"b": extract(pa.array(["z"]), None, 1, None)})
    assert {"a": digest_by_hand(["x", "y", None]), "b": digest_by_hand([None, None, "z"])} == found.hexdigests()
