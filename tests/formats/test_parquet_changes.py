"""Nothing that was masked, dropped or filtered is left in the bytes or the metadata of a Parquet file."""

import numpy as np
import pyarrow as pa
import pytest

from anonymize.core.format import Edit
from anonymize.formats.parquet import Parquet
from tests.formats.parquet_tables import ROWS, SECRET, everything, reread, saved
from tests.formats.rewriting import layout_of, rewritten

INDEX = "canary-index"


def table_of_secrets():
    """The secret in every row or every other row of each column, and another one in the metadata."""
    secrets = [f"{SECRET}-{i}" for i in range(ROWS)]
    some = pa.array(["open" if i % 2 else SECRET for i in range(ROWS)])
    table = pa.table(
        {
            "masked": secrets,
            "category": pa.array(secrets).dictionary_encode(),
            "masked_category": pa.array(secrets).dictionary_encode(),
            "dropped": secrets,
            "nested": pa.array([{"keep": i, "gone": [s]} for i, s in enumerate(secrets)]),
            "kept": some.dictionary_encode(),
            "keeps_category": some,
        }
    )
    fields = [f.with_metadata({"example": INDEX}) if f.name == "masked" else f for f in table.schema]
    return table.cast(pa.schema(fields, metadata={"pandas": INDEX}))


@pytest.mark.matrix("P2", "P6")
def test_a_masked_dropped_or_filtered_value_is_not_in_the_bytes(tmp_path):
    """Not in pages, dictionaries, statistics, the page index or the metadata."""
    table = table_of_secrets()
    file = saved(tmp_path, table, compression="none", row_group_size=500, write_page_index=True)
    assert file.path.read_bytes().count(SECRET.encode()) > ROWS
    source = Parquet().source(file)
    stars = lambda page: pa.array(["***"] * page.rows)  # noqa: E731
    layout = layout_of(
        source,
        {"masked": pa.string(), "masked_category": table.schema.field("masked_category").type},
        {"dropped", "nested.gone", "nested.gone[*]", "category"},
    )

    def edit(page):
        masked = {"masked": stars(page), "masked_category": stars(page).dictionary_encode()}
        return Edit(masked, np.arange(page.rows) % 2 == 1)

    data = rewritten(source, Parquet(), layout, edit)
    assert SECRET.encode() not in data
    assert INDEX.encode() not in data
    assert reread(data).read().to_pydict() == {
        "masked": ["***"] * (ROWS // 2),
        "masked_category": ["***"] * (ROWS // 2),
        "nested": [{"keep": i} for i in range(1, ROWS, 2)],
        "kept": ["open"] * (ROWS // 2),
        "keeps_category": ["open"] * (ROWS // 2),
    }


@pytest.mark.matrix("P2")
def test_a_category_untouched_in_a_filtered_table_loses_the_filtered_values(tmp_path):
    """Its dictionary is cut down to what is left; its type stays."""
    table = pa.table({"c": pa.DictionaryArray.from_arrays(pa.array([0, 1, 0], pa.int8()), ["open", SECRET])})
    source = Parquet().source(saved(tmp_path, table, compression="none"))
    data = rewritten(source, Parquet(), edit=lambda page: Edit(kept=np.array([True, False, True])))
    assert SECRET.encode() not in data
    assert reread(data).schema_arrow.field("c").type == table.schema.field("c").type


def nulled(column):
    return lambda page: Edit({column: pa.nulls(page.rows, pa.string())})


@pytest.mark.matrix("P6")
def test_metadata_that_describes_the_types_goes_when_they_change(tmp_path):
    """A changed column keeps only its id; what describes the types of the table goes once one changed."""
    table = everything().select(["int", "text"])
    source = Parquet().source(saved(tmp_path, table))
    same = layout_of(source, {"text": pa.string()})
    other = layout_of(source, {"int": pa.string()})
    found = reread(rewritten(source, Parquet(), same, nulled("text"))).schema_arrow
    assert found.metadata == {b"title": b"people", b"pandas": b"{}"}
    assert found.field("int").metadata == {b"note": b"int", b"PARQUET:field_id": b"1"}
    assert found.field("text").metadata == {b"PARQUET:field_id": b"7"}
    changed = reread(rewritten(source, Parquet(), other, nulled("int"))).schema_arrow
    assert changed.metadata == {b"title": b"people"}


def test_a_row_group_that_loses_all_rows_goes(tmp_path):
    """No empty row group is written for it."""
    source = Parquet().source(saved(tmp_path, everything().select(["int"]), row_group_size=700))
    data = rewritten(source, Parquet(), edit=lambda page: Edit(kept=np.full(page.rows, page.rows == 600)))
    assert (reread(data).num_row_groups, reread(data).metadata.num_rows) == (1, 600)
