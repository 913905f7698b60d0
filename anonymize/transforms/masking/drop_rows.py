"""Leave out the rows that meet a condition."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.component import Example
from anonymize.core.roles import Roles
from anonymize.core.transform import Context, RowTransform
from anonymize.kernels.conditions.condition import Condition


class DropRows(RowTransform):
    """Drop the rows for which a condition holds.

    A row is also dropped where the condition is unknown because a cell it asks about is null: with
    `consent == 'no'`, whoever gave no answer goes too. Say `consent is not null and ...` to keep those. Text that
    cannot be compared (`level > 3` on text that is no number) is an error of that row.
    """

    use: Literal["drop_rows"] = "drop_rows"
    positional: ClassVar[str | None] = "where"

    where: Condition
    """The condition, as in `consent == 'no' or age < 18`."""

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
        return batch, pc.invert(pc.fill_null(answer.holds, True))


EXAMPLES = [
    Example(
        DropRows(where=Condition("consent == 'no'")),
        {"consent": ["yes", "no", "", None], "姓名": ["王", "李", "张", "陈"]},
        {"consent": ["yes", ""], "姓名": ["王", "张"]},
    ),
    Example(
        DropRows(where=Condition("age is not null and age < 18")),
        {"age": ["17", "18", None]},
        {"age": ["18", None]},
    ),
]
