"""k-anonymity by the best generalization."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import AfterValidator, Field

from anonymize.core.component import Example
from anonymize.core.errors import DataError
from anonymize.core.paths import RulePath
from anonymize.core.roles import Roles
from anonymize.core.shares import UpToOne
from anonymize.core.transform import Context, Properties, RowTransform
from anonymize.kernels.anonymity.classes import Census
from anonymize.kernels.anonymity.demanding import population_of, requirement_of
from anonymize.kernels.anonymity.enforcing import Method, Task, Wish, enforce
from anonymize.kernels.anonymity.ladders import labels_of, make_ladder
from anonymize.kernels.anonymity.quality import Quality
from anonymize.kernels.anonymity.releasing import (
    Release,
    Unfit,
    census_of,
    column_of,
    make_release,
    null_rows,
    unfit_rows,
    widened_release,
    with_population,
)
from anonymize.kernels.anonymity.requirements import Demands
from anonymize.kernels.anonymity.wording import ANY, Model, check_model, parse_model
from anonymize.kernels.arrays import from_numpy, to_numpy
from anonymize.kernels.counting import COUNT
from anonymize.kernels.hierarchies import Hierarchy
from anonymize.kernels.hierarchy_builders import Builder
from anonymize.kernels.hierarchy_choice import HierarchyChoice, load_hierarchy
from anonymize.kernels.numbers.parsing import plain_type
from anonymize.statistics.combinations import Combinations, Combined


class KAnonymize(RowTransform):
    """Generalize the quasi-identifiers as little as possible, so that every class of equal rows has k or more.

    Each quasi-identifier goes to one level of its hierarchy (full-domain recoding); rows that still stand out are
    suppressed, up to a limit. Of all combinations of levels the one is taken that loses least (L. Sweeney, 2002;
    K. El Emam et al., 2009). Further privacy models can be asked for, and all are checked on the released table
    itself. The columns become text. Suppressed rows are blanked; if the blank rows would be no class that holds,
    they are dropped. Null is a value like any other and stays null, unless `nulls` says otherwise. The result is
    k-anonymous over these columns: the models say nothing about an attacker who knows more columns, or about
    several releases.
    """

    use: Literal["k_anonymize"] = "k_anonymize"
    positional: ClassVar[str | None] = "k"

    k: Annotated[int, Field(ge=1)]
    """The smallest class."""
    suppress: UpToOne = 0.0
    """The share of rows that may be suppressed, as in 2%."""
    l: Annotated[float, Field(gt=1)] | None = None  # noqa: E741  (the literature's name)
    """Distinct l-diversity: so many sensitive values in each class."""
    t: Annotated[float, Field(gt=0, le=1)] | None = None
    """t-closeness with equal distances: how far a class's sensitive values may be from those of all rows."""
    models: tuple[Annotated[str, AfterValidator(check_model)], ...] = ()
    """Further models, such as `entropy_l_diversity(3)` or `t_closeness(0.2, distance=ordered)`."""
    sensitive: tuple[str, ...] = ()
    """The sensitive columns; by default those with this role."""
    hierarchies: dict[str, HierarchyChoice] = Field(default_factory=dict)
    """For each column a builder such as `intervals(widths=[5, 10])`, a file as ARX writes it, or a tree; columns
    without one get levels by the looks of their values."""
    levels: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    """Columns whose level is given."""
    quality: Quality = "loss"
    """What is made as small as possible."""
    weights: dict[str, Annotated[float, Field(ge=0, allow_inf_nan=False)]] = Field(default_factory=dict)
    """How much a column counts in the quality, by default 1."""
    local: bool = False
    """Let every class have levels of its own: far less is lost, but the labels of a column overlap."""
    method: Method = "optimal"
    """`best_effort` looks at a part of the combinations of levels, for when there are millions; the report then
    says what is possible at best."""
    time_limit: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """Seconds after which the best found so far is taken; the report then says what is possible at best."""
    people: str | None = None
    """The column that tells whose row it is: classes then count persons."""
    population: RulePath | None = None
    """A CSV file with the quasi-identifiers of a larger table, for `k_map` and `delta_presence`."""
    nulls: Literal["value", "drop", "fail"] = "value"
    """What a null in a quasi-identifier is: a value like any other, which people can share; a reason to suppress
    the row, which is then dropped; or an error."""
    suppressed: Literal["blank", "drop"] = "blank"
    """What becomes of suppressed rows."""
    hidden: str | None = None
    """Stands on the top level and in suppressed rows, such as `*`; by default null."""

    def columns(self, roles: Roles) -> tuple[str, ...]:
        if not roles.quasi:
            raise ValueError("no column has the role quasi_identifier")
        if self._asks_sensitive and not (self.sensitive or roles.sensitive):
            raise ValueError("the models need a column with the role sensitive")
        if set(self.sensitive or roles.sensitive) & set(roles.quasi):
            raise ValueError("a sensitive column has the role quasi_identifier")
        known = {*roles.quasi, *self.sensitive, *roles.sensitive}
        if not known.issuperset(self.hierarchies) or not {*roles.quasi}.issuperset((*self.levels, *self.weights)):
            raise ValueError("`hierarchies`, `levels` and `weights` name columns that are no quasi-identifiers")
        asks = any(parse_model(call).of_population for call in self.models)
        if asks != (self.population is not None):
            raise ValueError("k_map and delta_presence go with a `population`")
        return roles.quasi

    def bound(self, roles: Roles) -> RowTransform:
        return self.model_copy(update={"sensitive": self.sensitive or roles.sensitive})

    def reads(self) -> tuple[str, ...]:
        return (*self.sensitive, *([self.people] if self.people else []))

    def properties(self) -> Properties:
        return Properties(deterministic=False, survives="a level of its hierarchy")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        if pa.types.is_nested(plain_type(given)) or pa.types.is_binary(plain_type(given)):
            raise TypeError(f"needs single values such as text, numbers or dates, not {given}")
        return pa.string()

    def needs(self, columns: tuple[str, ...]) -> Combinations:
        asked = self.sensitive if self._asks_sensitive else ()
        return Combinations(tuple(dict.fromkeys((*columns, *asked, *([self.people] if self.people else [])))))

    def apply(
        self, batch: pa.RecordBatch, context: Context[Combined]
    ) -> tuple[pa.RecordBatch, pa.BooleanArray | None]:
        names = batch.schema.names
        found = self._release(context.fitted, names)
        if isinstance(found, Unfit):
            for name, bad in found.find(batch):
                context.reject(bad, f"a value of {name!r} is not in its hierarchy")
            return pa.record_batch([pa.nulls(len(batch), pa.string())] * len(names), names), None
        columns, kept = found.apply(batch)
        return pa.record_batch(columns, names), kept

    def outcome(self, fitted: Combined) -> Mapping[str, Any]:
        known = {*self.reads(), COUNT}
        found = self._release(fitted, [name for name in fitted.table.column_names if name not in known])
        return {} if isinstance(found, Unfit) else found.facts

    @property
    def _asks_sensitive(self) -> bool:
        asked = [call for call in self.models if not parse_model(call).of_population]
        return self.l is not None or self.t is not None or bool(asked)

    def _release(self, fitted: Combined, names: list[str]) -> Release | Unfit:
        """What becomes of each combination: found once for all batches."""
        release: Release | Unfit = fitted.once(self.call(), lambda: self._solve(fitted.table, names))
        return release

    def _solve(self, table: pa.Table, names: list[str]) -> Release | Unfit:
        table = self.widened(table, names)
        absent = null_rows(table, names) if self.nulls != "value" else np.zeros(table.num_rows, np.bool_)
        if absent.any():
            return self._without(table, names, absent)
        task = self.task(table, names)
        if isinstance(task, Unfit):
            return task
        if not task.census.rows:
            return make_release(table, names, [pa.nulls(0, pa.string())] * len(names), np.zeros(0, np.bool_), {})
        found = enforce(task)
        labels = [
            labels_of(ladder, own, found.suppressed)
            for ladder, own in zip(task.ladders, found.levels, strict=True)
        ]
        return make_release(table, names, labels, ~found.suppressed | found.blanked, found.facts)

    def _without(self, table: pa.Table, names: list[str], absent: NDArray[np.bool_]) -> Release | Unfit:
        """What becomes of the combinations if those with a null in a quasi-identifier are suppressed."""
        counts = to_numpy(column_of(table, COUNT))
        gone, rows = int(counts[absent].sum()), int(counts.sum())
        if self.nulls == "fail":
            raise DataError(
                f"{gone:,} of {rows:,} rows have a null in a quasi-identifier",
                hint="fill or drop them first, or say what a null is: `nulls: value` or `nulls: drop`",
            )
        left = int(self.suppress * rows + 1e-9) - gone
        if left < 0 or gone == rows:
            message = (
                f"{gone:,} of {rows:,} rows have a null in a quasi-identifier, {left + gone:,} may be suppressed"
            )
            raise DataError(message, hint="raise `suppress`, or say `nulls: value`")
        own = self.model_copy(update={"suppress": left / (rows - gone), "nulls": "value", "population": None})
        found = own._solve(table.filter(from_numpy(~absent)), names)
        return found if isinstance(found, Unfit) else widened_release(found, table, names, absent, gone, rows)

    def widened(self, table: pa.Table, names: list[str]) -> pa.Table:
        """The combinations with those of the population, if it is given."""
        return table if self.population is None else with_population(table, self.population, names)

    def task(self, table: pa.Table, names: list[str]) -> Task | Unfit:
        """What is asked of a table of combinations, in numbers."""
        given = {name: self._hierarchy(name) for name in names}
        ladders = [make_ladder(column_of(table, name), given[name], self.hidden) for name in names]
        if any(ladder.unfit.any() for ladder in ladders):
            return unfit_rows(table, names, ladders)
        sensitive = self.sensitive if self._asks_sensitive else ()
        census, values = census_of(table, [ladder.places for ladder in ladders], sensitive, self.people)
        return Task(census, names, ladders, self._demands(census, values), self._wish(names))

    def _hierarchy(self, name: str) -> Hierarchy | Builder | None:
        given = self.hierarchies.get(name)
        return None if given is None else load_hierarchy(given)

    def _demands(self, census: Census, values: list[pa.Array]) -> Demands:
        models = [parse_model(call) for call in self.models]
        models += [Model("l_diversity", {"l": self.l, "column": ANY})] if self.l is not None else []
        models += [parse_model(f"t_closeness({self.t})")] if self.t is not None else []
        trees = {n: h for n in self.sensitive if isinstance(h := self._hierarchy(n), Hierarchy)}
        asked = [m for m in models if not m.of_population]
        requirements = [r for m in asked for r in requirement_of(m, self.sensitive, values, trees)]
        populations = [population_of(m) for m in models if m.of_population]
        return Demands(census, self.k, tuple(requirements), tuple(populations))

    def _wish(self, names: list[str]) -> Wish:
        return Wish(
            limit=self.suppress,
            quality=self.quality,
            weights=[self.weights.get(name, 1.0) for name in names],
            fixed=[self.levels.get(name) for name in names],
            method=self.method,
            seconds=self.time_limit,
            local=self.local,
            blank=self.suppressed == "blank",
        )


_PEOPLE = {
    "年龄": ["21", "23", "34", "38", "36", "71"],
    "zip": ["10115", "10117", "10119", "10115", "10117", "80331"],
    "diagnosis": ["flu", "cold", "flu", "asthma", "flu", ""],
}
_ROLES = Roles(quasi=("年龄", "zip"), sensitive=("diagnosis",))
_LEVELS: dict[str, str | Path | dict[Any, Any]] = {
    "年龄": "intervals(widths=[10, 20])",
    "zip": "prefix(cut=[1, 3])",
}
_CITIES = {"city": ["Bonn", "Köln", "Lyon", None, "", None], "year": [1990, 1991, 1992, None, 1990, 1995]}
_TREE: dict[Any, Any] = {"unknown": {"nowhere": [""]}, "Europe": {"Germany": ["Bonn", "Köln"], "France": ["Lyon"]}}

EXAMPLES = [
    Example(
        KAnonymize(k=2, suppress=0.2, hierarchies=_LEVELS),
        _PEOPLE,
        {
            "年龄": ["[20, 30)", "[20, 30)", "[30, 40)", "[30, 40)", "[30, 40)"],
            "zip": ["1011*"] * 5,
            "diagnosis": ["flu", "cold", "flu", "asthma", "flu"],
        },
        _ROLES,
    ),
    Example(
        KAnonymize(k=3, hierarchies=_LEVELS, local=True, hidden="*"),
        _PEOPLE,
        {
            "年龄": ["*", "*", "[30, 40)", "[30, 40)", "[30, 40)", "*"],
            "zip": ["*", "*", "1011*", "1011*", "1011*", "*"],
            "diagnosis": ["flu", "cold", "flu", "asthma", "flu", ""],
        },
        _ROLES,
    ),
    Example(
        KAnonymize(k=2, suppress=0.2, l=2, models=("entropy_l_diversity(1.5)",), sensitive=("diagnosis",)),
        _PEOPLE,
        {
            "年龄": ["[20, 30)", "[20, 30)", "[30, 40)", "[30, 40)", "[30, 40)"],
            "zip": ["1011*"] * 5,
            "diagnosis": ["flu", "cold", "flu", "asthma", "flu"],
        },
        _ROLES,
    ),
    Example(
        KAnonymize(k=2, suppress=0.4, hierarchies={"city": _TREE}, levels={"city": 1}, suppressed="drop"),
        _CITIES,
        {"city": ["Germany", "Germany", None, None], "year": [None] * 4},
        Roles(quasi=("city", "year")),
    ),
]
