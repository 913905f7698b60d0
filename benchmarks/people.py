"""Generates the table of the reference job: people, 14 text columns, synthetic and seeded.

usage: python -m benchmarks.people ROWS OUT.csv|OUT.parquet|OUT.jsonl
"""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

COLUMNS = ("id", "first_name", "last_name", "full_name", "email", "phone", "ssn", "credit_card", "birth_date", "zip",
           "city", "salary", "ip", "notes")
FIRST = ["Ana", "Ben", "Chloé", "Dmitri", "Eva", "Farid", "Grace", "Hugo", "Inés", "Jörg", "Kim", "Lena", "伟", "芳", "娜"]
LAST = ["Okafor", "Smith", "Müller", "García", "O'Neil", "Kowalski", "Rossi", "Dubois", "王", "李", "张", "Nguyen", "Silva"]
CITIES = ["Springfield", "Riverside", "Zürich", "São Paulo", "Saint-Étienne", "北京", "上海", "New York", "Portland, OR"]
NOTES = [
    "Called back in the afternoon, wants the invoice as a PDF and a copy by post.",
    "Prefers to be written to at {email}, not by phone.",
    'Said "please do not call before nine", asked for Mr. Jones.',
    "First line\nsecond line, with a comma; then {email} and a colleague at help@example.org.",
    "客户要求下周再联系，资料已经寄出。",
    "Nothing special.",
]
BATCH = 100_000


def batch(start: int, rows: int, rng: np.random.Generator) -> pa.Table:
    """Some rows of the table."""

    def digits(count: int) -> list[str]:
        return np.char.zfill(rng.integers(0, 10**count, rows).astype(str), count).tolist()

    def pick(values: list[str]) -> list[str]:
        return [values[i] for i in rng.integers(0, len(values), rows)]

    def sparse(values: list[str], share: float) -> list[str | None]:
        gone = rng.random(rows) < share
        return [None if g else v for g, v in zip(gone, values, strict=True)]

    first, last = pick(FIRST), pick(LAST)
    number = digits(7)
    email = [f"{f}.{n}@mail{int(n) % 97}.example.com".lower() for f, n in zip(pick(["ana", "ben", "chloe", "d"]), number, strict=True)]
    notes = [NOTES[i].format(email=e) for i, e in zip(rng.integers(0, len(NOTES), rows), email, strict=True)]
    day = (np.datetime64("1930-01-01") + rng.integers(0, 29_000, rows)).astype(str).tolist()
    salary = [f"{n / 100:.2f}" for n in rng.integers(1_500_000, 20_000_000, rows)]
    ip = ["192.0.2." + str(a) if a % 2 else f"198.51.{b}.{a}" for a, b in zip(*rng.integers(1, 255, (2, rows)), strict=True)]
    data = {
        "id": [f"C{i:09d}" for i in range(start, start + rows)],
        "first_name": first, "last_name": last, "full_name": [f"{f} {n}" for f, n in zip(first, last, strict=True)],
        "email": sparse(email, 0.02), "phone": sparse([f"555-{n[:3]}-{n[3:]}" for n in number], 0.05),
        "ssn": sparse([f"9{n[:2]}-{n[2:4]}-{n[3:]}" for n in number], 0.1),
        "credit_card": [f"4{n}" for n in digits(15)], "birth_date": day, "zip": digits(5), "city": pick(CITIES),
        "salary": sparse(salary, 0.03), "ip": ip, "notes": sparse(notes, 0.2),
    }
    return pa.table({name: pa.array(values, pa.string()) for name, values in data.items()})


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
    import json

    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in table.to_pylist()).encode()


def main(rows: int, out: Path) -> None:
    rng = np.random.default_rng(7)
    writer = None
    with out.open("wb") as file:
        if out.suffix == ".csv":
            file.write((",".join(COLUMNS) + "\n").encode())
        for start in range(0, rows, BATCH):
            table = batch(start, min(BATCH, rows - start), rng)
            if out.suffix == ".parquet":
                writer = writer or pq.ParquetWriter(file, table.schema, compression="zstd")
                writer.write_table(table)
            else:
                file.write(csv_text(table) if out.suffix == ".csv" else jsonl_text(table))
        if writer is not None:
            writer.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
