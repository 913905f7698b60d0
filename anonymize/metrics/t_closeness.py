"""t-closeness: how far the sensitive values of a class are from those of all rows."""

from typing import Any, ClassVar, Literal

from pydantic import model_validator

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.anonymity.demanding import levels_of
from anonymize.kernels.anonymity.metering import VALUE, greatest, sensitive_columns, worst
from anonymize.kernels.anonymity.models import (
    Figures,
    Spread,
    equal_distance,
    hierarchical_distance,
    ordered_distance,
)
from anonymize.kernels.anonymity.releasing import column_of, ordered_codes
from anonymize.kernels.hierarchies import Hierarchy
from anonymize.kernels.hierarchy_choice import HierarchyChoice, load_hierarchy
from anonymize.statistics.grouped_values import GroupedValues, Groups


class TCloseness(Metric):
    """Greatest distance between the sensitive values of a class and those of the whole table, from 0 to 1.

    N. Li, T. Li, S. Venkatasubramanian, "t-closeness: privacy beyond k-anonymity and l-diversity", ICDE 2007: the
    earth mover's distance, all values being equally far from each other, or as far as they are apart in their
    order (of numbers if all are, else of text), or as high as one must climb in a hierarchy until they are one.
    Null is a value like any other, the last in order, and apart from all others below the top of a hierarchy. A
    table without rows measures 0.
    """

    use: Literal["t_closeness"] = "t_closeness"
    positional: ClassVar[str | None] = "column"

    column: str | None = None
    """The sensitive column to measure; by default all with this role, the worst of which counts."""
    distance: Literal["equal", "ordered", "hierarchical"] = "equal"
    """How far values are from each other."""
    hierarchy: HierarchyChoice | None = None
    """For hierarchical distances: a tree, or a file as ARX writes it."""

    @model_validator(mode="after")
    def _goes_together(self) -> "TCloseness":
        given = load_hierarchy(self.hierarchy) if self.hierarchy is not None else None
        if (self.distance == "hierarchical") != isinstance(given, Hierarchy):
            raise ValueError("`distance=hierarchical` goes with a `hierarchy`: a tree or a file")
        return self

    def needs(self, roles: Roles) -> GroupedValues:
        return GroupedValues(roles.quasi, sensitive_columns(roles, self.column))

    def measure(self, summary: Groups) -> Measurement:
        if self.distance != "hierarchical":
            figure = equal_distance if self.distance == "equal" else ordered_distance
            return worst(summary.spreads, figure, greatest)
        found = [self._by_hierarchy(summary, place) for place in range(len(summary.spreads))]
        return max(found, key=lambda measured: measured.value)

    def _by_hierarchy(self, summary: Groups, place: int) -> Measurement:
        """The distance in one sensitive column, whose values are numbered in their order."""
        hierarchy = load_hierarchy(self.hierarchy or {})
        assert isinstance(hierarchy, Hierarchy)  # noqa: S101  (narrows the type for mypy)
        _, values = ordered_codes(column_of(summary.counts[place], VALUE))
        levels = levels_of(self.column or "a sensitive column", values, hierarchy)

        def figure(spread: Spread) -> Figures:
            return hierarchical_distance(spread, levels)

        return worst([summary.spreads[place]], figure, greatest)


# Tables 3 and 5 of the paper: salaries and diseases in three classes of three.
_PAPER = {
    "zip": ["476**"] * 3 + ["4790*"] * 3 + ["476**"] * 3,
    "age": ["2*"] * 3 + [">= 40"] * 3 + ["3*"] * 3,
    "salary": [3, 4, 5, 6, 11, 8, 7, 9, 10],
}
_ROLES = Roles(quasi=("zip", "age"), sensitive=("salary",))
# Two classes of two, the diseases of each under one label: half the mass moves up two of two levels in each.
_DISEASES = {"zip": ["1", "1", "2", "2"], "疾病": ["flu", "cold", "ulcer", None]}
_TREE: dict[Any, Any] = {"lungs": ["flu", "cold"], "belly": ["ulcer"]}
_NULLS = {"zip": ["12", "12", None, None], "疾病": ["flu", "flu", "", None]}
_NULL_ROLES = Roles(quasi=("zip",), sensitive=("疾病",))

EXAMPLES = [
    Example(TCloseness(distance="ordered"), _PAPER, 0.375, _ROLES),
    Example(TCloseness(), _PAPER, 2 / 3, _ROLES),
    Example(TCloseness(column="疾病"), _NULLS, 0.5, _NULL_ROLES),
    Example(TCloseness(distance="hierarchical", hierarchy=_TREE), _DISEASES, 0.5, _NULL_ROLES),
    Example(TCloseness(), {"zip": [], "疾病": []}, 0, _NULL_ROLES),
]
