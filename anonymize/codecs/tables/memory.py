"""Tables in memory, as a source and as a sink."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import pyarrow as pa

from anonymize.codecs.tables.nested import leaves, tree
from anonymize.codecs.tables.page import TablePage
from anonymize.core.format import Chunk, Edit, Layout, Page, Sink, Source


class PageSource(Source):
    """Gives the same pages in every pass."""

    def __init__(
        self,
        schema: pa.Schema,
        pages: Sequence[Page],
        open_schema: bool = False,
        containers: Mapping[str, pa.DataType] | None = None,
    ) -> None:
        self.schema = schema
        self.pages = pages
        self.open_schema = open_schema
        self.containers = containers or {}

    @classmethod
    def of(cls, table: pa.Table | pa.RecordBatch) -> "PageSource":
        """The source over a table: one page."""
        nodes = tree(table.schema)
        schema = pa.schema([pa.field(node.path, node.field.type) for node in leaves(nodes)])
        inner = {node.path: node.field.type for root in nodes for node in root.walk() if node.children}
        return cls(schema, [TablePage.of(table)], containers=inner)

    @property
    def present(self) -> dict[str, pa.DataType]:
        """All paths, objects and lists included."""
        return {**self.containers, **{field.name: field.type for field in self.schema}}

    def chunks(self) -> Iterator[Chunk]:
        return (partial(_itself, page) for page in self.pages)


class TableSink(Sink):
    """Keeps what is written."""

    def __init__(self) -> None:
        self.batches: list[pa.RecordBatch] = []

    def encode(self, page: Page, edit: Edit, layout: Layout) -> pa.RecordBatch:
        return page.table(edit, layout)

    def write(self, encoded: pa.RecordBatch) -> None:
        self.batches.append(encoded)

    def close(self) -> None:
        """Nothing is left to do."""

    def table(self) -> pa.Table:
        """All that was written; there was at least one page."""
        return pa.Table.from_batches(self.batches)


def _itself(page: Page) -> Page:
    return page
