"""pandas: frames of 100,000 rows for text, the whole table for Parquet; HMAC through Python."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.peers.job import EMAIL, paths, token

ROWS = 100_000


def masked(table: pd.DataFrame) -> pd.DataFrame:
    phone = table["phone"].str
    low = (pd.to_numeric(table["salary"]) // 10_000 * 10_000).astype("Int64").astype("string")
    high = (pd.to_numeric(table["salary"]) // 10_000 * 10_000 + 10_000).astype("Int64").astype("string")
    return table.drop(columns="full_name").assign(
        id=table["id"].map(token, na_action="ignore"),
        ssn=table["ssn"].map(token, na_action="ignore"),
        email=table["email"].str.replace(r"^(.)[^@]*", r"\1***", regex=True),
        phone=phone.replace(r".(?=.{4})", "*", regex=True),
        salary="[" + low + ", " + high + ")",
        birth_date=table["birth_date"].str[:4],
        zip=table["zip"].str[:3],
        ip=table["ip"].str.replace(r"[0-9]+$", "0", regex=True),
        notes=table["notes"].str.replace(EMAIL, "[EMAIL]", regex=True),
    )
