"""JSON lines in memory: read as pages, written with edits, as the pipeline would."""

import io
from typing import Any

import pyarrow as pa

from anonymize.codecs.json.page import Block, JsonlPage
from anonymize.core.format import Edit, Layout, OutputColumn
from anonymize.formats.jsonl import Jsonl, JsonlSource
from tests.formats.files import MemoryFile


def source_of(content: bytes, tolerant: bool = False, **options: Any) -> JsonlSource:
    """The content as a file called `people.jsonl`."""
    return Jsonl(**options).source(MemoryFile(content, "people.jsonl"), tolerant=tolerant)


def pages(content: bytes, **options: Any) -> list[JsonlPage]:
    """All pages of the content; with `block_bytes`, many."""
    return [chunk() for chunk in source_of(content, **options).chunks()]


def page_of(content: bytes) -> JsonlPage:
    """The content as one page, however long it is."""
    return Block("people.jsonl", content, 1, False, 1 << 30).page()


def layout_of(changed: Any = (), dropped: Any = (), kept: Any = (), rest: bool = True, **types: Any) -> Layout:
    """What becomes of the paths, which are text unless `types` says otherwise."""
    columns = [OutputColumn(name, types.get(name, pa.string()), True) for name in changed]
    columns += [OutputColumn(name, pa.string(), False) for name in kept]
    return Layout(tuple(columns), frozenset(dropped), rest)


def written(found: list[JsonlPage], source: Any, edits: Any = None, layout: Layout | None = None) -> bytes:
    """The pages as lines again, each with its edit."""
    layout = layout or layout_of()
    file = io.BytesIO()
    sink = Jsonl().sink(file, layout, source)
    for place, page in enumerate(found):
        sink.write(sink.encode(page, edits[place] if edits else Edit(), layout))
    sink.close()
    return file.getvalue()


def edited(content: bytes, columns: dict[str, pa.Array], *, kept: Any = None, layout: Any = None) -> bytes:
    """The content after its columns got new values and its rows were filtered."""
    page = page_of(content)
    return written([page], None, [Edit(columns, kept)], layout or layout_of(columns))
