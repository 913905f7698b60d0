"""The page about a run: whole, harmless, readable for everybody."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from anonymize.cli import obey
from anonymize.kernels.markup import VOID, element
from anonymize.reporting.page import POLICY
from anonymize.reporting.style import DARK, LIGHT
from tests.reporting.browser import CHROMIUM, browser

KEY = "5f3c9a0e7b12d4486ab0c19e83f7d2655f1e0b9c8a7d6e4f30214365879badce"
DRAWN = """[...document.querySelectorAll('svg rect')]
    .filter(part => part.getBoundingClientRect().width > 2).length"""
TOWNS = ["Lissabonx", "Portoxx", "Bragaxx", "Faroxx"]
RULES = """version: 1
dataset: tests
columns:
  id: pseudonymize
  name: redact
  "<b>&town": {role: quasi_identifier, steps: [truncate(2)]}
  age: {role: quasi_identifier, steps: [bin(10)]}
  born: {role: quasi_identifier, steps: [drop]}
  salary: round_to(1000)
  note: keep
checks: [k_anonymity >= 2]
"""


def person(i):
    cells = (
        f"canary-id-{i:04}",
        f"Canary {i} Zoë",
        TOWNS[i % 4],
        20 + i * 7 % 50,
        f"19{50 + i % 40}-0{1 + i % 9}-1{i % 9}",
    )
    return ",".join(map(str, (*cells, 20_000 + i * 137 % 90_000, f"remark {i % 3}")))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    people = "\n".join(["id,name,<b>&town,age,born,salary,note", *map(person, range(400))])
    (tmp_path / "people.csv").write_text(people + "\n")
    (tmp_path / "rules.yaml").write_text(RULES)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANONYMIZE_KEY", KEY)
    return tmp_path


@pytest.fixture
def report(folder):
    """The page of a run whose check holds."""
    assert obey(["run", "people.csv", "-r", "rules.yaml", "-o", "safe.csv", "--report", "r.html", "-q"]) == 0
    return folder / "r.html"


class _Outline(HTMLParser):
    """What a page is made of; unclosed tags are an error."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)


def outline(page: Path) -> _Outline:
    found = _Outline()
    found.feed(page.read_text("utf-8"))
    assert found.open == []
    return found


def test_all_that_an_officer_asks_is_there(report):
    """Classes, risks, columns, losses, distributions, checks, provenance, and what the figures do not say."""
    text = " ".join(outline(report).text)
    for said in (
        "How people stand out", "Prosecutor, highest", "Journalist", "Marketer", "Which columns single people out",
        "What was lost", "Distributions before and after", "What these figures do not say", "k_anonymity >= 2",
        "✓ The check holds", "people.csv", "pseudonymized with the key default", "is not called anonymous",
    ):  # fmt: skip
        assert said in text
    assert len(re.findall(r"\b[0-9a-f]{64}\b", text)) == 3, "the rules, the input under a key, the output"


def test_no_value_is_on_it(report):
    """Not one cell of the input, be it a name, a town or a note; column names are escaped."""
    page = report.read_text("utf-8")
    for value in (*TOWNS, "canary", "Canary", "Zoë", "remark"):
        assert value not in page
    assert "<b>&town" not in page
    assert "&lt;b&gt;&amp;town" in page


def test_nothing_is_loaded_or_run(report):
    """No script, no address, no style but its own; small enough to be mailed."""
    found = outline(report)
    assert report.stat().st_size < 1_000_000
    assert not {"script", "iframe", "img", "object", "form", "base"} & {tag for tag, _ in found.tags}
    attributes = [(name, value) for _, given in found.tags for name, value in given.items()]
    assert not [name for name, _ in attributes if name.startswith("on") or name in ("style", "src")]
    assert {value[0] for name, value in attributes if name == "href"} == {"#", "d"}
    assert "http" not in "".join(value or "" for _, value in attributes).replace("http-equiv", "")
    assert "default-src 'none'" in POLICY


def test_it_can_be_found_through(report):
    """A language, a title, one heading of the first rank, named tables, and links that lead somewhere."""
    tags = outline(report).tags
    names = {given["id"] for _, given in tags if "id" in given}
    assert dict(tags)["html"] == {"lang": "en"}
    assert [tag for tag, _ in tags].count("h1") == 1
    assert {given["href"][1:] for tag, given in tags if tag == "a"} <= names
    assert [tag for tag, _ in tags].count("table") == [tag for tag, _ in tags].count("caption")
    assert all(given.get("aria-label") or given.get("aria-hidden") for tag, given in tags if tag == "svg")


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast(colors):
    """WCAG 2.2 AA: 4.5 for text, 3 for what is drawn."""
    for ground in ("page", "card"):
        for text in ("ink", "soft", "link", "good", "bad", "warn"):
            assert contrast(colors[text], colors[ground]) >= 4.5, (text, ground)
        for drawn in ("before", "after"):
            assert contrast(colors[drawn], colors[ground]) >= 3, (drawn, ground)
    assert contrast(colors["ink"], colors["mark"]) >= 4.5


def test_a_failed_check_has_its_page(folder):
    """And no output: the page says so."""
    (folder / "rules.yaml").write_text(RULES.replace(">= 2", ">= 300"))
    code = obey(["run", "people.csv", "-r", "rules.yaml", "-o", "safe.csv", "--report", "r.html", "-q"])
    text = " ".join(outline(folder / "r.html").text)
    assert (code, (folder / "safe.csv").exists()) == (4, False)
    assert "✗ 1 of 1 checks do not hold" in text
    assert "no output was written" in text


def test_nobody_looks_on_without_a_page(folder, monkeypatch):
    """The statistics of the page are asked only for it."""
    monkeypatch.setattr("anonymize.running.onlooker.Onlooker.questions", None)
    assert obey(["run", "people.csv", "-r", "rules.yaml", "-o", "safe.csv", "--report", "r.json", "-q"]) == 0


def test_the_output_is_the_same_with_a_page(report, folder):
    """Looking changes nothing."""
    assert obey(["run", "people.csv", "-r", "rules.yaml", "-o", "other.csv", "-q"]) == 0
    assert (folder / "safe.csv").read_bytes() == (folder / "other.csv").read_bytes()


def test_an_aggregation_has_a_page(folder):
    """Without rows to compare."""
    (folder / "rules.yaml").write_text(
        "version: 1\nunlisted: drop\ncolumns: {age: keep}\nrows:\n  - aggregate([age], min_group=2)\n"
    )
    assert obey(["run", "people.csv", "-r", "rules.yaml", "-o", "safe.csv", "--report", "r.html", "-q"]) == 0
    assert "aggregated" in " ".join(outline(folder / "r.html").text)


def test_an_empty_table_has_a_page(folder):
    """Nothing to draw is no error."""
    (folder / "people.csv").write_text("id,name,<b>&town,age,born,salary,note\n")
    (folder / "rules.yaml").write_text(RULES.partition("checks")[0])
    assert obey(["run", "people.csv", "-r", "rules.yaml", "-o", "safe.csv", "--report", "r.html", "-q"]) == 0


def test_markup_is_escaped():
    """Text is text, in content and in attributes."""
    made = element("p", "a<b>&\x00\ud800", title='"><script>', hidden=True, class_=None)
    assert made == '<p title="&quot;&gt;&lt;script&gt;" hidden>a&lt;b&gt;&amp;\\x00\\ud800</p>'


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_a_browser_shows_it(report, tmp_path):
    """Without complaint or request, in the light, in the dark, on a phone and on paper: plots are drawn, nothing
    runs over the edge, and the keyboard gets everywhere."""
    with browser() as tab:
        for manner in ({}, {"dark": True}, {"width": 375}, {"width": 800, "media": "print"}):
            tab.show(report, **manner)
            assert tab.complaints() == []
            assert tab.requests() == [report.resolve().as_uri()]
            assert tab.tell(DRAWN) > 30
            assert tab.tell("document.documentElement.scrollWidth - innerWidth") <= 0
            tab.picture(tmp_path / "page.png")
            assert (tmp_path / "page.png").stat().st_size > 20_000
        tab.show(report, dark=True)
        assert tab.tell("getComputedStyle(document.body).backgroundColor") == "rgb(18, 22, 28)"
        tab.press("Tab", 9)
        assert tab.tell("document.activeElement.className") == "skip"
        tab.tell("document.querySelector('summary').focus()")
        tab.press(" ", 32)
        assert tab.tell("document.querySelector('details').querySelector('table').innerText.length") > 20
