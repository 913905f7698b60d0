"""Every format's example table survives being written and read again."""

import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from anonymize.codecs.streams.files import PathFile
from anonymize.codecs.tables.page import TablePage
from anonymize.core.catalog import component, examples, modules
from anonymize.core.component import Example
from anonymize.core.format import Chunk, Edit, Format, Layout, OutputColumn, Source
from anonymize.formats.csv import CsvSource
from anonymize.formats.jsonl import JsonlSource


class Given(Source):
    """A table in memory, as the source of a conversion."""

    def __init__(self, table: pa.Table) -> None:
        self.schema = table.schema
        self.page = TablePage.of(table)

    def chunks(self) -> Any:
        chunk: Chunk = lambda: self.page  # noqa: E731
        return iter([chunk])


def layout_of(source: Source) -> Layout:
    return Layout(tuple(OutputColumn(field.name, field.type, False) for field in source.schema))


def written(format_: Format, source: Source) -> bytes:
    file, layout = io.BytesIO(), layout_of(source)
    sink = format_.sink(file, layout, source)
    for chunk in source.chunks():
        sink.write(sink.encode(chunk(), Edit(), layout))
    sink.close()
    return file.getvalue()


def read(source: Source) -> pa.Table:
    source.settle(typed=True)
    layout = layout_of(source)
    batches = [chunk().table(Edit(), layout) for chunk in source.chunks()]
    return pa.Table.from_batches(batches, source.output_schema(layout))


def ids(example: Example) -> str:
    return example.component.name()


@pytest.mark.parametrize("example", examples("format"), ids=ids)
def test_example(example: Example, tmp_path: Path) -> None:
    """The table comes back, and what was written comes out byte for byte when it is rewritten."""
    format_ = example.component
    assert isinstance(format_, Format)
    path = tmp_path / f"example{format_.suffixes[0]}"
    path.write_bytes(written(format_, Given(pa.table(example.given))))
    expect = example.given if example.expect == "unchanged" else example.expect

    assert expect == read(format_.source(PathFile(path))).to_pydict()
    assert path.read_bytes() == written(format_, format_.source(PathFile(path)))


def test_every_format_has_an_example() -> None:
    """And a suffix that no other format claims."""
    formats: list[Any] = [component("format", name) for name in modules("format")]
    suffixes = [suffix for format_ in formats for suffix in format_.suffixes]

    assert set(modules("format")) == {ids(example) for example in examples("format")}
    assert len(set(suffixes)) == len(suffixes)


def test_which_formats_are_text_and_may_gain_columns() -> None:
    """Text may go to a terminal and be sealed; only JSON lines bring up columns late."""
    text = {name for name in modules("format") if component("format", name).is_text}

    assert {"csv", "jsonl"} == text
    assert JsonlSource.open_schema
    assert not CsvSource.open_schema
