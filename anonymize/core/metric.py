"""Metric: measures the privacy risk (or the utility) of a table."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from anonymize.core.component import Component
from anonymize.core.roles import Roles
from anonymize.core.statistic import Statistic


@dataclass(frozen=True)
class Measurement:
    """A figure and what it means in plain words (counts only, no values)."""

    value: float
    detail: str = ""


class Metric(Component, ABC):
    """Reads one statistic of the released table, says one number."""

    kind: ClassVar[str] = "metric"
    on_request: ClassVar[bool] = False
    """True if it is dear: `assess` measures it only for a check."""
    of_all_columns: ClassVar[bool] = False
    """True if it looks at columns without a role too."""

    beside_original: ClassVar[bool] = False
    """True if it needs the original too: its statistic sees the columns that `core.beside` names."""
    pairs_rows: ClassVar[bool] = False
    """True if it must know which rows of the original and of the release belong together."""
    variants: ClassVar[tuple[Mapping[str, Any], ...]] = ({},)
    """The parameters that `assess` measures it with."""

    @abstractmethod
    def needs(self, roles: Roles) -> Statistic[Any]:
        """The statistic to measure. Raises ValueError with the reason when the roles do not allow it."""

    @abstractmethod
    def measure(self, summary: Any) -> Measurement: ...
