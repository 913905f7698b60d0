"""The account of an assessment: as a page, as Markdown, as JSON."""

import json

import pytest

from anonymize.cli import obey
from anonymize.reporting.sections import RISKS
from tests.reporting.browser import CHROMIUM, browser
from tests.reporting.test_run_page import outline

PEOPLE = [(f"Canary{i}", 20 + i % 40, f"{i % 7:05}", ["flu", "cold"][i % 2]) for i in range(280)]
FLAGS = ["--quasi", "age,zip", "--sensitive", "illness"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A release and its original."""

    def written(name, rows):
        lines = ["name,age,zip,illness", *(",".join(map(str, row)) for row in rows)]
        (tmp_path / name).write_text("\n".join(lines) + "\n")

    written("people.csv", PEOPLE)
    written("safe.csv", [("x", age // 10 * 10, code[:4], illness) for _, age, code, illness in PEOPLE])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_page_beside_the_original(folder):
    """Both exposures, what was lost, distributions; the population's risks; no value."""
    arguments = ["--original", "people.csv", "--population", "9000", "--check", "k_anonymity >= 3"]
    assert obey(["assess", "safe.csv", *FLAGS, *arguments, "--report", "a.html", "-q"]) == 0
    page = outline(folder / "a.html")
    text = " ".join(page.text)
    for said in (
        "✓ The check holds", "How people stand out", "before: 1", "Marketer", "without", "What was lost",
        "Distributions before and after", "All measurements",
    ):  # fmt: skip
        assert said in text
    assert "Canary" not in text
    assert "flu" not in text
    assert "script" not in {tag for tag, _ in page.tags}


def test_a_page_of_a_release_alone(folder):
    """Without an original there is nothing to compare, and a check that fails is told."""
    assert obey(["assess", "safe.csv", *FLAGS, "--check", "k_anonymity >= 300", "--report", "a.html", "-q"]) == 4
    text = " ".join(outline(folder / "a.html").text)
    assert "✗ 1 of 1 checks do not hold" in text
    assert "What was lost" not in text


def test_an_unknown_population_is_the_worst_case(folder):
    """Whoever looks for somebody finds them as if everybody were in the data, before and after alike."""
    (folder / "fewer.csv").write_text("".join((folder / "safe.csv").read_text().splitlines(keepends=True)[:-3]))
    assert obey(["assess", "fewer.csv", *FLAGS, "--original", "people.csv", "--report", "a.html", "-q"]) == 0
    text = " ".join(outline(folder / "a.html").text)
    table = text.partition("Chances of a right match")[2]
    chances = {name: table.partition(name)[2].split()[:4] for name in RISKS.values()}
    assert chances["Prosecutor, highest"] == chances["Journalist, highest"]
    assert chances["Prosecutor, average"] == chances["Journalist, average"] == chances["Marketer"]
    assert "From all 557 rows, those of the original and those of the release." in text


def test_markdown_and_json(folder):
    """The same figures in each."""
    for name in ("a.md", "a.json"):
        assert obey(["assess", "safe.csv", *FLAGS, "--report", name, "-q"]) == 0
    data = json.loads((folder / "a.json").read_text())
    text = (folder / "a.md").read_text()
    assert text.startswith(
        "# Assessment\n\n280 rows in 28 classes by `age`, `zip`" if data["classes"] == 28 else "# A"
    )
    measured = next(m for m in data["measurements"] if m["metric"] == "k_anonymity")
    assert f"| `k_anonymity` | {measured['value']:.4g} |" in text


def test_a_report_replaces_nothing(folder, capfd):
    """An existing file needs --overwrite; an input is never replaced."""
    (folder / "a.html").touch()
    assert obey(["assess", "safe.csv", *FLAGS, "--report", "a.html"]) == 2
    assert obey(["assess", "safe.csv", *FLAGS, "--report", "a.html", "--overwrite", "-q"]) == 0
    assert obey(["assess", "safe.csv", *FLAGS, "--report", "a.txt"]) == 2


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_a_browser_shows_it(folder):
    """Without complaint, at any width."""
    assert obey(["assess", "safe.csv", *FLAGS, "--original", "people.csv", "--report", "a.html", "-q"]) == 0
    with browser() as tab:
        for manner in ({"width": 375}, {"dark": True}):
            tab.show(folder / "a.html", **manner)
            assert tab.complaints() == []
            assert tab.tell("document.documentElement.scrollWidth - innerWidth") <= 0
