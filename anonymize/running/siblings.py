"""The columns beside the one that a step works on, and what the rules put in place of their values."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.core.transform import ColumnTransform, Context, RowTransform, Sibling
from anonymize.kernels.arrays import from_numpy, text
from anonymize.kernels.text.characters import text_type
from anonymize.planning.plan import ColumnPlan, Step
from anonymize.rulefile.matching import ancestors
from anonymize.running.frame import Frame, blank, mask_of

SUBSTITUTES = frozenset(
    [
        "pseudonymize",
        "fake",
        "shift_dates",
        "encrypt_deterministic",
        "encrypt_preserving_format",
        "map_values",
        "replace_from_list",
        "truncate_date",
    ]
)
"""Steps that put something in the place of a value which may stand in a text as well."""

LOOKS_INSIDE = "redact_text"
"""A column of texts: what stands there is no value to look for elsewhere."""

Contexts = Callable[[Step, str, NDArray[np.int64], NDArray[np.int64]], Context[None]]
"""(step, column, rows on the page, slots) to a context for these values."""


def siblings(frame: Frame, context: Contexts) -> Sequence[Sibling]:
    """The columns of the page that the rules change or drop: the same for every step that asks."""
    state = len(frame.originals)
    if state not in frame.beside:
        plans = {column.name: column for column in (*frame.plan.columns, *frame.late.values())}
        frame.beside[state] = [_sibling(name, column, frame, context) for name, column in _hidden(frame, plans)]
    return frame.beside[state]


def _hidden(frame: Frame, plans: Mapping[str, ColumnPlan]) -> Iterator[tuple[str, ColumnPlan]]:
    """The plain columns that may not pass as they are, by the rules of columns, of whole objects or of rows."""
    rewritten = _rewritten(frame)
    for name in frame.page.columns:
        column = next((plans[path] for path in (name, *ancestors(name)) if path in plans), None)
        if column is None or not (column.changed or column.dropped or name in rewritten):
            continue
        if any(step.transform.use == LOOKS_INSIDE for step in column.steps):
            continue
        try:
            text_type(frame.source(name).type)
        except TypeError:
            continue
        yield name, column


def _sibling(name: str, column: ColumnPlan, frame: Frame, context: Contexts) -> Sibling:
    values, rows = frame.source(name), frame.rows(name)

    def substitutes(places: NDArray[np.int64]) -> pa.Array:
        found = values.take(from_numpy(places))
        slots = frame.slots(name)[places]
        for step in column.steps:
            found = _applied(step, found, context(step, name, rows[places], slots))
        return text(found)

    is_known = name == column.name and _is_told_by_rules(column, frame)
    return Sibling(name, column.role, values, rows + frame.first_row, substitutes if is_known else None)


def _is_told_by_rules(column: ColumnPlan, frame: Frame) -> bool:
    """Whether the column's steps alone decide what its values become."""
    if column.dropped or column.name in _rewritten(frame):
        return False
    return all(
        step.transform.use in SUBSTITUTES and step.when is None and step.statistic is None for step in column.steps
    )


def _rewritten(frame: Frame) -> frozenset[str]:
    """Columns whose cells a row step may change."""
    steps = [step for stage in frame.plan.stages for step in stage.steps]
    return frozenset(
        name
        for step in steps
        if isinstance(step.transform, RowTransform) and step.transform.rewrites()
        for name in step.columns
    )


def _applied(step: Step, values: pa.Array, context: Context[None]) -> pa.Array:
    """The values after a step; null where it cannot handle them."""
    if not isinstance(step.transform, ColumnTransform):
        raise TypeError("only column steps make substitutes")
    result = step.transform.apply(values, context)
    for rejection in context.rejections:
        result = blank(result, from_numpy(mask_of(rejection.bad, unknown=False)))
    return result
