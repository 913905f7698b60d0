"""Spellings of codes."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.kernels.crypto.tokens import column, hexadecimal, require_scalar


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


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.binary(4), pa.binary_view()])
def test_bytes_have_a_spelling_only_where_they_may(kind: pa.DataType) -> None:
    """Bytes are spelled by default; a step that needs text says so."""
    require_scalar(kind, "pseudonymize")
    with pytest.raises(TypeError):
        require_scalar(kind, "pseudonymize", binary=False)


@pytest.mark.parametrize(
    "kind", [pa.list_(pa.string()), pa.struct([("a", pa.int8())]), pa.map_(pa.string(), pa.int8())]
)
def test_lists_have_no_spelling(kind: pa.DataType) -> None:
    """Nor has anything else that holds values."""
    with pytest.raises(TypeError):
        require_scalar(kind, "pseudonymize")
