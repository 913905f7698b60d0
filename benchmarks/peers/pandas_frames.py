"""pandas: frames of 100,000 rows for text, the whole table for Parquet; HMAC through Python."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from benchmarks.peers.job import EMAIL, paths, token

ROWS = 100_000


def masked(table: pd.DataFrame) -> pd.DataFrame:
    low = (pd.to_numeric(table["salary"]) // 10_000 * 10_000).astype("Int64")
    return table.drop(columns="full_name").assign(
        id=table["id"].map(token, na_action="ignore"),
        ssn=table["ssn"].map(token, na_action="ignore"),
        email=table["email"].str.replace(r"^(.)[^@]*", r"\1***", regex=True),
        phone=table["phone"].str.replace(r".(?=.{4})", "*", regex=True),
        salary="[" + low.astype("string") + ", " + (low + 10_000).astype("string") + ")",
        birth_date=table["birth_date"].str[:4],
        zip=table["zip"].str[:3],
        ip=table["ip"].str.replace(r"[0-9]+$", "0", regex=True),
        notes=table["notes"].str.replace(EMAIL, "[EMAIL]", regex=True),
    )


def frames(source: Path) -> Iterator[pd.DataFrame]:
    if source.suffix == ".csv":
        yield from pd.read_csv(source, dtype=str, keep_default_na=False, na_values=[""], chunksize=ROWS)
    elif source.suffix == ".jsonl":
        yield from pd.read_json(source, lines=True, dtype=False, chunksize=ROWS)
    else:
        yield pd.read_parquet(source)


def write_text(source: Path, target: Path) -> None:
    with target.open("w", newline="") as out:
        for number, table in enumerate(map(masked, frames(source))):
            if target.suffix == ".csv":
                table.to_csv(out, index=False, header=number == 0)
            else:
                table.to_json(out, orient="records", lines=True, force_ascii=False)


def write_parquet(source: Path, target: Path) -> None:
    pd.concat(map(masked, frames(source))).to_parquet(target, compression="zstd", index=False)


if __name__ == "__main__":
    source, target = paths()
    (write_parquet if target.suffix == ".parquet" else write_text)(source, target)
