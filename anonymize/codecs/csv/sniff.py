"""Finds out how a CSV file is written, and refuses to guess."""

import re
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from anonymize.codecs.csv.blocks import last_outside
from anonymize.codecs.csv.cells import read_cells, was_quoted
from anonymize.codecs.csv.scan import Dialect, scan
from anonymize.core.errors import DataError, Where
from anonymize.kernels.detection.header_names import holds_full_name

DELIMITERS = ",;\t|"

_DATA_LIKE = re.compile(
    r"[+-]?[\d.,]*\d[\d.,]*%?"  # a number
    r"|\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?([ T].*)?"  # a date
    r"|\S+@\S+\.\S+"  # an e-mail address
    r"|\+?[\d\s()-]{7,}[\dXx]"  # a phone or resident number
)


@dataclass(frozen=True)
class Head:
    """The first line of a CSV file."""

    names: tuple[str, ...]
    raw: bytes
    """The header as it stands, line end included; empty without a header."""


def find_delimiter(sample: bytes, said: str | None, quote: int | None, name: str) -> int:
    """The delimiter byte. Raises DataError when several are possible and none was said."""
    if said is not None:
        return ord(said)
    possible = [d for d in DELIMITERS if _is_consistent(sample, Dialect(ord(d), quote))]
    if len(possible) > 1:
        shown = " or ".join(_shown(d) for d in possible)
        raise DataError(
            f"the delimiter is not certain: it may be {shown}",
            hint="say which with --delimiter",
            where=Where(name),
        )
    return ord(possible[0]) if possible else ord(",")


def _is_consistent(sample: bytes, dialect: Dialect) -> bool:
    """Every row of the sample has the same number of cells, and more than one."""
    text = np.frombuffer(sample, np.uint8)
    first = first_row_end(sample, dialect.quote)
    row, faults = scan(text[:first], dialect, 1)
    if row is None or not faults:  # a row of several cells is a fault when one is expected
        return False
    columns = int(faults[0].problem.rpartition(" ")[2])
    spans, faults = scan(text, dialect, columns)
    return spans is not None and not faults and columns > 1


def find_head(sample: bytes, dialect: Dialect, has_header: bool | None, name: str) -> Head:
    """The names in the header line. Raises DataError when it is not certain that there is one."""
    end = first_row_end(sample, dialect.quote)
    text = np.frombuffer(sample[:end], np.uint8)
    _, faults = scan(text, dialect, 1)
    quoting = [f for f in faults if not f.stop]
    if quoting:
        raise DataError(f"in the first line {quoting[0].problem}", hint=QUOTE_HINT, where=Where(name, 1))
    columns = int(faults[0].problem.rpartition(" ")[2]) if faults else 1
    if has_header is False:
        return Head(tuple(f"column_{i + 1}" for i in range(columns)), b"")
    spans, _ = scan(text, dialect, columns)
    if spans is None or spans.rows == 0:
        raise DataError("the first line is blank", hint="say --skip-rows", where=Where(name, 1))
    starts, ends = (np.ascontiguousarray(places[:, :1].T) for places in (spans.starts, spans.ends))
    column = replace(spans, starts=starts, ends=ends, stops=ends[0] + 1)  # the cells of the row below each other
    cells = read_cells(text, column, 0, dialect, was_quoted(text, column, 0, dialect)).to_pylist()
    names = tuple("" if cell is None else cell for cell in cells)
    _check_names(names, name)
    if has_header is None and (
        any(_DATA_LIKE.fullmatch(cell.strip()) for cell in names) or holds_full_name(names)
    ):
        raise DataError(
            "the first line looks like data, not like column names (they are not shown on purpose)",
            hint="say --no-header if it is data, --header if these are the names",
            where=Where(name, 1),
        )
    return Head(names, sample[:end])


QUOTE_HINT = "if quotes are ordinary characters in this file, say --quote ''"


def _check_names(names: tuple[str, ...], name: str) -> None:
    """Rules go by names, so names must be there and differ."""
    times = Counter(names)
    places = {
        "have no name": [i for i, n in enumerate(names, 1) if not n.strip()],
        "have a name with a line break": [i for i, n in enumerate(names, 1) if "\n" in n or "\r" in n],
        "have the same name as another": [i for i, n in enumerate(names, 1) if times[n] > 1 and n.strip()],
    }
    for problem, positions in places.items():
        if positions:
            shown = ", ".join(map(str, positions[:10]))
            hint = "correct the header line, or say --no-header and name the columns column_1, column_2 …"
            raise DataError(f"columns {problem}: number {shown}", hint=hint, where=Where(name, 1))


def first_row_end(sample: bytes, quote: int | None) -> int:
    """The position after the first row, its line end included."""
    mark = re.escape(bytes([quote])) if quote is not None else b""
    is_inside = False
    for found in re.finditer(rb"\r\n|[\r\n" + mark + rb"]", sample):
        if found.group()[0] == quote:
            is_inside = not is_inside
        elif not is_inside:
            return found.end()
    return len(sample)


def whole_rows(sample: bytes, quote: int | None, is_all: bool) -> bytes:
    """The sample without its last, perhaps cut, row."""
    if is_all:
        return sample if sample.endswith((b"\n", b"\r")) else sample + b"\n"
    return sample[: last_outside(sample, b"\r\n", quote, len(sample)) + 1] or sample


def _shown(delimiter: str) -> str:
    return "tab" if delimiter == "\t" else f"'{delimiter}'"
