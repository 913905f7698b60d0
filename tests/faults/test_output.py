"""The disk fails at every operation in turn: the output is whole or as it was, and nothing else is left."""

import contextlib
import errno
import gc
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from anonymize.core.errors import DataError, UsageError
from anonymize.engines.local import LocalEngine
from anonymize.pipeline import Job, run
from anonymize.running import output as output_module
from tests.faults.build import (
    assert_none_in,
    assert_silent,
    cells,
    command,
    environment,
    file_bytes,
    rules_file,
    tree,
)
from tests.spine.build import rules_of

RULES = rules_of("  id: pseudonymize\n  name: mask(keep_first=1)\n  note: keep")
OUTPUTS = [".csv", ".jsonl", ".parquet", ".arrow", ".csv.gz", ".jsonl.zst"]
NUMBERS = [errno.ENOSPC, errno.EIO, errno.EFBIG]
OLD = b"what was there before"


class Faults:
    """Stands for `os` in the output module: the n-th call of one function fails."""

    def __init__(self, failing: str, at: int, number: int) -> None:
        self.failing, self.at, self.number = failing, at, number
        self.calls = 0

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        return self.failing_at(real) if name == self.failing else real

    def failing_at(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            self.calls += 1
            if self.calls != self.at:
                return real(*arguments)
            if self.failing == "close":
                real(*arguments)  # a file is closed even if that fails
            raise OSError(self.number, os.strerror(self.number), "a path")

        return call


def broken(patch: pytest.MonkeyPatch, failing: str, at: int, number: int) -> Faults:
    """Let the n-th call fail."""
    faults = Faults(failing, at, number)
    patch.setattr(output_module, "os", faults)
    for name in ("replace", "chmod"):
        if failing == name:
            patch.setattr(Path, name, faults.failing_at(getattr(Path, name)))
    return faults


def job(folder: Path, suffix: str) -> Job:
    """Several pages of data, and an old output."""
    (folder / f"in{suffix}").write_bytes(file_bytes(suffix, cells()))
    (folder / f"out{suffix}").write_bytes(OLD)
    options = {"block_bytes": 500} if suffix.startswith((".csv", ".jsonl")) else {}
    inputs = (str(folder / f"in{suffix}"),)
    return Job(RULES, inputs, str(folder / f"out{suffix}"), overwrite=True, options=options)


@pytest.mark.matrix("W1")
@pytest.mark.parametrize("failing", ["open", "write", "fsync", "close", "chmod", "replace"])
@pytest.mark.parametrize("suffix", OUTPUTS)
def test_every_operation_fails_once(tmp_path: Path, suffix: str, failing: str) -> None:
    """The old output stays, no temporary file does, and the error says where and how much room there is."""
    made = job(tmp_path, suffix)
    before = tree(tmp_path)
    for at in range(1, 1000):
        number = NUMBERS[at % 3]
        with pytest.MonkeyPatch.context() as patch:
            faults = broken(patch, failing, at, number)
            try:
                run(made, LocalEngine(1))
            except DataError as error:
                caught = error
            else:
                assert faults.calls < at, "a failing operation went unnoticed"
                break
        assert before == tree(tmp_path)
        assert f"out{suffix}" in str(caught)
        assert os.strerror(number) in str(caught)
        assert "MB are free there" in str(caught)
        assert_silent(caught)

    assert at > 1
    assert OLD != (tmp_path / f"out{suffix}").read_bytes()
    assert {f"in{suffix}", f"out{suffix}"} == set(tree(tmp_path))


@pytest.mark.matrix("W1", "W8")
@pytest.mark.parametrize("failing", ["write", "fsync", "close", "chmod", "replace"])
@pytest.mark.parametrize("is_there", [True, False], ids=["overwrite", "new"])
def test_several_outputs_appear_all_or_none(tmp_path: Path, failing: str, is_there: bool) -> None:
    """Also when the last of them cannot be renamed: those before it go back."""
    for place in ("in", "out") if is_there else ("in",):
        for name in ("a.csv", "sub/b.csv", "sub/c.csv"):
            (tmp_path / place / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / place / name).write_bytes(file_bytes(".csv", cells(3)) if place == "in" else OLD)
    before = tree(tmp_path)
    made = Job(RULES, (str(tmp_path / "in"),), str(tmp_path / "out"), overwrite=True)
    for at in range(1, 1000):
        with pytest.MonkeyPatch.context() as patch:
            faults = broken(patch, failing, at, errno.EIO)
            try:
                run(made, LocalEngine(1))
            except DataError:
                assert before == tree(tmp_path)
                assert is_there == (tmp_path / "out").exists()
            else:
                assert faults.calls < at
                break

    assert at > 3
    assert 6 == len(tree(tmp_path))


@pytest.mark.matrix("W1")
@pytest.mark.parametrize("suffix", OUTPUTS)
def test_short_writes_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    """A system call may write fewer bytes than it was given, without an error."""
    made = job(tmp_path, suffix)
    run(made, LocalEngine(1))
    whole = (tmp_path / f"out{suffix}").read_bytes()

    class Short:
        def __getattr__(self, name: str) -> Any:
            return getattr(os, name)

        def write(self, descriptor: int, data: memoryview) -> int:
            return os.write(descriptor, data[: (len(data) + 1) // 2])

    monkeypatch.setattr(output_module, "os", Short())
    run(made, LocalEngine(1))
    assert whole == (tmp_path / f"out{suffix}").read_bytes()


def test_the_first_error_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that stays full fails again while everything is closed; that hides nothing and leaves nothing."""
    for suffix in OUTPUTS:
        made = job(tmp_path, suffix)
        before = tree(tmp_path)

        class Full:
            def __getattr__(self, name: str) -> Any:
                return getattr(os, name)

            def write(self, descriptor: int, data: memoryview) -> int:
                raise OSError(errno.ENOSPC, "full")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(output_module, "os", Full())
            with pytest.raises(DataError, match=r"No space left on device.*MB are free there") as caught:
                run(made, LocalEngine(1))
        assert_silent(caught.value)
        assert before == tree(tmp_path)


@pytest.mark.matrix("W1")
@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".csv.gz"])
def test_a_limit_on_file_sizes(tmp_path: Path, suffix: str) -> None:
    """A real EFBIG, after a real short write."""
    made = job(tmp_path, suffix)
    before = tree(tmp_path)
    rules = rules_file(tmp_path, "  id: pseudonymize\n  name: mask(keep_first=1)\n  note: keep")
    size = 2000 if suffix in {".csv", ".jsonl", ".arrow", ".parquet"} else 300

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    arguments = ["run", *made.inputs, "-r", str(rules), "-o", str(made.output), "--overwrite", "--verbose"]
    done = command(*arguments, preexec_fn=limit)
    assert (3, "") == (done.returncode, done.stdout)
    assert f"out{suffix}: cannot write the output: {os.strerror(errno.EFBIG)}" in done.stderr
    assert_none_in(done.stderr)
    rules.unlink()
    assert before == tree(tmp_path)


@pytest.mark.matrix("W4")
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_standard_output_that_is_full(tmp_path: Path, suffix: str) -> None:
    """No exit 0 for what was not written."""
    made = job(tmp_path, suffix)
    rules = rules_file(tmp_path, "  id: pseudonymize\n  name: mask(keep_first=1)\n  note: keep")
    with Path("/dev/full").open("wb") as full:
        arguments = [sys.executable, "-m", "anonymize", "run", *made.inputs, "-r", str(rules), "-o", "-"]
        done = subprocess.run(
            arguments, env=environment(), stdout=full, stderr=subprocess.PIPE, check=False, text=True
        )

    assert 3 == done.returncode
    assert f"standard output: cannot write the output: {os.strerror(errno.ENOSPC)}" in done.stderr
    assert_none_in(done.stderr)


@pytest.mark.matrix("W4")
def test_standard_output_is_a_pipe(tmp_path: Path) -> None:
    """The bytes that would stand in a file; a reader that leaves ends the run with 141 and without a word."""
    made = job(tmp_path, ".csv")
    (tmp_path / "in.csv").write_bytes(file_bytes(".csv", cells(5_000)))
    run(made, LocalEngine(1))
    rules = rules_file(tmp_path, "  id: pseudonymize\n  name: mask(keep_first=1)\n  note: keep")
    arguments = ["run", *made.inputs, "-r", str(rules), "-o", "-"]

    done = command(*arguments)
    assert (0, (tmp_path / "out.csv").read_text()) == (done.returncode, done.stdout)

    with subprocess.Popen(
        [sys.executable, "-m", "anonymize", *arguments],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.read(100)
        running.stdout.close()
        assert (141, b"") == (running.wait(60), running.stderr.read())


@pytest.mark.matrix("W6")
@pytest.mark.parametrize(
    ("target", "error", "message"),
    [
        ("missing/out.csv", DataError, "there is no folder"),
        ("in.csv/out.csv", DataError, "there is no folder"),
        ("/proc/out.csv", DataError, "/proc"),
        ("/dev/full", UsageError, "not a regular file"),
        ("x" * 300 + ".csv", DataError, "File name too long"),
        ("a\0b.csv", UsageError, "NUL character"),
    ],
)
def test_places_that_take_no_output(tmp_path: Path, target: str, error: type[Exception], message: str) -> None:
    """Refused with the place in the message; the input and the folder stay as they are."""
    made = job(tmp_path, ".csv")
    before = tree(tmp_path)
    with pytest.raises(error, match=message) as caught:
        run(Job(RULES, made.inputs, str(tmp_path / target), output_format="csv", overwrite=True), LocalEngine(1))

    assert_silent(caught.value)
    assert before == tree(tmp_path)


@pytest.mark.matrix("W1")
def test_a_failure_that_a_library_hides_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No exit 0 without all the bytes, whoever swallowed the error."""
    broken(monkeypatch, "write", 1, errno.EIO)

    def write() -> None:
        with output_module.writing([output_module.Output(tmp_path / "out.csv")]) as (file,):
            with contextlib.suppress(DataError):
                file.write(b"lost")
            file.write(b"kept")

    with pytest.raises(DataError, match="Input/output error"):
        write()
    assert {} == tree(tmp_path)


def test_nothing_is_left_to_the_garbage_collector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that is cleared away late neither writes to another file's descriptor nor complains."""
    complaints: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", complaints.append)
    made = [job(tmp_path, suffix) for suffix in OUTPUTS]
    gc.collect()
    gc.disable()
    try:
        for each in made:
            with pytest.MonkeyPatch.context() as patch:
                broken(patch, "write", 3, errno.EIO)
                with contextlib.suppress(DataError):
                    run(each, LocalEngine(1))
        with (tmp_path / "other").open("wb", buffering=0) as other:
            gc.collect()
            assert 0 == other.tell()
    finally:
        gc.enable()
    assert [] == complaints


@pytest.mark.matrix("W2")
def test_an_interrupt_costs_nothing(tmp_path: Path) -> None:
    """At whichever call of the output module it comes, the old output or the new one stands, and nothing else."""
    made = job(tmp_path, ".csv")
    before = tree(tmp_path)
    run(made, LocalEngine(1))
    after = tree(tmp_path)
    stopped = 0
    for at in range(1, 1000):
        (tmp_path / "out.csv").write_bytes(OLD)
        calls = 0

        def stop(frame: Any, event: str, _: object) -> None:
            nonlocal calls
            if event in {"call", "c_call", "c_return"} and frame.f_code.co_filename == output_module.__file__:
                calls += 1
                if calls == at:  # noqa: B023
                    sys.setprofile(None)
                    raise KeyboardInterrupt

        sys.setprofile(stop)
        try:
            run(made, LocalEngine(1))
        except KeyboardInterrupt:
            stopped += 1
        finally:
            sys.setprofile(None)
        assert tree(tmp_path) in (before, after)
        if calls < at:
            break
    assert stopped > 50
