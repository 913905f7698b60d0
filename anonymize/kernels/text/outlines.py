"""What the values of a column look like from afar: how many, how long, numbers or dates."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.kernels.arrays import text
from anonymize.kernels.text.characters import text_type

_NUMBER = r"^\s*[-+]?[0-9][0-9.,_]*(?:[eE][-+]?[0-9]{1,3})?\s*%?$"
_DECIMAL = r"^\s*[-+]?[0-9]+[.,][0-9]+(?:[eE][-+]?[0-9]{1,3})?\s*%?$"
_DATE = r"^\s*(?:[12][0-9]{3}[-/.年][0-9]{1,2}(?:[-/.月]|$)|[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{4}|[0-9]{2})\b)"


@dataclass(frozen=True)
class Outlines:
    """Counts and shares; no values."""

    values: int
    """Neither null nor empty."""
    distinct: int
    mean_length: float
    numbers: float
    decimals: bool
    """Whether some are decimal numbers."""
    dates: float
    compact: bool
    """Whether most have no space in them."""
    date_format: str | None = None
    """How dates are written whose day or month comes first, if some tell which."""


NOTHING = Outlines(0, 0, 0.0, 0.0, decimals=False, dates=0.0, compact=False)


def outlines(values: pa.Array) -> Outlines:
    """The outlines of a column; of nothing if it cannot be spelled out."""
    try:
        text_type(values.type)
    except TypeError:
        return NOTHING
    plain = text(values).drop_null()
    plain = plain.filter(pc.not_equal(pc.utf8_trim_whitespace(plain), ""))
    count = len(plain)
    if not count:
        return NOTHING

    def share(pattern: str) -> float:
        return float(pc.match_substring_regex(plain, pattern).true_count / count)

    is_decimal = pa.types.is_floating(values.type) or pa.types.is_decimal(values.type)
    return Outlines(
        values=count,
        distinct=len(pc.unique(plain)),
        mean_length=float(pc.mean(pc.utf8_length(plain)).as_py()),
        numbers=share(_NUMBER),
        decimals=is_decimal or share(_DECIMAL) > 0.05,
        dates=1.0 if pa.types.is_date(values.type) or pa.types.is_timestamp(values.type) else share(_DATE),
        compact=share(r"\s") < 0.5,
        date_format=_date_format(plain),
    )


def _date_format(plain: pa.StringArray) -> str | None:
    """`%d.%m.%Y`: a part that is once more than 12 is the day."""
    for sign in (r"\.", "/", "-"):
        parts = pc.extract_regex(plain, rf"^(?P<first>[0-9]{{2}}){sign}(?P<second>[0-9]{{2}}){sign}[0-9]{{4}}$")
        read = parts.drop_null()
        if len(read) < MOSTLY * len(plain):
            continue
        most = [pc.max(pc.struct_field(read, name).cast(pa.int32())).as_py() for name in ("first", "second")]
        days = [number > MONTHS for number in most]
        if any(days) and not all(days):
            return f"%{'d' if days[0] else 'm'}{sign[-1]}%{'m' if days[0] else 'd'}{sign[-1]}%Y"
    return None


MONTHS = 12
MOSTLY = 0.9
"""So many values must be written in one way."""
