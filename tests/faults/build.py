"""Data whose every cell carries a canary, and the search for it in whatever leaves a failing run."""

import gzip
import io
import logging
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from anonymize.codecs.tables.ipc_output import IpcWriter
from anonymize.core.errors import AnonymizeError
from tests.key import KEY

CANARY = "Zanzibar7731"

ROWS = 40


def cells(rows: int = ROWS) -> pa.Table:
    """Three columns of text with the canary in every value."""
    names = ("id", "name", "note")
    return pa.table({name: [f"{CANARY}-{name}-{i}" for i in range(rows)] for name in names})


def csv_bytes(table: pa.Table) -> bytes:
    lines = [",".join(table.column_names), *(",".join(map(str, row.values())) for row in table.to_pylist())]
    return ("\n".join(lines) + "\n").encode()


def jsonl_bytes(table: pa.Table) -> bytes:
    import json

    return "".join(json.dumps(row, default=str) + "\n" for row in table.to_pylist()).encode()


def parquet_bytes(table: pa.Table, row_group: int = 10) -> bytes:
    target = io.BytesIO()
    pq.write_table(table, target, row_group_size=row_group, write_page_checksum=True)
    return target.getvalue()


def arrow_bytes(table: pa.Table) -> bytes:
    target = io.BytesIO()
    writer = IpcWriter(target, table.schema, True, None)
    for batch in table.to_batches(10):
        writer.write(batch)
    writer.close()
    return target.getvalue()


def file_bytes(suffix: str, table: pa.Table) -> bytes:
    """The table as a file of this suffix."""
    make = {"csv": csv_bytes, "jsonl": jsonl_bytes, "parquet": parquet_bytes, "arrow": arrow_bytes}
    kind, _, packing = suffix.lstrip(".").partition(".")
    raw = make[kind](table)
    if packing == "gz":
        return gzip.compress(raw)
    return pa.compress(raw, "zstd", asbytes=True) if packing == "zst" else raw


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and all that stand behind it, also those that `from None` hides."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        found = waiting.pop()
        if found is not None and id(found) not in seen:
            seen.add(id(found))
            yield found
            waiting += [found.__cause__, found.__context__]


def assert_silent(error: BaseException, *also: str) -> None:
    """No value and no key in any text that the error could give, and no foreign error behind it."""
    for found in chain(error):
        texts = [str(found), repr(found), repr(found.args), "".join(traceback.format_exception(found))]
        assert_none_in("\n".join([*texts, *getattr(found, "__notes__", ())]), *also)
        assert isinstance(found, AnonymizeError), f"{type(found).__name__} behind the error"


def assert_none_in(text: str, *also: str) -> None:
    """The canary is looked for in pieces too: a message may cut or spell it."""
    lowered = text.lower()
    for secret in (CANARY, CANARY[:8], CANARY.encode().hex(), KEY, KEY[:12], *also):
        assert secret.lower() not in lowered


class Log(logging.Handler):
    """Every line that anybody logs."""

    def __init__(self) -> None:
        super().__init__(0)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def command(*arguments: str, **options: object) -> "subprocess.CompletedProcess[str]":
    """`python -m anonymize …` with a key."""
    given = {"env": environment(), "capture_output": True, "text": True, "timeout": 120, **options}
    return subprocess.run([sys.executable, "-m", "anonymize", *arguments], check=False, **given)  # type: ignore[call-overload, no-any-return]


def environment() -> dict[str, str]:
    """A key, and the package wherever the command runs."""
    home = Path(__file__).parents[2]
    return {**os.environ, "ANONYMIZE_KEY": KEY, "NO_COLOR": "1", "PYTHONPATH": str(home)}


def rules_file(folder: Path, columns: str, rest: str = "") -> Path:
    path = folder / "rules.yaml"
    path.write_text(f"version: 1\ndataset: tests\ncolumns:\n{columns}\n{rest}\n")
    return path


def tree(folder: Path) -> dict[str, bytes]:
    """All files under a folder with their bytes."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
