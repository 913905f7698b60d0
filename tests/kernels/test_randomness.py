"""Randomness is a function of the secret and of the place."""

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.kernels.crypto.randomness import choices, uniforms, words

SECRET = bytes(range(32))


def places(count: int, first: int = 0) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(first, first + count, dtype=np.int64), np.zeros(count, np.int64)


def test_is_aes_of_the_place() -> None:
    """A word is the first half of the encrypted block of row, slot and draw."""
    block = (7).to_bytes(8, "little") + (2).to_bytes(4, "little") + (5).to_bytes(4, "little")
    encryptor = Cipher(algorithms.AES(SECRET), modes.ECB()).encryptor()  # noqa: S305
    expected = int.from_bytes(encryptor.update(block)[:8], "little")

    assert expected == words(SECRET, np.array([7]), np.array([2]), draw=5)[0]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**40), st.integers(0, 300), st.integers(0, 300))
def test_cuts_do_not_matter(first: int, count: int, cut: int) -> None:
    """Two pieces have the numbers of the whole."""
    rows, slots = places(count, first)
    whole = words(SECRET, rows, slots)

    assert np.array_equal(whole[:cut], words(SECRET, rows[:cut], slots[:cut]))
    assert np.array_equal(whole[cut:], words(SECRET, rows[cut:], slots[cut:]))


def test_places_draws_and_secrets_differ() -> None:
    """No two blocks meet."""
    rows, slots = places(40_000)
    series = [words(SECRET, rows, slots + slot, draw) for slot in (0, 1) for draw in (0, 1)]
    series.append(words(bytes(32), rows, slots))

    assert len(np.unique(np.concatenate(series))) == 5 * 40_000


def test_uniforms_are_uniform() -> None:
    """They lie in [0, 1), fill ten bins evenly and have the mean and spread of the uniform distribution."""
    found = uniforms(SECRET, *places(100_000))
    bins = np.histogram(found, bins=10, range=(0, 1))[0]

    assert found.min() >= 0
    assert found.max() < 1
    assert (((bins - 10_000) ** 2) / 10_000).sum() < 33.7  # chi squared, 9 degrees of freedom, p = 0.0001
    assert abs(found.mean() - 0.5) < 0.004
    assert abs(found.std() - 12**-0.5) < 0.004


@pytest.mark.parametrize("bound", [1, 2, 7, 1000, 2**32])
def test_choices_stay_below_the_bound(bound: int) -> None:
    """Every choice is possible and none lies outside."""
    found = choices(SECRET, *places(20_000), bound=bound)

    assert found.dtype == np.int64
    assert found.min() >= 0
    assert found.max() < bound
    assert min(bound, 1000) <= len(np.unique(found))


def test_choices_need_a_bound() -> None:
    """A bound of nothing is a mistake of the caller."""
    with pytest.raises(ValueError, match="between 1 and"):
        choices(SECRET, *places(1), bound=0)


def test_no_places() -> None:
    """Nothing in, nothing out."""
    assert len(uniforms(SECRET, *places(0))) == 0


def test_the_first_draw_is_number_0() -> None:
    """What one draw gave once it gives for ever."""
    rows, slots = np.arange(50), np.zeros(50, np.int64)

    assert uniforms(SECRET, rows, slots).tolist() == uniforms(SECRET, rows, slots, 0).tolist()
    assert choices(SECRET, rows, slots, 99).tolist() == choices(SECRET, rows, slots, 99, 0).tolist()
    with pytest.raises(ValueError, match="bound"):
        choices(SECRET, rows, slots, (1 << 32) + 1)
