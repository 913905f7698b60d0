"""The command line as users see it. A case is a folder: `cmd`, its files, and what must come out.

`ANONYMIZE_WRITE_CASES=1 pytest tests/cli/test_cases.py` writes `out`, `err` and `code` anew; read the difference.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).parent / "cases"
EXPECTED = ("out", "err", "code")
KEY = "5f3c9a0e7b12d4486ab0c19e83f7d2655f1e0b9c8a7d6e4f30214365879badce"


def cases():
    return sorted(path.parent for path in CASES.glob("*/*/cmd"))


@pytest.mark.parametrize("case", cases(), ids=lambda path: str(path.relative_to(CASES)))
def test_a_case_comes_out_as_written(case, command, tmp_path):
    """The case's command prints what the case says, to the letter."""
    work = tmp_path / "work"
    shutil.copytree(case, work, ignore=shutil.ignore_patterns("cmd", *EXPECTED))
    actual = run(case / "cmd", work, command)
    if os.environ.get("ANONYMIZE_WRITE_CASES"):
        write(case, actual)
    expected = {name: read(case / name) for name in EXPECTED}
    assert expected == actual
    assert [p.name for p in work.rglob(".*")] == []


def run(script: Path, work: Path, command: Path) -> dict[str, str]:
    environment = {
        "PATH": f"{command}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "ANONYMIZE_KEY": KEY,
        "COLUMNS": "80",
        "LC_ALL": "C.UTF-8",
        "SAMPLES": str(ROOT / "sample_data"),
    }
    done = subprocess.run(
        ["bash", "-c", script.read_text("utf-8")],
        check=False,
        capture_output=True,
        cwd=work,
        env=environment,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )
    return {
        "out": normalized(done.stdout.decode(), work),
        "err": normalized(done.stderr.decode(), work),
        "code": f"{done.returncode}\n",
    }


def normalized(text: str, work: Path) -> str:
    """The text without what differs from run to run and place to place."""
    text = text.replace(str(work), "WORK").replace(str(ROOT), "ROOT")
    text = re.sub(r"\d+\.\d\d s(?=\b)(, \d+ MB/s)?", "0.00 s", text)
    return re.sub(r'"seconds": [\d.]+', '"seconds": 0.0', text)


def write(case: Path, actual: dict[str, str]) -> None:
    for name, text in actual.items():
        if text and text != "0\n":
            (case / name).write_text(text, "utf-8")
        else:
            (case / name).unlink(missing_ok=True)


def read(path: Path) -> str:
    """The expected text; what is not there is empty, and a code that is not there is 0."""
    if path.exists():
        return path.read_text("utf-8")
    return "0\n" if path.name == "code" else ""
