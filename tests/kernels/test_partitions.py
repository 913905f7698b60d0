"""Folder names become columns of text."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from anonymize.codecs.tables.page import TablePage
from anonymize.codecs.tables.partitions import PartitionedSource, inner_source, partition_values
from anonymize.core.errors import DataError
from anonymize.core.format import Edit, Layout, OutputColumn, Source


@pytest.mark.parametrize(
    ("path", "expect"),
    [
        ("part-0.parquet", {}),
        ("year=2024/month=01/part-0.parquet", {"year": "2024", "month": "01"}),
        ("a%2Fb=x%3Dy%20z/part.parquet", {"a/b": "x=y z"}),
        ("a=x=y/part.parquet", {"a": "x=y"}),
        ("city=K%C3%B6ln/part.parquet", {"city": "Köln"}),
        ("year=__HIVE_DEFAULT_PARTITION__/part.parquet", {"year": None}),
        ("plain/year=/=x/part.parquet", {"year": ""}),
        ("file=name.parquet", {}),
    ],
)
def test_values_of_folders(path, expect):
    """`name=value` folders beneath the root give text, decoded; others say nothing."""
    assert partition_values(Path("/data/set=1"), Path("/data/set=1") / path) == expect


@pytest.mark.parametrize(("path", "message"), [("a=1/a=2/f", "two folders"), ("a=%FF/f", "not UTF-8")])
def test_folders_that_say_nothing_certain_are_refused(path, message):
    """One name twice, or bytes that are no text."""
    with pytest.raises(DataError, match=message):
        partition_values(Path("/data"), Path("/data") / path)


class People(Source):
    schema = pa.schema([("name", pa.string()), ("tags[*]", pa.string())])
    batch = pa.record_batch({"name": ["Ada", "Bob", None], "tags": [["x", "y"], None, []]})

    def chunks(self):
        yield lambda: TablePage.of(self.batch)

    def output_schema(self, layout):
        return self.batch.schema


def test_partition_columns_are_constant_text():
    """They come behind the file's own columns, one value in every row."""
    source = PartitionedSource(People(), {"year": "2024", "month": None})
    assert source.schema.names == ["name", "tags[*]", "year", "month"]
    assert isinstance(inner_source(source), People)
    (page,) = [chunk() for chunk in source.chunks()]
    assert (page.rows, page.columns) == (3, ["name", "tags[*]", "year", "month"])
    assert page.present == {"name", "tags", "tags[*]", "year", "month"}
    assert page.values("year").to_pylist() == ["2024"] * 3
    assert page.values("month").to_pylist() == [None] * 3
    assert page.values("year").type == page.values("month").type == pa.string()
    assert (page.parents("year"), page.parents("tags[*]").tolist()) == (None, [0, 0])


def test_partition_columns_are_changed_dropped_and_filtered_like_others():
    """The result has the promised schema."""
    source = PartitionedSource(People(), {"year": "2024", "month": None})
    (page,) = [chunk() for chunk in source.chunks()]
    columns = ("name", pa.string(), False), ("tags[*]", pa.string(), False), ("year", pa.int16(), True)
    layout = Layout(tuple(OutputColumn(*column) for column in columns), frozenset({"month"}))
    edit = Edit({"year": pa.array([1, 2, 3], pa.int16())}, np.array([True, False, True]))
    batch = page.table(edit, layout)
    assert batch.schema.equals(source.output_schema(layout))
    assert batch.to_pylist() == [
        {"name": "Ada", "tags": ["x", "y"], "year": 1},
        {"name": None, "tags": [], "year": 3},
    ]


def test_a_column_in_the_file_and_in_a_folder_is_refused():
    """Nobody could tell which of the two a rule means."""
    with pytest.raises(DataError, match="'name' stands in the file and in a folder's name"):
        PartitionedSource(People(), {"name": "x"}, "part.parquet")
