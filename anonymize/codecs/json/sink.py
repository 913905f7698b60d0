"""Writes pages of any format as JSON lines."""

from typing import IO, Any

from anonymize.codecs.json.page import JsonlPage
from anonymize.codecs.json.rows import json_lines
from anonymize.core.format import Edit, Layout, Page, Sink


class JsonlSink(Sink):
    """Writes lines. Pages that were read from JSON lines keep their bytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._begun = False
        self._open_line = False

    def encode(self, page: Page, edit: Edit, layout: Layout) -> Any:
        if isinstance(page, JsonlPage):
            return page.encoded(edit, layout)
        return b"", json_lines(page.table(edit, layout))

    def write(self, encoded: Any) -> None:
        """One file's last line may lack its end, and its first a byte order mark: both are right only there."""
        head, lines = encoded
        if head and not self._begun:
            self._file.write(head)
        self._begun = True
        content = memoryview(lines)
        if not content:
            return
        if self._open_line:
            self._file.write(b"\n")
        self._file.write(content)
        self._open_line = content[-1] != ord("\n")

    def close(self) -> None:
        """Lines need no trailer."""
