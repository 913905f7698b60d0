"""Parquet is written the same whatever the batches, the input and the kind of output."""

import io
import os
import threading

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq
import pytest

from anonymize.codecs.parquet import row_groups
from anonymize.codecs.parquet.chunks import Group, encoded
from anonymize.codecs.parquet.row_groups import RowGroups, joined
from anonymize.codecs.parquet.writer import Writer
from anonymize.codecs.streams.files import PathFile
from anonymize.codecs.tables.partitions import PartitionedSource
from anonymize.core.format import Edit
from anonymize.engines.local import LocalEngine
from anonymize.formats.csv import Csv
from anonymize.formats.parquet import Parquet
from anonymize.pipeline import Job, run
from tests.formats.parquet_tables import ROWS, everything, reread, saved
from tests.formats.rewriting import layout_of, rewritten
from tests.key import KEY
from tests.spine.build import rules_of


def cut(table, size):
    groups = RowGroups()
    made = [group for batch in table.to_batches(max_chunksize=size) for group in groups.add(batch)]
    return [whole(batches) for batches in [*made, *groups.finish()]]


def whole(batches):
    schema = batches[0].schema
    columns = [joined([batch.column(i) for batch in batches], field) for i, field in enumerate(schema)]
    return pa.Table.from_arrays(columns, schema=schema)


@pytest.mark.parametrize("limit", [5_000, 40_000])
def test_row_groups_do_not_depend_on_the_batches(monkeypatch, limit):
    """Whatever the size of the batches, the file is the same, byte for byte."""
    monkeypatch.setattr(row_groups, "STEP", 64)
    monkeypatch.setattr(row_groups, "GROUP_ROWS", 512)
    monkeypatch.setattr(row_groups, "GROUP_BYTES", limit)
    table = everything().select(["int", "text", "list", "struct", "map", "category"])
    written = set()
    for size in (1, 17, 64, 1000, ROWS):
        groups = cut(table, size)
        assert pa.concat_tables(groups).unify_dictionaries().to_pylist() == table.to_pylist()
        out = io.BytesIO()
        with pq.ParquetWriter(out, table.schema) as writer:
            for group in groups:
                writer.write_table(group, row_group_size=len(group))
        written.add((tuple(map(len, groups)), out.getvalue()))
    assert len(written) == 1


def test_parquet_from_csv_does_not_depend_on_the_blocks(tmp_path):
    """Whatever the size of the blocks, the file is the same, byte for byte."""
    (tmp_path / "people.csv").write_text("id,name\n" + "".join(f'{i},"Zoë {i % 7}"\n' for i in range(3_000)))
    made = set()
    for size in (1 << 10, 1 << 14, 1 << 20):
        source = Csv(block_bytes=size).source(PathFile(tmp_path / "people.csv"))
        made.add(rewritten(source, Parquet()))
    (data,) = made
    found = reread(data)
    assert found.read().to_pylist()[2_999] == {"id": "2999", "name": "Zoë 3"}
    assert found.metadata.row_group(0).column(0).compression == "ZSTD"


def test_partition_columns_stand_behind_the_own_ones(tmp_path):
    """They are changed and filtered with them, and the file's own metadata stays."""
    table = everything().select(["int", "text"])
    inner = Parquet().source(saved(tmp_path, table, row_group_size=700))
    source = PartitionedSource(inner, {"year": "2024", "x": None})
    assert [chunk().values("year").to_pylist()[:1] for chunk in source.chunks()] == [["2024"]] * 3

    def edit(page):
        return Edit({"year": pa.array([2000] * page.rows, pa.int16())}, np.arange(page.rows) > 0)

    found = reread(rewritten(source, Parquet(), layout_of(source, {"year": pa.int16()}), edit))
    assert found.num_row_groups == 3
    assert found.schema_arrow.names == ["int", "text", "year", "x"]
    assert found.schema_arrow.metadata[b"title"] == b"people"
    assert found.metadata.num_rows == ROWS - 3
    assert set(found.read()["year"].to_pylist()) == {2000}
    assert set(found.read()["x"].to_pylist()) == {None}


def test_a_pipe_can_be_written(tmp_path):
    """Writing never goes back in the file."""
    table = everything()
    readable, writable = os.pipe()
    received = []
    thread = threading.Thread(target=lambda: received.append(os.fdopen(readable, "rb").read()))
    thread.start()
    with os.fdopen(writable, "wb") as pipe:
        rewritten(Parquet().source(saved(tmp_path, table)), Parquet(), file=pipe)
    thread.join()
    assert reread(received[0]).read().num_rows == ROWS


def test_a_full_disk_is_not_hidden_and_leaves_no_footer(tmp_path):
    """What was cut off cannot be taken for a whole file."""

    class Full(io.RawIOBase):
        written = b""

        def writable(self):
            return True

        def write(self, data):
            if len(self.written) > 5_000:
                raise OSError(28, "No space left on device")
            self.written += bytes(data)
            return len(data)

    full = Full()
    with pytest.raises(OSError, match="No space left"):
        rewritten(Parquet().source(saved(tmp_path, everything())), Parquet(), file=full)
    assert not full.written.endswith(b"PAR1")


@pytest.mark.parametrize("chosen", [{"compression": "zstd"}, {"compression": "snappy", "write_page_index": True}])
def test_row_groups_encoded_apart_are_the_file_that_the_library_writes(chosen):
    """Byte for byte, page index and footer included."""
    table = everything()
    options = {"write_page_checksum": True, "use_compliant_nested_type": False, **chosen}
    groups = [whole(table.slice(start, 700).combine_chunks().to_batches()) for start in range(0, ROWS, 700)]
    library, apart = io.BytesIO(), io.BytesIO()
    writer = Writer(apart, table.schema, options)
    with pq.ParquetWriter(library, table.schema, **options) as whole_file:
        for group in groups:
            whole_file.write_table(group, row_group_size=len(group))
            columns = [column.chunks for column in group.columns]
            writer.append(Group(len(group), tuple(encoded(columns, group.schema, options))))
    writer.close()
    assert library.getvalue() == apart.getvalue()


RULES = "  id: pseudonymize\n  name: keep\n  note: mask(keep_last=2)"


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_the_file_does_not_depend_on_the_threads(tmp_path, monkeypatch, suffix):
    """One thread, two or four, small blocks: the same bytes, which all readers understand."""
    monkeypatch.setenv("ANONYMIZE_KEY", KEY)
    monkeypatch.setattr(row_groups, "GROUP_ROWS", 3 * row_groups.STEP)
    rows = 20_000
    table = pa.table(
        {
            "id": [f"p{i}" for i in range(rows)],
            "name": [None if i % 11 == 0 else f"Zoë {i % 7}" for i in range(rows)],
            "note": [f"note {i * 7919 % rows}" for i in range(rows)],
        }
    )
    source = tmp_path / f"in.{suffix}"
    write = {"csv": pc_csv.write_csv, "parquet": lambda t, path: pq.write_table(t, path, row_group_size=1_500)}
    write[suffix](table, source)
    made = set()
    for threads in (1, 2, 4):
        target = tmp_path / f"out{threads}.parquet"
        run(Job(rules_of(RULES), (str(source),), str(target)), LocalEngine(threads))
        made.add(target.read_bytes())
    (data,) = made
    found = reread(data).read()
    assert found["name"].to_pylist() == table["name"].to_pylist()
    assert pl.read_parquet(data).to_dict(as_series=False) == found.to_pydict()
    assert duckdb.read_parquet(str(target)).fetchall() == list(zip(*found.to_pydict().values(), strict=True))
    sizes = [reread(data).metadata.row_group(i).num_rows for i in range(reread(data).num_row_groups)]
    assert sizes == ([3072] * 6 + [1568] if suffix == "csv" else [1_500] * 13 + [500])
