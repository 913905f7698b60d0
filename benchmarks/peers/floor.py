"""The floor: read and write with nothing in between.

CSV: pyarrow reads blocks as text in one thread and writes them in another. Parquet: pyarrow reads and writes; its
own threads do both. JSONL: lines are split and joined, and never looked into.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.peers.job import COLUMNS, paths


def pass_csv(source: Path, target: Path) -> None:
    from pyarrow import csv

    batches = read_csv(source)
    first = next(batches)
    with csv.CSVWriter(target, first.schema) as out, ThreadPoolExecutor(1) as behind:
        writing = behind.submit(out.write, first)
        for batch in batches:
            writing.result()
            writing = behind.submit(out.write, batch)
        writing.result()


def pass_parquet(source: Path, target: Path) -> None:
    import pyarrow.parquet as pq

    tables = read_csv(source) if source.suffix == ".csv" else read_row_groups(source)
    first = next(tables)
    with pq.ParquetWriter(target, first.schema, compression="zstd") as out:
        out.write(first)
        for table in tables:
            out.write(table)


def pass_lines(source: Path, target: Path) -> None:
    with source.open("rb") as given, target.open("wb") as out:
        while lines := given.readlines(1 << 20):
            out.write(b"".join(lines))


def read_csv(source: Path) -> Iterator[Any]:
    import pyarrow as pa
    from pyarrow import csv

    as_text = csv.ConvertOptions(column_types=dict.fromkeys(COLUMNS, pa.string()), strings_can_be_null=True)
    quoted = csv.ParseOptions(newlines_in_values=True)
    yield from csv.open_csv(source, csv.ReadOptions(block_size=2 << 20), quoted, as_text)


def read_row_groups(source: Path) -> Iterator[Any]:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(source)
    yield from (file.read_row_group(number) for number in range(file.num_row_groups))


if __name__ == "__main__":
    source, target = paths()
    {".csv": pass_csv, ".parquet": pass_parquet, ".jsonl": pass_lines}[target.suffix](source, target)
