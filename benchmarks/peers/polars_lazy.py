"""polars: one lazy query, streamed; HMAC through Python, as its own hash is not cryptographic."""

import polars as pl

from benchmarks.peers.job import COLUMNS, EMAIL, paths, tokens


def pseudonyms(values: pl.Series) -> pl.Series:
    return pl.Series(values.name, tokens(values.to_list()), pl.String)


def pseudonym(name: str) -> pl.Expr:
    return pl.col(name).map_batches(pseudonyms, return_dtype=pl.String, is_elementwise=True)


phone, salary = pl.col("phone").str, pl.col("salary").cast(pl.Float64)
low = ((salary / 10_000).floor() * 10_000).cast(pl.Int64)

source, target = paths()
if source.suffix == ".csv":
    table = pl.scan_csv(source, infer_schema=False)
elif source.suffix == ".jsonl":
    table = pl.scan_ndjson(source, schema=dict.fromkeys(COLUMNS, pl.String))
else:
    table = pl.scan_parquet(source)
result = table.drop("full_name").with_columns(
    pseudonym("id"),
    pseudonym("ssn"),
    pl.col("email").str.replace(r"^(.)[^@]*", "$1***"),
    phone.tail(4).str.pad_start(phone.len_chars(), "*"),
    pl.format("[{}, {})", low, low + 10_000).alias("salary"),
    pl.col("birth_date").str.head(4),
    pl.col("zip").str.head(3),
    pl.col("ip").str.replace(r"[0-9]+$", "0"),
    pl.col("notes").str.replace_all(EMAIL, "[EMAIL]"),
)
if target.suffix == ".csv":
    result.sink_csv(target)
elif target.suffix == ".jsonl":
    result.sink_ndjson(target)
else:
    result.sink_parquet(target, compression="zstd")
