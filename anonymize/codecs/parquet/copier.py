"""Chooses the columns of a row group that no rule touches, and copies what is proven to hold nothing else."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from anonymize.codecs.parquet.chunks import Chunk, encoded
from anonymize.codecs.parquet.copies import copy_of, ends_of
from anonymize.codecs.parquet.file import ParquetInput, RowGroupPage, leaf_count
from anonymize.codecs.parquet.hybrid import UnprovenError
from anonymize.codecs.parquet.options import Options
from anonymize.codecs.parquet.proof import Proven, Stored, proven, stored
from anonymize.core.format import Edit, Layout, Page

FEWEST_ROWS = 2048
"""Encoding fewer rows is faster than proving that they can be copied."""


@dataclass(frozen=True)
class _Storage:
    """How a column that is not nested is stored."""

    kind: tuple[Any, ...]
    codec: str

    @classmethod
    def of(cls, metadata: Any, group: int, leaf: int) -> "_Storage":
        column = metadata.schema.column(leaf)
        levels = column.max_definition_level, column.max_repetition_level
        kind = column.physical_type, str(column.logical_type), column.length, *levels
        return cls(kind, metadata.row_group(group).column(leaf).compression)


class Copier:
    """Copies columns into an output of this schema, written with these options.

    Only columns of texts are copied, not numbers and nothing nested; and none at all where a page index is asked
    for, which would have to be made anew from the values of each page.
    """

    def __init__(self, schema: pa.Schema, options: Options) -> None:
        self._schema = schema
        self._options = options
        self._storage = {} if options.get("write_page_index") else _storages(schema, options)

    def copies(self, page: Page, edit: Edit, layout: Layout) -> dict[str, Chunk]:
        """The chunks of columns that come out as they are, by name."""
        if not isinstance(page, RowGroupPage) or edit.kept is not None or page.rows < FEWEST_ROWS:
            return {}
        if page.source.ring is not None:  # its pages are encrypted
            return {}
        given = self._stored(page, edit, layout)
        if not given:
            return {}
        dictionaries = [chunk.name for chunk in given if chunk.is_dictionary]
        arrays = page.source.decoded(page.group, [chunk.name for chunk in given], dictionaries)
        found: dict[str, Proven] = {}
        for chunk, array in zip(given, arrays, strict=True):
            with suppress(UnprovenError):
                found[chunk.name] = proven(chunk, array)
        return self._described(found)

    def _stored(self, page: RowGroupPage, edit: Edit, layout: Layout) -> list[Stored]:
        found = []
        for name, leaf in self._candidates(page, edit, layout).items():
            with suppress(UnprovenError):
                found.append(stored(page.source, page.group, leaf, page.source.schema.field(name)))
        return found

    def _candidates(self, page: RowGroupPage, edit: Edit, layout: Layout) -> Mapping[str, int]:
        """Columns that are neither changed nor nested nor stored differently, and the leaf of each."""
        kept = {c.name for c in layout.columns if not c.changed} - edit.columns.keys() - layout.dropped
        source, leaves = page.source, {}
        for field, span in zip(source.schema, source.spans, strict=True):
            if field.name in kept and self._is_stored_alike(source, page.group, field, span.start):
                leaves[field.name] = span.start
        return leaves

    def _is_stored_alike(self, source: ParquetInput, group: int, field: pa.Field, leaf: int) -> bool:
        wanted = self._storage.get(field.name)
        if wanted is None or field.type != self._schema.field(field.name).type:
            return False
        return wanted == _Storage.of(source.metadata, group, leaf)

    def _described(self, found: Mapping[str, Proven]) -> dict[str, Chunk]:
        """The copies, with statistics that the library makes of the least and greatest values."""
        if not found:
            return {}
        ends = {name: ends_of(part) for name, part in found.items()}
        fields = [self._schema.field(name).with_type(pair.type) for name, pair in ends.items()]
        likes = encoded([[pair] for pair in ends.values()], pa.schema(fields), self._options)
        pairs = zip(found.items(), likes, strict=True)
        return {name: copy_of(part, like.metadata) for (name, part), like in pairs}


def merged(schema: pa.Schema, copies: Mapping[str, Chunk], others: Iterable[Chunk]) -> tuple[Chunk, ...]:
    """Copies and the other columns' chunks in the order of the schema."""
    rest = iter(others)
    chunks: list[Chunk] = []
    for field in schema:
        own = [copies[field.name]] if field.name in copies else islice(rest, leaf_count(field.type))
        chunks.extend(own)
    return tuple(chunks)


def _storages(schema: pa.Schema, options: Options) -> dict[str, _Storage]:
    """How the library stores the columns that are not nested, found by writing no rows."""
    trial = pa.BufferOutputStream()
    with pq.ParquetWriter(trial, schema, **options) as writer:
        writer.write_table(schema.empty_table())
    metadata = pq.read_metadata(pa.BufferReader(trial.getvalue()))
    found, leaf = {}, 0
    for field in schema:
        if not pa.types.is_nested(field.type):
            found[field.name] = _Storage.of(metadata, 0, leaf)
        leaf += leaf_count(field.type)
    return found
