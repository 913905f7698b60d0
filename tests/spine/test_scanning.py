"""A scan: what columns hold, what those beside them say, and what they give away together."""

import pyarrow as pa
import pytest

import anonymize
from anonymize.codecs.tables.memory import PageSource
from anonymize.core.errors import DataError, UsageError
from anonymize.core.roles import Role
from anonymize.datasets import open_dataset
from anonymize.finding.naming import refuse_data_as_names
from anonymize.finding.scanning import scan

MAIL = [f"person{i}@example.com" for i in range(40)]
PHONE = [f"138{i:08d}" for i in range(40)]
TOWN = ["Xanadu", "Erewhon"] * 20


def scanned(**columns):
    found = scan([PageSource.of(pa.table(columns))])
    return found, {column.name: column for column in found.columns}


def test_columns_beside_people_are_more_likely_theirs():
    """A name alone gets a doubt less beside an e-mail address and a telephone number; values alone do not."""
    _, alone = scanned(contact_city=TOWN, amount=[1.5] * 40)
    _, beside = scanned(contact_city=TOWN, amount=[1.5] * 40, mail=MAIL, phone=PHONE)

    assert "review" == alone["contact_city"].decision
    assert "auto" == beside["contact_city"].decision
    assert 2 == beside["contact_city"].neighbours
    assert alone["amount"].confidence == beside["amount"].confidence


def test_quasi_identifiers_are_counted_together():
    """How many rows nothing else equals, in all columns that could name somebody together."""
    found, _ = scanned(state=["A", "A", "B", "B"] * 10, occupation=["x", "x", "x", "y"] * 10, stock=range(40))
    split, _ = scanned(state=["A"] * 39 + ["B"], stock=range(40))

    assert ("state", "occupation") == found.quasi
    assert 0.0 == found.alone
    assert 1 / 40 == split.alone
    assert None is scanned(stock=range(40))[0].alone


@pytest.mark.parametrize(
    ("name", "role", "law"),
    [
        ("monthly_salary", Role.SENSITIVE, "PIPL Art. 28"),
        ("诊断", Role.SENSITIVE, "GDPR Art. 9"),
        ("Familienstand", Role.QUASI_IDENTIFIER, "GDPR Art. 4(1)"),
        ("fingerprint", Role.DIRECT_IDENTIFIER, "HIPAA 164.514(b)(2)(i)(P)"),
        ("order_state_count", Role.OTHER, None),
        ("programming_language", Role.OTHER, None),
    ],
)
def test_names_alone_tell_of_attributes(name, role, law):
    """Of values that look like any other, the name of the column says the role and the laws."""
    column = scanned(**{name: ["x1", "x2"] * 20})[1][name]

    assert role is column.role
    assert (law in column.laws) if law else column.laws == ()


def test_text_is_told_by_density_and_law():
    """How many finds stand in a thousand characters, and the laws of those that found them."""
    text = ["please write to anna@example.com soon, the door is open"] * 3 + ["nothing here to see at all, really"]
    column = scanned(notes=[f"{each} {i}" for i, each in enumerate(text * 10)])[1]["notes"]

    (inside,) = column.verdict.inside
    assert "EMAIL_ADDRESS" == inside.entity
    assert 12 < inside.density < 18
    assert inside.laws == column.laws


def test_scan_takes_tables_and_files(tmp_path):
    """The same answer for both; options and names that do not exist are refused."""
    table = pa.table({"mail": MAIL, "n": range(40)})
    path = tmp_path / "a.csv"
    path.write_text("mail;n\n" + "".join(f"{mail};{i}\n" for i, mail in enumerate(MAIL)))

    held = anonymize.scan(table)
    read = anonymize.scan(path, delimiter=";")

    assert ["EMAIL_ADDRESS", None] == [column.entity for column in held.columns]
    assert [c.entity for c in held.columns] == [c.entity for c in read.columns]
    assert "| 'mail' | EMAIL_ADDRESS | 1.00 | direct_identifier |" in held._repr_markdown_()
    with pytest.raises(UsageError, match="no option 'delimeter'"):
        anonymize.scan(path, delimeter=";")
    with pytest.raises(UsageError, match="no detector finds 'PERSN'"):
        anonymize.scan(table, entities=["PERSN"])


PEOPLE = [("Mary Johnson", "Boston"), ("John Smith", "Paris"), ("Anna Miller", "Rome"), ("Peter Baker", "Oslo")]


def test_a_first_line_of_people_is_no_header(tmp_path):
    """It is refused without being shown, unless somebody says that it is one."""
    path = tmp_path / "people.csv"
    path.write_text("".join(f"{name},{town}\n" for name, town in PEOPLE), "utf-8")

    with pytest.raises(DataError) as refused:
        open_dataset([str(path)])

    assert "Mary" not in str(refused.value)
    assert ["Mary Johnson", "Boston"] == open_dataset([str(path)], options={"header": True}).schema.names


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("keyed.jsonl", '{"m@example.com": {"n": 1}}\n{"j@example.com": {"n": 2}}\n'),
        ("zh.csv", "张伟,北京\n王芳,上海\n李秀英,广州\n陈志强,杭州\n"),
    ],
)
def test_columns_called_like_data_are_refused(name, text, tmp_path):
    """Keys that are people, and names of people above names of people: they would stand in the result."""
    path = tmp_path / name
    path.write_text(text, "utf-8")
    dataset = open_dataset([str(path)])

    with pytest.raises(DataError) as refused:
        refuse_data_as_names(dataset, scan(dataset.sources))

    assert not any(part in str(refused.value) for part in ("example", "张伟"))
