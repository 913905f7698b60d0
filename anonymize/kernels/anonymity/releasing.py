"""What a step on rows does with each row, looked up by its quasi-identifiers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from anonymize.core.errors import DataError, Where
from anonymize.kernels.anonymity.classes import Census
from anonymize.kernels.anonymity.domains import Codes
from anonymize.kernels.anonymity.ladders import Ladder
from anonymize.kernels.arrays import from_numpy, one_array, text, to_numpy
from anonymize.kernels.combining import (
    count_combinations,
    decoded,
    distinct_values,
    encode,
    number_codes,
    places_of,
)
from anonymize.kernels.counting import COUNT
from anonymize.kernels.lookup import RowLookup
from anonymize.kernels.numbers.parsing import Quiet, parse

POPULATION = "__population"


@dataclass(frozen=True)
class Release:
    """The new labels of every combination of quasi-identifiers."""

    lookup: RowLookup = field(repr=False)
    columns: tuple[pa.Array, ...] = field(repr=False)
    """For each quasi-identifier the label of each combination."""
    kept: NDArray[np.bool_] = field(repr=False)
    """Which combinations stay."""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def apply(self, batch: pa.RecordBatch) -> tuple[list[pa.Array], pa.BooleanArray | None]:
        """The new columns of a batch, and which rows stay. Raises DataError for rows that were not there."""
        places = self.lookup.places(batch)
        if (places < 0).any():
            raise DataError("the data changed between two readings")
        taken = from_numpy(places)
        kept = None if self.kept.all() else from_numpy(self.kept.take(places))
        return [column.take(taken) for column in self.columns], kept


@dataclass(frozen=True)
class Unfit:
    """Some values are in no hierarchy: which combinations have them, and in which column."""

    lookup: RowLookup = field(repr=False)
    columns: Mapping[str, NDArray[np.bool_]] = field(repr=False)

    def find(self, batch: pa.RecordBatch) -> list[tuple[str, pa.BooleanArray]]:
        """The rows of a batch with such values."""
        places = self.lookup.places(batch)
        return [(name, from_numpy(unfit.take(places))) for name, unfit in self.columns.items()]


def census_of(
    table: pa.Table, places: Sequence[Codes], sensitive: Sequence[str], people: str | None = None
) -> tuple[Census, list[pa.Array]]:
    """The combinations of a table of counts as numbers, and the sensitive values in the order of theirs."""
    persons = None if people is None else encode(column_of(table, people))[0].astype(np.int32)
    numbered = [ordered_codes(column_of(table, name)) for name in sensitive]
    census = Census(
        list(places),
        to_numpy(column_of(table, COUNT)).astype(np.int64),
        [codes for codes, _ in numbered],
        persons,
        to_numpy(column_of(table, POPULATION)) if POPULATION in table.column_names else None,
    )
    return census, [values for _, values in numbered]


def column_of(table: pa.Table, name: str) -> pa.Array:
    """A column as one array."""
    column = table[name]
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def with_population(table: pa.Table, path: Path, names: Sequence[str]) -> pa.Table:
    """The combinations and those of a larger table, a CSV file with these columns, with the rows of each in both.
    Raises DataError."""
    table = decoded(table)
    options = csv.ConvertOptions(null_values=[""], include_columns=list(names))
    options.column_types = {name: pa.string() for name in names}
    options.strings_can_be_null = True
    try:
        larger = csv.read_csv(path, convert_options=options)
        columns = {name: larger[name].cast(table[name].type).combine_chunks() for name in names}
    except (OSError, KeyError, pa.ArrowInvalid, pa.ArrowNotImplementedError):  # their messages may quote values
        message = "the population file is no CSV file with a column for each quasi-identifier"
        raise DataError(message, where=Where(str(path))) from None
    found = decoded(count_combinations({name: one_array(column) for name, column in columns.items()}))
    first = from_numpy(np.zeros(found.num_rows, np.int64))
    rest = {name: table[name].take(first) for name in table.column_names if name not in (*names, COUNT)}
    zeros = from_numpy(np.zeros(found.num_rows, np.int64))
    here = table.append_column(POPULATION, from_numpy(np.zeros(table.num_rows, np.int64)))
    there = pa.table({**{name: found[name] for name in names}, **rest, COUNT: zeros, POPULATION: found[COUNT]})
    return pa.concat_tables([here, there.select(here.column_names)]).combine_chunks()


def unfit_rows(table: pa.Table, names: Sequence[str], ladders: Sequence[Ladder]) -> "Unfit":
    """Which combinations have values that are in no hierarchy."""
    places = distinct_rows(table, names)
    lookup = RowLookup(table.select(list(names)).take(from_numpy(places.astype(np.int64))), tuple(names))
    found = {name: ladder.unfit[places] for name, ladder in zip(names, ladders, strict=True)}
    return Unfit(lookup, {name: unfit for name, unfit in found.items() if unfit.any()})


def distinct_rows(table: pa.Table, names: Sequence[str]) -> NDArray[np.intp]:
    """A row for each distinct combination of some columns."""
    if {*table.column_names} == {*names, COUNT}:
        return np.arange(table.num_rows)  # all are distinct
    return places_of(*number_codes([encode(column_of(table, name)) for name in names], table.num_rows))


def make_release(
    table: pa.Table, names: Sequence[str], labels: Sequence[pa.Array], kept: NDArray[np.bool_], facts: Any
) -> Release:
    """A release from the labels of all combinations, which sensitive values may tell apart further."""
    places = distinct_rows(table, names)
    taken = from_numpy(places.astype(np.int64))
    lookup = RowLookup(table.select(list(names)).take(taken), tuple(names))
    return Release(lookup, tuple(column.take(taken) for column in labels), kept[places], facts)


def null_rows(table: pa.Table, names: Sequence[str]) -> NDArray[np.bool_]:
    """Which combinations have a null in one of the columns."""
    found = np.zeros(table.num_rows, np.bool_)
    for name in names:
        found |= to_numpy(column_of(table, name).is_null())
    return found


def widened_release(
    release: Release, table: pa.Table, names: Sequence[str], dropped: NDArray[np.bool_], gone: int, rows: int
) -> Release:
    """A release of some of the combinations as one of all, the others being dropped."""
    places = release.lookup.places(table.select(list(names)))
    inside = (places >= 0) & ~dropped
    taken = from_numpy(np.where(inside, places, 0))
    labels = [column.take(taken) for column in release.columns]
    facts = dict(release.facts)
    facts["loss"] = (facts["loss"] * (rows - gone) + gone) / rows
    facts |= {"suppressed": facts["suppressed"] + gone, "dropped": facts["dropped"] + gone, "with nulls": gone}
    return make_release(table, names, labels, release.kept[np.where(inside, places, 0)] & inside, facts)


def ordered_codes(values: pa.Array) -> tuple[NDArray[np.int32], pa.Array]:
    """Values as numbers in their order: that of numbers if all are, else of text; null is last."""
    codes, distinct = distinct_values(values)
    numbers = numeric(distinct)
    order = np.empty(len(distinct), np.int32)
    sorted_places = pc.sort_indices(text(distinct) if numbers is None else numbers)
    order[to_numpy(sorted_places).astype(np.int64)] = np.arange(len(order), dtype=np.int32)
    return order[codes], distinct.take(sorted_places)


def numeric(values: pa.Array) -> pa.Array | None:
    """Values as numbers, if all are."""
    if pa.types.is_boolean(values.type) or pa.types.is_temporal(values.type) or pa.types.is_binary(values.type):
        return None
    numbers = parse(values, Quiet())
    return numbers if numbers.null_count == values.null_count else None
