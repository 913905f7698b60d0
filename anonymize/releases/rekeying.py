"""Moves a release from one key to another: every value is restored and made again within a page, in memory."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from anonymize.core.engine import Engine
from anonymize.core.errors import RuleError, UsageError, quoted, sealed
from anonymize.core.transform import Transform
from anonymize.datasets import Dataset
from anonymize.keys import NEW, Keys
from anonymize.pipeline import Job, run
from anonymize.planning.plan import Plan
from anonymize.planning.undoing import Redo, Undo, Undone, undone
from anonymize.releases.restoring import Adjuster, Proof, Restoration
from anonymize.rulefile.loading import Rules
from anonymize.rulefile.matching import find_rule, is_glob
from anonymize.rulefile.rules import DEFAULT_KEYS, ColumnRule


@dataclass(frozen=True)
class Move:
    """Where a release goes."""

    keys: tuple[str, ...] = ()
    """References of the new keys: `REFERENCE` where there is but one key, else `NAME=REFERENCE`."""
    rules: Rules | None = None
    """Rules with new settings; None to leave them."""
    keep_pseudonyms: bool = False
    """Leave what cannot be restored as it is, under the old key."""


@sealed
def rekey(job: Job, move: Move, engine: Engine, proof: Proof | None = None) -> Restoration:
    """Restore and make anew. The plaintext is never written, to no file and no temporary one."""
    proof, target = proof or Proof(), move.rules or job.rules
    moved = _references(move.keys, target)
    with _both(job.rules, target, moved) as keys:
        found = undone(job.rules, proof.generations(keys))
        adjuster = Adjuster(keys, proof, found)

        def adjust(plan: Plan, dataset: Dataset) -> Plan:
            if not move.keep_pseudonyms:
                _refuse_fixed(plan, found, job.rules, None if move.rules else set(moved))
            return adjuster(plan, dataset)

        report = run(replace(job, rules=_there_and_back(found, job.rules, target)), engine, keys, adjust)
    return Restoration(report, adjuster.restored, adjuster.stuck)


def _both(old: Rules, target: Rules, moved: Mapping[str, str]) -> Keys:
    """The old keys under their names, and the new ones under `NEW` and theirs."""
    references = {**DEFAULT_KEYS, **target.file.keys, **moved}
    new = {NEW + name: reference for name, reference in references.items()}
    return Keys.of(old.file).beside(new, target.file.dataset)


def _references(given: tuple[str, ...], target: Rules) -> dict[str, str]:
    """The new keys by name."""
    used = {key for rule in target.file.columns.values() for step in rule.steps for key in step.key_names()}
    used |= set(target.file.output.key_names())
    found: dict[str, str] = {}
    for text in given:
        name, equals, reference = text.partition("=")
        if not equals or ":" in name:
            name, reference = (min(used) if len(used) == 1 else ""), text
        if name not in used:
            names = ", ".join(sorted(used)) or "none"
            raise UsageError(
                "say which key moves, as --to NAME=REFERENCE", hint=f"the keys that the rules use: {names}"
            )
        found[name] = reference
    return found


def _there_and_back(found: Undone, old: Rules, target: Rules) -> Rules:
    """Rules that restore each column and then apply the steps of the target."""
    columns: dict[str, ColumnRule] = {}
    for pattern, undo in found.rules.file.columns.items():
        then = _counterpart(pattern, old, target)
        if pattern in found.stuck:
            if then.steps != old.file.columns[pattern].steps:
                message = f"{quoted(pattern)} cannot get new settings: {found.stuck[pattern]}"
                raise RuleError(message, hint="run the new rules on the original", where=target.where(pattern))
            columns[pattern] = undo
            continue
        if then.when != old.file.columns[pattern].when:
            raise RuleError(f"{quoted(pattern)} cannot get another condition", where=target.where(pattern))
        steps = [step for step in undo.steps if isinstance(step, Undo)] + _again(then)
        update = {"steps": tuple(steps) or undo.steps, "on_error": then.on_error, "when": then.when}
        columns[pattern] = undo.model_copy(update=update)
    others = {"locale": target.file.locale, "output": target.file.output.under(NEW)}
    file = found.rules.file.model_copy(update={"columns": columns, **others})
    return replace(found.rules, file=file)


def _again(rule: ColumnRule) -> list[Transform]:
    """The steps of a rule under the new keys."""
    redacted = rule.on_error == "redact"
    steps = [step for step in rule.steps if step.use != "keep"]
    return [step if step.use == "drop" else Redo(step=step, redacted=redacted) for step in steps]


def _counterpart(pattern: str, old: Rules, target: Rules) -> ColumnRule:
    """What the target says about the columns of a pattern."""
    if pattern in target.file.columns:
        return target.file.columns[pattern]
    match = None if is_glob(pattern) else find_rule(target.file.columns, pattern)
    if match is None:
        hint = "copy the line, with the new settings"
        message = f"the new rules have no line for {quoted(pattern)}"
        raise RuleError(message, hint=hint, where=old.where(pattern))
    return target.file.columns[match]


def _refuse_fixed(plan: Plan, found: Undone, old: Rules, moved: Collection[str] | None) -> None:
    """Pseudonyms cannot move without the originals. `moved` None: all keys move."""
    present = {column.rule for column in plan.columns} | (set(found.stuck) if plan.awaited else set())
    fixed = [
        pattern
        for pattern in found.stuck
        if pattern in present and any(_moves(step, moved) for step in old.file.columns[pattern].steps)
    ]
    if fixed:
        reasons = "; ".join(f"{quoted(pattern)}: {found.stuck[pattern]}" for pattern in fixed[:5])
        plural, names = "s" * (len(fixed) > 1), ", ".join(map(quoted, fixed))
        raise UsageError(
            f"the column{plural} {names} cannot move to another key without the originals",
            hint=f"{reasons}. Run the rules with the new key on the originals, or say --keep-pseudonyms to leave "
            "these columns under the old key",
        )


def _moves(step: Transform, moved: Collection[str] | None) -> bool:
    return any(moved is None or name in moved for name in step.key_names())
