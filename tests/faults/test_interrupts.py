"""Signals at several moments of a run: nothing is left behind, and nothing raw after a kill."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.build import CANARY, assert_none_in, environment, rules_file

pytestmark = pytest.mark.slow

PATIENCE = 60
RULES = "  id: pseudonymize\n  name: mask(keep_first=1)\n  card: redact\n  note: keep"
TWO_PASSES = RULES.replace("redact", "group_rare(2)")
OLD = b"what was there before"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """About 30 MB whose masked columns hold the canary."""
    path = tmp_path_factory.mktemp("data") / "in.csv"
    block = "".join(f"{i},{CANARY} {i},{CANARY}-{i % 7},x{i}\n" for i in range(20_000)).encode()
    with path.open("wb") as file:
        file.write(b"id,name,card,note\n")
        for _ in range(30_000_000 // len(block)):
            file.write(block)
    return path


@contextmanager
def running(data: Path, folder: Path, rules: str, *more: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A run that is under way."""
    target = str(folder / "out" / "safe.csv")
    (folder / "out").mkdir()
    arguments = ["run", str(data), "-r", str(rules_file(folder, rules)), "-o", target, "--verbose", *more]
    with subprocess.Popen(
        [sys.executable, "-m", "anonymize", *arguments],
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def parts(folder: Path) -> list[Path]:
    return sorted((folder / "out").glob(".*.part"))


def wait_for(process: "subprocess.Popen[bytes]", folder: Path, size: int) -> None:
    """Until the temporary file has so many bytes. A run that ends before would not test anything."""
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        for part in parts(folder):
            try:
                if part.stat().st_size >= size:
                    return
            except FileNotFoundError:
                continue
        assert process.poll() is None, "the run ended too early"
    raise AssertionError("the temporary file does not grow")


MOMENTS = [0, 1, 8_000_000, 20_000_000]


@pytest.mark.matrix("W2")
@pytest.mark.parametrize("size", MOMENTS)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda n: n.name)
def test_an_interrupt_leaves_nothing(data: Path, tmp_path: Path, number: signal.Signals, size: int) -> None:
    """Exit 130 or 143, no output, no temporary file, and nothing said about the data."""
    with running(data, tmp_path, RULES) as process:
        wait_for(process, tmp_path, size)
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)

    assert (128 + number, b"") == (process.returncode, out)
    assert "interrupted" in err.decode()
    assert "Traceback" not in err.decode()
    assert_none_in(err.decode())
    assert [] == os.listdir(tmp_path / "out")


@pytest.mark.matrix("W2")
def test_an_interrupt_while_statistics_are_taken(data: Path, tmp_path: Path) -> None:
    """The pass before the writing, and impatience: the second signal changes nothing."""
    with running(data, tmp_path, TWO_PASSES) as process:
        wait_for(process, tmp_path, 0)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)

    assert process.returncode in {130, 143, -signal.SIGTERM}  # the second may come when all is done
    assert [] == os.listdir(tmp_path / "out")


@pytest.mark.matrix("W2")
@pytest.mark.parametrize("suffix", [".jsonl", ".parquet", ".csv.gz"])
def test_an_interrupt_through_a_library(data: Path, tmp_path: Path, suffix: str) -> None:
    """Also where a compressor or Arrow calls back into the output, and rejects are open beside it."""
    rejects = tmp_path / "out" / "bad.csv"
    with running(
        data, tmp_path, RULES, "-o", str(tmp_path / "out" / f"safe{suffix}"), "--rejects", str(rejects)
    ) as p:
        wait_for(p, tmp_path, 1)
        p.send_signal(signal.SIGTERM)
        _, err = p.communicate(timeout=PATIENCE)

    assert 143 == p.returncode
    assert_none_in(err.decode())
    assert [] == os.listdir(tmp_path / "out")


@pytest.mark.matrix("W3")
@pytest.mark.parametrize("size", MOMENTS)
@pytest.mark.parametrize("is_there", [True, False], ids=["old", "absent"])
def test_a_kill_leaves_no_raw_value(data: Path, tmp_path: Path, size: int, is_there: bool) -> None:
    """The target is the old one or absent; what lies beside it is private and was already anonymized."""
    target = tmp_path / "out" / "safe.csv"
    with running(data, tmp_path, RULES, "--overwrite") as process:
        if is_there:
            target.write_bytes(OLD)
        wait_for(process, tmp_path, size)
        process.kill()
        process.communicate(timeout=PATIENCE)

    assert -signal.SIGKILL == process.returncode
    assert is_there == target.exists()
    assert not is_there or OLD == target.read_bytes()
    (left,) = parts(tmp_path)
    assert {left.name, *(["safe.csv"] if is_there else [])} == set(os.listdir(tmp_path / "out"))
    assert left.name.startswith(".safe.csv.")
    assert 0o600 == stat.S_IMODE(left.stat().st_mode)
    assert CANARY.encode() not in left.read_bytes()
