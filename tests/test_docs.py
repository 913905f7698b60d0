"""The console blocks of README and how-tos are executed; what they show is what the program prints.

`DOCS=record` writes the present output into the pages.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from anonymize.cli import make_app
from tests.key import KEY

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "README.zh-CN.md",
    ROOT / "docs/performance.md",
    *sorted((ROOT / "docs/how_to").glob("*.md")),
]
BLOCK = re.compile(r"```(console|(?:yaml|python) title=(\S+))\n(.*?)```", re.DOTALL)
SECONDS = re.compile(
    r"\b\d+\.\d\d s\b|\b[\d,.]+ MB/s\b|\b\d\.\d at a time"
    r"| +\d+\.\d{3} +\d+%( +[\d,]+)?$| +share +MB/s$|─{30,}$",  # the table of `--profile`
    re.MULTILINE,
)


@pytest.fixture
def workplace(tmp_path: Path, command: Path) -> Path:
    """A folder with the sample data, where `anonymize` is on the path."""
    shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data")
    (tmp_path / "bin").symlink_to(command)
    return tmp_path


def shell(command: str, folder: Path) -> str:
    """What a command prints, both streams as a terminal shows them."""
    environment = {
        **os.environ,
        "ANONYMIZE_KEY": KEY,
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "80",
        "NO_COLOR": "1",
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.stdout.decode()


def replay(block: str, folder: Path) -> str:
    """The block with its output as it is now."""
    commands = re.findall(r"^\$ (.*(?:\\\n.*)*)", block, re.MULTILINE)
    shown = []
    for command in commands:
        shown.append(f"$ {command}\n{shell(command, folder)}")
    return "".join(shown)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_console_blocks(page: Path, workplace: Path) -> None:
    """Every command of a page, in order, in one folder."""
    text = page.read_text()
    for kind, title, block in BLOCK.findall(text):
        if title:
            (workplace / title).write_text(block)
            continue
        now = replay(block, workplace)
        if os.environ.get("DOCS") == "record":
            text = text.replace(f"```{kind}\n{block}```", f"```{kind}\n{now}```")
        else:
            assert SECONDS.sub("_", block) == SECONDS.sub("_", now)
    if os.environ.get("DOCS") == "record":
        page.write_text(text)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_front_names_every_command_and_page(name: str) -> None:
    """Nothing that was built is left for people to find by chance, in either language."""
    text = (ROOT / name).read_text("utf-8")
    table = "".join(line for line in text.splitlines(keepends=True) if line.startswith("| `"))
    commands = list(get_command(make_app()).commands)
    assert [] == [command for command in commands if not re.search(rf"`{command}\b", table)]
    pages = [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs/how_to").glob("*.md")]
    assert [] == [page.name for page in pages if f"({page.relative_to(ROOT)})" not in text]
