"""The rule file: which columns play which role, and what happens to them."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from anonymize.core.attack import Attack
from anonymize.core.calls import CallSyntaxError, parse_call
from anonymize.core.catalog import OneOf
from anonymize.core.detector import Detector
from anonymize.core.keystore import key_store
from anonymize.core.metric import Metric
from anonymize.core.roles import Role
from anonymize.core.transform import ColumnTransform, Transform
from anonymize.kernels.conditions.condition import Condition
from anonymize.rulefile.output_rule import OutputRule
from anonymize.rulefile.own_detectors import DetectorRule

AnyTransform: TypeAlias = Annotated[Transform, OneOf("transform")]
AnyMetric: TypeAlias = Annotated[Metric | Attack, OneOf("metric", "attack")]
OnError: TypeAlias = Literal["fail", "null", "redact", "drop_row"]
Unlisted: TypeAlias = Literal["error", "keep", "drop", "redact"]

DEFAULT_KEYS = {"default": "env:ANONYMIZE_KEY"}


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ColumnRule(_Strict):
    """What happens to the columns that a name, path or glob matches."""

    role: Role = Role.OTHER
    """The part the column plays in re-identification."""
    steps: tuple[AnyTransform, ...]
    """The transforms, in order."""
    when: Condition | None = None
    """Apply the steps only where this holds (or cannot be decided); elsewhere the value stays."""
    on_error: OnError = "fail"
    """What becomes of a value that a step cannot handle."""
    optional: bool = False
    """Data without such a column is fine; otherwise a name that the data lacks stops the run."""

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        """A step or a list of steps stands for `{steps: …}`."""
        if isinstance(value, dict) and "use" not in value:
            if isinstance(value.get("steps"), str | dict):
                value = {**value, "steps": [value["steps"]]}
            return value
        return {"steps": value if isinstance(value, list) else [value]}

    @field_validator("on_error", mode="before")
    @classmethod
    def _null_is_a_word(cls, value: Any) -> Any:
        """YAML reads `on_error: null` as nothing; here it is the word."""
        return "null" if value is None else value

    @field_validator("steps", mode="before")
    @classmethod
    def _whole_calls(cls, value: Any) -> Any:
        return rejoin_calls(value) if isinstance(value, list) else value

    @field_validator("steps")
    @classmethod
    def _column_steps(cls, steps: tuple[Transform, ...]) -> tuple[Transform, ...]:
        if not steps:
            raise PydanticCustomError("no_steps", "no steps: write `keep` to keep the column as it is")
        for step in steps:
            if not isinstance(step, ColumnTransform):
                message = "{use} works on rows, not on one column: move it under `rows:`"
                raise PydanticCustomError("not_a_column_step", message, {"use": step.use})
        return steps


def rejoin_calls(steps: Sequence[Any]) -> list[Any]:
    """Puts calls together that YAML cut at their commas: `[f(a=1, b=2), g]` arrives as three strings."""
    joined: list[Any] = []
    for step in steps:
        last = joined[-1] if joined else None
        if isinstance(last, str) and isinstance(step, str) and _open_brackets(last) > 0:
            joined[-1] = f"{last}, {step}"
        else:
            joined.append(step)
    return joined


def _open_brackets(text: str) -> int:
    bare = re.sub(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""", "", text)
    return sum(bare.count(c) for c in "([{") - sum(bare.count(c) for c in ")]}")


class Check(_Strict):
    """A gate: the run fails, and no output appears, if it does not hold."""

    metric: AnyMetric
    operator: Literal[">=", "<=", "==", "!=", ">", "<"]
    limit: float

    _PATTERN: ClassVar[re.Pattern[str]] = re.compile(r"\s*(.+?)\s*(>=|<=|==|!=|>|<)\s*([-+\d.eE]+)(%?)\s*")

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        match = cls._PATTERN.fullmatch(value)
        try:
            limit = float(match[3]) / (100 if match[4] else 1) if match else None
        except ValueError:
            limit = None
        if match is None or limit is None:
            message = "not a check: write a metric, a comparison and a number, as in `k_anonymity >= 5`"
            raise PydanticCustomError("check_syntax", message)
        return {"metric": match[1], "operator": match[2], "limit": limit}

    def holds(self, value: float) -> bool:
        """Whether a measured value passes."""
        return {
            ">=": value >= self.limit,
            "<=": value <= self.limit,
            "==": value == self.limit,
            "!=": value != self.limit,
            ">": value > self.limit,
            "<": value < self.limit,
        }[self.operator]

    def __str__(self) -> str:
        return f"{self.metric.call()} {self.operator} {self.limit:g}"


class Case(_Strict):
    """A record and what it becomes; `anonymize test` proves it."""

    given: dict[str, Any]
    """A record: column names (or nested objects) and values."""
    expect: dict[str, Any] | Literal["dropped"]
    """The columns to look at and their values afterwards, or `dropped` for a row that goes."""


class RuleFile(_Strict):
    """Rules for one kind of dataset."""

    version: Literal[1]
    """The version of this file's shape."""
    extends: tuple[str, ...] = ()
    """Rule packs by name, or rule files by relative path; later lines win, line by line."""
    dataset: Annotated[str, Field(min_length=1)] = "default"
    """Domain name, part of every key derivation: two datasets are unlinkable unless they share it."""
    locale: Annotated[str, Field(pattern=r"^[a-z]{2,3}_[A-Z]{2}$")] = "en_US"
    """Default locale of fakes, such as `zh_CN`."""
    keys: dict[str, str] = Field(default_factory=dict)
    """Where keys come from, never a key: a reference such as `env:NAME` or `file:PATH` to a key store."""
    unlisted: Unlisted = "error"
    """What happens to a column that no rule names."""
    detectors: tuple[DetectorRule, ...] = ()
    """Kinds of personal data that only this file knows, for `redact_text`."""
    columns: dict[str, ColumnRule] = Field(default_factory=dict)
    """A column name, a glob or a path into nested data, and what happens there."""
    rows: tuple[AnyTransform, ...] = ()
    """Steps on whole rows, after the columns, in this order."""
    checks: tuple[Check, ...] = ()
    """Gates such as `k_anonymity >= 5`."""
    output: OutputRule = OutputRule()
    """Who can open the output."""
    tests: tuple[Case, ...] = ()
    """Records and what they become."""

    def own_detectors(self) -> tuple[Detector, ...]:
        """The detectors that the file describes."""
        return tuple(rule.build() for rule in self.detectors)

    @field_validator("keys")
    @classmethod
    def _references(cls, keys: Mapping[str, str]) -> Mapping[str, str]:
        for name, reference in keys.items():
            try:
                key_store(reference)
            except PydanticCustomError as error:
                raise PydanticCustomError("key_reference", f"key {name!r}: {error.message()}") from None
        return keys

    @field_validator("extends", mode="before")
    @classmethod
    def _one_or_more(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @field_validator("rows", mode="before")
    @classmethod
    def _whole_calls(cls, value: Any) -> Any:
        return rejoin_calls(value) if isinstance(value, list) else value

    @field_validator("rows")
    @classmethod
    def _row_steps(cls, rows: tuple[Transform, ...]) -> tuple[Transform, ...]:
        for step in rows:
            if isinstance(step, ColumnTransform):
                message = "{use} works on one column: put it under `columns:`"
                raise PydanticCustomError("not_a_row_step", message, {"use": step.use})
        return rows


def parse_assignment(text: str) -> tuple[str, list[str]]:
    """`column=step` from the command line, as a column and its steps."""
    column, equals, step = text.partition("=")
    try:
        parse_call(step)
    except CallSyntaxError:
        equals = ""
    if not equals or not column.strip():
        raise ValueError("write --set 'column=step', as in --set 'phone=mask(keep_last=4)'")
    return column.strip(), [step.strip()]
