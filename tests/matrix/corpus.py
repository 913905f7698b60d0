"""Nasty files by the hundred, spelled piece by piece, so that it is known what every byte of the output must be."""

import json
import random
from dataclasses import dataclass

from tests.faults.build import CANARY

REDACTED = "[REDACTED]"
TEXTS = [
    *(
        "00123",
        "1.10",
        "1e5",
        "-0",
        "NA",
        "null",
        "NaN",
        "inf",
        "True",
        "123456789012345678901234567890",
        "#x",
        "//",
    ),
    *(" lead", "trail ", "\ttab", "a'b", "=1+1", "é", "e\u0301", "王小明", "😀", "\u202eabc", "\u2028", "x" * 300),
    *("\ufeffmark", "\x1b[2J", "\\", "\\n", '\\"', "{}", "[1,2]", "None", "0x1F", "1_000", "١٢٣"),
]
INSIDE = [*TEXTS, 'say "q"', '""', '"', "a,b", "a;b|c\td", "line\nline", "line\r\nline", "\r", ",", "\n", "", " "]


@dataclass(frozen=True)
class Nasty:
    """A file, what comes out when its last column is redacted, and the head and rows that it is made of."""

    raw: bytes
    expected: bytes
    head: bytes
    rows: tuple[bytes, ...]
    options: tuple[str, ...] = ()


def csv_file(seed: int) -> Nasty:
    """Any dialect; each cell quoted or not as chance has it."""
    chance = random.Random(seed)  # noqa: S311
    delimiter, end = chance.choice(",;\t|"), chance.choice(["\n", "\r\n", "\r"])
    encoding = chance.choice(["utf-8"] * 5 + ["utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
    columns = [f"c{i}" for i in range(chance.randint(2, 6))]
    rows = [[_csv_cell(chance, delimiter) for _ in columns] for _ in range(chance.choice([1, 3, 40, 200]))]
    last = chance.choice([end, ""])

    def spelled(cells: list[list[str]]) -> str:
        return end.join(delimiter.join(row) for row in [columns, *cells]) + last

    after = [[*row[:-1], _csv_redacted(row[-1])] for row in rows]
    said = () if encoding in {"utf-8", "utf-8-sig", "utf-16"} else ("--encoding", encoding)
    lines = tuple((delimiter.join(row) + end).encode(encoding) for row in rows)
    return Nasty(
        spelled(rows).encode(encoding),
        spelled(after).encode(encoding),
        (delimiter.join(columns) + end).encode(encoding),
        lines,
        ("--delimiter", delimiter, "--header", *said),
    )


def _csv_cell(chance: random.Random, delimiter: str) -> str:
    if chance.random() < 0.5:
        return '"' + chance.choice(INSIDE).replace('"', '""') + '"'
    bare = chance.choice([*TEXTS, ""]).replace(delimiter, "").strip('"')
    return bare if '"' not in bare else "bare"


def _csv_redacted(cell: str) -> str:
    if not cell:
        return ""
    return f'"{REDACTED}"' if cell.startswith('"') else REDACTED


def jsonl_file(seed: int) -> Nasty:
    """Any order of keys, blanks anywhere between tokens, letters escaped or not, numbers spelled in all ways."""
    chance = random.Random(seed)  # noqa: S311
    keys = [chance.choice(["c0", "k 0", "é0", "王"]), "c1", "n", "last"]
    alike, end = chance.random() < 0.3, chance.choice(["\n", "\r\n"])
    before, after = [], []
    blanks = [""] if alike else ["", " ", "  ", "\t"]
    for _ in range(chance.choice([1, 3, 40, 200])):
        order = keys if alike else chance.sample(keys, len(keys))
        pairs = [
            (_json_text(chance, key), *_json_value(chance, key)) for key in order if alike or chance.random() < 0.9
        ]
        gaps = [chance.choice(blanks) for _ in range(4 * len(pairs) + 2)]
        for kept, which in ((before, 1), (after, 2)):
            gap = iter(gaps)
            members = ",".join(
                f"{next(gap)}{pair[0]}{next(gap)}:{next(gap)}{pair[which]}{next(gap)}" for pair in pairs
            )
            kept.append(f"{next(gap)}{{{members}}}{next(gap)}{end}")
    lines = tuple(line.encode() for line in before)
    return Nasty(b"".join(lines), "".join(after).encode(), b"", lines)


def _json_text(chance: random.Random, text: str) -> str:
    return json.dumps(text, ensure_ascii=chance.random() < 0.5)


def _json_value(chance: random.Random, key: str) -> tuple[str, str]:
    """How the value is spelled, and how it is when it is redacted."""
    if key == "last":
        spelled = "null" if chance.random() < 0.2 else _json_text(chance, chance.choice(INSIDE))
        return spelled, spelled if spelled == "null" else f'"{REDACTED}"'
    if key == "n":
        number = chance.choice(
            ["0", "-0", "1.10", "1e5", "1E+5", "0.1e-7", "123456789012345678901234567890", "true", "null"]
        )
        return number, number
    text = chance.choice(
        [
            _json_text(chance, chance.choice(INSIDE)),
            '"\\/"',
            '"\\u00e9"',
            "[]",
            "{}",
            f'["{CANARY}", {{"x": 1.0}}]',
        ]
    )
    return text, text
