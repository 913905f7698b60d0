"""Markdown tables."""

from collections.abc import Iterable


def table(rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table; the first row is its header, and figures stand to the right."""
    cells = [tuple(row) for row in rows]
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    right = [all(row[place][:1].isdigit() or not row[place] for row in cells[1:]) for place in range(len(widths))]
    rule = tuple("-" * (width - r) + ":" * r for width, r in zip(widths, right, strict=True))
    padded = (
        " | ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True))
        for row in (cells[0], rule, *cells[1:])
    )
    return "".join(f"| {line} |\n" for line in padded)
