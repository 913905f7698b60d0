"""`import anonymize`: the same rules on files and on tables in memory."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import anonymize
from anonymize.core.errors import AnonymizeError, CheckError, RuleError, UsageError
from anonymize.rulefile.loading import parse_rules

RULES = parse_rules(
    "version: 1\ncolumns: {zip: truncate(3), age: keep}\nrows: [\"drop_rows(where='age > 50')\"]\n"
)
COLUMNS = {"zip": ["02138", None, "99999"], "age": [30, 40, 60]}
EXPECTED = {"zip": ["021", None], "age": [30, 40]}


@pytest.mark.parametrize("frame", [pa.table(COLUMNS), pa.record_batch(COLUMNS), pl.DataFrame(COLUMNS)], ids=type)
def test_the_same_kind_comes_back(frame):
    """Tables, batches and Polars frames give their own kind."""
    found = anonymize.transform(frame, rules=RULES)
    assert type(found) is type(frame)
    plain = found.to_pydict() if not isinstance(found, pl.DataFrame) else found.to_dict(as_series=False)
    assert plain == EXPECTED


def test_pandas():
    """Types of untouched columns stay; an index is no column."""
    frame = pd.DataFrame({**COLUMNS, "kind": pd.Categorical(["a", "b", "a"])}, index=[7, 8, 9])
    rules = parse_rules("version: 1\ncolumns: {zip: truncate(3), age: keep, kind: keep}\n")
    found = anonymize.transform(frame, rules=rules)
    assert list(found.columns) == ["zip", "age", "kind"]
    assert found["zip"].tolist()[::2] == ["021", "999"]
    assert (found["age"].dtype, found["kind"].dtype) == (frame["age"].dtype, frame["kind"].dtype)


def test_rules_and_gates_hold_in_memory_too():
    """Unlisted columns, failed checks and foreign objects are errors as for files."""
    with pytest.raises(RuleError):
        anonymize.transform(pa.table({"stranger": [1]}), rules=RULES)
    gated = parse_rules(
        "version: 1\ncolumns: {zip: {role: quasi_identifier, steps: [keep]}}\nchecks: [k_anonymity >= 2]\n"
    )
    with pytest.raises(CheckError):
        anonymize.transform(pa.table({"zip": ["1", "2"]}), rules=gated)
    with pytest.raises(UsageError):
        anonymize.transform([1, 2], rules=RULES)


def test_files(tmp_path):
    """`run` is the command's main job, with the same options."""
    (tmp_path / "in.csv").write_text("zip;age\n02138;30\n")
    report = anonymize.run(tmp_path / "in.csv", rules=RULES, to=tmp_path / "out.csv", delimiter=";")
    assert report.rows_out == 1
    assert (tmp_path / "out.csv").read_text() == "zip;age\n021;30\n"
    with pytest.raises(AnonymizeError, match="exists"):
        anonymize.run(tmp_path / "in.csv", rules=RULES, to=tmp_path / "out.csv", delimiter=";")
    with pytest.raises(UsageError, match="overwrit"):
        anonymize.run(tmp_path / "in.csv", rules=RULES, to=tmp_path / "out.csv", overwrit=True)


def test_assess():
    """A frame is measured by the roles given; a role without its column is an error."""
    found = anonymize.assess(pd.DataFrame(COLUMNS), quasi=["zip"], sensitive=["age"])
    assert {m.metric: m.value for m in found.measurements}["k_anonymity"] == 1
    with pytest.raises(UsageError, match="zap"):
        anonymize.assess(pa.table(COLUMNS), quasi=["zap"])


def test_importing_is_cheap():
    """`import anonymize` loads nothing heavy."""
    script = (
        "import sys, anonymize; print([m for m in ('pyarrow', 'numpy', 'pydantic', 'typer') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_polars_query():
    """It is run, and a query over the result comes back."""
    found = anonymize.transform(pl.LazyFrame(COLUMNS), rules=RULES)
    assert (pl.LazyFrame, EXPECTED) == (type(found), found.collect().to_dict(as_series=False))


def test_a_duckdb_relation():
    """What speaks Arrow's C stream becomes an Arrow table."""
    found = anonymize.transform(duckdb.sql("SELECT '02138' AS zip, 30 AS age"), rules=RULES)
    assert {"zip": ["021"], "age": [30]} == found.to_pydict()


@pytest.mark.parametrize("frame", [pa.table(COLUMNS), pl.DataFrame(COLUMNS), pd.DataFrame(COLUMNS)], ids=type)
def test_a_plan_and_a_preview(frame):
    """Tables in memory are planned and previewed as files are; originals are shapes."""
    plan = anonymize.make_plan(frame, rules=RULES)
    assert ["zip", "age"] == [column.name for column in plan.columns]
    cells = [cell for record in anonymize.make_preview(frame, rules=RULES).records for cell in record.cells]
    assert {"99999", "999", None} == {cell.before for cell in cells if cell.column == "zip"} | {"999"}


def test_a_plan_and_a_preview_of_files(tmp_path):
    """The options describe text files; others are refused."""
    path = tmp_path / "in.csv"
    path.write_text("zip;age\n02138;30\n")
    assert 2 == len(anonymize.make_plan(path, rules=RULES, delimiter=";").columns)
    assert 1 == len(anonymize.make_preview([path], rules=RULES, delimiter=";").records)
    with pytest.raises(UsageError, match="did you mean 'delimiter'"):
        anonymize.make_plan(path, rules=RULES, delimeter=";")


def test_typed():
    """The package says that it is typed."""
    assert Path(anonymize.__file__).with_name("py.typed").is_file()
