"""What k-anonymity would cost a dataset: the options, from one census."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from anonymize.core.engine import Engine
from anonymize.core.errors import DataError, RuleError, UsageError, Where, quoted
from anonymize.datasets import Dataset
from anonymize.kernels.anonymity.exploring import Exploration, Option, explore
from anonymize.kernels.anonymity.releasing import Unfit
from anonymize.keys import Keys
from anonymize.pipeline import fit, plan_dataset, settled
from anonymize.planning.plan import Plan, Step
from anonymize.rulefile.editing import set_row_step
from anonymize.rulefile.loading import Rules, parse_rules
from anonymize.running.output import Output, writing
from anonymize.transforms.generalization.k_anonymize import KAnonymize

START = KAnonymize(k=5, suppress=0.02)
"""What is explored for rules that ask for no k."""
KS = (2, 3, 5, 10, 20, 50)
LIMITS = (0.0, 0.01, 0.02, 0.05)


@dataclass(frozen=True)
class Explored:
    """The options of a dataset under its rules."""

    step: KAnonymize
    is_asked: bool
    """The rules themselves have the step."""
    columns: tuple[str, ...]
    """The quasi-identifiers."""
    rows: int
    combinations: int
    found: Exploration

    def option(self, number: int) -> Option:
        """The option of a line, counted from 1. Raises UsageError."""
        if not self.found.options:
            raise UsageError("no option is within reach", hint="name fewer columns, or suppress more")
        if not 1 <= number <= len(self.found.options):
            raise UsageError(
                f"there is no line {number}: the options are 1 to {len(self.found.options)}",
                hint="explore without --write first",
            )
        return self.found.options[number - 1]


def parameters(option: Option) -> dict[str, Any]:
    """What the option says to `k_anonymize`."""
    given: dict[str, Any] = {"k": option.k, "suppress": option.limit}
    return {**given, "local": True} if option.recoding == "local" else given


def choose(path: Path, found: Explored, line: int) -> str:
    """Put the option of a line into a rule file; the step as it stands there, without hierarchies.

    Raises RuleError if the file cannot be changed without changing anything else."""
    given = parameters(found.option(line))
    if found.step.local:
        given.setdefault("local", False)
    before = path.read_bytes()
    text = before.decode("utf-8-sig")
    changed = set_row_step(text, str(path), START.use, given)
    file = parse_rules(changed, str(path), path.parent).file
    steps = [step for step in file.rows if isinstance(step, KAnonymize)]
    if len(steps) != 1 or any(getattr(steps[0], name) != value for name, value in given.items()):
        hint = "a file that it extends has a step too; change it there"
        raise RuleError("the step would stand twice", hint=hint, where=Where(str(path)))
    with writing([Output(path)]) as (file_out,):
        file_out.write((b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b"") + changed.encode())
    return steps[0].model_copy(update={"hierarchies": {}}).call()  # they may be long, and stay as they were


def explore_dataset(
    rules: Rules,
    dataset: Dataset,
    engine: Engine,
    seconds: float,
    ks: Sequence[int] = KS,
    limits: Sequence[float] = LIMITS,
) -> Explored:
    """The options for the quasi-identifiers, as the rules' other steps leave them."""
    asked = any(isinstance(step, KAnonymize) for step in rules.file.rows)
    file = rules.file if asked else rules.file.model_copy(update={"rows": (*rules.file.rows, START)})
    rules = replace(rules, file=file)
    dataset = settled(dataset, [], rules)
    plan, step = _up_to_step(plan_dataset(rules, dataset))
    transform = step.transform
    assert isinstance(transform, KAnonymize)  # noqa: S101  (narrows the type for mypy)
    with Keys.of(rules.file) as keys:
        fitted = fit(plan, dataset.sources, keys.derive, engine)
    names = list(step.columns)
    table = transform.widened(fitted[-1][transform.needs(step.columns)].table, names)
    task = transform.task(table, names)
    if isinstance(task, Unfit):
        raise _unfit(task)
    if not task.census.rows:
        raise DataError("there are no rows to explore")
    found = explore(task, ks, limits, seconds)
    return Explored(transform, asked, step.columns, task.census.rows, len(task.census.weights), found)


def _up_to_step(plan: Plan) -> tuple[Plan, Step]:
    """The part of a plan that the first `k_anonymize` has to wait for."""
    for number, stage in enumerate(plan.stages, 1):
        for step in stage.steps:
            if isinstance(step.transform, KAnonymize):
                return replace(plan, stages=plan.stages[:number], aggregation=None), step
    raise TypeError("the plan has no k_anonymize")


def _unfit(task: Unfit) -> DataError:
    said = ", ".join(f"{quoted(name)} ({int(bad.sum()):,} combinations)" for name, bad in task.columns.items())
    return DataError(
        f"some values are not in their hierarchy: of {said}",
        hint="complete the hierarchies, or use a builder such as prefix",
    )
