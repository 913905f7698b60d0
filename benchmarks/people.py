"""Generates the table of the reference job: people, 14 text columns, synthetic and seeded.

usage: python -m benchmarks.people ROWS OUT.csv|OUT.parquet|OUT.jsonl ...
"""

import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.peers.job import COLUMNS

FIRST = ["Ana", "Ben", "Chloé", "Dmitri", "Eva", "Farid", "Grace", "Hugo", "Inés", "Jörg", "Kim", "Lena"]
FIRST += ["伟", "芳", "娜"]
LAST = ["Okafor", "Smith", "Müller", "García", "O'Neil", "Kowalski", "Rossi", "Dubois", "王", "李", "张", "Nguyen"]
LAST += ["Silva"]
CITIES = ["Springfield", "Riverside", "Zürich", "São Paulo", "Saint-Étienne", "北京", "上海", "New York"]
CITIES += ["Portland, OR"]
NOTES = [
    "Called back in the afternoon, wants the invoice as a PDF and a copy by post.",
    "Prefers to be written to at {email}, not by phone.",
    'Said "please do not call before nine", asked for Mr. Jones.',
    "First line\nsecond line, with a comma; then {email} and a colleague at help@example.org.",
    "客户要求下周再联系，资料已经寄出。",
    "Nothing special.",
]
BATCH = 100_000
Texts = list[str]


class Draw:
    """Random columns of some rows."""

    def __init__(self, rng: np.random.Generator, rows: int) -> None:
        self.rng, self.rows = rng, rows

    def digits(self, count: int) -> Texts:
        return np.char.zfill(self.rng.integers(0, 10**count, self.rows).astype(str), count).tolist()

    def pick(self, values: Texts) -> Texts:
        return [values[i] for i in self.rng.integers(0, len(values), self.rows)]

    def sparse(self, values: Texts, share: float) -> list[str | None]:
        gone = self.rng.random(self.rows) < share
        return [None if g else v for g, v in zip(gone, values, strict=True)]

    def days(self) -> Texts:
        return (np.datetime64("1930-01-01") + self.rng.integers(0, 29_000, self.rows)).astype(str).tolist()

    def salaries(self) -> Texts:
        return [f"{cents / 100:.2f}" for cents in self.rng.integers(1_500_000, 20_000_000, self.rows)]

    def addresses(self) -> Texts:
        pairs = zip(*self.rng.integers(1, 255, (2, self.rows)), strict=True)
        return [f"192.0.2.{a}" if a % 2 else f"198.51.{b}.{a}" for a, b in pairs]

    def emails(self, numbers: Texts) -> Texts:
        names = zip(self.pick(["ana", "ben", "chloe", "d"]), numbers, strict=True)
        return [f"{name}.{number}@mail{int(number) % 97}.example.com" for name, number in names]


def batch(start: int, rows: int, rng: np.random.Generator) -> pa.Table:
    """Some rows of the table."""
    draw = Draw(rng, rows)
    first, last, number = draw.pick(FIRST), draw.pick(LAST), draw.digits(7)
    email = draw.emails(number)
    notes = [note.format(email=address) for note, address in zip(draw.pick(NOTES), email, strict=True)]
    day, salary, address = draw.days(), draw.salaries(), draw.addresses()
    columns: dict[str, Any] = {
        "id": [f"C{i:09d}" for i in range(start, start + rows)],
        "first_name": first,
        "last_name": last,
        "full_name": [f"{f} {n}" for f, n in zip(first, last, strict=True)],
        "email": draw.sparse(email, 0.02),
        "phone": draw.sparse([f"555-{n[:3]}-{n[3:]}" for n in number], 0.05),
        "ssn": draw.sparse([f"9{n[:2]}-{n[2:4]}-{n[3:]}" for n in number], 0.1),
        "credit_card": [f"4{n}" for n in draw.digits(15)],
        "birth_date": day,
        "zip": draw.digits(5),
        "city": draw.pick(CITIES),
        "salary": draw.sparse(salary, 0.03),
        "ip": address,
        "notes": draw.sparse(notes, 0.2),
    }
    return pa.table({name: pa.array(columns[name], pa.string()) for name in COLUMNS})


def csv_text(table: pa.Table) -> bytes:
    """Minimal quoting, as most exports have it."""
    cells = []
    for column in table.columns:
        needs = pc.match_substring_regex(column, '[",\r\n]')
        escaped = pc.binary_join_element_wise('"', pc.replace_substring(column, '"', '""'), '"', "")
        cells.append(pc.fill_null(pc.if_else(needs, escaped, column), ""))
    lines = pc.binary_join_element_wise(*cells, ",").to_pylist()
    return ("\n".join(lines) + "\n").encode()


def jsonl_text(table: pa.Table) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in table.to_pylist()).encode()


def writer(out: Path, schema: pa.Schema, stack: ExitStack) -> Callable[[pa.Table], Any]:
    """What takes the batches of one file."""
    if out.suffix == ".parquet":
        return stack.enter_context(pq.ParquetWriter(out, schema, compression="zstd")).write_table
    file = stack.enter_context(out.open("wb"))
    if out.suffix == ".jsonl":
        return lambda table: file.write(jsonl_text(table))
    file.write((",".join(schema.names) + "\n").encode())
    return lambda table: file.write(csv_text(table))


def main(rows: int, outs: list[Path]) -> None:
    """Write the same table to every file."""
    rng = np.random.default_rng(7)
    with ExitStack() as stack:
        schema = pa.schema([(name, pa.string()) for name in COLUMNS])
        writers = [writer(out, schema, stack) for out in outs]
        for start in range(0, rows, BATCH):
            table = batch(start, min(BATCH, rows - start), rng)
            for write in writers:
                write(table)


if __name__ == "__main__":
    main(int(sys.argv[1]), [Path(out) for out in sys.argv[2:]])
