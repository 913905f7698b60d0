"""Writing: several runs on one output, what a killed one left, full disks, other names of one file."""

import contextlib
import errno
import fcntl
import os
import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from anonymize.cli import obey
from anonymize.core.errors import DataError, UsageError
from anonymize.running import output as output_module
from anonymize.running.output import Output, writing
from tests.faults.build import CANARY, assert_none_in, command, environment, rules_file, tree
from tests.faults.test_output import NUMBERS, Faults

ROWS = f"1,{CANARY}\n".encode()
DATA = b"a,b\n" + ROWS * 50
RULES = "  a: keep\n  b: redact"
SAFE = b"a,b\n" + b"1,[REDACTED]\n" * 50
RUN = ["run", "in.csv", "-r", "rules.yaml", "-o", "out.csv"]
LEFT = ".out.csv.0123456789ab.part"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file and rules for it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.csv").write_bytes(DATA)
    rules_file(tmp_path, RULES)
    return tmp_path


@pytest.mark.matrix("W9")
def test_a_second_run_on_one_output_stops(folder: Path) -> None:
    """As long as the first writes, nobody else does; then its output exists."""
    first, second = ([Output(folder / "out.csv", overwrite=False)] for _ in range(2))
    with writing(first) as (file,):
        file.write(SAFE)
        with pytest.raises(DataError, match=r"out\.csv: another run is writing this output"), writing(second):
            pass
        assert 1 == len(list(folder.glob(".*.part")))
    with pytest.raises(UsageError, match=r"out\.csv: the output exists"), writing(second):
        pass

    assert {"in.csv", "rules.yaml", "out.csv"} == set(tree(folder))
    assert SAFE == (folder / "out.csv").read_bytes()


@pytest.mark.matrix("W9")
def test_runs_at_once_leave_one_whole_output(folder: Path) -> None:
    """Of four that start together, at most one writes; the others say why they did not."""
    (folder / "in.csv").write_bytes(b"a,b\n" + ROWS * 100_000)
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "anonymize", *RUN, "--overwrite"], env=environment(), stderr=subprocess.PIPE
        )
        for _ in range(4)
    ]
    said = [run.communicate(timeout=100)[1] for run in runs]
    done = [run.returncode for run in runs]

    assert set(done) <= {0, 3}
    assert all(
        code == 0 or b"another run is writing this output" in text for code, text in zip(done, said, strict=True)
    )
    assert (0 in done) == (folder / "out.csv").exists()
    assert 0 not in done or (folder / "out.csv").read_bytes() == b"a,b\n" + b"1,[REDACTED]\n" * 100_000
    assert [] == list(folder.glob(".*"))


@pytest.mark.matrix("W3")
def test_the_next_run_removes_what_a_killed_one_left(folder: Path) -> None:
    """Its own leftovers only: not those of other outputs, nor what is called otherwise."""
    strange = [".other.csv.0123456789ab.part", ".out.csv.part", ".out.csv.0123456789AB.part", "out.csv.part"]
    for name in (LEFT, *strange):
        (folder / name).write_bytes(b"x")

    assert 0 == obey([*RUN, "--quiet"])
    assert {"in.csv", "rules.yaml", "out.csv", *strange} == set(tree(folder))


@pytest.mark.matrix("W3", "W9")
def test_what_a_run_holds_is_no_leftover(folder: Path) -> None:
    """A file that another process has locked stays, and the run stops."""
    with (folder / LEFT).open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert DataError.exit_code == obey([*RUN, "--quiet"])
    assert {"in.csv", "rules.yaml", LEFT} == set(tree(folder))


@pytest.mark.slow
@pytest.mark.matrix("W3")
def test_kills_at_random_moments(folder: Path) -> None:
    """A dozen kills one after another: each time the old output, and in the end the new one and nothing else."""
    raw = b"a,b\n" + ROWS * 200_000
    (folder / "in.csv").write_bytes(raw)
    (folder / "out.csv").write_bytes(b"old")
    chance = random.Random(7731)  # noqa: S311
    for _ in range(12):
        with subprocess.Popen(
            [sys.executable, "-m", "anonymize", *RUN, "--overwrite", "--quiet"], env=environment()
        ) as running:
            time.sleep(chance.uniform(0.2, 0.9))
            running.kill()
        new = (folder / "out.csv").read_bytes()
        assert new == b"old" or new == raw.replace(CANARY.encode(), b"[REDACTED]")
        left = list(folder.glob(".*"))
        assert len(left) <= 2
        assert [] == [
            path for path in left if stat.S_IMODE(path.stat().st_mode) & 0o077 and path.read_bytes() != b"old"
        ]
        assert [] == [path for path in left if CANARY.encode() in path.read_bytes()]
        (folder / "out.csv").write_bytes(b"old")

    assert 0 == obey([*RUN, "--overwrite", "--quiet"])
    assert {"in.csv", "rules.yaml", "out.csv"} == set(tree(folder))


@pytest.mark.slow
@pytest.mark.matrix("W2")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda n: n.name)
def test_interrupts_at_random_moments(folder: Path, number: signal.Signals) -> None:
    """Eight of each kind, from the first import on: whole or not at all, and nothing beside it."""
    (folder / "in.csv").write_bytes(b"a,b\n" + ROWS * 200_000)
    assert 0 == obey([*RUN, "--quiet"])
    whole = (folder / "out.csv").read_bytes()
    (folder / "out.csv").unlink()
    chance = random.Random(number)  # noqa: S311
    for _ in range(8):
        with subprocess.Popen(
            [sys.executable, "-m", "anonymize", *RUN],
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as running:
            time.sleep(chance.uniform(0.05, 0.9))
            running.send_signal(number)
            _, said = running.communicate(timeout=60)
        assert running.returncode in {0, 128 + number, -number}
        assert (running.returncode == 0) == (folder / "out.csv").exists()
        assert running.returncode != 0 or (folder / "out.csv").read_bytes() == whole
        assert_none_in(said.decode())
        (folder / "out.csv").unlink(missing_ok=True)
        assert {"in.csv", "rules.yaml"} == set(tree(folder))


@pytest.mark.matrix("W1")
@pytest.mark.parametrize("failing", ["open", "write", "fsync", "close", "chmod", "replace"])
def test_reports_and_rejects_fail_too(folder: Path, failing: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Three files in one run, and the n-th operation on any of them fails: each is whole or not there."""
    raw = DATA + f"{CANARY}\n".encode()
    (folder / "in.csv").write_bytes(raw)
    arguments = [*RUN, "--rejects", "bad.csv", "--report", "report.json", "--quiet"]
    for at in range(1, 100):
        number = NUMBERS[at % 3]
        with pytest.MonkeyPatch.context() as patch:
            faults = Faults(failing, at, number)
            patch.setattr(output_module, "os", faults)
            if failing in {"replace", "chmod"}:
                patch.setattr(Path, failing, faults.failing_at(getattr(Path, failing)))
            code = obey(arguments)
        said = "".join(capfd.readouterr())
        assert_none_in(said)
        assert [] == list(folder.glob(".*"))
        assert code == 0 or ("cannot write the output" in said and os.strerror(number) in said)
        assert (folder / "out.csv").read_bytes() == SAFE if (folder / "out.csv").exists() else code == 3
        assert (folder / "out.csv").exists() == ("only this file is missing" in said or code == 0)
        assert not (folder / "bad.csv").exists() or (folder / "bad.csv").read_bytes() == f"{CANARY}\n".encode()
        if code == 0:
            break
        for name in ("out.csv", "bad.csv", "report.json"):
            (folder / name).unlink(missing_ok=True)
    assert at > 2


@pytest.mark.matrix("W10", "W1")
@pytest.mark.parametrize("failing", ["open", "write", "fsync", "close", "replace"])
def test_a_key_file_is_replaced_whole_or_not_at_all(
    folder: Path, failing: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever fails while a key is rotated: the old file stands, private."""
    assert 0 == obey(["keys", "new", "my.key", "--quiet"])
    old = (folder / "my.key").read_bytes()
    for at in range(1, 100):
        with pytest.MonkeyPatch.context() as patch:
            faults = Faults(failing, at, errno.ENOSPC)
            patch.setattr(output_module, "os", faults)
            if failing == "replace":
                patch.setattr(Path, failing, faults.failing_at(Path.replace))
            code = obey(["keys", "rotate", "my.key", "--quiet"])
        assert 0o600 == stat.S_IMODE((folder / "my.key").stat().st_mode)
        assert [] == list(folder.glob(".*"))
        if code == 0:
            break
        assert (DataError.exit_code, old) == (code, (folder / "my.key").read_bytes())
    assert old != (folder / "my.key").read_bytes()
    assert old.decode().strip() not in "".join(capfd.readouterr())


@pytest.mark.matrix("W5")
@pytest.mark.parametrize("how", ["itself", "dots", "symlink", "hard link", "symlinked folder"])
def test_an_input_by_another_name_is_no_output(folder: Path, how: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Refused before anything is read, `--overwrite` or not."""
    names = {"itself": "in.csv", "dots": f"../{folder.name}/in.csv", "symlinked folder": "here/in.csv"}
    target = names.get(how, "link.csv")
    if how == "symlink":
        (folder / target).symlink_to("in.csv")
    if how == "hard link":
        os.link("in.csv", target)
    if how == "symlinked folder":
        (folder / "here").symlink_to(".")
    before = tree(folder)

    assert UsageError.exit_code == obey(["run", "in.csv", "-r", "rules.yaml", "-o", target, "--overwrite"])
    assert "the output is one of the inputs" in capfd.readouterr().err
    assert before == tree(folder)


@pytest.mark.matrix("W16")
@pytest.mark.parametrize("how", ["rules", "extended", "key", "passphrase file", "link to the key"])
@pytest.mark.parametrize("option", ["-o", "--rejects", "--report"])
def test_what_a_run_goes_by_is_no_output(
    folder: Path, how: str, option: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody could make the key again, and without it nothing is restored."""
    monkeypatch.setenv("WORDS", "correct horse battery staple")
    assert 0 == obey(["keys", "new", "my.json", "--quiet"])
    assert 0 == obey(["keys", "new", "locked.json", "--passphrase", "env:WORDS", "--quiet"])
    os.link("my.json", "link.json")
    (folder / "base.json").write_text("version: 1\ncolumns: {a: keep}\n")
    (folder / "rules.json").write_text(
        "version: 1\nextends: [base.yaml]\ncolumns: {b: redact}\n"
        "keys: {default: 'file:my.json', other: 'passphrase:env:WORDS,locked.json'}\n"
    )
    (folder / "base.yaml").symlink_to("base.json")
    named = {"rules": "rules.json", "extended": "base.json", "key": "my.json"}
    target = named.get(how, "locked.json" if how == "passphrase file" else "link.json")
    before = tree(folder)
    output = ["-o", target] if option == "-o" else ["-o", "out.csv", option, target]
    rest = ["--output-format", "csv", "--overwrite", "--quiet"]

    assert UsageError.exit_code == obey(["run", "in.csv", "-r", "rules.json", *output, *rest])
    assert f"{target}: the output is the rule file or a key" in capfd.readouterr().err
    assert before == tree(folder)


@pytest.mark.matrix("W7")
def test_links_are_not_followed(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """An output that is a link is refused, dangling or not."""
    (folder / "other.csv").write_bytes(b"other")
    for aim in ("other.csv", "nothing.csv"):
        (folder / "out.csv").unlink(missing_ok=True)
        (folder / "out.csv").symlink_to(aim)
        assert UsageError.exit_code == obey([*RUN, "--overwrite"])
        assert "the output is a symbolic link" in capfd.readouterr().err
    assert b"other" == (folder / "other.csv").read_bytes()
    assert not (folder / "nothing.csv").exists()


@pytest.mark.matrix("W8")
def test_of_several_files_none_appears_if_one_fails(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The third of three has a row too long."""
    (folder / "set").mkdir()
    for name in ("1.csv", "2.csv", "3.csv"):
        (folder / "set" / name).write_bytes(DATA if name < "3" else DATA + b"1,2," + ROWS)
    before = tree(folder)

    assert DataError.exit_code == obey(["run", "set", "-r", "rules.yaml", "-o", "safe/"])
    assert "3.csv:52: expected 2 cells, found 4" in capfd.readouterr().err
    assert before == tree(folder)
    assert not (folder / "safe").exists()


@pytest.mark.matrix("W11")
def test_a_loose_umask_opens_nothing(folder: Path) -> None:
    """Keys and rejects are for their owner, whatever the umask; the output is like any new file."""
    (folder / "in.csv").write_bytes(DATA + ROWS[2:])
    before = os.umask(0)
    try:
        assert 0 == obey(["keys", "new", "my.key", "--quiet"])
        assert 0 == obey([*RUN, "--rejects", "bad.csv", "--quiet"])
    finally:
        os.umask(before)
    modes = {name: stat.S_IMODE((folder / name).stat().st_mode) for name in ("my.key", "bad.csv", "out.csv")}
    assert {"my.key": 0o600, "bad.csv": 0o600, "out.csv": 0o666} == modes


@pytest.mark.matrix("W11")
def test_temporary_files_stand_beside_the_output(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's folder for them, which others can read, is never used."""
    (folder / "temporary").mkdir()
    (folder / "other").mkdir()
    monkeypatch.setenv("TMPDIR", str(folder / "temporary"))
    with writing([Output(folder / "other" / "out.csv")]) as (file,):
        file.write(SAFE)
        (part,) = (folder / "other").iterdir()
        assert 0o600 == stat.S_IMODE(part.stat().st_mode)
    assert [] == list((folder / "temporary").iterdir())


MOUNTED = 'mount -t tmpfs -o size={size} none disk && cp out.old disk/out.csv && {before}exec "$@"'


@pytest.mark.matrix("W1", "W6")
@pytest.mark.parametrize(("size", "before"), [("64k", ""), ("9m", "mount -o remount,ro disk && ")])
def test_a_disk_that_is_full_or_read_only(folder: Path, size: str, before: str) -> None:
    """A real file system with too little room, or none to write at all: the old output stays."""
    if subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True).returncode:
        pytest.skip("no mounts here")
    (folder / "disk").mkdir()
    (folder / "out.old").write_bytes(b"old")
    (folder / "in.csv").write_bytes(b"a,b\n" + ROWS * 50_000)
    script = MOUNTED.format(size=size, before=before) + '; echo "$? $(cat disk/out.csv) $(ls -A disk)"'
    script = script.replace('exec "$@"', '"$@"')
    run = ["run", "in.csv", "-r", "rules.yaml", "-o", "disk/out.csv", "--overwrite"]
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", sys.executable, "-m", "anonymize", *run],
        env=environment(), capture_output=True, text=True, check=False, cwd=folder, timeout=100,
    )  # fmt: skip

    assert "3 old out.csv\n" == done.stdout, done.stderr
    assert "disk/out.csv: " in done.stderr
    assert ("No space left on device" in done.stderr) or (
        "cannot be written to" in done.stderr or "Read-only" in done.stderr
    )
    assert_none_in(done.stderr)


@pytest.mark.matrix("W14")
@pytest.mark.parametrize("change", ["grows", "shrinks", "is replaced", "goes"])
def test_an_input_that_changes_stops_the_run(
    folder: Path, change: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """What was read may be half old and half new: no output."""
    path = folder / "in.csv"

    def disturb(*_: object) -> None:
        if change == "grows":
            path.write_bytes(DATA + ROWS)
        if change == "shrinks":
            os.truncate(path, 4)
        if change == "is replaced":
            (folder / "new.csv").write_bytes(DATA)
            (folder / "new.csv").replace(path)
        if change == "goes":
            path.unlink()

    monkeypatch.setattr("anonymize.pipeline._require_awaited", disturb)
    assert DataError.exit_code == obey(RUN)
    assert "the input changed while it was read" in capfd.readouterr().err
    assert not (folder / "out.csv").exists()
    assert [] == list(folder.glob(".*"))


@pytest.mark.matrix("W15")
def test_surroundings_do_not_matter(folder: Path) -> None:
    """Another locale, time zone, hash seed, number of threads: the same bytes."""
    rules_file(folder, "  a: {steps: [laplace_noise(scale=3)]}\n  b: fake(person)")
    found = set()
    for index, (locale, zone, seed) in enumerate([("C", "UTC", "0"), ("C.UTF-8", "Asia/Shanghai", "7")]):
        given = {**environment(), "LC_ALL": locale, "TZ": zone, "PYTHONHASHSEED": seed}
        arguments = [*RUN[:-1], f"out{index}.csv", "--threads", str(1 + 3 * index)]
        assert 0 == command(*arguments, env=given, cwd=folder).returncode
        found.add((folder / f"out{index}.csv").read_bytes())

    assert 1 == len(found)
    with contextlib.suppress(StopIteration):
        assert CANARY.encode() not in next(iter(found))
