"""All rows of some columns."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from anonymize.core.beside import ROW
from anonymize.core.errors import DataError
from anonymize.core.statistic import State
from anonymize.kernels.arrays import text
from anonymize.kernels.numbers.parsing import plain

MOST_CELLS = 200_000_000


@dataclass(frozen=True)
class WholeRows:
    """The columns as they are, in the order of the rows, whose numbers are the first column: for what must see all
    of them at once. Raises DataError for more than fits into memory."""

    columns: tuple[str, ...]

    def fit(self, batch: pa.RecordBatch) -> State:
        return pa.table({name: plain(batch.column(name)) for name in self.columns})

    def merge(self, states: Sequence[State]) -> State:
        if sum(map(len, states)) * len(self.columns) > MOST_CELLS:
            raise DataError(
                f"a check must see all rows at once, and there are more than {MOST_CELLS:,} cells",
                hint="attack a sample of the rows, by `anonymize attack`",
            )
        if len({state.schema for state in states}) > 1:
            states = [_spelled(state) for state in states]
        return pa.concat_tables(states)

    def finish(self, state: State) -> pa.Table:
        return state.sort_by(ROW)


def _spelled(state: State) -> State:
    """As text, where pages do not agree on the types."""
    columns = {name: state[name] for name in state.column_names}
    kept = {name for name in columns if pa.types.is_boolean(columns[name].type) or name == ROW}
    return pa.table(
        {
            name: c if name in kept else pa.chunked_array([text(piece) for piece in c.chunks], pa.string())
            for name, c in columns.items()
        }
    )
