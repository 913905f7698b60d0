"""Keep a random sample of the rows."""

from typing import Any, ClassVar, Literal

import pyarrow as pa
from pydantic import Field

from anonymize.core.component import Example
from anonymize.core.roles import Roles
from anonymize.core.transform import Context, Properties, RowTransform
from anonymize.kernels.arrays import from_numpy
from anonymize.kernels.crypto.randomness import uniforms


class SampleRows(RowTransform):
    """Keep each row with the given probability; the number of rows kept varies around `fraction`.

    Whether somebody is in the release becomes uncertain, which is sampling in the terms of ISO/IEC 20889; a row
    that is kept is as recognizable as before. The choice depends on the key and on the number of the row in the
    data, so it is the same in every run, and anybody who has the key can tell which rows were left out.
    """

    use: Literal["sample_rows"] = "sample_rows"
    positional: ClassVar[str | None] = "fraction"

    fraction: float = Field(gt=0, le=1, allow_inf_nan=False)
    """The share of rows to keep, as in 0.1 or 10%."""
    key: str = "default"
    """Name of the key, as under `keys:`."""

    def columns(self, roles: Roles) -> tuple[str, ...]:
        return ()

    def properties(self) -> Properties:
        return Properties(deterministic=False, survives="every value of the rows that stay")

    def apply(self, batch: pa.RecordBatch, context: Context[Any]) -> tuple[pa.RecordBatch, pa.BooleanArray | None]:
        secret = context.secret(self.key, "sample_rows", scope="rows")
        return batch, from_numpy(uniforms(secret, context.rows, context.slots) < self.fraction)


EXAMPLES = [
    Example(SampleRows(fraction=0.5), {"姓名": ["a", "b", "c", "d", "e", None]}, {"姓名": ["b", "c"]}),
    Example(SampleRows(fraction=1), {"姓名": ["a", "", None]}, {"姓名": ["a", "", None]}),
]
