"""Python, row by row: the csv module, or msgspec for JSONL, and hmac."""

import csv
from pathlib import Path

from benchmarks.peers.job import COLUMNS, MASKS, paths


def loop_csv(source: Path, target: Path) -> None:
    masks = [(position, MASKS[name]) for position, name in enumerate(COLUMNS) if name in MASKS]
    dropped = COLUMNS.index("full_name")
    with source.open(newline="") as given, target.open("w", newline="") as out:
        rows, write = csv.reader(given), csv.writer(out, lineterminator="\n").writerow
        header = next(rows)
        del header[dropped]
        write(header)
        for row in rows:
            for position, mask in masks:
                if row[position]:
                    row[position] = mask(row[position])
            del row[dropped]
            write(row)


def loop_jsonl(source: Path, target: Path) -> None:
    from msgspec import json

    decode, encode = json.Decoder(dict[str, str | None]).decode, json.Encoder().encode
    with source.open("rb") as given, target.open("wb") as out:
        for line in given:
            row = decode(line)
            for name, mask in MASKS.items():
                value = row[name]
                if value is not None:
                    row[name] = mask(value)
            del row["full_name"]
            out.write(encode(row) + b"\n")


if __name__ == "__main__":
    source, target = paths()
    (loop_csv if source.suffix == ".csv" else loop_jsonl)(source, target)
