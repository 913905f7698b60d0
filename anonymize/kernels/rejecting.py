"""Reports values that a kernel answered with null."""

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.kernels.numbers.parsing import Rejects


def reject_lost(result: pa.Array, values: pa.Array, problem: str, context: Rejects) -> pa.Array:
    """The result, after reporting each place where it is null and the value is not."""
    if result.null_count > values.null_count:
        context.reject(pc.and_(result.is_null(), values.is_valid()), problem)
    return result
