"""What became of the columns, in a table and in pictures."""

from collections.abc import Sequence

from anonymize.kernels.markup import Markup, element, joined
from anonymize.reporting.charts import AFTER, BEFORE, bars, histogram, legend, percent, table
from anonymize.reporting.evidence import Column, Evidence
from anonymize.reporting.page import Section, code, paragraph
from anonymize.reporting.portraits import LEAST, portrait
from anonymize.running.report import ColumnReport

MOST = 80
"""Columns that are drawn; a page with more would be too large."""


def column_section(columns: Sequence[ColumnReport]) -> Section:
    """What the rules did."""
    rows = [
        (code(c.name), c.role.replace("_", " "), _steps(c), _outcome(c), f"{c.failed:,}" if c.failed else "")
        for c in columns
    ]
    told = table(("column", "role", "steps", "outcome", "failed"), rows, right=(4,), caption="Columns and steps")
    return Section("steps", "What was done", (told,) if rows else ())


def _steps(column: ColumnReport) -> Markup:
    parts = [part for i, step in enumerate(column.steps) for part in ([" → "] if i else []) + [code(step)]]
    return joined(*parts) if parts else joined(element("span", "no rule names it", class_="soft"))


def _outcome(column: ColumnReport) -> str:
    if column.dropped:
        return "dropped"
    unchanged = not column.rewritten and all(step == "keep" for step in column.steps)
    return element("span", "as it was", class_="soft") if unchanged else f"changed, {column.type}"


def loss_section(evidence: Evidence) -> Section:
    """What was lost."""
    rows = [row for row in map(_loss, evidence.columns) if row]
    if not rows:
        return Section("losses", "What was lost", ())
    told = paragraph(
        "Distinctions: how much of what told the values apart is gone. At 0 %, whoever had a table of old and "
        "new values could name each original; at 100 %, nothing is left. Range: how much of all values stands "
        "behind a new one on average. Moved: how far numbers went, as a share of their range."
    )
    heads = ("column", "distinctions lost", "", "range behind a value", "moved", "values changed")
    shown = table(heads, rows, right=(2, 3, 4, 5), caption="Information lost per column")
    return Section("losses", "What was lost", (told, shown, _sample(evidence)))


def _loss(column: Column) -> tuple[str, ...] | None:
    if column.changed is None or column.changes is None:
        return None
    changes, is_known = column.changes, not column.is_blurred
    lost = changes.entropy_loss() if is_known else None
    moved = changes.moved() if changes.is_numeric and changes.stays_numeric else None
    return (
        code(column.name),
        bars((AFTER, lost)) if lost is not None else "",
        _figure(lost),
        _figure(changes.certainty_penalty() if is_known else None),
        _figure(moved),
        _figure(column.changed),
    )


def _figure(share: float | None) -> str:
    return "–" if share is None else percent(share)


def _sample(evidence: Evidence) -> Markup:
    whose = "" if evidence.is_paired else ", those of the original and those of the release"
    if evidence.rows <= evidence.sampled:
        return paragraph(f"From all {evidence.sampled:,} rows{whose}.", kind="soft")
    caution = "Of columns with more different values than that, less seems lost than is."
    said = f"From a sample of {evidence.sampled:,} of {evidence.rows:,} rows{whose}. {caution}"
    return paragraph(said, kind="soft")


def portrait_section(evidence: Evidence) -> Section:
    """How the values are distributed."""
    seen = evidence.columns
    found = [(column.name, portrait(column)) for column in seen[:MOST]]
    cards = [
        element("article", element("h3", code(name)), histogram(drawn), class_="card")
        for name, drawn in found
        if drawn is not None
    ]
    if not cards:
        return Section("distributions", "Distributions before and after", ())
    told = paragraph(
        "No value is shown. Numbers and dates are counted in ranges, frequent values by rank without saying "
        f"which they are, and all other text by its length. Bars for fewer than {LEAST} rows are left "
        f"out, and counts are rounded to the nearest {LEAST}."
    )
    few = len(seen) - len(cards)
    rest = paragraph(f"Not drawn: {few} with too few values, or beyond the first {MOST}.") if few else None
    parts = (told, _sample(evidence), legend(BEFORE, AFTER), element("div", *cards, class_="cards"))
    return Section("distributions", "Distributions before and after", (*parts, *([rest] if rest else [])))
