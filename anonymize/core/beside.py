"""Rows beside what they were: what a batch offers besides its columns, for all rows, those that go too."""

from collections.abc import Sequence

OWN = "\x1f"
"""No column of data begins so."""
ROW, KEPT, BEFORE, AFTER = (f"{OWN}{name}" for name in ("row", "kept", "before ", "after "))
"""The number of the row; whether it is in the release (null where it is in the release only); and, before the name
of a column, its value in the original and in the release."""


def beside(columns: Sequence[str]) -> tuple[str, ...]:
    """What a statistic of two tables asks for, to see some columns before and after."""
    return (ROW, KEPT, *(BEFORE + name for name in columns), *(AFTER + name for name in columns))


def compared(asked: Sequence[str]) -> tuple[str, ...]:
    """The columns of the data that these are about."""
    return tuple(dict.fromkeys(name.removeprefix(BEFORE) for name in asked if name.startswith(BEFORE)))
