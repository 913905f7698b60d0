"""Spellings of codes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.kernels.crypto.tokens import column, hexadecimal


@pytest.mark.parametrize("length", range(1, 33))
@given(st.lists(st.binary(min_size=16, max_size=16), max_size=4))
def test_hexadecimal(length: int, codes: list[bytes]) -> None:
    """The first characters of what Python writes, whatever their number."""
    given = np.frombuffer(b"".join(codes), np.uint8).reshape(-1, 16)

    found = column(hexadecimal(given, length), None)

    found.validate(full=True)
    assert [code.hex()[:length] for code in codes] == found.to_pylist()
    assert ["c" + code.hex()[:length] for code in codes] == column(
        hexadecimal(given, length), None, "c"
    ).to_pylist()
