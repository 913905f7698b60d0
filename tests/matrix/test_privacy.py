"""Privacy: whatever is unclear, wrong or hostile in rules and names ends in a refusal, and shows nothing."""

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anonymize.cli import obey
from tests.faults.build import CANARY, assert_none_in, environment, rules_file
from tests.key import KEY
from tests.matrix.scenes import Scene, marked, play

X = CANARY.encode()
AB = b"a,b\n1," + X + b"\n"
BOMB = "keys: {x: &a [l,l], y: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]" + "".join(
    f", z{i}: &c{i} [{','.join([f'*{before}'] * 10)}]" for i, before in enumerate(["b", *(f"c{i}" for i in range(8))])
) + "}"  # fmt: skip


def rules(row: str, name: str, lines: str, says: str, rest: str = "", code: int = 2) -> Scene:
    """A rule file that is refused."""
    return Scene(row, name, AB, code, says, rules=lines, rest=rest)


A, B = "  a: keep\n", "  b: mask"
SCENES = [
    Scene("S1", "two columns without a rule", b"a,b,c\n1,2," + X + b"\n", 3, "no rule covers the columns 'b', 'c'",
          rules="  a: keep"),
    Scene("S1", "kept because the file says so", b"a,b\n1,x\n", rules="  a: keep", rest="unlisted: keep"),
    rules("S2", "a misspelled name", A + "  bb: mask", "the data has no column 'bb'"),
    Scene("S2", "a column that is gone", AB, 3, "has no column 'passport'", rules=A + "  passport: mask"),
    Scene("S2", "a column that need not be there", AB, rules=A + "  b: keep\n  c: {steps: [mask], optional: true}"),
    rules("S3", "a value that a step cannot handle", A + "  b: bin(width=10)", "column 'b', row 1: bin: not a number",
          code=3),
    Scene("S3", "made null", b"a,b\n1,x\n", rules=A + '  b: {steps: [bin(width=10)], on_error: "null"}',
          output=b"a,b\n1,\n"),
    Scene("S3", "redacted", b"a,b\n1,x\n", rules=A + "  b: {steps: [truncate_date(month)], on_error: redact}",
          output=b"a,b\n1,[REDACTED]\n"),
    Scene("S3", "without its row", b"a,b\n1,x\n2,7\n", rules=A + "  b: {steps: [round_to(5)], on_error: drop_row}",
          output=b"a,b\n2,5\n"),
    rules("S3", "there is no way to keep what failed", A + "  b: {steps: [mask], on_error: keep}", "on_error"),
    rules("S7", "an unkeyed hash", A + "  b: hash", "no transform is called 'hash'"),
    rules("S7", "SHA-256 of a value", A + "  b: sha256", "no transform is called 'sha256'"),
    rules("S8", "a key in the rule file", A + "  b: pseudonymize", "key", f"keys: {{default: {KEY}}}"),
    rules("S8", "a key as the name of one", A + f"  b: pseudonymize(key={KEY})", "no key .hidden: it looks like a key", code=5),
    rules("S11", "a domain of 1,000 values", A + "  b: encrypt_preserving_format(alphabet=letters, keep_first=8)",
          "column 'b', row 1: encrypt_preserving_format", code=3),
    rules("S13", "an alias bomb", A + B, "too deep or its aliases are too many", BOMB),
    rules("S13", "a column twice", A + A + B, r"rules\.yaml:5:3: the key 'a' stands twice"),
    rules("S13", "a tag", A + "  b: !!python/object:os.system mask", r"rules\.yaml:5:\d+: tags are not allowed"),
    rules("S13", "too deep", A + "  b: " + "[" * 400 + "]" * 400, "deep"),
    rules("S13", "too deep for the stack", A + "  b: " + "[" * 2_000 + "]" * 2_000, "deep"),
    rules("S13", "too large", A + B, "larger than 1,048,576 bytes", "# " + "x" * (1 << 20)),
    rules("S13", "a tab", A + "\tb: mask", r"rules\.yaml:\d+:\d+: not valid YAML"),
    rules("S14", "malformed", A + "  b: {use: redact_matches, pattern: '('}", "the pattern cannot run"),
    rules("S14", "a back-reference", A + "  b: {use: redact_matches, pattern: '(a)\\1'}", "in linear time"),
    rules("S14", "matches everywhere", A + "  b: {use: redact_matches, pattern: 'x*'}", "matches the empty string"),
    rules("S14", "too large", A + "  b: {use: redact_matches, pattern: '((x{1000}){1000}){1000}'}",
          "the pattern cannot run|too large|repetition"),
    Scene("S14", "exponential elsewhere", b"a,b\n1," + b"a" * 50_000 + b"!\n",
          rules=A + "  b: {use: redact_matches, pattern: '(a+)+$'}"),
    rules("S15", "a list above the rules", A + "  b: replace_from_list(file=../names.txt)", "must stand in the rule file's folder"),
    rules("S15", "a list by an absolute path", A + "  b: replace_from_list(file=/etc/passwd)", "must stand in the rule file's folder"),
    rules("S15", "rules above the rules", A + B, "extends|outside", "extends: ../../etc/rules.yaml"),
    rules("S16", "a module", A + "  b: os.system", "no transform is called 'os.system'"),
    rules("S16", "a file", A + "  b: {use: ./evil.py}", "no transform is called './evil.py'"),
    rules("S16", "a call inside a call", A + "  b: 'mask(keep_last=__import__(\"os\"))'", "keep_last"),
    *(Scene("S22", f"{how} of a name", f"name,{twin}\n{CANARY},{CANARY}\n".encode(), 2, "the names look alike",
            rules='  name: redact\n  "*": keep')
      for how, twin in {"capitals": "Name", "full width": "ｎａｍｅ", "a Cyrillic letter": "n\u0430me",
                        "a Greek letter": "n\u03b1me", "a blank of no width": "na\u200bme"}.items()),
    Scene("S22", "a line of its own", "name,n\u0430me\n1,2\n".encode(), rules='  name: redact\n  "n\\u0430me": keep',
          output="name,n\u0430me\n[REDACTED],2\n".encode()),
    Scene("S18", "escapes, markup and marks in a name", "a,\x1b[31m[red]\u202eb\n1,2\n".encode(), 3,
          r"\\x1b\[31m\[red\]\\u202eb", rules="  a: keep"),
]  # fmt: skip


@pytest.mark.parametrize("scene", marked(SCENES))
def test_scene(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Exit code, message and everything on disk."""
    play(scene, tmp_path, monkeypatch, capfd)


SOCKETS = """
import socket, sys
def refuse(*_, **__): raise RuntimeError("a socket was opened")
socket.socket.connect = socket.socket.bind = socket.getaddrinfo = socket.create_connection = refuse
from anonymize.cli import obey
sys.exit(obey(sys.argv[1:]))
"""


@pytest.mark.matrix("S20")
@pytest.mark.parametrize(
    "arguments",
    ["run in.csv -r rules.yaml -o out.csv", "scan in.csv", "plan rules.yaml in.csv", "show", "keys new made.key"],
)
def test_no_socket_is_opened(tmp_path: Path, arguments: str) -> None:
    """Every address is on this machine, and none is asked for."""
    (tmp_path / "in.csv").write_bytes(AB)
    rules_file(tmp_path, A + "  b: fake(person)")
    command = [sys.executable, "-c", SOCKETS, *arguments.split()]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)

    assert 0 == done.returncode, done.stderr


@pytest.mark.matrix("S18")
@pytest.mark.parametrize("command", ["plan rules.yaml in.csv", "preview in.csv -r rules.yaml", "scan in.csv"])
def test_hostile_names_are_spelled_out(
    tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A column's name steers neither the terminal nor the direction of writing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.csv").write_bytes("a,\x1b]0;t\x07\u202e\u2066[bold]b\n1,2\n".encode())
    rules_file(tmp_path, '  "*": redact')

    assert 0 == obey(command.split())
    printed = "".join(capfd.readouterr())
    assert [] == [c for c in "\x1b\x07\u202e\u2066" if c in printed]
    assert "[bold]b" in printed
    assert_none_in(printed)


@pytest.mark.matrix("S18")
@pytest.mark.parametrize("command", ["plan rules.yaml in.parquet", "preview in.parquet -r rules.yaml", "scan in.parquet",
                                     "run in.parquet -r rules.yaml -o out\\nrows.parquet", "run in.parquet -r keep.yaml -o out.csv"])  # fmt: skip
def test_a_name_cannot_pass_for_a_line(
    tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A break in the name of a column or a file is spelled out."""
    monkeypatch.chdir(tmp_path)
    pq.write_table(pa.table({"a\nrows     9 in, 9 out": [CANARY], "b": ["x"]}), "in.parquet")
    rules_file(tmp_path, '  "*": redact')
    (tmp_path / "keep.yaml").write_text("version: 1\ncolumns: {b: keep}\n")
    code = obey([word.replace("\\n", "\n") for word in command.split()])
    printed = "".join(capfd.readouterr())

    assert code == (3 if "keep.yaml" in command else 0)
    assert "\\nrows" in printed
    assert [] == [line for line in printed.splitlines() if line.startswith(("rows     9", "rows.parquet"))]
    assert_none_in(printed)


@pytest.mark.matrix("S6", "S19")
@pytest.mark.parametrize("suffix", ["json", "md", "html"])
def test_reports_of_hostile_names(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A name is text: it starts no script, no link and no other column of a table. Values are not in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.csv").write_bytes(
        b"<script>alert(1)</script>,<img src=x onerror=alert(2)>\n" + X + b"," + X + b"\n"
    )
    rules_file(tmp_path, '  "*": redact')
    code = obey(["run", "in.csv", "-r", "rules.yaml", "-o", "out.csv", "--report", f"report.{suffix}"])
    told = (tmp_path / f"report.{suffix}").read_text() if code == 0 else "refused"

    assert code in ({0, 2} if suffix == "html" else {0})
    assert_none_in(told + "".join(capfd.readouterr()))
    if suffix == "html":
        assert [] == [found for found in ("<script>alert", "<img src=x", "http://", "https://") if found in told]
