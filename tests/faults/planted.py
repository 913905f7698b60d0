"""Files with a canary in each cell, keys, and the search for both in all that a command says and leaves."""

import base64
import io
import json
import logging
import os
import re
import traceback
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyrage
import pytest

from anonymize import cli
from anonymize.kernels.crypto.generations import Generation
from anonymize.kernels.crypto.hidden import Master, Secret
from anonymize.kernels.crypto.passphrase import Cost, wrap
from tests.faults.build import CANARY, Log, chain

DIGITS = "7731459"
CHINESE = "桑给巴尔"
TOKEN = f"hvs.{CANARY}.token.of.a.vault"
PASSPHRASE = f"{CANARY} opens the file"
KEYS = {name: sha256(f"{name} among canaries".encode()).digest() for name in ("old", "new", "wrapped")}
ROWS = 10


def people(rows: int = ROWS) -> pa.Table:
    """Text, digits, Chinese, an address, numbers and free text; no value without a canary."""
    made = [
        {
            "id": f"{CANARY}-{i}",
            "name": f"{CANARY} Smith{i}",
            "姓名": f"{CHINESE}{i}",
            "phone": f"138{DIGITS}{i}",
            "mail": f"{CANARY}.{i}@example.org",
            "age": int(f"{DIGITS}{i // 2}"),
            "zip": f"{DIGITS}{i % 5}",
            "note": f"138{DIGITS}{i} or {CANARY}.{i}@example.org is {CANARY} Smith{i}, {CHINESE}{i}",
        }
        for i in range(rows)
    ]
    table = pa.Table.from_pylist(made)
    names = table["name"].dictionary_encode()
    return table.set_column(1, pa.field("name", names.type, metadata={"first": CANARY}), names)


def csv_of(table: pa.Table) -> bytes:
    lines = [",".join(table.column_names)]
    lines += [",".join(f'"{value}"' for value in row.values()) for row in table.to_pylist()]
    return ("\n".join(lines) + "\n").encode()


def jsonl_of(table: pa.Table) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in table.to_pylist()).encode()


def parquet_of(table: pa.Table) -> bytes:
    target = io.BytesIO()
    pq.write_table(table, target, row_group_size=4)
    return target.getvalue()


def plant(folder: Path) -> None:
    """The three files, two keys, a wrapped one, and an identity of age."""
    table = people()
    makers = {"csv": csv_of, "jsonl": jsonl_of, "parquet": parquet_of}
    for suffix, make in makers.items():
        (folder / f"in.{suffix}").write_bytes(make(table))
    generation = Generation(1, Master(KEYS["wrapped"]), "2026-01-31")
    identity = pyrage.x25519.Identity.generate()
    private(folder / "old.key", KEYS["old"].hex())
    private(folder / "new.key", base64.b64encode(KEYS["new"]).decode())
    private(folder / "wrapped.key", wrap([generation], Secret(PASSPHRASE.encode()), Cost(n=1 << 14)))
    private(folder / "age.key", f"{identity}\n")
    (folder / "age.pub").write_text(f"{identity.to_public()}\n")


def private(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o600)


def secrets(folder: Path) -> Iterator[str]:
    """Canaries, and all keys that stand in files, in each spelling; cut too, since a message may cut them."""
    yield from (CANARY, CANARY[:8], CANARY.encode().hex(), _base64(CANARY.encode())[:12], DIGITS)
    yield from (CHINESE[:3], json.dumps(CHINESE[:3])[1:-1], repr(CHINESE[:3].encode())[2:-1])
    yield from (TOKEN[:12], _base64(b"hvs." + CANARY.encode())[:12])
    keys = [*KEYS.values()]
    for path in folder.rglob("*.key"):
        text = path.read_text()
        keys += [bytes.fromhex(found) for found in re.findall(r"\b[0-9a-f]{64}\b", text)]
        yield from (found[:24] for found in re.findall("AGE-SECRET-KEY-1[0-9A-Z]+", text))
    for key in keys:
        yield from (
            key.hex()[:20],
            key.hex()[-20:],
            _base64(key)[:16],
            base64.urlsafe_b64encode(key).decode()[:16],
        )
        yield from (repr(key[:8])[2:-1], str(list(key[:6]))[1:-1])


def found_in(text: str, folder: Path) -> list[str]:
    """The secrets in a text, whatever their case."""
    lowered = text.lower()
    return sorted({secret for secret in secrets(folder) if secret.lower() in lowered})


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def contents(name: str, raw: bytes) -> str:
    """The bytes of a file as text, and what they unpack to: pages of Parquet are compressed."""
    text = raw.decode("utf-8", "backslashreplace")
    if name.endswith(".parquet") and raw[:4] == b"PAR1" == raw[-4:]:
        table = pq.read_table(io.BytesIO(raw))
        text += str(table.to_pylist()) + str([field.metadata for field in table.schema])
    return text


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


class Heard:
    """One command run in this process: its exit code, and every text that it gave or could have given."""

    def __init__(self, capfd: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
        errors: list[BaseException] = []
        show, log = cli.show_error, Log()
        capfd.readouterr()

        def kept(manner: object, error: BaseException | str, *more: object, **named: object) -> int:
            errors.extend([error] if isinstance(error, BaseException) else [])
            return show(manner, error, *more, **named)  # type: ignore[arg-type]

        logging.getLogger().addHandler(log)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cli, "show_error", kept)
            self.code = cli.obey(arguments)
        logging.getLogger().removeHandler(log)
        self.shown = "\n".join([*capfd.readouterr(), *log.lines])
        behind = [found for error in errors for found in chain(error)]
        self.told = "\n".join(text for found in behind for text in _texts(found))


def _texts(error: BaseException) -> list[str]:
    notes = getattr(error, "__notes__", ())
    return [str(error), repr(error), repr(error.args), "".join(traceback.format_exception(error)), *notes]


def environment(folder: Path) -> Mapping[str, str]:
    """Variables that commands are told of."""
    return {
        "CANARY_PASSPHRASE": PASSPHRASE,
        "CANARY_TEXT": CANARY,
        "TMPDIR": str(folder),
        "HOME": os.fspath(folder),
    }
