"""Models and their parameters as requirements on a census."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.errors import DataError
from anonymize.kernels.anonymity.domains import Codes
from anonymize.kernels.anonymity.requirements import Population, Requirement
from anonymize.kernels.anonymity.wording import Model
from anonymize.kernels.arrays import text, to_numpy
from anonymize.kernels.hierarchies import Hierarchy


def requirement_of(
    model: Model, names: Sequence[str], values: Sequence[pa.Array], hierarchies: Mapping[str, Hierarchy]
) -> list[Requirement]:
    """A model of sensitive columns, given the distinct values of each in the order of their numbers."""
    given, columns = model.given, model.columns(names)
    match model.name:
        case "l_diversity" | "entropy_l_diversity":
            return [Requirement(model.name, given["l"], columns)]
        case "recursive_l_diversity":
            return [Requirement(model.name, given["c"], columns, int(given["l"]))]
        case "beta_likeness":
            return [
                Requirement("enhanced_beta_likeness" if given["enhanced"] else model.name, given["beta"], columns)
            ]
        case "t_closeness" if given["distance"] == "hierarchical":
            return [_hierarchical(given["t"], names[i], i, values[i], hierarchies) for i in columns]
        case "t_closeness":
            ordered = "_ordered" if given["distance"] == "ordered" else ""
            return [Requirement(model.name + ordered, given["t"], columns)]
        case _:
            return [
                Requirement(model.name, given["delta" if model.name == "delta_disclosure" else "alpha"], columns)
            ]


def population_of(model: Model) -> Population:
    """A model that compares with a larger table."""
    if model.name == "k_map":
        return Population(least=int(model.given["k"]))
    return Population(1, model.given["least"], model.given["most"])


def _hierarchical(
    t: float, name: str, column: int, values: pa.Array, hierarchies: Mapping[str, Hierarchy]
) -> Requirement:
    """Distances by the values' own hierarchy."""
    if name not in hierarchies:
        raise DataError(f"hierarchical distances need a hierarchy of {name!r}", hint="name it under `hierarchies`")
    return Requirement("t_closeness_hierarchical", t, (column,), levels=levels_of(name, values, hierarchies[name]))


def levels_of(name: str, values: pa.Array, hierarchy: Hierarchy) -> tuple[Codes, ...]:
    """The groups of a column's values, from the values themselves to one group of all, as many as the hierarchy
    has whichever values occur. Null is in none but the last. Raises DataError."""
    found = pc.index_in(text(values), value_set=hierarchy.levels[0])
    if pc.sum(pc.and_(found.is_null(), values.is_valid())).as_py():
        raise DataError(f"some values of {name!r} are not in its hierarchy")
    levels: list[Codes] = [np.arange(len(values), dtype=np.int32)]
    has_top = len(hierarchy.levels[-1].unique()) == 1
    for level in hierarchy.levels[1 : -1 if has_top else None]:
        labels = level.take(found).dictionary_encode(null_encoding="encode")
        levels.append(to_numpy(labels.indices).astype(np.int32))
    return (*levels, np.zeros(len(values), np.int32))
