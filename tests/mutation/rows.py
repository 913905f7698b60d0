"""Breaks the behaviour behind rows of the matrix, one at a time, and sees whether the tests of the row notice.

usage: python -m tests.mutation.rows [ROW ...]

The work is done in a copy of the tree, so that commands which tests start are broken, too.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from docs.matrix import found
from tests.matrix.rows import ROWS
from tests.mutation.breaks import BREAKS

ROOT = Path(__file__).parents[2]
TREES = ("anonymize", "benchmarks", "docs", "rules", "sample_data", "tests")
FILES = ("CHANGELOG.md", "Makefile", "README.md", "SECURITY.md", "pyproject.toml", "requirements.lock")
PATIENCE, SPACE = 400, 8 << 30


def copied(folder: Path) -> None:
    """What the tests need of the tree."""
    for name in TREES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)


def is_noticed(folder: Path, row: str) -> bool:
    """Whether a test that is marked with the row fails."""
    files = sorted({path for path, _, _ in found()[row]}, key=lambda path: "memory" in path or "bounds" in path)
    given = {**os.environ, "PYTHONPATH": str(folder), "MATRIX_ROW": row, "CI": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    plug_in = ["-p", "tests.mutation.one_row"]
    try:
        done = subprocess.run(
            [*command, *plug_in, *files], cwd=folder, env=given, capture_output=True, check=False, timeout=PATIENCE,
            preexec_fn=_limited,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return True
    return done.returncode == 1


def _limited() -> None:
    """What holds back a bomb may be what is broken."""
    resource.setrlimit(resource.RLIMIT_AS, (SPACE, SPACE))


def main() -> int:
    """Break each; those that nobody noticed."""
    rows = sys.argv[1:] or list(BREAKS)
    missed = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copied(folder)
        for row in rows:
            file, old, new = BREAKS[row]
            source = (folder / file).read_text()
            if source.count(old) != 1:
                raise SystemExit(f"{row}: {file} holds {source.count(old)} times: {old}")
            (folder / file).write_text(source.replace(old, new))
            noticed = is_noticed(folder, row)
            (folder / file).write_text(source)
            print(f"{row}: {ROWS[row].case}: {'noticed' if noticed else 'NOT NOTICED'}", flush=True)
            missed += [] if noticed else [row]
    print(f"{len(rows) - len(missed)} of {len(rows)} noticed")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
