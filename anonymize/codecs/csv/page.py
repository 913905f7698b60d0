"""Rows of CSV text as a page: cells are byte ranges until somebody asks for their values."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anonymize.codecs.csv.cells import read_cells, was_quoted
from anonymize.codecs.csv.scan import Bytes, Dialect, Spans, scan
from anonymize.codecs.encodings import Encoding
from anonymize.core.format import Page


@dataclass(frozen=True)
class CsvStyle:
    """How a CSV file is written."""

    dialect: Dialect
    encoding: Encoding = field(default_factory=Encoding)


class CsvPage(Page):
    """The text (UTF-8) of whole rows and the ranges of their cells."""

    def __init__(
        self, text: Bytes, spans: Spans, names: Sequence[str], style: CsvStyle, is_unterminated: bool = False
    ) -> None:
        self.text, self.spans, self.style = text, spans, style
        self.is_unterminated = is_unterminated
        """The last line end was added for reading and must not be written."""
        self.rows = spans.rows
        self._names = tuple(names)
        self._index = {name: i for i, name in enumerate(self._names)}
        self._values: dict[str, pa.Array] = {}
        self._quoted: dict[int, NDArray[np.bool_] | None] = {}

    @classmethod
    def of(cls, raw: bytes, names: Sequence[str], style: CsvStyle) -> "CsvPage":
        """A page over well-formed UTF-8 text, such as a header line."""
        is_unterminated = bool(raw) and not raw.endswith((b"\n", b"\r"))
        text = np.frombuffer(raw + b"\n" if is_unterminated else raw, np.uint8)
        spans, _ = scan(text, style.dialect, len(names))
        if spans is None:
            raise ValueError("the text is not CSV")
        return cls(text, spans, names, style, is_unterminated)

    @property
    def columns(self) -> Sequence[str]:
        return self._names

    def index(self, column: str) -> int:
        """The position of a column in the file."""
        return self._index[column]

    def values(self, column: str) -> pa.Array:
        if column not in self._values:
            k = self._index[column]
            self._values[column] = read_cells(self.text, self.spans, k, self.style.dialect, self.quoted(k))
        return self._values[column]

    def quoted(self, k: int) -> NDArray[np.bool_] | None:
        """Which cells of a column stand in quotes; None if none does."""
        if k not in self._quoted:
            self._quoted[k] = was_quoted(self.text, self.spans, k, self.style.dialect)
        return self._quoted[k]
