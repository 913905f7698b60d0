"""The floor: read and write with nothing in between.

CSV: pyarrow reads blocks as text in one thread and writes them in another. Parquet: pyarrow reads and writes row
groups. JSONL: lines are split and joined, and never looked into.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.peers.job import COLUMNS, paths


def main(source: Path, target: Path) -> None:
    if source.suffix == ".jsonl":
        return pass_lines(source, target)
    batches = read_csv(source) if source.suffix == ".csv" else read_parquet(source)
    first = next(batches)
    with writer(target, first.schema) as out, ThreadPoolExecutor(1) as behind:
        writing = behind.submit(out.write, first)
        for batch in batches:
            writing.result()
            writing = behind.submit(out.write, batch)
        writing.result()


def read_csv(source: Path) -> Iterator[Any]:
    import pyarrow as pa
    from pyarrow import csv

    as_text = csv.ConvertOptions(column_types=dict.fromkeys(COLUMNS, pa.string()), strings_can_be_null=True)
    quoted = csv.ParseOptions(newlines_in_values=True)
    yield from csv.open_csv(source, csv.ReadOptions(block_size=2 << 20), quoted, as_text)


def read_parquet(source: Path) -> Iterator[Any]:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(source)
    yield from (file.read_row_group(number) for number in range(file.num_row_groups))


def writer(target: Path, schema: Any) -> Any:
    if target.suffix == ".csv":
        from pyarrow import csv

        return csv.CSVWriter(target, schema)
    import pyarrow.parquet as pq

    return pq.ParquetWriter(target, schema, compression="zstd")


def pass_lines(source: Path, target: Path) -> None:
    with source.open("rb") as given, target.open("wb") as out:
        while lines := given.readlines(1 << 20):
            out.write(b"".join(lines))


if __name__ == "__main__":
    main(*paths())
