"""k^m-anonymity: the rarest combination of a few items."""

from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from anonymize.core.component import Example
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.kernels.anonymity.itemsets import read_baskets, supports
from anonymize.kernels.arrays import one_array, text, to_numpy
from anonymize.kernels.counting import COUNT
from anonymize.statistics.class_sizes import ClassSizes


class KmAnonymity(Metric):
    """Rows that share the rarest combination of up to m items of a column that holds sets, such as diagnoses.

    M. Terrovitis, N. Mamoulis, P. Kalnis, "Privacy-preserving anonymization of set-valued data", 2008: whoever
    knows m items of a person still finds so many rows. A cell is a list with a separator; the order and repetition
    of its items do not matter. A column without items measures 0.
    """

    use: Literal["km_anonymity"] = "km_anonymity"
    positional: ClassVar[str | None] = "column"
    on_request: ClassVar[bool] = True

    column: str
    """The column of sets."""
    m: int = Field(default=2, ge=1, le=5)
    """How many items somebody may know."""
    separator: str = Field(default=";", min_length=1)
    """Stands between the items of a cell."""

    def needs(self, roles: Roles) -> ClassSizes:
        return ClassSizes((self.column,))

    def measure(self, summary: pa.Table) -> Measurement:
        known = summary.filter(pc.is_valid(summary[self.column])).combine_chunks()
        cells = text(one_array(known[self.column]))
        rows = to_numpy(one_array(known[COUNT])).astype(np.int64)
        baskets, _ = read_baskets(cells, rows, self.separator)
        found = list(supports(baskets, self.m)) if len(baskets.items) else []
        if not found:
            return Measurement(0, "there are no items")
        every = np.concatenate([each.rows for each in found])
        least = int(every.min())
        rare = int((every == least).sum())
        verb = "occurs" if rare == 1 else "occur"
        said = f"{rare:,} of {len(every):,} combinations of up to {self.m} items {verb} in {least:,} rows"
        return Measurement(least, said)


_VISITS = {"诊断": ["A1;B2", "B2; A1", "A1;C3;A1", "C3;A1", None, ""]}

EXAMPLES = [
    Example(KmAnonymity(column="诊断"), _VISITS, 2),
    Example(KmAnonymity(column="诊断", m=1), _VISITS, 2),
    Example(KmAnonymity(column="x", separator="|"), {"x": ["a|b", "a"]}, 1),
    Example(KmAnonymity(column="x"), {"x": [None, ""]}, 0),
]
