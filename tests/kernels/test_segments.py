"""Ranges of bytes, gathered."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.kernels.segments import FEW, gather, joined, replaced


@given(st.binary(max_size=3000), st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 40)), max_size=30))
def test_ranges_are_slices(raw: bytes, ranges: list[tuple[int, int]]) -> None:
    """Few or many, of a short buffer or a long one, in any order and overlapping."""
    bounds = [(min(start, len(raw)), min(start + length, len(raw))) for start, length in ranges]
    starts, ends = (np.array([bound[i] for bound in bounds], np.int32) for i in (0, 1))
    found = gather(np.frombuffer(raw, np.uint8), starts, ends)

    assert [raw[start:end] for start, end in bounds] == found.to_pylist()
    assert b"".join(raw[start:end] for start, end in bounds) == joined(found).to_pybytes()


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("count", [FEW - 1, FEW, FEW + 1])
def test_the_number_of_ranges_does_not_matter(count: int, kept: bool) -> None:
    """On both sides of the border between the two ways, kept or not."""
    raw = bytes(range(256)) * 100
    starts = np.arange(count, dtype=np.int32) * 7
    found = gather(np.frombuffer(raw, np.uint8), starts, starts + np.int32(3), kept)

    assert [raw[start : start + 3] for start in starts] == found.to_pylist()


def test_a_few_ranges_of_a_long_buffer_cost_what_they_hold() -> None:
    """Half of the buffer for each of 20,000 columns would be more than there is."""
    before, watched = pa.default_memory_pool(), pa.proxy_memory_pool(pa.default_memory_pool())
    pa.set_memory_pool(watched)
    try:
        found = gather(np.zeros(1 << 26, np.uint8), np.array([5, 9], np.int32), np.array([7, 10], np.int32))
    finally:
        pa.set_memory_pool(before)

    assert [b"\0\0", b"\0"] == found.to_pylist()
    assert (watched.max_memory() or 0) < 1 << 16


def test_replaced_values_stand_in_their_rows() -> None:
    """All others stay, nulls too."""
    values = pa.array(["one", None, "", "four"])

    assert ["é", None, "", "ninety"] == replaced(
        values, np.array([3, 0], np.int32), pa.array(["ninety", "é"])
    ).to_pylist()
