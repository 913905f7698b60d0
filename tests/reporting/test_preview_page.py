"""Previews write nothing but the page they are asked for, and it tells no more than they do."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from anonymize.cli.preview import _few
from anonymize.datasets import open_dataset
from anonymize.preview import preview
from anonymize.rulefile.loading import parse_rules
from tests.reporting.browser import CHROMIUM, browser
from tests.reporting.watching import HAS_INOTIFY, watched

ROOT = Path(__file__).parents[2]
RULES = """version: 1
dataset: tests
columns:
  id: pseudonymize
  name: redact
  town: {role: quasi_identifier, steps: [truncate(2)]}
  born: {steps: [truncate_date(year)], on_error: "null"}
  phone: drop
  note: keep
"""
ROWS = [f"{i},Canary{i},Oslo,19{60 + i}-05-04,555-0100,remark" for i in range(30)]
ROWS += ["30,Canary30,<i>Faro</i>,never,555-0101,remark", '31,"",Oslo,,555-0102,remark']


@pytest.fixture
def folder(tmp_path):
    """A folder with data, one for temporary files, and a home."""
    for name in ("work", "tmp", "home"):
        (tmp_path / name).mkdir()
    (tmp_path / "work" / "people.csv").write_text("\n".join(["id,name,town,born,phone,note", *ROWS]) + "\n")
    (tmp_path / "work" / "rules.yaml").write_text(RULES)
    return tmp_path


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "80",
        "HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"), "LC_ALL": "C.UTF-8",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "anonymize", "preview", "people.csv", "-r", "rules.yaml", *arguments],
        cwd=folder / "work", env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.skipif(not HAS_INOTIFY, reason="needs inotify")
@pytest.mark.parametrize("arguments", [(), ("--show-values", "--json"), ("--rows", "20")])
def test_nothing_is_written(folder, arguments):
    """Not for a moment: neither beside the data nor among temporary files nor at home."""
    with watched(*folder.iterdir()) as changed:
        done = command(folder, *arguments)
    assert (done.returncode, changed) == (0, [])


@pytest.mark.skipif(not HAS_INOTIFY, reason="needs inotify")
def test_what_is_written_is_seen(folder):
    """The watch above sees the one file that a page is, and its temporary name."""
    with watched(*folder.iterdir()) as changed:
        assert command(folder, "--html", "p.html").returncode == 0
    assert {name.strip(".").partition(".html")[0] for name in changed} == {"p"}
    assert (folder / "work" / "p.html").exists()


def test_counts_of_each_column(folder):
    """Values that changed, became null, failed; dropped columns have none."""
    dataset = open_dataset([str(folder / "work" / "people.csv")])
    found = {c.column: c for c in preview(dataset, parse_rules(RULES)).counts}
    born = found["born"]
    assert (born.values, born.changed, born.nulls, born.failed) == (32, 31, 1, 1)
    assert born.steps == ("truncate_date(year)",)
    assert (found["name"].changed, found["name"].nulls) == (32, 0)
    assert (found["note"].changed, found["phone"].dropped) == (0, True)


def test_classes_are_among_the_cases(folder):
    """A row of the smallest class is chosen, and one of the largest."""
    dataset = open_dataset([str(folder / "work" / "people.csv")])
    found = {r.row: r.reasons for r in preview(dataset, parse_rules(RULES), rows=8).records}
    assert "class: smallest (1 of the sample)" in found[31]
    assert "class: largest (31 of the sample)" in {reason for said in found.values() for reason in said}


def test_a_page_of_shapes(folder):
    """No original stands on it, and results are escaped."""
    assert command(folder, "--html", "p.html", "--rows", "32").returncode == 0
    page = (folder / "work" / "p.html").read_text("utf-8")
    assert not [value for value in ("Canary", "555-0100", "remark", "Oslo") if value in page]
    assert "<i>" not in page
    assert "&lt;i" in page
    assert "This page holds no original value" in page


def test_a_page_of_values_says_so(folder):
    """Whoever gets it is warned."""
    assert command(folder, "--html", "p.html", "--show-values").returncode == 0
    page = (folder / "work" / "p.html").read_text("utf-8")
    assert "Canary" in page
    assert "This page holds values of the data" in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("--html", "p.pdf"), "a page is HTML"), (("--html", "people.csv.html"), "the output exists")],
)
def test_pages_that_cannot_be(folder, arguments, said):
    """Another suffix, or a file that is there."""
    (folder / "work" / "people.csv.html").touch()
    done = command(folder, *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_wide_tables_are_readable(folder):
    """Sixty columns in 80: no line is wider, and no value is pressed into a column of two characters."""
    names = [f"column_with_a_long_name_{i}" for i in range(60)]
    work = folder / "work"
    work.joinpath("people.csv").write_text(
        "\n".join([",".join(names), *[",".join(["value of it"] * 60)] * 3]) + "\n"
    )
    work.joinpath("rules.yaml").write_text("version: 1\ncolumns: {'*': mask(keep_last=2)}\n")
    done = command(folder)
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert done.stdout.count("*********it") == 180


def test_what_a_row_was_chosen_for_is_read_at_a_glance():
    """Of many reasons the first, and how many more there are; few of them are all told."""
    many = [f"a_rather_long_column_{i} longest" for i in range(9)]
    assert _few(many[:3]) == many[:3]
    assert _few(many) == [*many[:4], "5 more"]


def test_json_has_the_counts(folder):
    """For scripts."""
    data = json.loads(command(folder, "--json").stdout)["data"]
    assert {c["column"]: c["changed"] for c in data["columns"]} == {
        "id": 32, "name": 32, "town": 32, "born": 31, "phone": 0, "note": 0,
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_a_browser_shows_it(folder):
    """Without complaint, on a phone too."""
    assert command(folder, "--html", "p.html").returncode == 0
    with browser() as tab:
        for width in (375, 1200):
            tab.show(folder / "work" / "p.html", width=width)
            assert tab.complaints() == []
            assert tab.tell("document.documentElement.scrollWidth - innerWidth") <= 0
