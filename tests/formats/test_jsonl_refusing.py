"""JSON lines: what RFC 8259 does not allow is refused with its line number and without its content."""

import pytest

from anonymize.codecs.json.page import BOM, JsonlPage
from anonymize.core.errors import DataError
from tests.formats.json_pages import pages, source_of, written

BAD = {
    "not valid JSON": [
        b'{"a":01}', b'{"a":1.}', b'{"a":-}', b'{"a":1e}', b'{"a":+1}', b'{"a":.5}',
        b'{"a":NaN}', b'{"a":Infinity}',
        b'{"a":-Infinity}', b'{"a":0x1}', b'{"a":1_0}', b'{"a":tru}', b'{"a":True}', b'{"a":nullnull}', b'{"a":}',
        b'{"a"}', b'{"a":1,}', b'{,}', b'{"a" 1}', b"{a:1}", b"{'a':1}", b'{"a":1', b'{"a":"x}', b'{"a":"x', b"{",
        b'{"a":[1,]}', b'{"a":[,1]}', b'{"a":[1 2]}', b'{"a":[1}', b'{"a":1]', b'{"a":1 "b":2}', b'{"a":1}}',
        b'{"a":1}x', b'{"a":1},', b'{"a":"\\x41"}', b'{"a":"\\u00g0"}', b'{"a":"\\u12"}', b'{"a":"\\"}',
        b'{"a":"\\ud800"}', b'{"a":"\\udc00"}', b'{"a":"\\ud800\\u0041"}', b'{"\\ud800":1}', b'{"a":"\t"}',
        b'{"a":"\x00"}', b'{"a":"\r"}', b'{"a":"\x1f"}', b'{"a":1}\x00', b'{"a":\x0c1}', b'{"a":/*c*/1}', b"x",
        b"{}#", b'{"a":"b" "c"}', b'{"a":1:2}', b'{1:2}', b'{"a":[}]}', b'{"a":"\\', b'{"a\n":1}',
    ],
    "not one JSON object on a line": [b'{"a":1} {"b":2}', b'{"a":1}{"b":2}', b"{} 1", b"{}\r{}", b"1 {}"],
    "not a JSON object": [b"[1]", b"1", b'"x"', b"null", b"[{}]"],
    "a blank line": [b"", b" ", b"\r", b"\t "],
    "not UTF-8": [b'{"a":"\xff"}', b'{"\xff":1}', b'{"a":"\xed\xa0\x80"}', b'{"a":"\xc3"}', b'{"a":\xa01}'],
    "a key stands twice in one object": [
        b'{"a":1,"a":1}', b'{"a":1,"\\u0061":2}', b'{"x":[{"b":{"a":1,"c":[],"a":[]}}]}', b'{"a":{},"b":1,"a":{}}',
        b'{"":1,"":2}',
    ],
    "objects and lists are nested deeper than 64 levels": [
        b'{"a":' + b"[" * 64 + b"]" * 64 + b"}",
        b'{"a":' * 65 + b"1" + b"}" * 65,
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":' + b"[" * 100_000,
    ],
}  # fmt: skip
CASES = [pytest.param(line, why, id=f"{why[:12]}-{i}") for why in BAD for i, line in enumerate(BAD[why])]


@pytest.mark.matrix("J1", "J2", "J3")
@pytest.mark.parametrize(("line", "why"), CASES)
def test_bad_lines(line: bytes, why: str) -> None:
    """A bad line stops the run, with its number and nothing of its content; a tolerant source sets it aside."""
    good = b'{"secret":"Alice"}\n'
    content = good * 3 + line + b"\n" + good * 2
    with pytest.raises(DataError) as caught:
        pages(content)
    problem = caught.value.problems[0]
    assert problem.where.file == "people.jsonl"
    assert "Alice" not in str(caught.value)
    if b"\n" not in line:
        assert problem.where.line == 4
        assert why == problem.message

    page = page_tolerant(content)
    assert page.rows == 5
    assert good * 5 == written([page], None)
    assert [4 + i for i in range(line.count(b"\n") + 1)] == [reject.line for reject in page.rejects]
    assert line.split(b"\n")[0].rstrip(b"\r") == page.rejects[0].raw
    assert "Alice" not in repr(page.rejects)


def page_tolerant(content: bytes) -> JsonlPage:
    source = source_of(content, tolerant=True)
    (chunk,) = source.chunks()
    return chunk()


@pytest.mark.parametrize("line", [
    b'{"a":1e400}', b'{"a":-0}', b'{"a":12345678901234567890123}', b'{"a":"\x7f\xef\xbf\xbf"}', b'{"\\u0000":1}',
    b'{"a":"\\ud83d\\ude00"}', b" {} ", b'{"a":' + b"[" * 63 + b"]" * 63 + b"}", b'{"a":"\xe2\x80\xa8"}',
    b'{"a":[[],{},[[]]]}', b'{"a":1,"A":2}', b'{"x":[{"a":1},{"a":2}],"a":3}',
    b'{"a":' + b" " * 5000 + b"1" + b" " * 5000 + b"}",
])  # fmt: skip
def test_good_lines(line: bytes) -> None:
    """What RFC 8259 allows is read and comes out unchanged."""
    content = b"{}\n" + line + b'\n{"a":"x"}'
    assert content == written(pages(content), None)


def test_errors_that_cancel_out_across_lines() -> None:
    """Two halves of a record on two lines, with two records on a third, are not three records."""
    with pytest.raises(DataError) as caught:
        pages(b'{"a":\n1}\n{} {}\n')
    assert caught.value.problems[0].where.line == 1


def test_line_number_counts_all_blocks() -> None:
    """Also where blocks are shorter than lines."""
    for size in (1, 7, 50):
        with pytest.raises(DataError) as caught:
            list(pages(b'{"abc":1}\n' * 20 + b"{oops}\n" + b"{}\n" * 5, block_bytes=size))
        assert caught.value.problems[0].where.line == 21


@pytest.mark.parametrize("content", [b"", BOM])
def test_empty_file(content: bytes) -> None:
    """No rows and no columns: a rule file cannot be about that."""
    with pytest.raises(DataError, match="empty"):
        source_of(content)


def test_all_lines_bad() -> None:
    """A tolerant page may have no rows."""
    page = page_tolerant(b"x\ny\n")
    assert (page.rows, len(page.rejects)) == (0, 2)
    assert written([page], None) == b""


@pytest.mark.matrix("J5")
def test_long_lines() -> None:
    """A line of 20 MB passes; one over the limit is refused, however the blocks fall."""
    content = b'{"a":"' + b"x" * (20 << 20) + b'","b":"y"}\n{"a":"z"}\n'
    assert content == written(pages(content), None)
    for size in (10, 100, 1000, 5000):
        with pytest.raises(DataError, match="longer than 99 bytes") as caught:
            pages(b"{}\n{}\n" + b'{"a":"' + b"x" * 100 + b'"}\n{}\n', max_cell=99, block_bytes=size)
        assert caught.value.problems[0].where.line == 3
