"""Columns that turn up after the plan was made (open schemas): bound to their rules page by page, or refused."""

from collections.abc import Collection, Mapping
from dataclasses import replace

import pyarrow as pa

from anonymize.core.errors import AnonymizeError, DataError, quoted
from anonymize.core.format import Page
from anonymize.core.roles import Role
from anonymize.core.transform import ColumnTransform
from anonymize.planning.plan import ColumnPlan, Plan
from anonymize.planning.planner import bind_column
from anonymize.rulefile.matching import ancestors, find_rule, is_glob, leads_to, matches


def late_columns(plan: Plan, page: Page) -> Mapping[str, ColumnPlan]:
    """The plans of columns that the plan does not know yet. Raises what making the plan would."""
    known = {c.name: c for c in plan.columns}
    late: dict[str, ColumnPlan] = {}
    for path in [name for name in page.columns if name not in known]:
        above = next((known[name] for name in ancestors(path) if name in known), None)
        if above is not None and _goes_with(plan, above, path):
            continue
        if above is not None and above.changed:
            raise DataError(
                f"{quoted(above.name)} holds an object or a list where the rules expect a plain value",
                hint=f"give {quoted(path)} a line of its own",
            )
        bound = bind_column(plan.rules, path, page.present)
        of_all = any(check.metric.of_all_columns for check in plan.checks)
        if of_all or (bound.role is not Role.OTHER and plan.checks):
            message = f"column {quoted(path)} turns up late, so the checks would miss it"
            raise DataError(message, hint="save the input to a file and name the file")
        if bound.name not in known:
            late[bound.name] = bound
    return {**_without_values(plan, page, {*known, *late}), **late}


def _goes_with(plan: Plan, above: ColumnPlan, path: str) -> bool:
    """Whether the column that holds a path decides about it, too, and no line of the rules says otherwise."""
    return above.dropped or (above.is_whole and find_rule(plan.rules.file.columns, path) == above.rule)


def _without_values(plan: Plan, page: Page, known: Collection[str]) -> Mapping[str, ColumnPlan]:
    """Keys that hold nothing but null, `{}` or `[]` on this page. What becomes of them must not depend on what
    stands beside them: they stay if a rule lets them, or may let what they hold elsewhere."""
    unseen = [path for path in page.present if path not in known]
    if not unseen:
        return {}
    filled = {*page.columns, *(above for path in page.present for above in ancestors(path))}
    found: dict[str, ColumnPlan] = {}
    for path in unseen:
        if path in filled or any(above in known for above in ancestors(path)):
            continue
        column = _empty(plan, page, path)
        if column is not None and column.name not in known:
            found[column.name] = column
    return found


def _empty(plan: Plan, page: Page, path: str) -> ColumnPlan | None:
    """Steps that look at values have nothing to see here but null; None: no rule lets the key stay."""
    as_it_is = ColumnPlan(path, None, Role.OTHER, (), pa.string(), pa.string())
    try:
        bound: ColumnPlan | None = bind_column(plan.rules, path, page.present)
    except AnonymizeError:  # there is no value that could be refused
        bound = None
    patterns = plan.rules.file.columns
    if bound is None or bound.rule is None:
        stays = any(matches(pattern, path) or leads_to(pattern, path) for pattern in patterns)
        return as_it_is if stays else replace(bound, steps=()) if bound is not None else None
    blind = all(isinstance(s.transform, ColumnTransform) and s.transform.whole for s in bound.steps)
    if bound.name == path and page.values(path).null_count == len(page.values(path)):
        return bound
    leads = any(leads_to(pattern, path) for pattern in patterns if _wins(pattern, bound.rule))
    return as_it_is if leads else bound if bound.dropped or blind else replace(bound, steps=())


def _wins(pattern: str, other: str) -> bool:
    """Whether it would decide about what a path holds, although the other decides about the path."""
    return not is_glob(pattern) or (is_glob(other) and len(pattern) > len(other))
