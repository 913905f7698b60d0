"""Ages in bands."""

from datetime import date
from typing import Annotated, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic import AfterValidator, BeforeValidator, Field

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import from_numpy, to_numpy
from anonymize.kernels.dates.parsing import check_format, date_type, parse_dates
from anonymize.kernels.numbers.parsing import numeric_output, parse, without
from anonymize.kernels.text.labels import labelled


def _reference(of: Any) -> Any:
    """A date as YAML reads it, as text; never the clock, which would make results depend on the day."""
    of = of.isoformat() if isinstance(of, date) else of
    if isinstance(of, str) and of.lower() in ("", "today", "now"):
        raise ValueError(
            "name a date such as 2026-01-01, or a column: results must not depend on the day of the run"
        )
    return of


class AgeBand(ColumnTransform):
    """Replace an age in years, or a birth date, by a band such as `30-34` or `90+`.

    With `of`, the column holds birth dates, and the age is that in completed years on the reference date; who
    is born on February 29 has the birthday on March 1 of other years. Without, the column holds ages. The
    default for the oldest follows HIPAA, 45 CFR 164.514(b)(2)(i)(C).
    """

    use: Literal["age_band"] = "age_band"

    of: Annotated[str | None, BeforeValidator(_reference)] = None
    """The reference date, such as 2026-01-01, or the column that holds it."""
    width: Annotated[int, Field(ge=1, le=150)] = 5
    """Years in a band."""
    top: Annotated[int, Field(ge=1, le=200)] | None = 90
    """From this age on there is one band; null for none."""
    format: Annotated[str | None, AfterValidator(check_format)] = None
    """The spelling of the given birth dates if it is a special one, as in `%d/%m/%Y`."""

    def properties(self) -> Properties:
        return Properties(survives="the band of ages")

    def reads(self) -> tuple[str, ...]:
        return (self.of,) if self.of is not None and self._fixed() is None else ()

    def output_type(self, given: pa.DataType) -> pa.DataType:
        if self.of is not None:
            date_type(given)
            return pa.string()
        if pa.types.is_date(given) or pa.types.is_timestamp(given):
            raise TypeError("needs `of`, the reference date, for a column of birth dates")
        numeric_output(given)
        return pa.string()

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        years = self._given(values, context) if self.of is None else self._computed(values, context)
        years = without(years, to_numpy(years) < 0, "a negative age", context)
        ages = np.where(to_numpy(years.is_valid()), to_numpy(years), 0)
        if self.top is not None:
            ages = np.minimum(ages, self.top)
        years = without(years, ages > 1000, "not an age in years", context)
        ages = np.minimum(ages, 1000).astype(np.int64)
        topped = (ages >= self.top) if self.top is not None else np.zeros(len(ages), np.bool_)
        bands = np.where(topped, -1, ages // self.width)
        return labelled(bands, to_numpy(years.is_valid()), self._name)

    def _name(self, band: int) -> str:
        if band < 0:
            return f"{self.top}+"
        first, last = band * self.width, band * self.width + self.width - 1
        last = last if self.top is None else min(last, self.top - 1)
        return str(first) if first == last else f"{first}-{last}"

    def _given(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        return parse(values, context)

    def _computed(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        """Completed years between the birth dates and the reference date."""
        born = parse_dates(values, context, self.format)
        year, month, day, known = self._on(len(values), context)
        before_birthday = (month < born.month) | ((month == born.month) & (day < born.day))
        years = year - born.year - before_birthday
        valid = from_numpy(born.valid)
        ages = pc.if_else(valid, from_numpy(years), pa.scalar(None, pa.int64()))
        return without(ages, ~known, "no reference date beside it", context)

    def _on(self, count: int, context: Context[Any]) -> tuple[Any, Any, Any, NDArray[np.bool_]]:
        fixed = self._fixed()
        if fixed is not None:
            return fixed.year, fixed.month, fixed.day, np.ones(count, np.bool_)
        reference = parse_dates(context.read(self.of or ""), context)
        return reference.year, reference.month, reference.day, reference.valid

    def _fixed(self) -> date | None:
        try:
            return date.fromisoformat(self.of or "")
        except ValueError:
            return None


EXAMPLES = [
    Example(AgeBand(), ["34", "35.9", "0", "97", None], ["30-34", "35-39", "0-4", "90+", None]),
    Example(AgeBand(width=20, top=70), [19, 69, 70], ["0-19", "60-69", "70+"]),
    Example(AgeBand(width=1, top=None), [34, 110], ["34", "110"]),
    Example(AgeBand(of="2026-01-01"), ["1991-01-01", "1991-01-02", None], ["35-39", "30-34", None]),
    Example(AgeBand(of="seen", width=10), ["2000-05-17"], ["10-19"], columns={"seen": ["2020-05-16"]}),
    Example(AgeBand(of="2026-01-01", format="%d/%m/%Y"), ["17/05/1930"], ["90+"]),
]
