"""Progress tells the truth, to those who look, and nobody else."""

import gzip
import io
import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anonymize.cli import obey
from anonymize.cli import progress as shown
from anonymize.cli.answer import Manner
from anonymize.cli.tracking import Tracker
from anonymize.core.engine import Progress
from anonymize.datasets import open_dataset
from anonymize.engines.local import LocalEngine
from anonymize.pipeline import Job, plan_dataset, run
from anonymize.rulefile.loading import parse_rules

ROOT = Path(__file__).parents[2]
ONE_PASS = "version: 1\ncolumns: {a: redact}\n"
TWO_PASSES = "version: 1\ncolumns: {a: group_rare(2)}\n"


class Clock:
    """Shows what it is set to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def tracked(path: Path, rules: str, clock: Clock) -> Tracker:
    dataset = open_dataset([str(path)])
    tracker = Tracker(clock)
    tracker.adjust(plan_dataset(parse_rules(rules), dataset), dataset)
    return tracker


@pytest.fixture
def table(tmp_path):
    """A file that says how many rows it has."""
    pq.write_table(pa.table({"a": [str(i % 7) for i in range(1000)]}), tmp_path / "a.parquet")
    return tmp_path / "a.parquet"


def test_rows_rate_and_time_left(table):
    """A quarter in ten seconds leaves thirty."""
    clock = Clock()
    tracker = tracked(table, ONE_PASS, clock)
    assert tracker.text() == "reading the rules and the first rows"
    tracker(Progress("writing", 10))
    clock.now += 10
    tracker(Progress("writing", 250))
    size = table.stat().st_size / 1000
    bytes_ = f"{size / 4:,.1f} of {size:,.1f} kB" if size < 10 else f"{size / 4:,.0f} of {size:,.0f} kB"
    assert tracker.text() == f"processing · 25 % · 250 rows · {bytes_} · about 30 s left · 25 rows/s"


def test_passes(table):
    """The first of two passes is half of the work, and the second begins anew."""
    clock = Clock()
    tracker = tracked(table, TWO_PASSES, clock)
    tracker(Progress("learning", 1))
    clock.now += 50
    tracker(Progress("learning", 500))
    assert tracker.text().startswith("pass 1 of 2 · 25 % · 500 rows")
    assert "about 2 min left · 10 rows/s" in tracker.text()
    tracker(Progress("learning", 1000))
    tracker(Progress("writing", 400))
    assert tracker.text().startswith("pass 2 of 2 · 70 % · 400 rows")
    clock.now += 10
    assert "left · 40 rows/s" in tracker.text()


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz"])
def test_bytes_are_those_that_were_read(tmp_path, suffix):
    """As they stand in the file, compressed or not; each pass reads all of them."""
    path = tmp_path / f"a{suffix}"
    data = b"a\n" + b"".join(b"%d\n" % (i % 1000) for i in range(400_000))
    path.write_bytes(gzip.compress(data) if suffix.endswith("gz") else data)
    tracker, seen = Tracker(), []

    def tell(state):
        tracker(state)
        seen.append((tracker.number, tracker._position()))

    run(Job(parse_rules(TWO_PASSES), (str(path),), None), LocalEngine(1, tell), adjust=tracker.adjust)
    size = path.stat().st_size
    assert {number for number, _ in seen} == {1, 2}
    for number in (1, 2):
        positions = [position for n, position in seen if n == number]
        assert positions == sorted(positions)
        assert 0 < positions[0] <= positions[-1] == size


def test_a_heartbeat_in_logs(table):
    """A line now and then, as long as it takes."""
    log = io.StringIO()
    tracker = tracked(table, ONE_PASS, Clock())
    tracker(Progress("writing", 250))
    with shown._log(tracker, log, interval=0.01):
        while log.getvalue().count("\n") < 2:
            time.sleep(0.01)
    assert log.getvalue().startswith("still running: processing · 25 % · 250 rows")
    assert shown.BEAT == 30


@pytest.mark.parametrize("manner", [Manner(quiet=True), Manner(json=True)], ids=["quiet", "json"])
def test_silence(manner, capfd, monkeypatch):
    """--quiet and --json say nothing, not even on a terminal."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with shown.progress(manner) as tracker:
        tracker(Progress("writing", 1))
    assert capfd.readouterr().err == ""


def on_terminal(*arguments: str, folder: Path) -> tuple[str, str]:
    """What a terminal gets at first, and in all."""
    master, slave = pty.openpty()
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "anonymize", *arguments]
    with subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, cwd=folder, env=environment):
        os.close(slave)
        pieces = []
        try:
            while piece := os.read(master, 65536):
                pieces.append(piece.decode())
        except OSError:  # the other end is closed
            pass
    os.close(master)
    return pieces[0], "".join(pieces)


def test_a_terminal_sees_a_line_at_once_that_goes_again(tmp_path):
    """Before the rules are read, and nothing of it is left."""
    (tmp_path / "a.csv").write_text("a\n1\n")
    (tmp_path / "r.yaml").write_text(ONE_PASS)
    first, whole = on_terminal("run", "a.csv", "-r", "r.yaml", "-o", "b.csv", folder=tmp_path)
    assert "reading the rules" in first
    after = whole[whole.rindex("\r\x1b[2K") + 5 :]
    assert re.sub(r"\x1b\[\d*m", "", after).startswith("rows     1 in, 1 out")
    assert "reading the rules" not in after


@pytest.mark.parametrize(
    ("arguments", "doing"),
    [
        (["scan", "a.csv"], "looking for personal data"),
        (["preview", "a.csv", "-r", "r.yaml"], "reading the rules"),
        (["assess", "a.csv", "--quasi", "a"], "measuring"),
        (["verify", "a.csv", "a.csv", "-r", "r.yaml"], "comparing"),
        (["attack", "a.csv", "a.csv", "-r", "r.yaml"], "attacking"),
        (["plan", "r.yaml", "a.csv", "--explore"], "trying recodings"),
    ],
)
def test_all_that_may_take_long_says_what_it_does(tmp_path, monkeypatch, arguments, doing):
    """On a terminal, before it does it."""
    (tmp_path / "a.csv").write_text("a\n1\n1\n")
    (tmp_path / "r.yaml").write_text("version: 1\ncolumns: {a: {role: quasi_identifier, steps: [keep]}}\n")
    monkeypatch.chdir(tmp_path)
    said = io.StringIO()
    monkeypatch.setattr(said, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stderr", said)
    monkeypatch.setenv("TERM", "xterm")
    assert obey(arguments) in (0, 2)
    assert doing in said.getvalue()


def test_an_error_is_not_drawn_over(tmp_path):
    """The line is gone before an error is told."""
    (tmp_path / "a.csv").write_text("a\n1\n")
    _, whole = on_terminal("run", "a.csv", "-r", "missing.yaml", "-o", "b.csv", folder=tmp_path)
    assert "error" in whole[whole.rindex("\r\x1b[2K") :]


def test_rich_is_not_needed_for_it():
    """The line stands there before anything slow is imported."""
    slow = "{'rich', 'pyarrow', 'numpy', 'pydantic'}"
    script = f"import sys, anonymize.cli.run; sys.exit(bool({slow} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0
