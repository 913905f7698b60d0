"""AES-CMAC of whole columns equals the standard, value by value."""

import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.cmac import CMAC
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.kernels.crypto.aes import LONG, SLICE, cmac

MESSAGE = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)
KEY_128 = "2b7e151628aed2a6abf7158809cf4f3c"
KEY_256 = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
VECTORS = [  # RFC 4493, section 4, then NIST SP 800-38B, appendix D.3 and its published examples
    (KEY_128, 0, "bb1d6929e95937287fa37d129b756746"),
    (KEY_128, 16, "070a16b46b4d4144f79bdd9dd04a287c"),
    (KEY_128, 40, "dfa66747de9ae63030ca32611497c827"),
    (KEY_128, 64, "51f0bebf7e3b9d92fc49741779363cfe"),
    (KEY_256, 0, "028962f61b7bf89efc6b551f4667d983"),
    (KEY_256, 16, "28a7023f452e8f82bd4bf28d8c37c35c"),
    (KEY_256, 20, "156727dc0878944a023c1fe03bad6d93"),
    (KEY_256, 40, "aaf3d8f1de5640c232f5b169b9c911e6"),
    (KEY_256, 64, "e1992190549f6ed5696a2c056c315410"),
]


def reference(key: bytes, value: bytes) -> bytes:
    code = CMAC(algorithms.AES(key))
    code.update(value)
    return code.finalize()


def tags(key: bytes, values: pa.Array) -> list[bytes]:
    return [tag.tobytes() for tag in cmac(key, values)]


@pytest.mark.parametrize(("key", "length", "expected"), VECTORS)
def test_standard_vectors(key: str, length: int, expected: str) -> None:
    """The published messages have the published codes."""
    assert expected == cmac(bytes.fromhex(key), pa.array([MESSAGE[:length]], pa.binary()))[0].tobytes().hex()


def test_standard_vectors_together() -> None:
    """Values of different lengths in one column do not disturb each other."""
    column = pa.array([MESSAGE[:length] for key, length, _ in VECTORS if key == KEY_256], pa.binary())

    assert [v[2] for v in VECTORS if v[0] == KEY_256] == [t.hex() for t in tags(bytes.fromhex(KEY_256), column)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.binary(max_size=70) | st.binary(min_size=1010, max_size=1100), max_size=40),
    st.sampled_from([16, 24, 32]),
    st.integers(0, 40),
)
def test_equals_the_library(values: list[bytes], size: int, start: int) -> None:
    """Any column, also a slice of one, has the codes that the library computes one by one."""
    key = bytes(range(size))
    column = pa.array(values, pa.binary()).slice(start)

    assert [reference(key, value) for value in values[start:]] == tags(key, column)


def test_nulls_leave_their_neighbours_alone() -> None:
    """The codes of the other values are the same with nulls between them."""
    key = bytes(32)
    values = ["a", None, "", "Zoë 王", None, "x" * 33]

    for value, tag in zip(values, tags(key, pa.array(values)), strict=True):
        assert value is None or reference(key, value.encode()) == tag
    assert cmac(key, pa.nulls(1, pa.string())).shape == (1, 16)


def test_empty_columns() -> None:
    """No values, no codes."""
    assert cmac(bytes(32), pa.array([], pa.string())).shape == (0, 16)
    assert cmac(bytes(32), pa.array(["a"]).slice(1)).shape == (0, 16)


def test_borders_of_slices_and_of_long_values() -> None:
    """Values around the sizes at which the work is cut have the right codes."""
    key = bytes(range(32))
    lengths = [16 * LONG + d for d in (-16, -1, 0, 1, 16)]
    long = ["x" * length for length in lengths]
    many = [str(number) for number in range(SLICE + 2)]

    assert [reference(key, value.encode()) for value in long] == tags(key, pa.array(long))
    assert [reference(key, value.encode()) for value in many[-4:]] == tags(key, pa.array(many))[-4:]
