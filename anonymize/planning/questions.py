"""What a check asks, and how it comes out: by a metric, or by an attack."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from anonymize.core.attack import Attack, Evidence, Trial
from anonymize.core.beside import AFTER, BEFORE, KEPT, beside, compared
from anonymize.core.errors import quoted
from anonymize.core.metric import Measurement
from anonymize.core.roles import Roles
from anonymize.core.statistic import Statistic
from anonymize.core.transform import Transform
from anonymize.kernels.risk.intervals import added, wilson
from anonymize.rulefile.matching import ITEMS
from anonymize.rulefile.rules import Check
from anonymize.statistics.whole_rows import WholeRows


def question(check: Check, roles: Roles, columns: Sequence[str]) -> Statistic[Any]:
    """The statistic that answers a check of data with these columns. Raises ValueError with the reason if there is
    none."""
    asked = check.metric
    if isinstance(asked, Attack):
        return WholeRows(beside([name for name in columns if ITEMS not in name]))
    statistic = asked.needs(roles)
    read = compared(statistic.columns) if asked.beside_original else statistic.columns
    for name in read:
        if name not in columns:
            raise ValueError(f"the data has no column {quoted(name)}")
    return statistic


def answer(
    check: Check,
    summary: Any,
    roles: Roles,
    steps: Mapping[str, Sequence[Transform]],
    released: Sequence[str],
) -> Measurement:
    """What a check measures, from the answer to its question and from what was done to the released columns."""
    asked = check.metric
    if not isinstance(asked, Attack):
        return asked.measure(summary)
    return _greatest(asked.run(_evidence(summary, roles, steps, released)) if len(summary) else ())


def _evidence(
    summary: pa.Table, roles: Roles, steps: Mapping[str, Sequence[Transform]], released: Sequence[str]
) -> Evidence:
    """The rows that stay, before and after."""
    staying = summary.filter(summary[KEPT])
    names = compared(summary.column_names)
    original = pa.table({name: staying[BEFORE + name] for name in names})
    release = pa.table({name: staying[AFTER + name] for name in names if name in released})
    return Evidence(original, release, roles, steps)


def _greatest(trials: Sequence[Trial]) -> Measurement:
    """The risk that the most successful trial says the release adds."""
    tried = [trial for trial in trials if trial.tried]
    if not tried:
        return Measurement(0, "found no target")
    worst = max(tried, key=lambda trial: added(trial.succeeded / trial.tried, trial.control))
    low, high = wilson(worst.succeeded, worst.tried)
    right = f"right for {worst.succeeded:,} of {worst.tried:,} ({low:.1%} to {high:.1%})"
    risk = added(worst.succeeded / worst.tried, worst.control)
    return Measurement(risk, f"{right}, {worst.control:.1%} without it, on {worst.target}: {worst.detail}")
