"""CSV: what is uncertain or broken stops the run; everything else comes out as it went in."""

import gzip
from pathlib import Path

import pyarrow as pa
import pytest

from anonymize.core.catalog import examples
from anonymize.core.component import Example
from tests.faults.build import CANARY
from tests.harness import run_column
from tests.matrix.scenes import Scene, marked, play

X = CANARY.encode()
AB = b"a,b\n"
ROW = b"1," + X + b"\n"
MASKED = '  a: keep\n  b: mask(char="*", keep_first=1)'
NAMES = "田中,note\n一二,三四\n王,五六\n"
ODD = "NA,null,None\nnan,inf,1e400\n01234,1.10,-0\nTrue,123456789012345678901234567890,\n"


def packed(raw: bytes) -> bytes:
    return gzip.compress(raw, mtime=0)


SCENES = [
    Scene("C1", "short row", AB + ROW + b"1\n" + ROW, 3, r"in\.csv:3: expected 2 cells, found 1"),
    Scene("C1", "long row", AB + ROW + X + b"," + ROW, 3, r"in\.csv:3: expected 2 cells, found 3"),
    Scene("C2", "UTF-8 with a mark", b"\xef\xbb\xbf" + AB + ROW, rules="  a: keep\n  b: keep"),
    Scene("C3", "UTF-16 with a mark", (AB + ROW).decode().encode("utf-16"), rules="  a: keep\n  b: keep"),
    Scene("C3", "UTF-32 with a mark", (AB + ROW).decode().encode("utf-32"), rules="  a: keep\n  b: keep"),
    Scene("C3", "UTF-16 changed", "a,b\n1,é\n".encode("utf-16"), rules="  a: keep\n  b: redact",
          output="a,b\n1,[REDACTED]\n".encode("utf-16")),
    Scene("C4", "UTF-16 without a mark", (AB + ROW).decode().encode("utf-16-le"), 3,
          "encoding is not certain: it holds NUL bytes\n.*--encoding utf-16-le"),
    Scene("C4", "UTF-16 said", (AB + ROW).decode().encode("utf-16-le"), args="--encoding utf-16-le"),
    *(Scene("C5", f"{name} unnamed", NAMES.encode(name), 3, "it is not UTF-8\n.*--encoding")
      for name in ("gb18030", "big5", "shift_jis")),
    *(Scene("C5", f"{name} named", NAMES.encode(name), args=f"--encoding {name}", rules='  田中: keep\n  note: keep')
      for name in ("gb18030", "big5", "shift_jis")),
    Scene("C5", "cp1252 unnamed", "naïve,b\né,ü\n".encode("cp1252"), 3, "it is not UTF-8"),
    Scene("C6", "invalid byte late", AB + ROW * 200_000 + b"1,\xff\n", 3,
          r"line [\d,]+ cannot be decoded: it is not UTF-8"),
    Scene("C7", "NUL at the start", b"a,b\n1,x\0y\n", 3, "holds NUL bytes\n.*--encoding"),
    Scene("C7", "NUL in a cell", b"a,b\n1,x\0y\n", args="--encoding utf-8"),
    Scene("C7", "NUL in a masked cell", b"a,b\n1,x\0y\n", args="--encoding utf-8", rules=MASKED,
          output=b"a,b\n1,x**\n"),
    Scene("C8", "all inside quotes", b'a,b\r\n"1,\n""x""\r\n","  "\r\n"",\r\n'),
    Scene("C8", "the cell beside is changed", b'a,b\n"1,\n""x""",yes\n', rules=MASKED,
          output=b'a,b\n"1,\n""x""",y**\n'),
    Scene("C9", "unclosed quote", AB + ROW + b'1,"' + X + b"\n" + ROW * 3, 3,
          r"in\.csv:3: a quote is opened and never closed"),
    Scene("C9", "stray quote", AB + b'1,x"' + X + b'"\n', 3, r"in\.csv:2: a quote stands inside"),
    Scene("C9", "text after the quote", AB + b'1,"x"' + X + b"\n", 3, r"in\.csv:2: .*text follows a closing quote"),
    Scene("C9", "backslash before a quote", AB + b'1,"x\\"' + X + b'"\n', 3, r"in\.csv:2: "),
    Scene("C9", "no quotes at all", AB + b'1,x"y\n', args="--quote ''"),
    Scene("C10", "equal names", b"a,a\n1,2\n", 3, "the same name as another: number 1, 2"),
    Scene("C10", "no name", b"a, \n1,2\n", 3, "have no name: number 2"),
    Scene("C10", "name of two lines", b'"a\nb",c\n1,2\n', 3, "a line break: number 1"),
    Scene("C10", "names that look alike", b"Name,name\n" + X + b",2\n", 2, "'Name' would pass.*look alike",
          rules='  name: redact\n  "*": keep'),
    Scene("C10", "both names in the rules", b"Name,name\nx,y\n", rules="  name: redact\n  Name: keep",
          output=b"Name,name\nx,[REDACTED]\n"),
    Scene("C11", "digits for names", X + b",2020-01-01\n" + X + b",2021-01-01\n", 3,
          "the first line looks like data.*\n.*--no-header"),
    Scene("C11", "data, as said", b"x,2020-01-01\n", args="--no-header"),
    Scene("C12", "one column", b"a;b\n1;" + X + b"\n", 3, "no rule covers the column 'a;b'\n.*--delimiter",
          args="--delimiter ,", rules="  a: keep\n  b: keep"),
    Scene("C12", "two are possible", b"a,b;c\n1,2;3\n", 3, "the delimiter is not certain.*\n.*--delimiter"),
    Scene("C13", "CR alone", b"a,b\r1,2\r3,4\r"),
    Scene("C13", "mixed line ends", b"a,b\r\n1,2\n3,4\r5,6"),
    Scene("C13", "blank lines", b"a,b\n\n1,2\n\n\n3,4\n\n"),
    Scene("C13", "mixed line ends, changed", b"a,b\r\n1,xy\n3,zz\r\n5,w", rules=MASKED,
          output=b"a,b\r\n1,x*\n3,z*\r\n5,*"),
    Scene("C13", "a comma at each end", b"a,b,\n1,2,\n", 3, "have no name: number 3"),
    Scene("C14", "empty", b"", 3, "the file is empty"),
    Scene("C14", "blank", b"\n\n", 3, "there is no line to read"),
    Scene("C14", "header alone", b"a,b"),
    Scene("C14", "header alone, changed", b"a,b\r\n", rules=MASKED),
    Scene("C15", "over the limit", AB + b'1,"' + X * 300 + b'"\n', 3, r"in\.csv:2: no row end within 1,000 bytes",
          args="--max-cell 1000"),
    Scene("C15", "many short rows", AB + b"1,x\n" * 900, args="--max-cell 1000"),
    Scene("C15", "a row over the limit among many", AB + b"1,x\n" * 900 + b'1,"' + X * 300 + b'"\n' + b"1,x\n" * 900, 3,
          r"in\.csv:902: no row end within 1,000 bytes", args="--max-cell 1000"),
    Scene("C17", "everything is text", b"x,y,z\n" + ODD.encode()),
    Scene("C17", "a number late in a column of text", AB + b"x,y\n" * 100_000 + b"007,AB12\n"),
    Scene("C18", "gzip cut off", packed(AB + ROW * 9000)[:-90], 3, "truncated gzip stream", suffix=".csv.gz",
          to="out.csv"),
    Scene("C18", "two members", packed(AB + b"1,x\n") + packed(b"2,y\n"), suffix=".csv.gz", to="out.csv",
          output=b"a,b\n1,x\n2,y\n"),
    Scene("C18", "zstd called gzip", pa.compress(AB + b"1,x\n", "zstd", asbytes=True), suffix=".csv.gz",
          to="out.csv", output=b"a,b\n1,x\n"),
    Scene("C18", "gzip called CSV", packed(AB + b"1,x\n"), to="o.csv", output=b"a,b\n1,x\n"),
    Scene("C19", "a title", b"Report\n\n" + AB + ROW, 3, r"in\.csv:3: expected 1 cells, found 2\n.*--skip-rows"),
    Scene("C19", "a title passed over", b"Report\n\n" + AB + b"1,x\n", args="--skip-rows 2", output=AB + b"1,x\n"),
    Scene("C19", "a comment with a comma", b"# of, x" + AB + b"1,2\n", 3, "no rule covers",
          rules="  a: keep\n  b: keep"),
    Scene("C19", "two tables", AB + ROW + b"\nc,d,e\n", 3, r"in\.csv:4: expected 2 cells, found 3"),
    Scene("C20", "kept formulas are disarmed", b"a,b\n=1+1,-5\n@x,+y\n", rules='  "*": escape_formulas',
          output=b"a,b\n'=1+1,-5\n'@x,'+y\n"),
    Scene("C20", "kept formulas stay if nobody asks", b"a,b\n=1+1,-5\n@x,+y\n"),
]  # fmt: skip


@pytest.mark.parametrize("scene", marked(SCENES))
def test_scene(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Exit code, message and everything on disk."""
    play(scene, tmp_path, monkeypatch, capfd)


PASSES_CHARACTERS = {"encrypt_preserving_format", "shuffle", "map_values", "replace_from_list", "shift_dates"}
"""Steps whose results hold what stood in the data, or in a list of the user's own."""

MADE = [
    example
    for example in examples("transform")
    if ".substitution." in type(example.component).__module__ and example.component.use not in PASSES_CHARACTERS
]


@pytest.mark.matrix("C20")
@pytest.mark.parametrize("example", MADE, ids=lambda example: str(example.component.call())[:60])
def test_made_values_start_no_formula(example: Example) -> None:
    """Tokens, numbers and fakes, whatever they are made of."""
    values = pa.array([f"{start}{i}" for i in range(300) for start in ("=", "+", "-", "@", "\t", "x")])
    others = {
        name: (list(column) * len(values))[: len(values)] for name, column in (example.columns or {}).items()
    }
    made, _ = run_column(example.component, values, others)  # type: ignore[arg-type]
    started = {str(value)[:1] for value in made.to_pylist() if value is not None}

    assert not started & set("=+-@\t\r\n\0＝＋－＠")
