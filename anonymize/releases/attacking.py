"""Tries to break a release with what applies to it. Results are rates and counts, never rows or values."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from anonymize.core.attack import Attack, Evidence, Trial
from anonymize.core.catalog import component, modules, suggestion
from anonymize.core.errors import CheckError, DataError, UsageError, quoted
from anonymize.kernels.risk.intervals import added, wilson
from anonymize.planning.guessing import domain, search
from anonymize.planning.plan import Plan
from anonymize.releases.comparison import paired


@dataclass(frozen=True)
class Result:
    """How an attack on one target came out."""

    attack: str
    target: str
    tried: int
    succeeded: int
    rate: float
    low: float
    """The lower end of the 95 % interval of the rate (Wilson)."""
    high: float
    control: float
    """The rate without the release, or without the row in it."""
    risk: float
    """What the release adds, of what it could add: (rate - control) / (1 - control), at least 0."""
    detail: str


@dataclass(frozen=True)
class Work:
    """What a search for the originals of tokens takes."""

    column: str
    with_key: str
    without_key: str


@dataclass(frozen=True)
class Outcome:
    """What all attacks found."""

    rows: int
    results: tuple[Result, ...]
    work: tuple[Work, ...]
    not_applicable: tuple[str, ...]
    """Attacks that found no target."""

    def failure(self, most: float | None) -> CheckError | None:
        """The error if an attack adds more risk than is allowed, for certain: its interval lies above."""
        if most is None:
            return None
        bad = [r for r in self.results if added(r.low, r.control) > most]
        said = "; ".join(f"{r.attack} on {quoted(r.target)} adds a risk of {r.risk:.1%}" for r in bad)
        return CheckError(said, hint="coarsen or suppress more, or use a key") if bad else None


def attack(original: pa.Table, release: pa.Table, plan: Plan, names: Sequence[str] = ()) -> Outcome:
    """Run the named attacks, by default all. Raises DataError if the rows cannot be paired."""
    pair = paired(original, release)
    if pair is None:
        raise DataError(
            f"the release has {len(release):,} rows and the original {len(original):,}, and no column tells which "
            "belong together",
            hint="attack a release that keeps all rows, or keeps a column of different values as it is",
        )
    steps = {c.name: [step.transform for step in c.steps] for c in plan.columns}
    evidence = Evidence(*pair, plan.roles, steps)
    trials = {tried.name(): tried.run(evidence) if evidence.rows else [] for tried in _attacks(names)}
    results = tuple(_result(name, trial) for name, found in trials.items() for trial in found)
    found = {result.target for result in results if result.attack == "dictionary" and result.succeeded}
    work = (*_work(plan), *_work_without_key(plan, found))
    return Outcome(len(release), results, work, tuple(name for name, found in trials.items() if not found))


def _attacks(names: Sequence[str]) -> list[Attack]:
    known = modules("attack")
    for name in names:
        if name not in known:
            raise UsageError(f"no attack is called {quoted(name)}", hint=suggestion(name, known))
    kinds: list[Any] = [component("attack", name) for name in names or known]
    return [kind() for kind in kinds]


def _result(name: str, trial: Trial) -> Result:
    rate = trial.succeeded / trial.tried if trial.tried else 0.0
    low, high = wilson(trial.succeeded, trial.tried)
    risk = added(rate, trial.control)
    return Result(
        name, trial.target, trial.tried, trial.succeeded, rate, low, high, trial.control, risk, trial.detail
    )


def _work(plan: Plan) -> tuple[Work, ...]:
    """For each keyed column that stays, what the search takes with the key and without."""
    found = []
    for column in plan.columns:
        keyed = any(step.transform.key_names() for step in column.steps)
        if column.dropped or not keyed or not all(s.transform.properties().deterministic for s in column.steps):
            continue
        known = search(column)
        with_key = f"{known.count:,} {known.what}: {known.effort}" if known else "one trial for each candidate"
        found.append(Work(column.name, with_key, "2^256 keys: out of reach"))
    return tuple(found)


def _work_without_key(plan: Plan, found: Collection[str]) -> Iterator[Work]:
    """For each column whose tokens were found without a key, what the search through its usual values takes."""
    for column in plan.columns:
        if column.name in found:
            known = domain(column)
            said = f"{known.count:,} {known.what}: {known.effort}" if known else "one trial for each candidate"
            yield Work(column.name, "there is no key", said)
