"""What CI systems are told: annotations, JUnit XML, and drift of the data by exit code 3."""

from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anonymize.cli import obey
from anonymize.cli.github import add_summary, annotation
from anonymize.cli.junit import Case, document, markdown
from anonymize.core.errors import Problem, Where

RULES = "version: 1\ndataset: cases\ncolumns: {id: keep, cost: round_to(10)}\n"
VISITS = {"id": ["1"], "cost": [15]}


@pytest.fixture
def rules(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text(RULES)
    return str(path)


def parquet(tmp_path, columns: dict) -> str:
    path = tmp_path / f"{len(list(tmp_path.iterdir()))}.parquet"
    pq.write_table(pa.table(columns), path)
    return str(path)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({**VISITS, "iban": ["x"]}, "add the line `iban: redact`"),
        ({"id": ["1"], "costs": [15]}, "did you mean 'costs'?"),
        ({"id": ["1"], "cost": [True]}, "round_to cannot be used on 'cost': needs numbers or text, not bool"),
        ({"id": [1], "cost": [15]}, "column 'id' is int64, and was string"),
        ({**VISITS, "a: b": ["x"]}, 'add the line `"a: b": redact`'),
        ({**VISITS, "no": ["x"]}, 'add the line `"no": redact`'),
    ],
)
def test_data_that_sound_rules_do_not_fit(columns, said, rules, tmp_path, capsys):
    """A column that is new, renamed or of another type is exit code 3, and the message says what to write."""
    like = parquet(tmp_path, VISITS)
    assert 0 == obey(["lint", rules, "--data", like, "--like", like])
    assert 3 == obey(["lint", rules, "--data", parquet(tmp_path, columns), "--like", like])
    assert said in capsys.readouterr().err


def test_rules_that_are_wrong_whatever_the_data(rules, tmp_path):
    """A gate that cannot be measured is exit code 2 with and without data that fits."""
    (tmp_path / "rules.yaml").write_text(RULES + "checks: [k_anonymity >= 2]\n")
    assert 2 == obey(["lint", rules, "--data", parquet(tmp_path, VISITS)])


def test_like_needs_data(rules, capsys):
    """What would it be compared with?"""
    assert 2 == obey(["lint", rules, "--like", "x.parquet"])
    assert "name the data: --data INPUT" in capsys.readouterr().err


def test_an_annotation_stays_one_line():
    """Line ends, percent signs and what separates properties cannot end a command or begin another."""
    problem = Problem("50% of\n::stop-commands::x", "a\r", Where("a,b:c.yaml", 3, 5))
    expected = (
        "::error file=a%2Cb%3Ac.yaml,line=3,col=5,title=anonymize::"
        "a,b:c.yaml:3:5: 50%25 of%0A::stop-commands::x%0Ahint: a\\r"
    )
    assert expected == annotation("error", problem)


def test_a_column_of_a_table_is_no_place_in_a_file():
    """`col` is a number; the name of a column stands in the message."""
    found = annotation("error", Problem("wrong", None, Where("in.csv", column="cost", row=3)))
    assert "::error file=in.csv,title=anonymize::in.csv, column 'cost', row 3: wrong" == found


def test_files_are_named_as_the_repository_knows_them(tmp_path, monkeypatch):
    """Relative to the checkout, wherever the command runs."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/rules.yaml").touch()
    monkeypatch.chdir(tmp_path / "sub")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    assert "::error file=sub/rules.yaml," in annotation("error", Problem("wrong", None, Where("rules.yaml")))


def test_the_page_of_a_step_grows(tmp_path, monkeypatch):
    """Each command adds to it; without a page nothing happens."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    add_summary("nobody sees this")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "page.md"))
    add_summary("# a")
    add_summary("# b")
    assert "# a\n\n# b\n\n" == (tmp_path / "page.md").read_text()


def test_what_xml_cannot_hold():
    """Control characters, markup and lone surrogates are spelled out; the document parses and counts right."""
    cases = [Case("a\0<b>&", "c\ud800"), Case("文")]
    text = document("run", cases, [Problem("stopped\x1b")])
    suite = ElementTree.fromstring(text)[0]  # noqa: S314 our own document
    names = [case.get("name") for case in suite]
    assert ["a\\x00<b>&", "文", "run"] == names
    assert ("3", "1", "1") == (suite.get("tests"), suite.get("failures"), suite.get("errors"))
    assert "c\\ud800" == suite[0][0].get("message")


def test_a_summary_is_a_table_whatever_stands_in_it():
    """Names cannot break out of their cell, nor bring markup with them."""
    data = {"checks": [{"check": "a|b`<i>", "value": 1, "holds": True, "detail": ""}]}
    assert "| ✓ | `a\\|b'&lt;i>` |  |" == markdown("assess", data).splitlines()[-1]


@pytest.mark.parametrize("name", ["people.csv", "results/checks.xml"])
def test_a_report_that_cannot_be_written(name, rules, tmp_path, monkeypatch):
    """A name that is no XML file, or a folder that is not there, is refused before the command begins."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.csv").write_text("id,cost\n1,2\n")
    assert 0 != obey(["run", "people.csv", "-r", rules, "-o", "safe.csv", "--junit", name])
    assert ("id,cost\n1,2\n", False) == ((tmp_path / "people.csv").read_text(), (tmp_path / "safe.csv").exists())
