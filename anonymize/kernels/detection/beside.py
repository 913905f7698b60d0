"""What the columns beside a text tell about it: their values, and what takes their place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.roles import Role
from anonymize.core.transform import Sibling
from anonymize.kernels.arrays import from_numpy, text
from anonymize.kernels.detection.available import every_detector
from anonymize.kernels.detection.headers import Fit, header_fit, header_words
from anonymize.kernels.detection.known import KnownColumn, find_known
from anonymize.kernels.detection.spans import Spans, combined, known_spans

_DATE_WORDS = ("date", "day", "日期", "日", "datum", "fecha")


@dataclass(frozen=True)
class Beside:
    """A column whose values are looked for."""

    sibling: Sibling
    entity: str
    """What its name says that it holds."""
    values: KnownColumn


def beside(sibling: Sibling) -> Beside:
    """What to look for of a column: worked out for the first text beside it, and noted for the others."""
    if "known" not in sibling.notes:
        entity = _entity(sibling.name, sibling.values.type)
        is_name = entity == "PERSON" or (entity == UNNAMED and sibling.role is Role.DIRECT_IDENTIFIER)
        sibling.notes["known"] = entity, KnownColumn(text(sibling.values), sibling.rows, is_name)
    return Beside(sibling, *sibling.notes["known"])


UNNAMED = "IDENTIFIER"


def _entity(name: str, type_: pa.DataType) -> str:
    fits = [(header_fit(type(each), name), each) for each in every_detector()]
    best = max((fit for fit, _ in fits), default=Fit.NOTHING)
    if best > Fit.NOTHING:
        return next(each.entity for fit, each in fits if fit == best)
    is_date = pa.types.is_date(type_) or pa.types.is_timestamp(type_) or header_words(name)[-1:] in _DATES
    return "DATE_TIME" if is_date else UNNAMED


_DATES = [(word,) for word in _DATE_WORDS]


def spans_of_known(
    cells: pa.StringArray, rows: NDArray[np.int64], columns: Sequence[Beside], names: Sequence[str]
) -> tuple[list[str], Spans]:
    """Where the columns' values stand in the cells; and the names that the spans' codes refer to."""
    names = list(dict.fromkeys([*names, *(column.entity for column in columns)]))
    found = find_known(cells, rows, [column.values for column in columns]) if columns else None
    nothing = np.zeros(0, np.int64)
    parts = [known_spans(nothing, nothing, nothing, 0, 0, nothing)]
    for index, column in enumerate(columns if found is not None else ()):
        assert found is not None  # noqa: S101  (narrows the type for mypy)
        mine = found.column == index
        place = found.place[mine]
        code = names.index(column.entity)
        parts.append(known_spans(found.cell[mine], found.start[mine], found.end[mine], code, index, place))
    return names, combined(parts)


def values_meant(found: pa.StringArray, spans: Spans, columns: Sequence[Beside]) -> pa.StringArray:
    """For each span the value it stands for: the known column's, of which it may be a part, or its own text."""
    return _by_column(spans, columns, found, lambda column, place: column.values.values.take(from_numpy(place)))


def substituted(spans: Spans, columns: Sequence[Beside], others: pa.StringArray) -> pa.StringArray:
    """For each span what its column's rules put in place of its value; else the other text."""

    def substitute(column: Beside, place: NDArray[np.int64]) -> pa.StringArray:
        if column.sibling.substitutes is None:
            return pa.nulls(len(place), pa.string())
        distinct, back = np.unique(place, return_inverse=True)
        return text(column.sibling.substitutes(distinct)).take(from_numpy(back.astype(np.int64)))

    return _by_column(spans, columns, others, substitute)


_Ask: TypeAlias = Callable[[Beside, NDArray[np.int64]], pa.StringArray]


def _by_column(spans: Spans, columns: Sequence[Beside], others: pa.StringArray, ask: _Ask) -> pa.StringArray:
    """The answers for the spans of each column; where they are null, the other text."""
    result = others
    for index, column in enumerate(columns):
        mine = spans.source == index
        if mine.any():
            answers = ask(column, spans.place[mine])
            kept = result.filter(from_numpy(mine))
            result = pc.replace_with_mask(result, from_numpy(mine), pc.coalesce(answers, kept))
    return result
