"""Sees values before and after in the last pass of a run, for a report with plots."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa

from anonymize.codecs.streams.digests import hmac_of
from anonymize.codecs.streams.remote import AnyPath
from anonymize.core.beside import BEFORE, beside
from anonymize.core.roles import Role
from anonymize.core.statistic import Statistic
from anonymize.planning.plan import ColumnPlan, Plan
from anonymize.rulefile.matching import ITEMS
from anonymize.statistics.class_sizes import ClassSizes
from anonymize.statistics.row_sample import RowSample

Derive: TypeAlias = Callable[[str, str, str], Sequence[bytes]]


@dataclass
class Onlooker:
    """Asks for the sizes of the classes before and after and for a sample of rows, all merged from the pages that
    the last pass sees anyway."""

    plan: Plan | None = None
    classes_before: pa.Table | None = None
    """Classes of the input's rows by its quasi-identifiers, dropped ones too."""
    classes_after: pa.Table | None = None
    rows: pa.Table | None = None
    """Sampled rows of the input, the changed columns as text, as `core.beside` names them."""
    digests: dict[str, str] = field(default_factory=dict)
    """HMAC-SHA-256 by input file."""
    outputs: list[Path] = field(default_factory=list)
    """The files to be."""

    def questions(self, plan: Plan) -> tuple[Statistic[Any], ...]:
        """What to ask of the last pass."""
        asked: list[Statistic[Any]] = [RowSample(beside([c.name for c in seen_columns(plan)]))]
        if before := quasi_before(plan):
            asked.append(ClassSizes(tuple(BEFORE + name for name in before)))
        if after := quasi_after(plan):
            asked.append(ClassSizes(after))
        return tuple(asked)

    def hear(self, asked: Sequence[Statistic[Any]], answers: Sequence[pa.Table]) -> None:
        """Keep the answers."""
        for question, answer in zip(asked, answers, strict=True):
            match question:
                case RowSample():
                    self.rows = answer
                case ClassSizes(columns) if columns[0].startswith(BEFORE):
                    names = [name.removeprefix(BEFORE) for name in answer.column_names]
                    self.classes_before = answer.rename_columns(names)
                case ClassSizes():
                    self.classes_after = answer

    def identify(self, plan: Plan, paths: Sequence[AnyPath], outputs: Sequence[object], derive: Derive) -> None:
        """Take the digests of the inputs, under a key of the rules if they use any, and the names of the outputs.
        A digest without a key would let anybody test guesses about the few values that a release lacks."""
        self.plan = plan
        self.outputs = [path for path in outputs if isinstance(path, Path)]
        names = plan.key_names()
        if names:
            key = derive(names[0], "input digest", "")[0]
            here = [path for path in paths if isinstance(path, Path)]  # what is far away is not fetched once more
            self.digests = {str(path): hmac_of(path, key) for path in here}


def quasi_before(plan: Plan) -> tuple[str, ...]:
    """The quasi-identifiers of the input with one value per row."""
    quasi = [c.name for c in plan.columns if c.role is Role.QUASI_IDENTIFIER]
    return tuple(name for name in quasi if ITEMS not in name)


def quasi_after(plan: Plan) -> tuple[str, ...]:
    """Those that the output still has."""
    return tuple(name for name in plan.roles.quasi if ITEMS not in name)


def seen_columns(plan: Plan) -> tuple[ColumnPlan, ...]:
    """Columns whose values a step changes, with one value per row."""
    return tuple(c for c in plan.columns if c.changed and not c.dropped and ITEMS not in c.name)
