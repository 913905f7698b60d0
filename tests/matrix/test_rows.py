"""The matrix is complete: no row without a proof, no proof without a row."""

from docs.matrix import found
from tests.matrix.rows import FAMILIES, ROWS


def test_every_row_is_proved() -> None:
    """Each has a test that is marked with it, and each mark names a row."""
    proofs = found()

    assert [] == [row for row in ROWS if not proofs[row]]
    assert [] == [row for row in proofs if row not in ROWS]
    assert set(FAMILIES) == {row[0] for row in ROWS}
