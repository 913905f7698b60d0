"""The gates of a run: what they ask, how they come out, and what happens if one does not hold."""

from collections.abc import Sequence
from typing import Any

from anonymize.core.errors import CheckError
from anonymize.core.statistic import State, Statistic
from anonymize.planning.plan import Plan
from anonymize.planning.questions import answer, question
from anonymize.running.report import CheckResult, Report


def check_statistics(plan: Plan) -> tuple[Statistic[Any], ...]:
    """What the checks ask of the released rows, each question once."""
    return tuple(dict.fromkeys(_questions(plan)))


def measure(plan: Plan, states: Sequence[State]) -> tuple[CheckResult, ...]:
    """The checks of a plan, answered from the states of `check_statistics`."""
    asked = check_statistics(plan)
    answers = {s: s.finish(state) for s, state in zip(asked, states, strict=True)}
    steps = {column.name: [step.transform for step in column.steps] for column in plan.columns}
    results = []
    for check, asks in zip(plan.checks, _questions(plan), strict=True):
        measured = answer(check, answers[asks], plan.roles, steps, plan.schema.names)
        results.append(CheckResult(str(check), measured.value, check.holds(measured.value), measured.detail))
    return tuple(results)


def _questions(plan: Plan) -> list[Statistic[Any]]:
    names = [column.name for column in plan.columns]
    return [question(check, plan.roles, names) for check in plan.checks]


def require_checks(checks: Sequence[CheckResult], report: Report) -> None:
    """Raises FailedChecksError if a gate does not hold."""
    failed = [check for check in checks if not check.holds]
    if failed:
        said = "; ".join(f"{c.check} does not hold: measured {c.value:g}{_where(c)}" for c in failed)
        raise FailedChecksError(said, report)


def _where(check: CheckResult) -> str:
    """What was found in which columns, of checks that look for something."""
    return f" ({check.detail})" if check.check.startswith("residual_identifiers") and check.detail else ""


class FailedChecksError(CheckError):
    """Gates that do not hold, with the account of the run that was given up."""

    def __init__(self, message: str, report: Report) -> None:
        super().__init__(
            message, hint="no output was written; coarsen, redact or suppress more, or lower the gate"
        )
        self.report = report
