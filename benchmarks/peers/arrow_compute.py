"""pyarrow: batches through its compute functions; HMAC through Python, as it has none."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from benchmarks.peers.job import COLUMNS, EMAIL, paths, tokens


def pseudonyms(values: Any) -> Any:
    return pa.array(tokens(values.to_pylist()), pa.string())


def hide_but_last(values: Any) -> Any:
    hidden = pc.subtract(pc.fill_null(pc.utf8_length(values), 4), 4)
    stars = pc.binary_repeat("*", hidden)
    return pc.binary_join_element_wise(stars, pc.utf8_slice_codeunits(values, -4, None), "")


def intervals(values: Any) -> Any:
    low = pc.multiply(pc.floor(pc.divide(values.cast(pa.float64()), 10_000.0)), 10_000.0).cast(pa.int64())
    low, high = low.cast(pa.string()), pc.add(low, 10_000).cast(pa.string())
    return pc.binary_join_element_wise("[", low, ", ", high, ")", "")


MASKS: dict[str, Callable[[Any], Any]] = {
    "id": pseudonyms,
    "email": lambda v: pc.replace_substring_regex(v, r"^(.)[^@]*", r"\1***"),
    "phone": hide_but_last,
    "ssn": pseudonyms,
    "salary": intervals,
    "birth_date": lambda v: pc.utf8_slice_codeunits(v, 0, 4),
    "zip": lambda v: pc.utf8_slice_codeunits(v, 0, 3),
    "ip": lambda v: pc.replace_substring_regex(v, r"[0-9]+$", "0"),
    "notes": lambda v: pc.replace_substring_regex(v, EMAIL, "[EMAIL]"),
}


def masked(batch: Any) -> Any:
    names = [name for name in batch.schema.names if name != "full_name"]
    columns = [MASKS.get(name, lambda v: v)(batch[name]) for name in names]
    return pa.record_batch(columns, names)


def batches(source: Path) -> Any:
    if source.suffix == ".parquet":
        return pq.ParquetFile(source).iter_batches()
    as_text = csv.ConvertOptions(column_types=dict.fromkeys(COLUMNS, pa.string()), strings_can_be_null=True)
    return csv.open_csv(source, None, csv.ParseOptions(newlines_in_values=True), as_text)


def main(source: Path, target: Path) -> None:
    found = map(masked, batches(source))
    first = next(found)
    make = csv.CSVWriter if target.suffix == ".csv" else pq.ParquetWriter
    options = {} if target.suffix == ".csv" else {"compression": "zstd"}
    with make(target, first.schema, **options) as out:
        out.write(first)
        for batch in found:
            out.write(batch)


if __name__ == "__main__":
    main(*paths())
