"""JSON may hold a value in one row and an object in another: rules for one of them say nothing of the other."""

from contextlib import suppress

from anonymize.core.errors import AnonymizeError, DataError, Where
from anonymize.planning.plan import ColumnPlan, Plan
from anonymize.planning.planner import bind_column
from anonymize.rulefile.matching import ancestors
from anonymize.running.applier import Tally


def require_one_shape(plan: Plan, tally: Tally) -> None:
    """Raises DataError for a path of both shapes, unless all of it stays or all of it goes.

    Where both stand in one block, the step sees one of them; where they do not, it sees each in turn. The result
    must not depend on that.
    """
    known = {column.name: column for column in plan.columns}
    for path in sorted(tally.plain & tally.holders):
        column = known.get(path) or _late(plan, path, tally)
        if column is not None and (_keeps_part(known, plan, path, tally) if column.dropped else column.changed):
            message = "holds objects or lists in some rows, and values in others"
            hint = "drop the column, or split such rows off"
            raise DataError(message, hint=hint, where=Where(column=path))


def _keeps_part(known: dict[str, ColumnPlan], plan: Plan, path: str, tally: Tally) -> bool:
    """Whether something that the path holds stays."""
    beneath = [below for below in tally.seen if path in ancestors(below)]
    found = [known.get(below) or _late(plan, below, tally) for below in beneath]
    return any(column is not None and not column.dropped for column in found)


def _late(plan: Plan, path: str, tally: Tally) -> ColumnPlan | None:
    with suppress(AnonymizeError):  # one that no rule covers has stopped the run
        return bind_column(plan.rules, path, tally.seen)
    return None
