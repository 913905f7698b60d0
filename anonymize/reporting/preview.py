"""The page of a preview: rows side by side, and what became of each column."""

from collections.abc import Mapping, Sequence

from anonymize.kernels.markup import Markup, element, joined
from anonymize.planning.plan import ColumnPlan
from anonymize.preview import CHANGED, DROPPED, FAILED, Cell, Counts, Preview, Record
from anonymize.reporting.charts import AFTER, bars, table
from anonymize.reporting.page import Section, code, page, paragraph, tiles

SHAPES = (
    "Originals are shown as shapes: A for a capital letter, a for a small one, 9 for a digit, 文 for any other."
)
VALUES = "This page holds values of the data. Pass it on only to those who may see them."
RELEASED = "Results are shown as they would be released."


def preview_page(found: Preview, inputs: Sequence[str], rules: str, notes: Sequence[str]) -> str:
    """A preview as one page."""
    steps = {column.name: column for column in found.plan.columns}
    records = tuple(_record(record, steps) for record in found.records)
    lead = paragraph(*(part for name in inputs for part in (code(name), " ")), "by ", code(rules), kind="soft")
    warned = paragraph(VALUES, kind="bad") if found.shown else paragraph(f"{SHAPES} {RELEASED}")
    changed = sum(bool(c.changed) for c in found.counts)
    figures = tiles(
        ("Rows looked at", f"{found.sampled:,}", "the first ones"),
        (
            "Columns",
            f"{len(found.counts):,}",
            f"{changed:,} changed, {sum(c.dropped for c in found.counts):,} dropped",
        ),
    )
    sections = [
        Section("columns", "What becomes of the columns", _counts(found.counts)),
        Section("rows", "Rows before and after", records),
        Section("released", "The table that is released", _released(found)),
        Section("notes", "To be known", tuple(paragraph(note) for note in notes)),
    ]
    ending = VALUES if found.shown else "This page holds no original value."
    return page("Preview", [lead, warned, figures], sections, ending)


def _counts(counts: Sequence[Counts]) -> tuple[str, ...]:
    rows = [
        (
            code(c.column),
            joined(*_chain(c.steps)),
            bars((AFTER, c.changed / c.values)) if c.values and not c.dropped else "",
            "dropped" if c.dropped else f"{c.changed:,}",
            f"{c.nulls:,}" if c.nulls else "",
            element("span", f"{c.failed:,}", class_="bad") if c.failed else "",
        )
        for c in counts
    ]
    heads = ("column", "steps", "changed", "", "became null", "failed")
    told = "Values of the rows that were looked at"
    return (table(heads, rows, right=(3, 4, 5), caption=told),) if rows else ()


def _chain(steps: Sequence[str]) -> list[str]:
    return [part for i, step in enumerate(steps) for part in ([" → "] if i else []) + [code(step)]]


def _record(record: Record, steps: Mapping[str, ColumnPlan]) -> Markup:
    rows = [(code(c.column), _before(c), _after(c), _said(steps.get(c.column))) for c in record.cells]
    dropped = element("span", " dropped", class_="bad") if record.dropped else None
    heading = element("h3", f"Row {record.row:,}", dropped)
    reasons = paragraph("; ".join(record.reasons), kind="soft") if record.reasons else None
    shown = table(("column", "before", "after", "steps"), rows, caption=f"Row {record.row:,}, before and after")
    return element("article", heading, reasons, shown, class_="card")


def _said(column: ColumnPlan | None) -> Markup:
    calls = [step.transform.call() for step in column.steps] if column is not None else []
    return joined(*_chain(calls))


def _before(cell: Cell) -> Markup:
    changed = cell.state in (CHANGED, DROPPED, FAILED)
    return element("del", _text(cell.before)) if changed else _text(cell.before)


def _after(cell: Cell) -> Markup:
    if cell.state == FAILED:
        return element("span", "✗ cannot be handled", class_="bad")
    if cell.state == DROPPED:
        return element("span", "dropped", class_="warn")
    if cell.state == CHANGED:
        return element("ins", _text(cell.after))
    return element("span", "as it was", class_="soft")


def _text(value: str | None) -> Markup:
    if value is None:
        return element("span", "null", class_="soft")
    return code(value) if value else element("span", "empty", class_="soft")


def _released(found: Preview) -> tuple[str, ...]:
    if found.released is None:
        return ()
    rows = [["null" if v is None else str(v) for v in row.values()] for row in found.released.to_pylist()]
    return (table(found.released.column_names, rows, caption="The first groups of the rows looked at"),)
