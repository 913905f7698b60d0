"""Cells, lines and tables of extreme size, in an address space that they would fill: read, or refused in time."""

import resource
from pathlib import Path

import pytest

from tests.faults.build import assert_none_in, command, rules_file
from tests.faults.test_memory import libraries, limited

__all__ = ["libraries"]

pytestmark = pytest.mark.slow

GIGABYTE = 1 << 30
SPACE = 900_000_000  # of address space beyond the libraries
WIDE_SPACE = 350_000_000  # what a table of 3 MB may take, most of it for one thread and for its rules


def run(folder: Path, name: str, rules: str, space: int, *more: str) -> tuple[int, str]:
    """A run in one thread with so much address space: its exit code, and what it says."""
    rules_file(folder, rules)
    arguments = ["run", str(folder / name), "-r", str(folder / "rules.yaml"), "-o", str(folder / f"out{name[2:]}")]
    done = command(*arguments, "--threads", "1", *more, preexec_fn=limited(space), timeout=250)
    assert_none_in(done.stderr)
    return done.returncode, done.stderr


@pytest.mark.matrix("C15", "J5")
@pytest.mark.parametrize(("name", "start"), [("in.csv", b'a,b\n1,"'), ("in.jsonl", b'{"a":1,"b":"')])
def test_a_line_of_a_gigabyte_is_refused(tmp_path: Path, libraries: int, name: str, start: bytes) -> None:
    """After as much of it as one row may have; a hole in the file stands for the rest."""
    with (tmp_path / name).open("wb") as file:
        file.write(start + b"x" * (80 << 20))
        file.truncate(GIGABYTE)
    code, said = run(tmp_path, name, "  a: keep\n  b: mask", libraries + SPACE)

    assert 3 == code, said
    assert "no row end within 67,108,864 bytes" in said or "a line is longer than 67,108,864 bytes" in said
    assert not (tmp_path / f"out{name[2:]}").exists()


@pytest.mark.matrix("C15", "J5", "W13")
@pytest.mark.parametrize(
    ("name", "start", "end"), [("in.csv", b"a,b\n1,", b"\n"), ("in.jsonl", b'{"a":1,"b":"', b'"}\n')]
)
def test_a_cell_of_60_megabytes_is_read(
    tmp_path: Path, libraries: int, name: str, start: bytes, end: bytes
) -> None:
    """In a bounded multiple of its size."""
    (tmp_path / name).write_bytes(start + b"x" * (60 << 20) + end)
    code, said = run(tmp_path, name, "  a: keep\n  b: truncate(3)", libraries + SPACE)

    assert 0 == code, said
    assert (tmp_path / f"out{name[2:]}").read_bytes() == start + b"xxx" + end


@pytest.mark.matrix("C15", "W13")
@pytest.mark.parametrize("each", [False, True], ids=["by globs", "each by its name"])
def test_twenty_thousand_columns(tmp_path: Path, libraries: int, each: bool) -> None:
    """No more memory than the cells need, and no time that grows with the square of the columns."""
    names = [f"c{i}" for i in range(20_000)]
    rows = 20
    (tmp_path / "in.csv").write_text(
        "".join(",".join(line) + "\n" for line in [names, *[["secret"] * 20_000] * rows])
    )
    lines = [f"  {name}: {'redact' if name.startswith('c1') else 'keep'}" for name in names]
    rules = "\n".join(lines) if each else '  "c1*": redact\n  "*": keep'
    code, said = run(tmp_path, "in.csv", rules, libraries + WIDE_SPACE)

    assert 0 == code, said
    head, first, *others = (tmp_path / "out.csv").read_text().splitlines()
    assert ",".join(names) == head
    assert ["[REDACTED]" if name.startswith("c1") else "secret" for name in names] == first.split(",")
    assert [first] * (rows - 1) == others
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss > 0
