"""The moment in which outputs get their names: the exit code says whether they have."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from anonymize.cli import obey
from anonymize.codecs.streams import beside
from anonymize.core.errors import DataError
from anonymize.running import output as output_module
from anonymize.running.output import Output, writing
from tests.faults.build import CANARY, assert_none_in, rules_file, tree

RUN = ["run", "in.csv", "-r", "rules.yaml", "-o", "out.csv", "--overwrite", "--threads", "1", "--quiet"]
LAST_MOMENTS = {"finish", "commit", "settle", "discard", "_set_aside", "_take_back", "_forget", "writing"}
OLD = b"what was there before"
LONGEST = 255


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file, rules for it, and an old output."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.csv").write_bytes(f"a,b\n1,{CANARY}\n".encode())
    (tmp_path / "out.csv").write_bytes(OLD)
    rules_file(tmp_path, "  a: keep\n  b: redact")
    return tmp_path


class NoLinks:
    """`os` of a file system without hard links."""

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def link(self, *_: object) -> None:
        raise OSError(1, "no")


class Sender:
    """Sends a signal to this process at the n-th call in the last moments of an output."""

    def __init__(self, at: int, number: signal.Signals) -> None:
        self.at, self.number, self.calls = at, number, 0

    def __call__(self, frame: Any, event: str, _: object) -> None:
        code = frame.f_code
        if code.co_filename == output_module.__file__ and code.co_name in LAST_MOMENTS and event != "return":
            self.calls += 1
            if self.calls == self.at:
                os.kill(os.getpid(), self.number)

    def obey(self, *arguments: str) -> int:
        sys.setprofile(self)
        try:
            return obey(arguments)
        finally:
            sys.setprofile(None)


@pytest.mark.matrix("W2")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda n: n.name)
@pytest.mark.parametrize("has_links", [True, False], ids=["links", "no links"])
def test_the_exit_code_says_whether_the_output_is_there(
    folder: Path,
    number: signal.Signals,
    has_links: bool,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A signal at each step of the end: 0 with everything that was asked for, or 130 or 143 with nothing of it."""
    (folder / "in.csv").write_bytes(f"a,b\n1,{CANARY}\n{CANARY}\n".encode())
    before = tree(folder)
    if not has_links:
        monkeypatch.setattr(output_module, "os", NoLinks())
    codes = []
    for at in range(1, 2000):
        sender = Sender(at, number)
        codes.append(sender.obey(*RUN, "--rejects", "bad.csv", "--report", "report.md"))
        assert_none_in("".join(capfd.readouterr()))
        if codes[-1]:
            assert before == tree(folder)
        else:
            assert {*before, "bad.csv", "report.md"} == set(tree(folder))
            assert b"a,b\n1,[REDACTED]\n" == (folder / "out.csv").read_bytes()
            (folder / "bad.csv").unlink()
            (folder / "report.md").unlink()
            (folder / "out.csv").write_bytes(OLD)
        if sender.calls < at:
            break

    assert {0, 128 + number} == set(codes)
    assert sorted(codes, reverse=True) == codes, "once it is there, it stays"
    assert min(codes.count(code) for code in set(codes)) > 5


@pytest.mark.matrix("W6")
@pytest.mark.parametrize("letter", ["x", "é", "王", "😀"])
def test_names_as_long_as_they_can_be(folder: Path, letter: str) -> None:
    """The temporary name is no longer than the file system takes, and is known as a leftover."""
    for length in range(230 // len(letter.encode()), LONGEST // len(letter.encode()) + 1):
        name = (letter * length)[:-4] + ".csv"
        name = name if len(name.encode()) <= LONGEST else name[1:]
        assert 0 == obey([*RUN[:5], name, "--quiet"])
        left = beside.name_beside(folder / name)
        left.write_bytes(b"left by a killed run")
        assert 0 == obey([*RUN[:5], name, "--quiet", "--overwrite"])
        assert {"in.csv", "rules.yaml", "out.csv", name} == set(tree(folder))
        (folder / name).unlink()


@pytest.mark.matrix("W6")
def test_names_that_are_too_long_are_refused_at_once(folder: Path) -> None:
    """Before a row is read or written, although the temporary name would do."""
    name = "x" * (LONGEST + 1)
    before = tree(folder)
    with pytest.raises(DataError, match="File name too long"), writing([Output(folder / name)]):
        pytest.fail("it was opened")

    assert DataError.exit_code == obey([*RUN[:5], name + ".csv", "--quiet"])
    assert before == tree(folder)
    twin = "x" * LONGEST
    assert beside.name_beside(Path(twin)).name[:-18] != beside.name_beside(Path(twin[:-1] + "y")).name[:-18]
