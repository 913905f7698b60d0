"""A profile names every stage of a run, and its times add up."""

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from anonymize.cli import obey
from anonymize.cli.profile import profile_data, profile_lines
from anonymize.core.profile import OFF, Spent, Stage, Stopwatch
from anonymize.engines.local import LocalEngine
from anonymize.pipeline import Job, run
from tests.faults.build import assert_none_in, cells, file_bytes
from tests.key import KEY
from tests.spine.build import rules_of

RULES = "  id: pseudonymize\n  name: [mask(keep_first=1), mask(keep_last=1)]\n  note: group_rare(2)"
STEPS = [("pseudonymize", "id"), ("mask", "name"), ("group_rare", "note"), ("drop_rows", None)]


class Clock:
    """A clock that somebody sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_stage_inside_another_is_taken_out_of_it() -> None:
    """No time is counted twice, and none is lost."""
    clock = Clock()
    watch = Stopwatch(clock, clock)
    clock.now += 1
    watch.begin("writing")
    with watch("mask", "name"):
        clock.now += 2
        with watch("cells"):
            clock.now += 4
        clock.now += 8
    for _ in watch.each("read", iter([1, 2])):
        clock.now += 16
    watch.timed("scan", lambda: None)()
    watch.end()

    assert 47 == watch.wall_seconds
    assert {
        Stage("starting", "other"): Spent(1, 0),
        Stage("writing", "mask", "name"): Spent(10, 1),
        Stage("writing", "cells"): Spent(4, 1),
        Stage("writing", "read"): Spent(0, 3),
        Stage("writing", "scan"): Spent(0, 1),
        Stage("writing", "other"): Spent(32, 0),
    } == watch.spent


def test_a_stage_that_fails_ends() -> None:
    """An error leaves the stage it arose in."""
    clock = Clock()
    watch = Stopwatch(clock, clock)
    with pytest.raises(StopIteration), watch("scan"):
        next(iter(()))
    clock.now += 2
    watch.end()

    assert [Spent(0, 1), Spent(2, 0)] == [watch.spent[Stage("starting", name)] for name in ("scan", "other")]


def profiled(folder: Path, suffix: str, files: int, to: str, threads: int = 2) -> tuple[Stopwatch, float]:
    """A run by a clock that ticks whenever somebody looks at it; and how often that was."""
    ticks = count()
    watch = Stopwatch(lambda: float(next(ticks)), lambda: 0.0)
    for number in range(files):
        (folder / f"in{number}{suffix}").write_bytes(file_bytes(suffix, cells()))
    options = {"block_bytes": 500} if suffix.startswith((".csv", ".jsonl")) else {}
    rules = rules_of(RULES, "rows: [{use: drop_rows, where: \"note == 'none'\"}]")
    inputs = tuple(str(folder / f"in{number}{suffix}") for number in range(files))
    run(Job(rules, inputs, str(folder / f"out{to}"), options=options), LocalEngine(threads, profile=watch))
    watch.end()
    return watch, float(next(ticks))


def named(data: dict[str, Any], during: str) -> set[tuple[str, str | None]]:
    return {(stage["stage"], stage["column"]) for stage in data["stages"] if stage["pass"] == during}


@pytest.mark.parametrize(
    ("suffix", "to"),
    [
        (".csv", ".csv"),
        (".jsonl", ".jsonl"),
        (".parquet", ".parquet"),
        (".csv", ".parquet"),
        (".csv.gz", ".jsonl.zst"),
    ],
)
@pytest.mark.parametrize("files", [1, 3])
def test_every_stage_of_a_run_is_named(tmp_path: Path, suffix: str, to: str, files: int) -> None:
    """Each pass in its order, each step with its column; all together take no longer than all threads have."""
    watch, ticks = profiled(tmp_path, suffix, files, to)
    data = profile_data(watch, 2, 1_000_000)
    packing = {"decompress"} if suffix.endswith(".gz") else set()
    unpacking = {"compress"} if to.endswith(".zst") else set()
    learning = {(name, None) for name in {"read", "scan", "cells", "statistics", "other"} | packing}
    writing = {
        (name, None) for name in {"read", "scan", "cells", "encode", "write", "other"} | packing | unpacking
    }

    assert ["starting", "learning", "writing"] == watch.passes
    assert learning == named(data, "learning")
    assert writing | set(STEPS) == named(data, "writing")
    assert 0 < data["thread_seconds"] <= ticks * (2 + 1 + len(packing) + len(unpacking))
    assert 1 == pytest.approx(sum(s["share"] for s in data["stages"]), abs=0.01)


def test_the_order_is_that_of_the_data(tmp_path: Path) -> None:
    """Reading first, then the steps as they stand in the plan, then writing."""
    watch, _ = profiled(tmp_path, ".csv", 1, ".csv")
    stages = profile_data(watch, 2, None)["stages"]

    assert [
        "read",
        "scan",
        "cells",
        "pseudonymize",
        "mask",
        "group_rare",
        "drop_rows",
        "encode",
        "write",
        "other",
    ] == [s["stage"] for s in stages if s["pass"] == "writing"]
    assert {None} == {s["mb_per_second"] for s in stages}


def test_nothing_is_timed_unless_asked() -> None:
    """The profile of a run that nobody asked about hands everything through."""
    items = iter([1])
    assert OFF is LocalEngine().profile
    assert items is OFF.each("read", items)
    assert len is OFF.timed("scan", len)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANONYMIZE_KEY", KEY)
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "in.csv").write_bytes(file_bytes(".csv", cells()))
    columns = "  id: {role: quasi_identifier, steps: [pseudonymize]}\n  name: redact\n  note: keep"
    (tmp_path / "rules.yaml").write_text(f"version: 1\ncolumns:\n{columns}\n")
    (tmp_path / "gated.yaml").write_text(f"version: 1\ncolumns:\n{columns}\nchecks: [k_anonymity >= 3]\n")
    return tmp_path


@pytest.mark.parametrize(("rules", "code"), [("rules.yaml", 0), ("gated.yaml", 4)])
def test_json_carries_the_profile(folder: Path, capfd: pytest.CaptureFixture[str], rules: str, code: int) -> None:
    """Only if asked for; also when a check stopped the run."""
    arguments = ["run", "in.csv", "-r", rules, "-o", "out.csv", "--overwrite", "--json", "--threads", "2"]
    assert code == obey(arguments)
    assert "profile" not in json.loads(capfd.readouterr().out)["data"]

    assert code == obey([*arguments, "--profile"])
    printed = capfd.readouterr()
    found = json.loads(printed.out)["data"]["profile"]
    assert "" == printed.err
    assert {"wall_seconds", "thread_seconds", "threads", "input_bytes", "stages"} == set(found)
    assert (2, (folder / "in.csv").stat().st_size) == (found["threads"], found["input_bytes"])
    assert ("redact", "name") in {(stage["stage"], stage["column"]) for stage in found["stages"]}
    assert_none_in(printed.out)


def test_the_table_goes_to_stderr(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Names of columns, and no value; nothing on stdout, which may be the data."""
    assert 0 == obey(["run", "in.csv", "-r", "rules.yaml", "-o", "out.csv", "--profile"])
    printed = capfd.readouterr()
    assert "" == printed.out
    assert "pass      stage         column  seconds  share  MB/s" in printed.err
    assert " of thread time in " in printed.err
    assert_none_in(printed.err)


def test_the_table_fits_eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also with long names, whose control characters are spelled out."""
    monkeypatch.setenv("COLUMNS", "80")
    clock = Clock()
    watch = Stopwatch(clock, clock)
    watch.begin("writing")
    with watch("encrypt_preserving_format", "a\x1b[31mcolumn with a very long name" * 3):
        clock.now += 12_345
    lines = profile_lines(profile_data(watch, 1, 10**12))

    assert max(map(len, lines)) <= 80
    assert "\x1b" not in "".join(lines)
    assert "12345.00 s of thread time in 12345.00 s on 1 thread: 1.0 at a time" == lines[-1]
