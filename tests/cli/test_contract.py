"""What scripts rely on: exit codes, one JSON document, silence off a terminal, and nothing left behind."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from anonymize.cli import obey
from anonymize.core.catalog import FOLDERS, modules
from anonymize.core.errors import CheckError, DataError, RuleError, SecretError, UsageError

ROOT = Path(__file__).parents[2]
KEY = "5f3c9a0e7b12d4486ab0c19e83f7d2655f1e0b9c8a7d6e4f30214365879badce"
SECRET = "Zoe Kovac"

PEOPLE = f"id,name,zip\n1,{SECRET},02138\n2,Bob,02139\n"
RULES = """version: 1
columns:
  id: pseudonymize
  name: redact
  zip: {role: quasi_identifier, steps: [truncate(3)]}
tests:
  - {given: {zip: "02138"}, expect: {zip: "021"}}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with data and rules, and the key in the environment."""
    (tmp_path / "people.csv").write_text(PEOPLE)
    (tmp_path / "rules.yaml").write_text(RULES)
    (tmp_path / "bad.yaml").write_text("version: 1\ncolumns: {id: pseudonimize, zip: {role: x, steps: [keep]}}\n")
    (tmp_path / "broken.csv").write_text(PEOPLE + f"3,{SECRET}\n")
    (tmp_path / "gated.yaml").write_text(RULES + "checks: [k_anonymity >= 3]\n")
    (tmp_path / "failing.yaml").write_text(RULES + '  - {given: {zip: "1"}, expect: {zip: "2"}}\n')
    (tmp_path / "keyless.yaml").write_text(RULES + "keys: {default: env:NOT_SET}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANONYMIZE_KEY", KEY)
    return tmp_path


def document(capfd, *arguments):
    """The exit code and the only JSON document on stdout."""
    code = obey([*arguments, "--json"])
    printed = capfd.readouterr()
    assert printed.err == ""
    return code, json.loads(printed.out)


GOOD = {
    "run": ["run", "people.csv", "-r", "rules.yaml", "-o", "safe.csv"],
    "preview": ["preview", "people.csv", "-r", "rules.yaml"],
    "lint": ["lint", "rules.yaml", "--data", "people.csv"],
    "plan": ["plan", "rules.yaml", "people.csv"],
    "test": ["test", "rules.yaml"],
    "show": ["show"],
    "show one": ["show", "bin"],
    "show pack": ["show", "pci_dss"],
    "schema": ["schema"],
    "fmt": ["fmt", "rules.yaml", "--check"],
    "diff": ["diff", "rules.yaml", "gated.yaml"],
    "keys new": ["keys", "new", "k"],
    "keys show": ["keys", "show", "env:ANONYMIZE_KEY"],
    "assess": ["assess", "people.csv", "--quasi", "zip"],
}


@pytest.mark.parametrize("name", GOOD)
def test_an_answer_is_one_document(name, folder, capfd):
    """With --json, stdout is the envelope and stderr is empty."""
    code, found = document(capfd, *GOOD[name])
    assert code == 0
    assert set(found) == {"ok", "command", "data"}
    assert found["ok"] is True
    assert " ".join(found["command"].split()[:2]) in (name, name.split()[0])


BAD = {
    "no command": ([], UsageError),
    "unknown command": (["rn"], UsageError),
    "unknown option": (["run", "--bogus"], UsageError),
    "missing option": (["run", "people.csv"], UsageError),
    "wrong number": (["run", "people.csv", "-r", "rules.yaml", "--threads", "many"], UsageError),
    "no output": (["run", "people.csv", "-r", "rules.yaml"], UsageError),
    "json on stdout": (["run", "people.csv", "-r", "rules.yaml", "-o", "-"], UsageError),
    "report suffix": (["run", "people.csv", "-r", "rules.yaml", "-o", "x.csv", "--report", "x.pdf"], UsageError),
    "spark": (["run", "people.csv", "-r", "rules.yaml", "-o", "x.csv", "--engine", "spark"], UsageError),
    "same file": (["run", "people.csv", "-r", "rules.yaml", "-o", "people.csv", "--overwrite"], UsageError),
    "bad set": (["run", "people.csv", "-r", "rules.yaml", "-o", "x.csv", "--set", "zip"], RuleError),
    "no rules": (["lint", "nothing.yaml"], RuleError),
    "bad rules": (["lint", "bad.yaml"], RuleError),
    "bad rules of a plan": (["plan", "bad.yaml", "people.csv"], RuleError),
    "bad rules of tests": (["test", "bad.yaml"], RuleError),
    "no data": (["run", "nothing.csv", "-r", "rules.yaml", "-o", "x.csv"], DataError),
    "broken data": (["run", "broken.csv", "-r", "rules.yaml", "-o", "x.csv"], DataError),
    "no folder": (["run", "people.csv", "-r", "rules.yaml", "-o", "no/x.csv"], DataError),
    "failed check": (["run", "people.csv", "-r", "gated.yaml", "-o", "x.csv"], CheckError),
    "failed assessment": (["assess", "people.csv", "--quasi", "zip", "--check", "k_anonymity >= 2"], CheckError),
    "failed test": (["test", "failing.yaml"], CheckError),
    "no key": (["run", "people.csv", "-r", "keyless.yaml", "-o", "x.csv"], SecretError),
    "no key to show": (["keys", "show", "env:NOT_SET"], SecretError),
    "nothing to restore": (["restore", "people.csv", "-r", "rules.yaml", "-o", "x.csv"], UsageError),
    "nowhere to rekey to": (["rekey", "people.csv", "-r", "rules.yaml", "-o", "x.csv"], UsageError),
    "pseudonyms to rekey": (
        ["rekey", "people.csv", "-r", "rules.yaml", "-o", "x.csv", "--to", "env:K"],
        UsageError,
    ),
    "no key to rotate": (["keys", "rotate", "nothing.key"], SecretError),
    "no roles": (["assess", "people.csv"], UsageError),
    "bad check": (["assess", "people.csv", "--quasi", "zip", "--check", "k"], UsageError),
    "unknown name": (["show", "nothing"], UsageError),
    "nothing to verify by": (["verify", "people.csv"], UsageError),
    "no release": (["verify", "people.csv", "people.csv", "-r", "rules.yaml"], CheckError),
    "no receipt": (["verify", "people.csv", "--receipt", "rules.yaml"], DataError),
    "no public key": (["verify", "people.csv", "--receipt", "x", "--public-key", "rules.yaml"], SecretError),
    "nobody signs": (["run", "people.csv", "-r", "rules.yaml", "-o", "x.csv", "--receipt", "r"], SecretError),
    "a receipt about nothing": (
        ["run", "people.csv", "-r", "rules.yaml", "--dry-run", "--receipt", "r"],
        UsageError,
    ),
    "not canonical": (["fmt", "--check", "gated.yaml"], CheckError),
    "bad rules to format": (["fmt", "bad.yaml"], RuleError),
    "bad rules to compare": (["diff", "rules.yaml", "bad.yaml"], RuleError),
    "key on stdout": (["keys", "new", "-"], UsageError),
}


@pytest.mark.parametrize("name", BAD)
def test_an_error_is_one_document_and_its_code(name, folder, capfd):
    """Every kind of error has its exit code and the same envelope, and no value of the data in it."""
    arguments, kind = BAD[name]
    code, found = document(capfd, *arguments)
    assert code == kind.exit_code
    assert found["ok"] is False
    assert found["error"]["code"] == kind.code
    assert {"message", "hint", "where"} <= set(found["error"])
    assert SECRET not in json.dumps(found)
    assert not (folder / "x.csv").exists()


@pytest.mark.parametrize("name", BAD)
def test_an_error_for_people_is_on_stderr(name, folder, capfd):
    """Without --json an error is a line on stderr, with a code."""
    arguments, kind = BAD[name]
    if name in ("json on stdout", "key on stdout", "no command"):
        pytest.skip("is in order, or shows the help, without --json")
    assert obey(arguments) == kind.exit_code
    printed = capfd.readouterr()
    assert "error: " in printed.err
    assert "Traceback" not in printed.err
    assert "\x1b" not in printed.err + printed.out
    assert SECRET not in printed.err


def test_all_problems_are_reported_together(folder, capfd):
    """One run of lint tells every error of the file."""
    _, found = document(capfd, "lint", "bad.yaml")
    assert [p["where"]["line"] for p in found["error"]["problems"]] == [2, 2]


@pytest.mark.parametrize("flags", [[], ["--verbose"], ["--json"]])
def test_a_bug_shows_no_value(flags, folder, capfd, monkeypatch):
    """An unexpected exception gives its type and place, never its text."""

    def broken(*_):
        raise ValueError(f"could not convert {SECRET}")

    monkeypatch.setattr("anonymize.rulefile.loading.load_rules", broken)
    assert obey(["lint", "rules.yaml", *flags]) == 1
    printed = capfd.readouterr()
    assert SECRET not in printed.out + printed.err
    assert "internal error (ValueError at cli/lint.py:" in printed.out + printed.err
    assert ("cli/__init__.py" in printed.err) == ("--verbose" in flags)


@pytest.mark.matrix("S8")
def test_a_key_is_never_shown(folder, capfd):
    """Neither by keys show, nor by an error about a key that was given in place of its reference."""
    assert obey(["keys", "show", KEY]) == SecretError.exit_code
    assert obey(["keys", "show", "env:ANONYMIZE_KEY", "-v"]) == 0
    printed = capfd.readouterr()
    assert KEY not in printed.out + printed.err


def test_flags_win_over_the_environment(folder, capfd, monkeypatch):
    """ANONYMIZE_RULES stands in for -r, and gives way to it."""
    monkeypatch.setenv("ANONYMIZE_RULES", "rules.yaml")
    assert obey(["preview", "people.csv", "-q"]) == 0
    monkeypatch.setenv("ANONYMIZE_RULES", "bad.yaml")
    assert obey(["preview", "people.csv", "-q"]) == RuleError.exit_code
    assert obey(["preview", "people.csv", "-q", "-r", "rules.yaml"]) == 0
    capfd.readouterr()


@pytest.mark.matrix("S18")
def test_a_name_cannot_steer_the_terminal(folder, capfd):
    """Control characters of column names are spelled out, and markup means nothing."""
    (folder / "odd.csv").write_text("a\x1b[31mb,[red]c\n1,2\n")
    (folder / "odd.yaml").write_text('version: 1\nunlisted: redact\ncolumns: {"[red]c": keep}\n')
    assert obey(["plan", "odd.yaml", "odd.csv"]) == 0
    printed = capfd.readouterr()
    assert "\x1b" not in printed.out
    assert r"a\x1b[31mb" in printed.out
    assert "[red]c" in printed.out


@pytest.mark.matrix("S5")
def test_preview_shows_shapes_and_writes_nothing(folder, capfd):
    """No original stands in a preview unless it is asked for."""
    before = sorted(p.name for p in folder.iterdir())
    assert obey(["preview", "people.csv", "-r", "rules.yaml"]) == 0
    printed = capfd.readouterr()
    assert SECRET not in printed.out + printed.err
    assert "Aaa Aaaaa" in printed.out
    assert obey(["preview", "people.csv", "-r", "rules.yaml", "--show-values", "--rows", "9"]) == 0
    assert SECRET in capfd.readouterr().out
    assert before == sorted(p.name for p in folder.iterdir())


def test_a_failed_check_leaves_a_report_and_no_output(folder, capfd):
    """The account of a run that was given up is written all the same."""
    arguments = ["run", "people.csv", "-r", "gated.yaml", "-o", "x.csv", "--report", "r.json"]
    assert obey([*arguments, "--rejects", "bad.csv"]) == CheckError.exit_code
    assert json.loads((folder / "r.json").read_text())["checks"][0]["holds"] is False
    assert not (folder / "x.csv").exists()
    assert not (folder / "bad.csv").exists()
    assert not list(folder.glob(".*"))
    capfd.readouterr()


# processes


def spawn(*arguments, **options):
    command = [sys.executable, "-m", "anonymize", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ANONYMIZE_KEY": KEY, **options.pop("environment", {})}
    return subprocess.Popen(command, env=environment, **options)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_leaves_nothing(number, code, folder):
    """A run that is stopped while it writes has no output and no temporary file."""
    running = spawn(
        "run", "-", "-r", "rules.yaml", "-o", "safe.csv", "--input-format", "csv",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    running.stdin.write(b"id,name,zip\n" + b"1,Bob,02138\n" * 200_000)
    running.stdin.flush()
    deadline = time.monotonic() + 20
    while not list(folder.glob(".safe.csv*.part")) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert list(folder.glob(".safe.csv*.part")) != []
    running.send_signal(number)
    out, err = running.communicate(timeout=20)
    assert code == running.returncode
    assert b"Traceback" not in err
    assert out == b""
    assert list(folder.glob("*safe*")) + list(folder.glob(".*")) == []


@pytest.mark.matrix("W4")
@pytest.mark.parametrize("arguments", [["schema"], ["--help"], ["run", "big.csv", "-r", "rules.yaml", "-o", "-"]])
def test_a_closed_pipe_is_quiet(arguments, folder):
    """A reader that goes away ends the command with 141 and without a word."""
    (folder / "big.csv").write_text("id,name,zip\n" + "1,Bob,02138\n" * 100_000)
    reading, writing = os.pipe()
    os.close(reading)
    running = spawn(*arguments, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    _, err = running.communicate(timeout=20)
    assert (running.returncode, err) == (141, b"")


def on_terminal(*arguments, environment):
    """What a command prints on a terminal of 80 columns."""
    master, slave = pty.openpty()
    running = spawn(*arguments, stdout=slave, stderr=slave, environment={"COLUMNS": "80", **environment})
    os.close(slave)
    printed = b""
    while select.select([master], [], [], 20)[0]:
        try:
            piece = os.read(master, 1 << 16)
        except OSError:
            break
        if not piece:
            break
        printed += piece
    os.close(master)
    return running.wait(20), printed.decode()


def test_color_is_for_terminals_that_want_it(folder):
    """Color on a terminal; none with NO_COLOR; no terminal, no color."""
    plain = {"TERM": "xterm-256color"}
    code, printed = on_terminal("plan", "rules.yaml", "people.csv", environment=plain)
    assert (code, "\x1b[" in printed) == (0, True)
    code, printed = on_terminal("plan", "rules.yaml", "people.csv", environment={**plain, "NO_COLOR": "1"})
    assert (code, "\x1b[" in printed) == (0, False)
    code, printed = on_terminal("lint", "bad.yaml", environment={**plain, "NO_COLOR": "1"})
    assert (code, "\x1b[" in printed) == (2, False)


def test_binary_is_not_for_terminals(folder):
    """Parquet to a terminal is refused before anything is read."""
    code, printed = on_terminal(
        "run", "people.csv", "-r", "rules.yaml", "-o", "-", "--output-format", "parquet", environment={}
    )
    assert code == UsageError.exit_code
    assert "not for terminals" in printed


def test_help_is_quick():
    """Help loads neither Arrow nor NumPy nor Rich."""
    script = (
        "import sys; from anonymize.cli import obey; obey(['--help']); print(list(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    heavy = {"pyarrow", "numpy", "pydantic", "rich", "pandas", "ruamel.yaml", "cryptography"}
    assert [name for name in heavy if f"'{name}'" in done.stderr] == []


@pytest.mark.parametrize("kind", FOLDERS)
def test_every_component_has_a_page(kind, capfd):
    """`show NAME` works for all that `show` lists."""
    for name in modules(kind):
        assert obey(["show", name]) == 0
        assert name in capfd.readouterr().out
        assert document(capfd, "show", name)[0] == 0


def test_a_pipe_can_be_previewed(folder, monkeypatch, capfd):
    """Standard input is read once, also for rules that look at all rows first."""
    (folder / "passes.yaml").write_text(RULES.replace("truncate(3)", "group_rare(k=2)"))
    running = spawn(
        "preview", "-", "-r", "passes.yaml", "--input-format", "csv", stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    out, _ = running.communicate(PEOPLE.encode(), timeout=20)
    assert (running.returncode, b"Aaa Aaaaa" in out) == (0, True)


def test_a_folder_comes_out_as_a_folder(folder, capfd):
    """Each file of a folder has its counterpart."""
    (folder / "in").mkdir()
    for name in ("a.csv", "b.csv"):
        (folder / "in" / name).write_text(PEOPLE)
    code, found = document(capfd, "run", "in", "-r", "rules.yaml", "-o", "out/")
    assert (code, found["data"]["rows_out"]) == (0, 4)
    assert sorted(p.name for p in (folder / "out").iterdir()) == ["a.csv", "b.csv"]


@pytest.mark.matrix("W4")
@pytest.mark.parametrize("arguments", [["schema"], ["schema", "--json"]])
def test_a_full_disk_is_an_error(arguments):
    """Results that cannot be written are not lost in silence."""
    with Path("/dev/full").open("wb") as full:
        running = spawn(*arguments, stdout=full, stderr=subprocess.PIPE)
        _, err = running.communicate(timeout=20)
    assert running.returncode == DataError.exit_code
    assert b"Traceback" not in err


def test_closed_streams_take_no_output(folder):
    """An output file never gets the number of a closed standard stream."""
    script = f'exec "{sys.executable}" -m anonymize run people.csv -r rules.yaml -o safe.csv >&- 2>&- <&-'
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ANONYMIZE_KEY": KEY}
    done = subprocess.run(["sh", "-c", script], env=environment, check=False, timeout=20)
    assert done.returncode == 0
    assert (folder / "safe.csv").read_text().startswith("id,name,zip\n")


def test_text_input_is_described(folder, capfd, monkeypatch):
    """Flags describe text input where detection must not guess; they win over the environment."""
    (folder / "odd.csv").write_bytes("# a note\nid\tname\tzip\n1\tZoë\t02138\n".encode("cp1252"))
    arguments = ["run", "odd.csv", "-r", "rules.yaml", "-o", "-", "-q", "--skip-rows", "1", "--encoding", "cp1252"]
    monkeypatch.setenv("ANONYMIZE_DELIMITER", ";")
    assert obey([*arguments, "--delimiter", "tab"]) == 0
    assert capfd.readouterr().out.splitlines()[1].endswith("\t[REDACTED]\t021")
    assert obey([*arguments, "--delimiter", "\\t", "--set", "name=keep", "-o", "safe.csv"]) == 0
    assert "Zoë" in (folder / "safe.csv").read_text("cp1252")
    assert obey(arguments) == DataError.exit_code
    assert obey([*arguments, "--delimiter", "long"]) == UsageError.exit_code
    capfd.readouterr()
