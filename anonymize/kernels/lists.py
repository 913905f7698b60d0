"""Small text files that rules refer to: lists and tables of replacements. Errors never quote their content."""

import csv
from pathlib import Path
from typing import Any

LARGEST = 64 * 1024 * 1024
HEADER = ["value", "replacement"]


def read_items(path: Path) -> list[str]:
    """The lines of a UTF-8 file. Raises ValueError when it cannot be read or holds an empty line."""
    items = _text(path).split("\n")
    items = [item.removesuffix("\r") for item in (items[:-1] if items[-1] == "" else items)]
    for number, item in enumerate(items, 1):
        if not item:
            raise ValueError(f"line {number} of the file is empty")
    return items


def read_pairs(path: Path) -> dict[str, str]:
    """A CSV file of two columns, `value` and `replacement`. Raises ValueError."""
    reader = csv.reader(_text(path).splitlines(keepends=True), strict=True)
    pairs: dict[str, str] = {}
    try:
        if next(reader, None) != HEADER:
            raise ValueError("the first line of the file must be: value,replacement")
        for row in reader:
            _add(pairs, row, reader.line_num)
    except csv.Error:
        raise ValueError(f"line {reader.line_num} of the file is not valid CSV") from None
    return pairs


def _add(pairs: dict[str, str], row: list[str], line: int) -> None:
    if len(row) != len(HEADER):
        raise ValueError(f"line {line} of the file has {len(row)} cells, expected {len(HEADER)}")
    value, replacement = row
    if value in pairs:
        raise ValueError(f"line {line} of the file repeats a value")
    pairs[value] = replacement


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError("the file is larger than 64 MiB")
        return path.read_bytes().decode("utf-8-sig")
    except OSError:
        raise ValueError("the file cannot be read") from None
    except UnicodeDecodeError:
        raise ValueError("the file is not UTF-8") from None


def spelled(value: Any) -> Any:
    """A scalar of a rule file as the text of a cell: `1` is "1", `true` is "true"."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value
