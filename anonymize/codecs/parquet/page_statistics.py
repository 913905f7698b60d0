"""Statistics in page headers: they stay only if they say what the values of the page say."""

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.codecs.parquet.footer import Statistics, number
from anonymize.codecs.parquet.thrift import BINARY, TRUE, Field, Struct


def are_right(claimed: Struct, values: pa.Array, nulls: int) -> bool:
    """Whether the count of nulls and both ends are exactly those of a page with these texts."""
    expected: Struct = {Statistics.NULL_COUNT: number(nulls)}
    if len(values) > values.null_count:
        ends = pc.min_max(values)
        low, high = (Field(BINARY, ends[end].as_buffer().to_pybytes()) for end in ("min", "max"))
        expected |= {
            Statistics.MAX: high,
            Statistics.MIN: low,
            Statistics.MAX_VALUE: high,
            Statistics.MIN_VALUE: low,
        }
        expected |= dict.fromkeys((Statistics.IS_MAX_EXACT, Statistics.IS_MIN_EXACT), Field(TRUE, True))
    return all(expected.get(place) == field for place, field in claimed.items())
