"""How much memory a run takes, from the rules and the files alone."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from anonymize.datasets import Dataset
from anonymize.planning.plan import Plan

BASE = 110 << 20
"""The program and its libraries."""
TEXT_FACTOR, TYPED_FACTOR = 16, 2
"""How much larger a page is while it is worked on: measured, rounded up."""
BLOCK = 2 << 20


@dataclass(frozen=True)
class Memory:
    """An estimate."""

    base: int
    """Bytes that any run takes."""
    each_thread: int
    """Bytes that each thread adds."""
    grows_with: tuple[str, ...]
    """Steps and checks that must keep something of the whole data: more with every distinct value."""


def memory(plan: Plan, dataset: Dataset) -> Memory:
    """What a run takes at most: one page more than there are threads, and beside it what grows with the data."""
    factor = TEXT_FACTOR if dataset.format.is_text else TYPED_FACTOR
    asking = [step.transform.use for stage in plan.stages for step in stage.steps if step.statistic is not None]
    asking += [check.metric.use for check in plan.checks]
    page = factor * _page_bytes(dataset)
    return Memory(BASE + page, page, tuple(dict.fromkeys(asking)))


def _page_bytes(dataset: Dataset) -> int:
    """The largest page: a block of text, or a row group."""
    if dataset.format.is_text:
        return int(getattr(dataset.format, "block_bytes", BLOCK))
    return max((_row_group_bytes(path) for path in dataset.paths if isinstance(path, Path)), default=BLOCK)


def _row_group_bytes(path: Path) -> int:
    """The largest row group of a Parquet file; of other files all."""
    try:
        found = pq.read_metadata(path)
        sizes = [found.row_group(place).total_byte_size for place in range(found.num_row_groups)]
    except (pa.ArrowException, OSError, ValueError):
        return path.stat().st_size
    return max(sizes, default=0)
