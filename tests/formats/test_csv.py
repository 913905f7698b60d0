"""CSV: every cell is found, and what no rule touches keeps its bytes."""

import csv
import io

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.codecs.csv.blocks import blocks, last_outside
from anonymize.codecs.encodings import find_encoding
from anonymize.core.errors import DataError
from anonymize.formats.csv import Csv
from tests.formats.files import MemoryFile, rewrite

NASTY = 'a,b,c\n1,"x, ""q"" y",é\r\n\n2,"multi\nline",\n"",,00123\n3,z,1.10'.encode()
CELLS = st.text(st.sampled_from("ab,;|\t\"'\n\r é中😀0-@="), max_size=6)


@st.composite
def csv_files(draw: st.DrawFn) -> tuple[bytes, list[list[str]], str, str]:
    """(file, rows, delimiter, quote) with random quoting and line ends."""
    delimiter, quote = draw(st.sampled_from(",;\t|")), draw(st.sampled_from("\"'"))
    columns = draw(st.integers(1, 4))
    rows = draw(st.lists(st.lists(CELLS, min_size=columns, max_size=columns), min_size=0, max_size=8))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    lines = [delimiter.join(f"c{i}" for i in range(columns))]
    for row in rows:
        lines.append(delimiter.join(_cell(draw, cell, delimiter, quote, columns) for cell in row))
    text = end.join(lines) + (end if draw(st.booleans()) else "")
    return text.encode(), rows, delimiter, quote


def _cell(draw: st.DrawFn, cell: str, delimiter: str, quote: str, columns: int) -> str:
    must = any(c in cell for c in (delimiter, quote, "\n", "\r")) or (columns == 1 and not cell)
    if must or draw(st.booleans()):
        return quote + cell.replace(quote, quote * 2) + quote
    return cell


def read(raw: bytes, **options: object) -> list[list[str]]:
    """All rows as text; null and empty are both ''."""
    source = Csv(header=True, **options).source(MemoryFile(raw))
    rows: list[list[str]] = []
    for chunk in source.chunks():
        page = chunk()
        columns = [page.values(name).fill_null("").to_pylist() for name in page.columns]
        rows += [list(row) for row in zip(*columns, strict=True)]
    return rows


@pytest.mark.matrix("C8")
@settings(max_examples=300, deadline=None)
@given(csv_files(), st.integers(1, 64))
def test_cells_are_those_of_the_csv_module(file: tuple[bytes, list[list[str]], str, str], block: int) -> None:
    """Python's csv reader in strict mode finds the same cells, whatever the block size."""
    raw, rows, delimiter, quote = file
    reader = csv.reader(io.StringIO(raw.decode(), newline=""), delimiter=delimiter, quotechar=quote, strict=True)
    expected = [row for row in reader if row][1:]

    assert rows == expected
    assert rows == read(raw, delimiter=delimiter, quote=quote, block_bytes=block)


@pytest.mark.matrix("C8", "C13")
@settings(max_examples=200, deadline=None)
@given(csv_files(), st.integers(1, 64))
def test_untouched_files_keep_their_bytes(file: tuple[bytes, list[list[str]], str, str], block: int) -> None:
    """Reading and writing without a rule is the identity."""
    raw, _, delimiter, quote = file
    format_ = Csv(delimiter=delimiter, quote=quote, header=True, block_bytes=block)

    assert raw == rewrite(format_, raw)


@settings(max_examples=200, deadline=None)
@given(csv_files(), st.data())
def test_changed_cells_read_back(file: tuple[bytes, list[list[str]], str, str], data: st.DataObject) -> None:
    """New values come back as written, dropped columns are gone, the others keep their bytes."""
    raw, rows, delimiter, quote = file
    columns = len(raw.decode().split("\n")[0].rstrip("\r").split(delimiter))
    names = [f"c{i}" for i in range(columns)]
    changed = data.draw(st.sets(st.sampled_from(names)))
    dropped = data.draw(st.sets(st.sampled_from(names), max_size=columns - 1))
    format_ = Csv(delimiter=delimiter, quote=quote, header=True)
    changes = {n: lambda v: pc.binary_join_element_wise(v, ",;|\t\"'\n", "") for n in changed - dropped}

    out = rewrite(format_, raw, changes, dropped)

    expected = [  # a row that would become a blank line is written as an empty text, and stays a row
        [
            cell + ",;|\t\"'\n" if name in changes and cell else cell
            for name, cell in zip(names, row, strict=True)
            if name not in dropped
        ]
        for row in rows
    ]
    found = read(out, delimiter=delimiter, quote=quote)
    assert [[c if c else "" for c in row] for row in expected] == [
        [c if c != ",;|\t\"'\n" else "" for c in row] for row in found
    ]


@pytest.mark.parametrize("block", range(1, 60))
def test_a_block_border_may_fall_anywhere(block: int) -> None:
    """Also inside quotes, inside CRLF and inside characters."""
    format_ = Csv(block_bytes=block)

    assert NASTY == rewrite(format_, NASTY)
    assert NASTY == rewrite(format_, NASTY, {name: lambda values: values for name in "abc"})


@pytest.mark.matrix("C5")
@pytest.mark.parametrize(
    "encoding", ["gb18030", "big5", "shift_jis", "utf-16-le", "utf-16-be", "utf-32-le", "cp1252"]
)
@pytest.mark.parametrize("block", [1, 7, 1 << 20])
def test_encodings_round_trip(encoding: str, block: int) -> None:
    """A file comes out in its own encoding, changed or not."""
    text = "name,note\n" + ("né,ça\n" if encoding == "cp1252" else '田中表,"一,二"\n王芳,ソ\n'.replace("ソ", "十"))
    raw = text.encode(encoding)
    format_ = Csv(encoding=encoding, header=True, block_bytes=block)

    assert raw == rewrite(format_, raw)
    assert raw == rewrite(format_, raw, {"note": lambda values: values})


@pytest.mark.matrix("C2", "C3")
@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_certain_and_stays(mark: str) -> None:
    """Files with a mark need no flag."""
    raw = "姓名,b\r\n张三,1\r\n".encode(mark)

    assert raw == rewrite(Csv(), raw, {"b": lambda values: values})


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "there is no line to read"),
        (b"a,a\n1,2\n", "the same name"),
        (b"a,\n1,2\n", "have no name"),
        (b"1,2\n3,4\n", "looks like data"),
        (b"x@example.org,b\n3,4\n", "looks like data"),
        (b"a,b\n1\n", "expected 2 cells, found 1"),
        (b"a,b\n1,2,3\n", "expected 2 cells, found 3"),
        (b'a,b\n1,"x\n', "never closed"),
        (b'a,b\n1,x"y"\n', "a quote stands inside"),
        (b'a,b\n1,"x"y\n', "text follows a closing quote"),
        ("a,b\nñ,1\n".encode("cp1252"), "encoding is not certain"),
        ("a,b\n1,2\n".encode("utf-16-le"), "NUL bytes"),
        (b"a,b;c\n1,2;3\n", "delimiter is not certain"),
    ],
)
def test_what_is_uncertain_or_broken_is_refused(raw: bytes, said: str) -> None:
    """The error says what is wrong, and nothing of the data."""
    with pytest.raises(DataError, match=said) as error:
        rewrite(Csv(), raw)

    assert "x@example" not in str(error.value)


def test_the_error_names_the_line() -> None:
    """Lines are counted as an editor counts them, also behind cells with line breaks."""
    raw = b'a,b\n1,"x\ny"\n2\n'

    with pytest.raises(DataError, match="memory:4: expected 2 cells, found 1"):
        rewrite(Csv(), raw)


def test_invalid_bytes_late_in_the_file_stop_it() -> None:
    """The encoding holds for the whole file."""
    raw = b"a,b\n" + b"1,2\n" * 500_000 + b"\xff,2\n"

    with pytest.raises(DataError, match="not UTF-8"):
        rewrite(Csv(), raw)


def test_rejects_are_set_aside_whole() -> None:
    """A tolerant source goes on without ragged rows and keeps their bytes and lines."""
    source = Csv().source(MemoryFile(b"a,b\n1,2\n3\n\n4,5\n6,7,8\n"), tolerant=True)

    (page,) = [chunk() for chunk in source.chunks()]

    assert ["1", "4"] == page.values("a").to_pylist()
    assert [(3, b"3\n"), (6, b"6,7,8\n")] == [(r.line, r.raw) for r in page.rejects]


def test_null_and_empty_differ() -> None:
    """An empty cell is null; two quotes are an empty text; both survive a change of the column."""
    raw = b'a,b\n,""\n"",\n'
    source = Csv().source(MemoryFile(raw))
    (page,) = [chunk() for chunk in source.chunks()]

    assert [None, ""] == page.values("a").to_pylist()
    assert raw == rewrite(Csv(), raw, {"a": lambda values: values, "b": lambda values: values})


def test_a_touched_cell_keeps_needless_quotes() -> None:
    """A changed cell is quoted if it needs it or if the original was."""
    raw = b'a,b\n"x",y\n'

    assert b'a,b\n"X",Y\n' == rewrite(Csv(), raw, {"a": pc.utf8_upper, "b": pc.utf8_upper})


def test_rows_that_go_take_their_line_ends() -> None:
    """The other rows keep their bytes."""
    raw = b'a,b\r\n1,"x"\r\n2,y\r\n3,z'

    def keep(page: object) -> object:
        return np.array([v != "2" for v in page.values("a").to_pylist()])  # type: ignore[attr-defined]

    assert b'a,b\r\n1,"x"\r\n3,z' == rewrite(Csv(), raw, keep=keep)


def test_a_row_longer_than_the_limit_is_refused() -> None:
    """An open quote does not read the whole file into memory."""
    with pytest.raises(DataError, match="no row end within"):
        rewrite(Csv(max_cell=1000, block_bytes=100), b'a,b\n1,"' + b"x" * 5000)


def test_other_arrow_types_are_spelled() -> None:
    """Numbers, booleans, times and nested values get the text that other tools expect."""
    batch = pa.record_batch(
        {
            "i": pa.array([1, None], pa.int64()),
            "f": pa.array([1.5, 2.0], pa.float64()),
            "b": pa.array([True, False]),
            "l": pa.array([["x"], None], pa.list_(pa.string())),
        }
    )
    from anonymize.codecs.csv.page import CsvStyle
    from anonymize.codecs.csv.scan import Dialect
    from anonymize.codecs.csv.sink import CsvSink
    from anonymize.codecs.tables.page import TablePage
    from anonymize.core.format import Edit, Layout, OutputColumn

    out = io.BytesIO()
    layout = Layout(tuple(OutputColumn(f.name, f.type, False) for f in batch.schema))
    sink = CsvSink(out, layout, CsvStyle(Dialect(44, 34)), None)
    sink.write(sink.encode(TablePage.of(batch), Edit(), layout))

    assert b'i,f,b,l\n1,1.5,true,"[""x""]"\n,2,false,\n' == out.getvalue()


def test_a_value_that_needs_quotes_where_there_are_none_is_refused() -> None:
    """The file says that quotes are ordinary characters, so nothing can stand between them."""
    format_ = Csv(quote="", delimiter=",", header=True)

    with pytest.raises(DataError, match="needs quotes") as error:
        rewrite(format_, b"a,b\nx,y\n", {"a": lambda values: pc.binary_join_element_wise(values, "canary,", "")})

    assert "canary" not in str(error.value)


def test_a_library_error_while_writing_is_not_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arrow's errors are ValueErrors, and hold values: none is taken for one of ours."""

    def failing(values: pa.Array) -> pa.Array:
        raise pa.ArrowInvalid("canary")

    monkeypatch.setattr("anonymize.codecs.csv.sink.spell", failing)
    with pytest.raises(pa.ArrowInvalid):  # left to `sealed`, which takes the text away
        rewrite(Csv(), b"a,b\nx,y\n", {"a": lambda values: values})


@pytest.mark.matrix("C3")
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("size", range(8, 30, 3))
def test_characters_are_read_whole(encoding: str, size: int) -> None:
    """Wherever a read ends: also between the halves of a surrogate pair, and where its bytes look like others."""
    text = "a,b\n" + "😀,x\n" * 9 + "\ud7ffØ,\ue0d8ǚ\n" * 5
    found = list(
        blocks(
            io.BytesIO(text.encode(encoding)),
            find_encoding(b"", encoding, "x"),
            34,
            size=size,
            limit=1 << 20,
            name="x",
        )
    )

    assert text == b"".join(block.raw for block in found).decode()


@pytest.mark.parametrize(
    ("text", "end", "expected"),
    [
        (b'"a"\n', 4, 3),
        (b'"a"\n"b', 6, 3),
        (b'\n"a\n', 4, 0),
        (b"a", 1, -1),
        (b'"\n"', 3, -1),
        (b'"a"\n"\n"', 7, 3),
    ],
)
def test_the_last_line_end_outside_quotes(text: bytes, end: int, expected: int) -> None:
    """Right behind a quote, too."""
    assert expected == last_outside(text, b"\n", 34, end)
