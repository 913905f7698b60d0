"""How the values of a column are distributed before and after, so coarsely that nobody's value can be read from
it.

Values themselves are never told: numbers and dates stand in bins, repeated values as ranks, all else as lengths. A
bar that stands for fewer than `LEAST` rows is not told, and the others are rounded to a multiple of `LEAST`, so
that no bar can be found as what the others leave.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.risk.columns import is_numeric, numbers_of
from anonymize.reporting.evidence import Column

LEAST = 10
ENOUGH = 5 * LEAST
"""Rows from which there is something to draw."""
BINS = 16
RANKS = 10
TAIL = 0.02
"""The share of values at either end that one bar may stand for."""

Floats: TypeAlias = NDArray[np.float64]

_DATE = r"^(?P<year>[12][0-9]{3})(?:[-/.](?P<month>0[1-9]|1[0-2])(?:[-/.][0-3][0-9](?:[T ].*)?)?)?$"
_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000)


@dataclass(frozen=True)
class Bar:
    """A bin, a rank or a length: the shares of the values before and after. None: fewer than `LEAST` rows."""

    label: str
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Portrait:
    """A column before and after."""

    name: str
    kind: str
    """What the bars stand for: `numbers`, `dates`, `ranks` or `lengths`."""
    bars: tuple[Bar, ...]
    missing_before: float | None
    missing_after: float | None


def portrait(column: Column) -> Portrait | None:
    """The picture of a column; None if there are too few values for one."""
    before, after = column.before, column.after
    if min(len(values) - values.null_count for values in (before, after)) < ENOUGH:
        return None
    kind, bars = _drawn(before, after)
    missing = (_share(values.null_count, len(values)) for values in (before, after))
    return Portrait(column.name, kind, tuple(bars), *missing) if bars else None


def _drawn(before: pa.Array, after: pa.Array) -> tuple[str, list[Bar]]:
    dates = [_months(values) for values in (before, after)]
    if _are_most(dates[0], before, 0.9) and _are_most(dates[1], after, 0.5) and _has_months(before):
        return "dates", _with_others(_dates(*dates), dates, (before, after), "no date")
    numbers = [found[~np.isnan(found)] for found in map(numbers_of, (before, after))]
    if is_numeric(before) and _are_most(numbers[1], after, 0.5):
        bars = _numbers(*numbers)
        if bars:
            return "numbers", _with_others(bars, numbers, (before, after), "no number")
    if len(before.unique()) <= len(before) / 2 and len(bars := _ranks(before, after)) > 1:
        return "ranks", bars
    return "lengths", _lengths(before, after)


def _are_most(known: Floats, values: pa.Array, share: float) -> bool:
    return len(known) >= max(ENOUGH, share * _present(values))


def _present(values: pa.Array) -> int:
    return len(values) - int(values.null_count)


def _with_others(
    bars: list[Bar], known: Sequence[Floats], values: tuple[pa.Array, pa.Array], label: str
) -> list[Bar]:
    """The bars as shares of all values, and one for those that have no place in a bin, such as `90+`."""
    totals = (_present(values[0]), _present(values[1]))
    one, other = (len(found) / total for found, total in zip(known, totals, strict=True))
    scaled = [Bar(bar.label, _times(bar.before, one), _times(bar.after, other)) for bar in bars]
    rest = [total - len(found) for found, total in zip(known, totals, strict=True)]
    return scaled + [bar for bar in _told([label], [[n] for n in rest], totals) if bar.before or bar.after]


def _times(share: float | None, factor: float) -> float | None:
    return None if share is None else share * factor


def _share(count: int, of: int) -> float | None:
    """A share that tells no count below `LEAST`, and none to the row."""
    if not of or count < LEAST:
        return None
    return float(min(round(count / LEAST) * LEAST / of, 1.0))


def _numbers(before: Floats, after: Floats) -> list[Bar]:
    low, high = _reach(before, after)
    if low >= high:
        return []
    step = _nice((high - low) / BINS)
    edges = np.arange(np.floor(low / step), np.ceil(high / step) + 1) * step
    return _bars(before, after, edges, _number_label(step), 0)


def _reach(before: Floats, after: Floats) -> tuple[float, float]:
    """Where most values are: so many lie beyond either end that it is nobody's own."""
    ends = []
    for values in (np.sort(before), np.sort(after)):
        beyond = min(max(LEAST, int(TAIL * len(values))), len(values)) - 1
        ends.append((float(values[beyond]), float(values[-1 - beyond])))
    return min(low for low, _ in ends), max(high for _, high in ends)


def _nice(step: float) -> float:
    """The next of 1, 2, 5, 10, 20, …"""
    scale = 10.0 ** np.floor(np.log10(step))
    return float(next(scale * factor for factor in (1, 2, 5, 10) if scale * factor >= step * 0.999))


def _number_label(step: float) -> Callable[[float], str]:
    digits = max(0, int(np.ceil(-np.log10(step) - 1e-9)))

    def label(edge: float) -> str:
        return f"{edge:,.{digits}f}" if abs(edge) < 1e15 else f"{edge:.3g}"

    return label


def _bars(before: Floats, after: Floats, edges: Floats, label: Callable[[float], str], unit: float) -> list[Bar]:
    """Bins between the edges, and what lies beyond them. `unit` is what bins of whole numbers end before."""
    names = [f"below {label(edges[0])}"]
    for low, high in pairwise(edges):
        one, other = label(low), label(high - unit)
        names.append(one if one == other else f"{one} to {other}")
    names += [f"{label(edges[-1])} and more"]
    counts = [np.bincount(np.searchsorted(edges, v, side="right"), minlength=len(names)) for v in (before, after)]
    found = _told(names, counts, (len(before), len(after)))
    shown = [i for i, bar in enumerate(found) if bar.before is not None or bar.after is not None]
    return found[shown[0] : shown[-1] + 1] if shown else []


def _told(names: Sequence[str], counts: Sequence[Any], totals: tuple[int, int]) -> list[Bar]:
    one, other = (
        [_share(int(count), total) for count in side] for side, total in zip(counts, totals, strict=True)
    )
    return [Bar(*bar) for bar in zip(names, one, other, strict=True)]


def _months(values: pa.Array) -> Floats:
    """Months since year 0 of the values that are ISO dates, or the beginnings of such."""
    found = pc.extract_regex(values, _DATE)
    parts = found.filter(found.is_valid())
    years, months = (pc.struct_field(parts, name) for name in ("year", "month"))
    months = pc.if_else(pc.equal(months, ""), "01", months)
    found_months: Floats = to_numpy(years.cast(pa.int64())) * 12.0 + to_numpy(months.cast(pa.int64())) - 1.0
    return found_months


def _has_months(values: pa.Array) -> bool:
    """Years alone are numbers."""
    return bool(pc.any(pc.greater(pc.binary_length(values), 4)).as_py())


def _dates(before: Floats, after: Floats) -> list[Bar]:
    low, high = _reach(before, after)
    step = next((months for months in _MONTHS if (high - low) / months <= BINS), _MONTHS[-1])
    edges = np.arange(np.floor(low / step), np.floor(high / step) + 2) * step
    return _bars(before, after, edges, _year_label if step % 12 == 0 else _month_label, 1)


def _year_label(months: float) -> str:
    return f"{int(months) // 12}"


def _month_label(months: float) -> str:
    return f"{int(months) // 12}-{int(months) % 12 + 1:02}"


def _ranks(before: pa.Array, after: pa.Array) -> list[Bar]:
    """How many values are the most frequent one, the second, … Which ones they are is not told."""
    counts = [np.sort(to_numpy(v.drop_null().value_counts().field("counts")))[::-1] for v in (before, after)]
    tops = [found[: min(RANKS, int((found >= LEAST).sum()))] for found in counts]
    wide = max(map(len, tops))
    rests = [int(found.sum() - top.sum()) for found, top in zip(counts, tops, strict=True)]
    ranked = [[*np.pad(top, (0, wide - len(top))), rest] for top, rest in zip(tops, rests, strict=True)]
    names = [f"value no. {rank}" for rank in range(1, wide + 1)] + ["all other values"]
    return _trimmed(_told(names, ranked, (int(counts[0].sum()), int(counts[1].sum()))))


def _trimmed(bars: list[Bar]) -> list[Bar]:
    """Without ranks that tell nothing; the rest stays if it tells anything."""
    return [bar for bar in bars if bar.before is not None or bar.after is not None]


def _lengths(before: pa.Array, after: pa.Array) -> list[Bar]:
    one, other = (to_numpy(pc.utf8_length(values.drop_null())).astype(np.float64) for values in (before, after))
    low, high = _reach(one, other)
    step = max(1.0, _nice(max((high - low) / BINS, 0.1)))
    edges = np.arange(np.floor(low / step), np.floor(high / step) + 2) * step
    return _bars(one, other, edges, lambda length: f"{length:.0f}", 1)
