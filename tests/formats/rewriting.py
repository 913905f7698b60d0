"""Carries a file through a format, as the pipeline would."""

import io

from anonymize.core.format import Edit, Layout, OutputColumn


def layout_of(source, changed=None, dropped=()):
    """Every column as it is, except those with another type here and those that are dropped."""
    changed = changed or {}
    columns = [
        OutputColumn(field.name, changed.get(field.name, field.type), field.name in changed)
        for field in source.schema
        if field.name not in dropped
    ]
    return Layout(tuple(columns), frozenset(dropped))


def rewritten(source, made_by, layout=None, edit=None, file=None):
    """The bytes that the format `made_by` makes of a source; `edit` makes an edit for each page."""
    layout = layout or layout_of(source)
    out = file or io.BytesIO()
    sink = made_by.sink(out, layout, source)
    for chunk in source.chunks():
        page = chunk()
        sink.write(sink.encode(page, edit(page) if edit else Edit(), layout))
    sink.close()
    assert not out.closed
    return out.getvalue() if file is None else None
