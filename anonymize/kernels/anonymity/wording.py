"""Privacy models as rule files spell them: `t_closeness(0.2, distance=ordered)`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from anonymize.core.calls import CallSyntaxError, parse_call

ANY = "any"
PARAMETERS: Mapping[str, Mapping[str, Any]] = {
    "l_diversity": {"l": None, "column": ANY},
    "entropy_l_diversity": {"l": None, "column": ANY},
    "recursive_l_diversity": {"c": None, "l": None, "column": ANY},
    "t_closeness": {"t": None, "distance": "equal", "column": ANY},
    "beta_likeness": {"beta": None, "enhanced": False, "column": ANY},
    "delta_disclosure": {"delta": None, "column": ANY},
    "alpha_k": {"alpha": None, "column": ANY},
    "k_map": {"k": None},
    "delta_presence": {"least": None, "most": None},
}
"""The parameters of each model in their order, with their defaults; None for none."""
OF_POPULATIONS = ("k_map", "delta_presence")
LIMITS = {
    "l": (1, float("inf")),
    "c": (0, float("inf")),
    "t": (0, 1),
    "beta": (0, float("inf")),
    "delta": (0, float("inf")),
    "alpha": (0, 1),
    "k": (1, float("inf")),
    "least": (0, 1),
    "most": (0, 1),
}


@dataclass(frozen=True)
class Model:
    """A privacy model with its parameters."""

    name: str
    given: Mapping[str, Any] = field(default_factory=dict)

    @property
    def of_population(self) -> bool:
        """Whether it compares with a larger table."""
        return self.name in OF_POPULATIONS

    def columns(self, sensitive: Sequence[str]) -> tuple[int, ...]:
        """The places of the sensitive columns that it is about. Raises ValueError for another column."""
        column = self.given["column"]
        if column == ANY:
            return tuple(range(len(sensitive)))
        if column not in sensitive:
            raise ValueError(f"{self.name} names a column that is not sensitive")
        return (sensitive.index(column),)


def parse_model(call: str) -> Model:
    """A model from its call. Raises ValueError."""
    try:
        name, positional, named = parse_call(call)
    except CallSyntaxError as error:
        raise ValueError(f"not a model: {error}") from None
    if name not in PARAMETERS:
        raise ValueError(f"no privacy model is called {name!r}: there are {', '.join(PARAMETERS)}")
    known = PARAMETERS[name]
    if len(positional) > len(known) or not set(named) <= set(known):
        raise ValueError(f"{name} takes {', '.join(known)}")
    given = {**known, **dict(zip(known, positional, strict=False)), **named}
    for parameter, value in given.items():
        _check(name, parameter, value)
    return Model(name, given)


def check_model(call: str) -> str:
    """The call, if it is one of a model. Raises ValueError."""
    parse_model(call)
    return call


def _check(name: str, parameter: str, value: Any) -> None:
    if parameter in LIMITS:
        low, high = LIMITS[parameter]
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ValueError(f"{name} needs `{parameter}` as a number from {low:g} to {high:g}")
    if parameter == "distance" and value not in ("equal", "ordered", "hierarchical"):
        raise ValueError("`distance` is equal, ordered or hierarchical")
    if parameter == "enhanced" and not isinstance(value, bool):
        raise ValueError("`enhanced` is true or false")
