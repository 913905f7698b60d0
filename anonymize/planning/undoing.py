"""Which steps of a rule file can be undone, and the rules that undo them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from anonymize.core.errors import DataError, RuleError, SecretError, UsageError, Where, quoted
from anonymize.core.roles import Role
from anonymize.core.statistic import Statistic
from anonymize.core.transform import Aggregation, ColumnTransform, Context, Rejection
from anonymize.kernels.arrays import is_text, to_numpy
from anonymize.kernels.crypto.spellings import decode
from anonymize.kernels.crypto.tokens import is_binary
from anonymize.kernels.text.spelling import spell
from anonymize.keys import NEW
from anonymize.planning.plan import REDACTED
from anonymize.rulefile.loading import Rules
from anonymize.rulefile.matching import find_rule
from anonymize.rulefile.output_rule import OutputRule
from anonymize.rulefile.rules import ColumnRule


class Undo(ColumnTransform):
    """A step, undone. A value that the key did not make stops everything, by row and column."""

    use: Literal["restore"] = "restore"
    restores: ClassVar[bool] = True

    step: Any
    """The transform to undo."""
    becomes: Any = Field(default_factory=pa.string)
    """The type that the values had before the step."""
    generation: int | None = None
    """Which generation of the key made the values; None lets the step find out, if it can."""
    redacted: bool = False
    """Values that the step could not handle were redacted, and stay so."""

    def call(self) -> str:
        return f"restore({self.step.call()})"

    def key_names(self) -> tuple[str, ...]:
        return tuple(self.step.key_names())

    def reads(self) -> tuple[str, ...]:
        return tuple(self.step.reads())

    def output_type(self, given: pa.DataType) -> pa.DataType:
        return self.becomes

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        return sparing(values, self.redacted, lambda rest: self._restored(rest, context))

    def _restored(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        found = self.step.restore(values, self._narrowed(context))
        for rejection in context.rejections:
            raise _refusal(self.step, rejection, values, context)
        return typed(found, self.becomes, context)

    def _narrowed(self, context: Context[Any]) -> Context[Any]:
        """Nothing but the generation that is known to be the right one."""
        if self.generation is None:
            if not self.step.properties().authenticated:
                raise unproven([context.column], list(self.key_names()))
            return context
        chosen = self.generation
        return replace(context, derive=lambda *labels: context.derive(*labels)[chosen : chosen + 1])


class Redo(ColumnTransform):
    """A step on restored values, under the new keys."""

    use: Literal["rekey"] = "rekey"

    step: Any
    """The transform."""
    redacted: bool = False
    """Values that the step could not handle before were redacted, and stay so."""

    def call(self) -> str:
        return str(self.step.call())

    def key_names(self) -> tuple[str, ...]:
        return tuple(NEW + name for name in self.step.key_names())

    def reads(self) -> tuple[str, ...]:
        return tuple(self.step.reads())

    def needs(self, columns: tuple[str, ...]) -> Statistic[Any] | None:
        found: Statistic[Any] | None = self.step.needs(columns)
        return found

    def output_type(self, given: pa.DataType) -> pa.DataType:
        return self.step.output_type(given)

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        under_new = replace(context, derive=lambda name, *labels: context.derive(NEW + name, *labels))
        return sparing(values, self.redacted, lambda rest: self.step.apply(rest, under_new))


def sparing(values: pa.Array, redacted: bool, work: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """The work on all values but those that were redacted."""
    if not redacted or not is_text(values.type):
        return work(values)
    stays = pc.fill_null(pc.equal(values, REDACTED), False)
    done = work(pc.if_else(stays, pa.scalar(None, values.type), values))
    return pc.if_else(stays, pa.scalar(REDACTED, done.type), done)


def unproven(columns: list[str], keys: list[str]) -> SecretError:
    """The refusal of a key that nothing shows to be the right one."""
    names = ", ".join(columns)
    return SecretError(
        f"nothing shows that {' and '.join(f'`{key}`' for key in keys)} is the key that made {names}: a wrong key "
        "would give wrong values there, unnoticed",
        hint="name the run's report with --run-report FILE, or say --unverified if you are certain",
    )


def _refusal(
    step: ColumnTransform, rejection: Rejection, values: pa.Array, context: Context[Any]
) -> DataError | SecretError:
    """The first value that cannot be restored; if none can, it must be the key."""
    place = Where(column=context.column, row=int(context.rows[to_numpy(rejection.bad).argmax()]) + 1)
    failed, shown = rejection.bad.true_count, len(values) - values.null_count
    message = f"{step.use} cannot be undone: {rejection.problem}"
    if failed == shown > 1:
        hint = "no value here can be restored: is it the right key, the right `dataset:` and the right rules?"
        return SecretError(message, hint=hint, where=place)
    return DataError(
        message, hint="the value was changed, or made by another key; nothing was written", where=place
    )


def typed(values: pa.Array, wanted: pa.DataType, context: Context[Any]) -> pa.Array:
    """The values in the type they had. Raises DataError if that is not what they are."""
    if values.type == wanted:
        return values
    try:
        found = _parsed(values, wanted)
        if not is_text(values.type) or pc.all(pc.equal(spell(found), values), min_count=0).as_py():
            return found
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
        pass
    message = f"holds values that are no {wanted}, which the column was before"
    raise DataError(message, hint="restore it to CSV or JSONL", where=Where(column=context.column)) from None


def _parsed(values: pa.Array, wanted: pa.DataType) -> pa.Array:
    """What `spell` made a text of, as far as Arrow has no cast for it."""
    if isinstance(wanted, pa.BaseExtensionType):
        return pa.ExtensionArray.from_storage(wanted, _parsed(values, wanted.storage_type))
    if pa.types.is_dictionary(wanted):
        return _parsed(values, wanted.value_type).dictionary_encode().cast(wanted)
    if pa.types.is_time(wanted):
        return pc.cast(pc.cast(pc.binary_join_element_wise("1970-01-01T", values, ""), _moment(wanted)), wanted)
    return pc.cast(decode(values, "hex")[0] if is_binary(wanted) else values, wanted)


def _moment(time: pa.DataType) -> pa.DataType:
    return pa.timestamp(time.unit)


@dataclass(frozen=True)
class Undone:
    """Rules that undo rules."""

    rules: Rules
    stuck: Mapping[str, str] = field(default_factory=dict)
    """Patterns of columns that stay as they are, and why."""

    @property
    def restores(self) -> bool:
        """Whether any rule has a way back."""
        return any(isinstance(step, Undo) for rule in self.rules.file.columns.values() for step in rule.steps)


def undone(rules: Rules, generations: Mapping[str, int]) -> Undone:
    """The rules that restore what can be restored, and keep the rest.

    `generations` are known from elsewhere: which generation of a key made the values.
    """
    if any(isinstance(step, Aggregation) for step in rules.file.rows):
        raise UsageError("these rules replace the records by groups, of which nothing can be restored")
    columns: dict[str, ColumnRule] = {}
    stuck: dict[str, str] = {}
    for pattern, rule in rules.file.columns.items():
        if any(step.use == "drop" for step in rule.steps):
            continue
        why = obstacle(rules, pattern)
        columns[pattern] = _kept() if why is not None else _backwards(rule, generations)
        if why:
            stuck[pattern] = why
    update: dict[str, Any] = {"columns": columns, "rows": (), "checks": (), "tests": (), "unlisted": "keep"}
    update["output"] = OutputRule()  # the way back leads out of an encrypted file, too
    return Undone(replace(rules, file=rules.file.model_copy(update=update)), stuck)


def obstacle(rules: Rules, pattern: str, above: tuple[str, ...] = ()) -> str | None:
    """Why the steps at a pattern cannot be undone; "" if there is nothing to undo. `above` are the patterns that
    wait for this one."""
    steps = [step for step in rules.file.columns[pattern].steps if step.use != "keep"]
    if not steps:
        return ""
    for step in steps:
        if not step.properties().reversible:
            return f"{step.use} cannot be undone"
    for name in _needed(rules.file.columns[pattern]):
        other = _pattern(rules, name)
        if other is None and rules.file.unlisted != "keep":
            return f"it depends on {quoted(name)}, which no rule keeps"
        if other in (*above, pattern):
            return f"it depends on {quoted(name)}, which must be restored first"
        if other is not None and obstacle(rules, other, (*above, pattern)):
            return f"it depends on {quoted(name)}, which cannot be restored"
    return None


def _needed(rule: ColumnRule) -> list[str]:
    """The other columns that must have their originals before a column can be restored."""
    return [*(rule.when.columns if rule.when else ()), *(name for step in rule.steps for name in step.reads())]


def _pattern(rules: Rules, name: str) -> str | None:
    try:
        return find_rule(rules.file.columns, name)
    except RuleError:
        return None


def _kept() -> ColumnRule:
    return ColumnRule.model_validate("keep")


def _backwards(rule: ColumnRule, generations: Mapping[str, int]) -> ColumnRule:
    """The steps undone, the last one first."""
    steps = tuple(
        Undo(step=step, generation=_generation(step, generations), redacted=rule.on_error == "redact")
        for step in reversed(rule.steps)
        if step.use != "keep"
    )
    return rule.model_copy(update={"steps": steps, "on_error": "fail", "role": Role.OTHER})


def _generation(step: Any, generations: Mapping[str, int]) -> int | None:
    """Only what cannot find out by itself is told."""
    known = [generations[name] for name in step.key_names() if name in generations]
    return known[0] if known and not step.properties().authenticated else None
