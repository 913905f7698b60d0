"""No value of the data and no byte of a key in what any command says, whether it succeeds or fails."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from anonymize import cli
from tests.faults.build import CANARY
from tests.faults.planted import (
    CHINESE,
    KEYS,
    TOKEN,
    Heard,
    contents,
    csv_of,
    environment,
    files,
    found_in,
    jsonl_of,
    parquet_of,
    people,
    plant,
    private,
)

MANNERS = ((), ("--quiet",), ("--verbose",), ("--json", "--verbose"))
SUFFIXES = ("csv", "jsonl", "parquet")

HEAD = "version: 1\ndataset: clinic\nkeys: {default: 'file:old.key'}\ncolumns:\n"
COLUMNS = {
    "id": "encrypt_deterministic",
    "name": "encrypt",
    "姓名": "pseudonymize",
    "phone": "encrypt_preserving_format",
    "mail": "encrypt_deterministic(encoding=hex)",
    "age": "encrypt",
    "zip": "encrypt_deterministic(context=id)",
    "note": "encrypt(scope=notes)",
}
REDACTED = "redact_text(known=row)"


def rules(rest: str = "", **changed: str) -> str:
    """A rule file that hides every column, but for what is changed."""
    lines = {**COLUMNS, **changed}
    return HEAD + "".join(f"  {name}: {step}\n" for name, step in lines.items()) + rest


KEPT = dict.fromkeys(("age", "zip"), "{role: quasi_identifier, steps: [keep]}")
TREE = "{hierarchies: {zip: {all: [a, b]}}}"


@dataclass(frozen=True)
class Case:
    """A command line, its exit code, and what its words need."""

    name: str
    command: str
    code: int = 0
    rules: str = rules()
    files: dict[str, bytes] = field(default_factory=dict)
    first: str = ""
    """A command that comes before, and succeeds."""
    reveals: tuple[str, ...] = ()
    """Files that hold originals, because that is what was asked for."""
    variables: dict[str, str] = field(default_factory=dict)
    formats: tuple[str, ...] = ("csv",)


RUN = "run in.{s} -r rules.yaml -o out.{s}"
RESTORE = "restore out.{s} -r rules.yaml -o back.{s} --unverified"
REKEY = "rekey out.{s} -r rules.yaml -o moved.{s} --unverified --keep-pseudonyms --to"
ALL = {"formats": SUFFIXES}
BACK = {"reveals": ("back",), "first": RUN}
KEY = KEYS["old"].hex()
FAILS = f"echo {CANARY} {KEY}; echo {CANARY} {KEY} >&2; exit 3\n".encode()
STRAY = csv_of(people()) + b"x," * 7 + CANARY.encode() + b"," + CANARY.encode() + b"\n"
LATE = people(1).to_pylist()[0] | {"extra": CANARY}


def store(reference: str) -> dict[str, str]:
    """Rules whose key comes from elsewhere."""
    return {"rules": rules().replace("file:old.key", reference)}


GOOD = [
    Case("run", f"{RUN} --profile --report report.json", **ALL),
    Case("redact_text", f"{RUN} --report report.json", 0, rules(note=REDACTED), **ALL),
    Case("run with an account to read", f"{RUN} --profile --report report.md"),
    Case("run with a page", f"{RUN} --report report.html", **ALL),
    Case("preview as a page", "preview in.{s} -r rules.yaml --html page.html", **ALL),
    Case("assessment as a page", "assess out.{s} --quasi age,zip --original in.{s} --report page.html", first=RUN,
         **ALL),
    Case("run with a receipt", f"{RUN} --receipt receipt.json --signing-key file:new.key", **ALL),
    Case("verify", "verify in.{s} out.{s} -r rules.yaml", first=RUN, **ALL),
    Case("dry run", f"{RUN} --dry-run --profile"),
    Case("preview", "preview in.{s} -r rules.yaml", **ALL),
    Case("plan", "plan rules.yaml in.{s}", **ALL),
    Case("lint", "lint rules.yaml --data in.{s}"),
    Case("scan", "scan in.{s}", **ALL),
    Case("spans", "scan in.{s} --spans --sample all", **ALL),
    Case("init", "init in.{s} -o draft.yaml", **ALL),
    Case("init from a pack", "init in.{s} -o draft.yaml --pack pipl_baseline"),
    Case("restore", RESTORE, **BACK, **ALL),
    Case("restore with a report", f"{RESTORE} --report report.json", **BACK),
    Case("rekey", f"{REKEY} file:new.key --report report.json", first=RUN, **ALL),
    Case("attack", "attack in.{s} out.{s} -r rules.yaml", first=RUN, **ALL),
    Case("assess", "assess in.{s} --quasi age,zip --sensitive 姓名", **ALL),
    Case("residual identifiers", RUN, 4, rules("checks: [residual_identifiers == 0]\n", note="keep"), **ALL),
    Case("k_anonymize", f"{RUN} --report report.json --dry-run", 0,
         rules("rows: [k_anonymize(2)]\n", **KEPT), **ALL),
    Case("partition", f"{RUN} --report report.json --dry-run", 0, rules("rows: [partition(2)]\n", **KEPT), **ALL),
    Case("suppress", f"{RUN} --report report.json", 0,
         rules("rows: [suppress_small_classes(2)]\n", age=KEPT["age"]), reveals=("out",), **ALL),
    Case("suppress all", f"{RUN} --report report.json", 3,
         rules("rows: [suppress_small_classes(3)]\n", **KEPT), **ALL),
    Case("diff", "diff rules.yaml rules.yaml --data in.{s}", **ALL),
    Case("canonical form", "fmt --check rules.yaml", -1),
    Case("tests", "test rules.yaml --junit tests.xml", -1),
    Case("schema", "schema"),
    Case("show of a step", "show mask"),
    Case("columns like others", "lint rules.yaml --data in.{s} --like in.{s}", **ALL),
    Case("explore", "plan rules.yaml in.{s} --explore --k 2 --time-limit 5", -1, rules(**KEPT), **ALL),
    Case("ledger", f"{RUN} --ledger ledger.json", -1, rules("rows: [k_anonymize(2)]\n", **KEPT), reveals=("out",)),
    Case("annotations", f"{RUN} --github --junit checks.xml", -1, **ALL),
    Case("streams", "run - -r rules.yaml -o - --input-format csv", -1),
    Case("new key", "keys new made.key"),
    Case("new key with a passphrase", "keys new made.key --passphrase env:CANARY_PASSPHRASE"),
    Case("rotate", "keys rotate new.key"),
    Case("rotate with a passphrase", "keys rotate wrapped.key --passphrase env:CANARY_PASSPHRASE"),
    Case("show", "keys show -r rules.yaml"),
    Case("show with a passphrase", "keys show passphrase:env:CANARY_PASSPHRASE,wrapped.key"),
    Case("show of a vault", "keys show vault:secret/good"),
    Case("run by a vault", RUN, **store("vault:secret/good")),
    Case("sealed", "run in.{s} -r rules.yaml -o out.{s}.age --seal-to age.pub", 0, rules(note="keep")),
    Case("encrypted", "run in.{s} -r rules.yaml -o out.parquet", 0,
         rules("output: {encrypt: {footer_key: default, columns: {note: default}}}\n", note="keep")),
]  # fmt: skip

FOREIGN = rules(name="encrypt_preserving_format")
BAD_CELLS = [
    Case("outside the alphabet", RUN, 3, FOREIGN, **ALL),
    Case("too short for its cipher", RUN, 3, rules(phone="encrypt_preserving_format(keep_first=8)"), **ALL),
    Case("wrong check digit", RUN, 3, rules(phone="encrypt_preserving_format(check_digit=luhn)"), **ALL),
    Case("no resident number", RUN, 3, rules(zip="encrypt_preserving_format(resident_number)"), **ALL),
    Case("not in the hierarchy", RUN, 3, rules(zip="{steps: [{use: recode, hierarchy: {all: [a]}}]}"), **ALL),
    Case("not in a hierarchy of k_anonymize", RUN, 3,
         rules(f"rows: [{{use: k_anonymize, k: 2, {TREE[1:-1]}}}]\n", **KEPT), **ALL),
    Case("too few for k", RUN, 3, rules("rows: [k_anonymize(40)]\n", **KEPT), **ALL),
    Case("not a number", RUN, 3, rules(name="bin(width=10)"), formats=("csv", "jsonl")),
    Case("not a date", RUN, 3, rules(note="truncate_date(month)"), formats=("csv", "jsonl")),
    Case("not in the mapping", RUN, 3, rules(zip="{steps: [{use: map_values, mapping: {a: b}}]}"), **ALL),
    Case("verify of another file", "verify in.{s} in.{s} -r rules.yaml", 4, **ALL),
    Case("attack too strong", "attack in.{s} in.{s} -r rules.yaml --most 1%", 4,
         rules(**KEPT, name="shuffle"), **ALL),
    Case("scan gate", "scan in.{s} --fail-on 'confidence>=0.8'", 4, **ALL),
    Case("assess gate", "assess in.{s} --quasi age,zip --check 'k_anonymity>=9'", 4, **ALL),
]  # fmt: skip

BROKEN = {
    "row of too many cells": ("csv", STRAY),
    "invalid UTF-8": ("csv", csv_of(people()) + CANARY.encode() + b"\xff,1,2,3,4,5,6,7\n"),
    "open quote": ("csv", csv_of(people()) + f'"{CANARY},1\n'.encode()),
    "no header": ("csv", csv_of(people()).partition(b"\n")[2]),
    "NUL": ("csv", csv_of(people()).replace(b"zibar", b"z\0bar", 3)),
    "broken JSON": ("jsonl", jsonl_of(people()) + f'{{"id": "{CANARY}'.encode()),
    "JSON that is not UTF-8": ("jsonl", jsonl_of(people()) + f'{{"id": "{CANARY}'.encode() + b'\xff"}\n'),
    "other values in JSON": (
        "jsonl",
        jsonl_of(people()) + json.dumps({"id": {"kind": [CANARY]}}).encode() + b"\n",
    ),
    "a key that turns up late": ("jsonl", jsonl_of(people()) + json.dumps(LATE).encode() + b"\n"),
    "truncated Parquet": ("parquet", parquet_of(people())[:-30]),
    "damaged Parquet": ("parquet", parquet_of(people()).replace(b"Zanzibar7731-", b"Zanzibar~~~~~", 3)),
}
COMMANDS = {
    "run": RUN,
    "dry run": f"{RUN} --dry-run --report report.json",
    "page": f"{RUN} --report report.html",
    "receipt": f"{RUN} --receipt receipt.json --signing-key file:new.key",
    "plan": "plan rules.yaml in.{s}",
    "explore": "plan rules.yaml in.{s} --explore --k 2 --time-limit 5",
    "lint": "lint rules.yaml --data in.{s}",
    "diff": "diff rules.yaml rules.yaml --data in.{s}",
    "preview": "preview in.{s} -r rules.yaml --rows 40",
    "scan": "scan in.{s} --sample all",
    "spans": "scan in.{s} --spans",
    "init": "init in.{s} -o draft.yaml",
    "restore": "restore in.{s} -r rules.yaml -o back.{s} --unverified",
    "rekey": "rekey in.{s} -r rules.yaml -o moved.{s} --unverified --keep-pseudonyms --to file:new.key",
    "attack": "attack in.{s} in.{s} -r rules.yaml",
    "verify": "verify in.{s} in.{s} -r rules.yaml",
    "assess": "assess in.{s} --quasi age",
}
BAD_FILES = [
    Case(f"{command}: {name}", line.replace("{s}", suffix), -1, files={f"in.{suffix}": raw}, formats=(suffix,))
    for name, (suffix, raw) in BROKEN.items()
    for command, line in COMMANDS.items()
]

BAD_KEYS = [
    Case("restore what was not encrypted", RESTORE.replace("out.", "in."), 5, **ALL),
    Case("restore by another key", RESTORE + " --overwrite", 5, first=RUN,
         files={"old.key": KEYS["new"].hex().encode()}),
    Case("rekey what was not encrypted", REKEY.replace("out.", "in.") + " file:new.key", 5, **ALL),
    Case("rekey to nothing", f"{REKEY} file:none.key", 5, first=RUN),
    Case("rekey to a key itself", f"{REKEY} {KEY}", -1, first=RUN),
    Case("rekey to a named key itself", f"{REKEY} default={KEY}", -1, first=RUN),
    Case("rekey to a key as a file", f"{REKEY} file:{KEY}", -1, first=RUN),
    Case("a key instead of its place", RUN, 2, **store(KEY)),
    Case("a key instead of a file", RUN, 5, **store(f"file:{KEY}")),
    Case("a key instead of a variable", RUN, 2, **store(f"env:{KEY}")),
    Case("a key in a variable too short", RUN, 5, **store("env:CANARY_TEXT")),
    Case("a file that holds no key", RUN, 5, **store("file:in.csv")),
    Case("show of a key itself", f"keys show {KEY}", -1),
    Case("show of a key as a file", f"keys show file:{KEY}", 5),
    Case("show of a key as a secret", f"keys show vault:{KEY}", -1),
    Case("show of data", "keys show file:in.csv", 5),
    Case("rotate a key itself", f"keys rotate {KEY}", 5),
    Case("rotate data", "keys rotate in.csv", 5),
    Case("rotate by a passphrase itself", f"keys rotate wrapped.key --passphrase {CANARY}", 5),
    Case("rotate by a wrong passphrase", "keys rotate wrapped.key --passphrase env:CANARY_TEXT", 5),
    Case("new over data", "keys new in.csv", 2),
    Case("new with a short passphrase", "keys new made.key --passphrase env:CANARY_SHORT", 5,
         variables={"CANARY_SHORT": CANARY[:8]}),
    Case("a wrong passphrase", RUN, 5, **store("passphrase:env:CANARY_TEXT,wrapped.key")),
    Case("a passphrase itself", RUN, 2, **store(f"passphrase:{CANARY},wrapped.key")),
    Case("a command that fails", RUN, 5, **store("command:sh fails.sh"), files={"fails.sh": FAILS}),
    Case("a command that prints no key", RUN, 5, **store(f"command:echo {CANARY}")),
    Case("no such secret", RUN, 5, **store("vault:secret/none")),
    Case("a secret that is no key", RUN, 5, **store("vault:secret/text")),
    Case("a vault that babbles", RUN, 5, **store("vault:secret/babble")),
    Case("a vault that redirects", RUN, 5, **store("vault:secret/elsewhere")),
    Case("a wrong token", RUN, 5, **store("vault:secret/good"), variables={"VAULT_TOKEN": f"{TOKEN}2"}),
    Case("a token that breaks headers", RUN, 5, **store("vault:secret/good"),
         variables={"VAULT_TOKEN": f"{TOKEN}\n2"}),
    Case("a namespace that breaks headers", RUN, 5, **store("vault:secret/good"),
         variables={"VAULT_NAMESPACE": f"{CANARY}\n{CHINESE}"}),
    Case("no vault there", RUN, 5, **store("vault:secret/good"), variables={"VAULT_ADDR": "http://127.0.0.1:1"}),
    Case("a token in the address", RUN, 5, **store("vault:secret/good"),
         variables={"VAULT_ADDR": f"https://{CANARY}:{TOKEN}@127.0.0.1:1"}),
    Case("an address that is none", RUN, 5, **store("vault:secret/good"),
         variables={"VAULT_ADDR": f"https://[{CANARY}:1"}),
    Case("a port that is none", RUN, 5, **store("vault:secret/good"),
         variables={"VAULT_ADDR": f"http://127.0.0.1:{CANARY}"}),
    Case("a cloud without credentials", RUN, 5, **store("aws-kms:in.csv")),
    Case("a cloud and a key itself", RUN, 5, **store(f"aws-kms:{KEY}")),
]  # fmt: skip

REFUSED = [
    Case("output exists", "run in.{s} -r rules.yaml -o in.{s}", 2, **ALL),
    Case("no folder", "run in.{s} -r rules.yaml -o none/out.{s}", 3),
    Case("draft exists", "init in.{s} -o rules.yaml", 2),
    Case("no folder for the draft", "init in.{s} -o none/draft.yaml", 3),
    Case("no output to restore to", f"{RESTORE.replace('back', 'none/back')}", 3, **BACK),
    Case("sealed to a key itself", f"{RUN}.age --seal-to {KEY}", 2),
    Case("opened by a key itself", f"run out.{{s}}.age -r rules.yaml -o back.{{s}} --identity {KEY}", 5,
         first=f"{RUN}.age --seal-to age.pub"),
    Case("opened by data", "run out.{s}.age -r rules.yaml -o back.{s} --identity in.csv", 5,
         first=f"{RUN}.age --seal-to age.pub"),
    Case("not CSV", f"{RUN} --input-format parquet", 3),
    Case("not Parquet", f"{RUN} --input-format jsonl", 3, formats=("parquet", "csv")),
    Case("failed check", RUN, 4, rules("checks: [k_anonymity >= 5]\n", **KEPT), **ALL),
]  # fmt: skip
CASES = [*GOOD, *BAD_CELLS, *BAD_FILES, *BAD_KEYS, *REFUSED]


class Vault(BaseHTTPRequestHandler):
    """Says more than it should, whatever it is asked."""

    def do_GET(self) -> None:
        given = {"good": KEYS["old"].hex(), "text": CANARY}.get(self.path.rpartition("/")[2])
        status = 403 if self.headers["X-Vault-Token"] != TOKEN else 200 if given else 404
        body = json.dumps({"data": {"data": {"key": given}}} if status == 200 else {"errors": [CANARY, TOKEN]})
        if self.path.endswith("babble"):
            status, body = 200, f"{CANARY}{{{KEY}"
        if self.path.endswith("elsewhere"):
            status = 307
        self.send_response(status, CANARY)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Location", f"http://127.0.0.1:1/{CANARY}")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def vault() -> Iterator[str]:
    """The address of a vault on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Vault)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.matrix("S4", "S6")
@pytest.mark.parametrize(
    ("case", "suffix"),
    [pytest.param(case, suffix, id=f"{case.name}, {suffix}") for case in CASES for suffix in case.formats],
)
def test_nothing_is_said(
    case: Case,
    suffix: str,
    tmp_path: Path,
    vault: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """In each manner: not on the streams, in logs, errors and those behind them, nor in files that are left."""
    plant(tmp_path)
    (tmp_path / "rules.yaml").write_text(case.rules)
    monkeypatch.chdir(tmp_path)
    variables = {"VAULT_ADDR": vault, "VAULT_TOKEN": TOKEN, "http_proxy": "", **environment(tmp_path)}
    for name, value in {**variables, **case.variables}.items():
        monkeypatch.setenv(name, value)
    if case.first:
        assert 0 == Heard(capfd, words(case.first, suffix)).code
    for name, raw in case.files.items():
        (tmp_path / name).write_bytes(raw)
    before = files(tmp_path)
    for manner in MANNERS if case.code >= 0 else MANNERS[2:]:
        heard = Heard(capfd, (*words(case.command, suffix), *manner))
        left = {name: raw for name, raw in files(tmp_path).items() if raw != before.get(name)}
        checked = [heard.shown, heard.told, *(contents(n, raw) for n, raw in left.items() if is_public(n, case))]
        assert [[]] * len(checked) == [found_in(text, tmp_path) for text in checked], (manner, heard.shown)
        assert (case.code == heard.code) if case.code >= 0 else heard.code != 1, heard.shown
        assert not [name for name in left if name.endswith(".part")]
        restore(tmp_path, before)


def test_every_command_is_tried() -> None:
    """And each that reads data on every file that is broken."""
    tried = {case.command.split()[0] for case in CASES}

    assert set(cli.COMMANDS) == tried
    assert {
        "run",
        "preview",
        "plan",
        "lint",
        "diff",
        "scan",
        "init",
        "restore",
        "rekey",
        "attack",
        "verify",
        "assess",
    } == {line.split()[0] for line in COMMANDS.values()}


def words(command: str, suffix: str) -> tuple[str, ...]:
    return tuple(word.replace("{s}", suffix).replace("'", "") for word in command.split(" "))


def is_public(name: str, case: Case) -> bool:
    return not name.endswith(".key") and not name.startswith(case.reveals or ("\0",))


def restore(folder: Path, before: dict[str, bytes]) -> None:
    """As it was before the command."""
    for name in files(folder).keys() - before.keys():
        (folder / name).unlink()
    for name, raw in before.items():
        if name.endswith(".key"):
            private(folder / name, raw.decode())
