"""Files in memory, for format tests."""

import io
from collections.abc import Callable, Collection, Mapping
from typing import Any

import pyarrow as pa

from anonymize.core.format import Edit, Format, Layout, OutputColumn, Source


class MemoryFile:
    """Bytes that stand for an input file."""

    def __init__(self, raw: bytes, name: str = "memory") -> None:
        self.raw, self.name = raw, name

    def open(self) -> io.BytesIO:
        return io.BytesIO(self.raw)

    def head(self, size: int) -> bytes:
        return self.raw[:size]


def rewrite(
    format_: Format,
    raw: bytes,
    changes: Mapping[str, Callable[[pa.Array], pa.Array]] | None = None,
    dropped: Collection[str] = (),
    keep: Callable[[Any], Any] | None = None,
    to: Format | None = None,
) -> bytes:
    """The file after reading and writing it with some columns changed, dropped, or rows filtered."""
    source = format_.source(MemoryFile(raw))
    layout = layout_of(source, changes or {}, dropped)
    out = io.BytesIO()
    sink = (to or format_).sink(out, layout, source)
    for chunk in source.chunks():
        page = chunk()
        columns = {name: change(page.values(name)) for name, change in (changes or {}).items()}
        sink.write(sink.encode(page, Edit(columns, keep(page) if keep else None), layout))
    sink.close()
    return out.getvalue()


def layout_of(source: Source, changes: Mapping[str, Any], dropped: Collection[str]) -> Layout:
    columns = [f for f in source.schema if f.name not in dropped]
    return Layout(tuple(OutputColumn(f.name, f.type, f.name in changes) for f in columns), frozenset(dropped))
