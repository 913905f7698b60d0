"""Cells that nobody expects, in a scan, in a redaction and at the gate behind it: what is in them is found."""

import io
import traceback

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import anonymize
from anonymize.core.errors import CheckError, DataError, RuleError
from anonymize.finding.scanning import Sample, all_detectors, scan_sample
from anonymize.kernels.detection.finding import find
from anonymize.statistics.residual_finds import ResidualFinds
from anonymize.transforms.masking.redact_text import RedactText
from tests.components.transforms.test_redact_text import redacted
from tests.spine.build import anonymize as run
from tests.spine.build import rules_of

NUMBER = "13812345678"
TEXTS = {
    "control characters": "a\x00b\x01c\x02d\x1f\x7f {} \x1b[31m\x08",
    "marks at its sides": "x \x01{}\x02 y",
    "lines of all kinds": "one\r\ntwo\rthree\x0b\x0c\x85\u2028{}\u2029end",
    "Russian": "звоните{}сейчас",
    "Arabic": "اتصل على {} الآن",
    "several scripts": "Позвоните 王小明 (Zoë) στο {} หรือ 電話",
    "marks of direction": "\u202etel \u2066{}\u2069 \u200f\u200b",
    "emoji and combining letters": "👩‍👩‍👧 e\u0301 {} 🇨🇳",
    "beyond the basic plane": "𠮷野家 {} 𝟙",
    "a mark of the byte order": "\ufeff{}",
    "characters that are none": "\ufffe\uffff\U0010ffff {} \ufffd",
}


@pytest.mark.parametrize("spelled", [NUMBER, NUMBER.translate({48 + d: 0xFF10 + d for d in range(10)})])
@pytest.mark.parametrize("cell", TEXTS.values(), ids=TEXTS)
def test_text_around_a_number(cell, spelled):
    """A scan tells where it is, in characters; the redaction takes it and nothing else; the gate finds no more."""
    text = cell.format(spelled)
    found = find(pa.array([None, text, ""]), all_detectors(["PHONE_NUMBER"]))
    places = list(zip(found.row.tolist(), found.start.tolist(), found.end.tolist(), strict=True))
    (after,) = redacted(RedactText(entities=("PHONE_NUMBER",)), text)

    assert [(1, text.index(spelled), text.index(spelled) + len(spelled))] == places
    assert cell.format("<PHONE_NUMBER>") == after
    assert [1] == left([text])
    assert [] == left([after])


@pytest.mark.parametrize("unit", ["no ", "7-", "a@", '"', "号", "é.", "\x01", "deadbeef "])
def test_a_megabyte_in_a_cell(unit):
    """What stands at its end is found, taken and counted."""
    text = unit * ((1 << 20) // len(unit.encode())) + " call " + NUMBER
    (after,) = redacted(RedactText(entities=("PHONE_NUMBER",)), text)

    assert NUMBER not in after
    assert after.endswith(" call <PHONE_NUMBER>")
    assert [1] == left([text])
    assert "PHONE_NUMBER" in inside(pa.array([text, "short and plain text here"] * 3))


@pytest.mark.parametrize("type_", [pa.null(), pa.string(), pa.int64(), pa.dictionary(pa.int32(), pa.string())])
def test_columns_of_nulls(type_):
    """They hold nothing, stay null, and leave nothing behind."""
    values = pa.nulls(3, type_)
    (column,) = scanned(values).columns

    assert (None, "none") == (column.entity, column.decision)
    assert [None] * 3 == redacted(RedactText(), *values.to_pylist())
    assert [] == left(values)


def test_binary_columns_are_not_clean():
    """Nobody can read them: a scan says so, a redaction refuses them, and the gate counts each value."""
    values = pa.array([NUMBER.encode(), None, b"\xff\xfe"])
    (column,) = scanned(values).columns

    assert ("UNSCANNED", 1.0) == (column.entity, column.confidence)
    assert [2] == left(values)
    assert [] == left(pa.nulls(2, pa.binary()))
    with pytest.raises(TypeError, match="binary"):
        RedactText().output_type(values.type)


def test_the_gate_stops_what_it_cannot_read(tmp_path):
    """A run that keeps a binary column does not pass for clean."""
    table = io.BytesIO()
    pq.write_table(pa.table({"t": pa.array([NUMBER.encode()])}), table)
    rules = rules_of("  '*': keep", "checks: [residual_identifiers == 0]")
    with pytest.raises(CheckError) as caught:
        run(tmp_path, rules, table.getvalue(), suffix=".parquet")

    assert "1 UNSCANNED in t" == caught.value.report.checks[0].detail
    with pytest.raises(RuleError, match="not binary"):
        run(tmp_path, rules_of("  '*': redact_text"), table.getvalue(), suffix=".parquet")


@pytest.mark.parametrize("text", [rb'{"t": "%b \ud800"}', b'{"t": "%b \xed\xa0\x80"}', b'{"t": "%b \xff"}'])
def test_halves_of_characters_in_files(tmp_path, text):
    """A lone surrogate, or bytes that are no text, are an error that does not quote them."""
    path = tmp_path / "in.jsonl"
    path.write_bytes(text.replace(b"%b", NUMBER.encode()) + b"\n")
    for work in (
        lambda: anonymize.scan(path),
        lambda: run(tmp_path, rules_of("  '*': redact_text"), path.read_bytes(), suffix=".jsonl"),
        lambda: run(
            tmp_path,
            rules_of("  '*': keep", "checks: [residual_identifiers == 0]"),
            path.read_bytes(),
            suffix=".jsonl",
        ),
    ):
        with pytest.raises(DataError) as caught:
            work()
        assert NUMBER not in "".join(traceback.format_exception(caught.value))


def test_halves_of_characters_in_tables():
    """The same in a table, where the error that says so holds the text."""
    table = pd.DataFrame({"t": pd.Series([f"{NUMBER} \ud800"], dtype=object)})
    with pytest.raises(DataError, match="lone surrogate") as caught:
        anonymize.scan(table)

    assert caught.value.__cause__ is None
    assert NUMBER not in "".join(traceback.format_exception(caught.value))


def left(values):
    """What the gate counts, kind by kind."""
    asked = ResidualFinds(("t",), ("PHONE_NUMBER",))
    state = asked.merge([asked.fit(pa.record_batch({"t": values}))])
    return asked.finish(state)["count"].to_pylist()


def scanned(values):
    return scan_sample(Sample({"t": [values]}, len(values), complete=True))


def inside(values):
    """What a scan tells of a text."""
    (column,) = scanned(values).columns
    return [each.entity for each in column.verdict.inside]
