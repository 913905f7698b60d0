"""Generates a table like the census extract "Adult": eight quasi-identifiers and an income, synthetic and seeded.

usage: python -m benchmarks.households ROWS OUT.csv
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np

BATCH = 500_000
DOMAINS = {
    "sex": ["Female", "Male"],
    "race": [f"race-{n}" for n in range(5)],
    "marital": [f"marital-{n}" for n in range(7)],
    "education": [f"education-{n:02}" for n in range(16)],
    "country": [f"country-{n:02}" for n in range(41)],
    "workclass": [f"work-{n}" for n in range(8)],
    "occupation": [f"job-{n:02}" for n in range(14)],
    "salary": ["<=50K", ">50K"],
}
SKEW = {"sex": 0.5, "race": 2.5, "marital": 1.0, "education": 0.9, "country": 2.6, "workclass": 1.6}
QUASI = ("age", *[name for name in DOMAINS if name != "salary"])
SENSITIVE = "salary"
HIERARCHIES = {
    "age": "intervals(widths=[5, 10, 20, 40])",
    **{name: {"some": [*values[: len(values) // 2]], "others": [*values[len(values) // 2 :]]}
       for name, values in DOMAINS.items() if len(values) > 4 and name != "salary"},
}  # fmt: skip
"""For ours as for the others: ages in intervals, halves of the other domains."""


def shares(name: str) -> np.ndarray:
    """How often each value occurs: a few are common, many rare."""
    weights = 1.0 / np.arange(1, len(DOMAINS[name]) + 1) ** SKEW.get(name, 0.6)
    return weights / weights.sum()


def batch(random: np.random.Generator, rows: int) -> Any:
    import pyarrow as pa  # the environment of the other tools need not have it
    import pyarrow.compute as pc

    columns = {
        "age": pc.cast(pa.array(np.clip(random.gamma(6.0, 6.5, rows) + 12, 17, 90).astype(int)), pa.string())
    }
    for name, values in DOMAINS.items():
        drawn = random.choice(len(values), rows, p=shares(name))
        columns[name] = pa.array(values).take(pa.array(drawn))
    return pa.record_batch(columns)


def main() -> None:
    from pyarrow import csv

    rows, target = int(sys.argv[1]), Path(sys.argv[2])
    random = np.random.default_rng(7)
    first = batch(random, min(rows, BATCH))
    with csv.CSVWriter(target, first.schema, write_options=csv.WriteOptions(quoting_style="none")) as writer:
        writer.write_batch(first)
        for start in range(BATCH, rows, BATCH):
            writer.write_batch(batch(random, min(BATCH, rows - start)))


if __name__ == "__main__":
    main()
