"""Keep only the rows that meet a condition."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.component import Example
from anonymize.core.roles import Roles
from anonymize.core.transform import Context, RowTransform
from anonymize.kernels.conditions.condition import Condition


class KeepRows(RowTransform):
    """Keep the rows for which a condition holds and drop all others.

    A row for which the condition is unknown because a cell it asks about is null is dropped. Text that cannot be
    compared (`level > 3` on text that is no number) is an error of that row.
    """

    use: Literal["keep_rows"] = "keep_rows"
    positional: ClassVar[str | None] = "where"

    where: Condition
    """The condition, as in `consent == 'yes' and age >= 18`."""

    def columns(self, roles: Roles) -> tuple[str, ...]:
        return self.where.columns

    def rewrites(self) -> bool:
        return False

    def check(self, types: Mapping[str, pa.DataType]) -> None:
        self.where.check(types)

    def apply(self, batch: pa.RecordBatch, context: Context[Any]) -> tuple[pa.RecordBatch, pa.BooleanArray | None]:
        answer = self.where.evaluate(batch.column)
        for fault in answer.faults:
            context.reject(fault.bad, fault.problem)
        return batch, pc.fill_null(answer.holds, False)


EXAMPLES = [
    Example(
        KeepRows(where=Condition("consent == 'yes'")),
        {"consent": ["yes", "no", "", None], "姓名": ["王", "李", "张", "陈"]},
        {"consent": ["yes"], "姓名": ["王"]},
    ),
    Example(
        KeepRows(where=Condition("country in ['NO', 'SE'] and not (age < 18)")),
        {"country": ["NO", "SE", "DK", "NO"], "age": [17, 18, 40, None]},
        {"country": ["SE"], "age": [18]},
    ),
]
