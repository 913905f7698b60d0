"""Shifted dates."""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import AfterValidator, Field, model_validator

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import from_numpy, to_numpy, where
from anonymize.kernels.crypto import tokens
from anonymize.kernels.dates.parsing import check_format, date_type, parse_dates, restore

WEEK = 7


class ShiftDates(ColumnTransform):
    """Move each date by a keyed number of days: never by 0, and by the same number for all dates of a subject.

    With `per`, the intervals between the dates of one subject survive, also across columns and tables, but one
    date that an attacker knows gives away all others of that subject. Without it each date is its own subject:
    equal dates move together, and neither intervals nor order survive. Either way the true date lies within
    `days` of the result, so seasons and years may show through, as may a day of many events.
    A date keeps its spelling and its time of day. Without a subject (null in the column `per`) it is rejected.
    """

    use: Literal["shift_dates"] = "shift_dates"
    positional: ClassVar[str | None] = "days"

    days: int = Field(ge=1, le=36_525)
    """The farthest that a date may move, in either direction; all distances but 0 are equally likely."""
    per: str | None = Field(default=None, min_length=1)
    """The column that names the subject, such as a patient number, as it reads before any rule."""
    keep: Literal["time", "weekday"] = "time"
    """What stays besides the spelling: `time` of day (whole days) or the `weekday` too (whole weeks)."""
    format: Annotated[str | None, AfterValidator(check_format)] = None
    """How the dates are written, as in `%d.%m.%Y`, if they are not year-month-day."""
    scope: str | None = Field(default=None, min_length=1)
    """A name under which subjects move together; by default the name of the column `per`, or of this column."""
    key: str = "default"
    """Name of the key, as under `keys:`."""

    @model_validator(mode="after")
    def _has_a_week_for_weekdays(self) -> Self:
        if self.keep == "weekday" and self.days < WEEK:
            raise ValueError("`keep: weekday` moves by whole weeks and needs at least 7 days")
        return self

    def reads(self) -> tuple[str, ...]:
        return (self.per,) if self.per is not None else ()

    def properties(self) -> Properties:
        told = "intervals between the dates of a subject" if self.per is not None else "equality and frequency"
        return Properties(
            deterministic=self.per is None,
            keeps=frozenset({"type", "format"}),
            survives=f"{told}, and the date within {self.days} days",
        )

    def output_type(self, given: pa.DataType) -> pa.DataType:
        return date_type(given)

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        dates = parse_dates(values, context, self.format)
        subjects = from_numpy(dates.days) if self.per is None else context.read(self.per)
        present = to_numpy(subjects.is_valid())
        context.reject(from_numpy(dates.valid & ~present), "no subject to shift by")
        moved = dates.days + self._offsets(subjects, context)
        return where(
            from_numpy(present), restore(moved, dates, values, context), pa.scalar(None, date_type(values.type))
        )

    def _offsets(self, subjects: pa.Array, context: Context[Any]) -> NDArray[np.int64]:
        """A distance for each subject: uniform among the possible ones."""
        scope = self.scope if self.scope is not None else self.per
        secret = context.secret(self.key, "shift_dates", scope)
        unit = WEEK if self.keep == "weekday" else 1
        farthest = self.days // unit
        chosen = (tokens.numbers(tokens.tags(secret, subjects)) % np.uint64(2 * farthest)).astype(
            np.int64
        ) - farthest
        return (chosen + (chosen >= 0)) * unit


EXAMPLES = [
    Example(
        ShiftDates(days=180, per="patient"),
        ["2024-05-13", "2024-05-20T08:30:00Z", "2024年5月13日", None],
        ["2023-11-19", "2023-11-26T08:30:00Z", "2024年6月24日", None],
        columns={"patient": ["1001", "1001", "王芳", "1002"]},
    ),
    Example(ShiftDates(days=30), ["2024-05-13", "2024-05-13", None], ["2024-06-01", "2024-06-01", None]),
    Example(
        ShiftDates(days=30, keep="weekday", key="second"), [date(2024, 5, 13), None], [date(2024, 4, 15), None]
    ),
    Example(ShiftDates(days=30, format="%d.%m.%Y", scope="visits"), ["13.05.2024"], ["13.04.2024"]),
]
