"""Coordinates to a coarser grid."""

from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic import Field, model_validator

from anonymize.core.component import Example
from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import from_numpy, text_buffers, to_numpy, where
from anonymize.kernels.geohash import geohash
from anonymize.kernels.numbers.parsing import numeric_output, parse, plain, restore, spell, without
from anonymize.kernels.numbers.steps import Steps
from anonymize.kernels.segments import gather
from anonymize.kernels.text.scanning import first_of

PAIR = r"^[^, ]+, ?[^, ]+$"


class TruncateCoordinates(ColumnTransform):
    """Cut degrees of latitude and longitude to a few decimals, or name the geohash cell.

    A column holds one of the two angles, as numbers or text, or both as text in the form `latitude,longitude`.
    Decimals are cut towards zero: one of them leaves cells of about 11 km, two 1.1 km, three 110 m. A geohash
    of 5 characters is a cell of about 4.9 km, of 6 characters 1.2 by 0.6 km. Rural cells may hold one household.
    """

    use: Literal["truncate_coordinates"] = "truncate_coordinates"
    positional: ClassVar[str | None] = "decimals"

    decimals: Annotated[int, Field(ge=0, le=8)] | None = None
    """How many decimals stay."""
    geohash: Annotated[int, Field(ge=1, le=10)] | None = None
    """Instead, for pairs: the length of the geohash that replaces them."""

    @model_validator(mode="after")
    def _has_one_way(self) -> Self:
        if (self.decimals is None) == (self.geohash is None):
            raise ValueError("give either `decimals` or `geohash`")
        return self

    def properties(self) -> Properties:
        return Properties(survives="the cell of the grid")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        if self.geohash is not None and not pa.types.is_string(numeric_output(given)):
            raise TypeError(f"needs text in the form latitude,longitude for a geohash, not {given}")
        return numeric_output(given)

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        values = plain(values)
        if not pa.types.is_string(values.type):
            return restore(self._cut(_angles(values, 180, context)), values, context)
        pairs = pc.match_substring(values, ",")
        if self.geohash is None and not pc.any(pairs).as_py():
            return restore(self._cut(_angles(values, 180, context)), values, context)
        if self.geohash is not None:
            latitudes, _, longitudes = _split(values, context)
            return self._cells(latitudes, longitudes)
        latitudes, gaps, longitudes = _split(where(pairs, values, pa.scalar(None, pa.string())), context)
        joined = pc.binary_join_element_wise(spell(self._cut(latitudes)), gaps, spell(self._cut(longitudes)), "")
        single = where(pairs, pa.scalar(None, pa.string()), values)
        return pc.coalesce(joined, spell(self._cut(_angles(single, 180, context))))

    def _cut(self, angles: pa.Array) -> pa.Array:
        steps = Steps(1, 10 ** (self.decimals or 0))
        numbers = np.where(to_numpy(angles.is_valid()), to_numpy(angles), 0.0)
        index = np.where(numbers < 0, -steps.below(-numbers), steps.below(numbers))
        return from_numpy(steps.multiple(index), angles)

    def _cells(self, latitudes: pa.Array, longitudes: pa.Array) -> pa.Array:
        valid = pc.and_(latitudes.is_valid(), longitudes.is_valid())
        places: list[NDArray[np.float64]] = [to_numpy(pc.fill_null(part, 0.0)) for part in (latitudes, longitudes)]
        return where(valid, geohash(places[0], places[1], self.geohash or 1), pa.scalar(None, pa.string()))


def _angles(values: pa.Array, limit: int, context: Context[Any]) -> pa.Array:
    angles = parse(values, context)
    return without(angles, ~(np.abs(to_numpy(angles)) <= limit), f"not within {limit} degrees", context)


def _split(values: pa.Array, context: Context[Any]) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Latitude, separator and longitude of each pair; null where there is none, which `_angles` reports."""
    paired = pc.match_substring_regex(values, PAIR)
    context.reject(pc.fill_null(pc.invert(paired), False), "not a pair latitude,longitude")
    pairs = where(paired, values, pa.scalar(None, pa.string()))
    offsets, data = text_buffers(pairs)
    starts, ends = offsets[:-1], offsets[1:]
    comma = first_of(data, b",", starts, ends)
    after = np.minimum(comma + 1, ends)
    after = np.where(first_of(data, b" ", after, ends) == after, np.minimum(after + 1, ends), after)
    bounds = ((starts, comma), (comma, after), (after, ends))
    latitude, gap, longitude = (
        where(pairs.is_valid(), gather(data, *piece).view(pa.string()), pa.scalar(None, pa.string()))
        for piece in bounds
    )
    latitudes = _angles(latitude, 90, context)
    beside = where(latitudes.is_valid(), longitude, pa.scalar(None, pa.string()))  # a pair is rejected once
    return latitudes, gap, _angles(beside, 180, context)


EXAMPLES = [
    Example(TruncateCoordinates(decimals=2), ["48.858370", "-0.1276", None], ["48.85", "-0.12", None]),
    Example(TruncateCoordinates(decimals=1), [48.858370, None], [48.8, None]),
    Example(TruncateCoordinates(decimals=2), ["48.858370, 2.294481"], ["48.85, 2.29"]),
    Example(TruncateCoordinates(geohash=5), ["48.858370,2.294481", None], ["u09tu", None]),
]
