"""Plots as SVG without text: labels stand beside them, where they are as large as all other text."""

from collections.abc import Sequence

from anonymize.kernels.markup import Markup, element, joined
from anonymize.reporting.portraits import LEAST, Bar, Portrait

BEFORE, AFTER = "before", "after"
HIDDEN = f"fewer than {LEAST}"
_HIGH = 100.0


def legend(*shown: str) -> Markup:
    """What the two colors say."""
    return element("div", *(element("span", _swatch(name), name) for name in shown), class_="legend")


def _swatch(name: str) -> Markup:
    return element("svg", _rectangle(name[0], 0, 0, 10, 10), viewBox="0 0 10 10", aria_hidden="true")


def bars(*shares: tuple[str, float]) -> Markup:
    """Bars from the left, one under another, each as wide as its share; for a cell of a table that says the
    figures beside it."""
    height = 10 / len(shares)
    drawn = [
        _rectangle(name[0], 0, i * height + 0.5, max(share * _HIGH, 0.4 if share else 0), height - 1)
        for i, (name, share) in enumerate(shares)
    ]
    base = element("line", x1=0, y1=0, x2=0, y2=10, class_="axis")
    return element("svg", base, *drawn, viewBox="0 0 100 10", preserveAspectRatio="none", aria_hidden="true")


def histogram(found: Portrait) -> Markup:
    """Pairs of columns, before and after, with the figures in a table beneath."""
    top = max((share for bar in found.bars for share in (bar.before, bar.after) if share), default=1.0)
    slot = _HIGH / len(found.bars)
    drawn = [part for i, bar in enumerate(found.bars) for part in _columns(bar, i * slot, slot, top)]
    axis = element("line", x1=0, y1=_HIGH, x2=_HIGH, y2=_HIGH, class_="axis")
    image = element(
        "svg",
        axis,
        *drawn,
        viewBox="0 0 100 100",
        preserveAspectRatio="none",
        role="img",
        aria_label=f"{found.name}: {_said(found.kind)}, before and after; the figures are in the table below",
    )
    ends = element(
        "div", element("span", found.bars[0].label), element("span", found.bars[-1].label), class_="ends"
    )
    told = element("figcaption", f"{_said(found.kind)[:1].upper()}{_said(found.kind)[1:]}; highest {percent(top)}")
    return element("figure", told, element("div", image, ends, class_="plot"), _figures(found))


def _said(kind: str) -> str:
    return {
        "numbers": "shares of the values by size",
        "dates": "shares of the values by date",
        "ranks": "shares of the most frequent values, whichever they are",
        "lengths": "shares of the values by number of characters",
    }[kind]


def _columns(bar: Bar, left: float, slot: float, top: float) -> list[Markup]:
    wide = slot * 0.4
    found = [
        _rectangle(name[0], left + slot * 0.1 + i * wide, _HIGH * (1 - share / top), wide, _HIGH * share / top)
        for i, (name, share) in enumerate(((BEFORE, bar.before), (AFTER, bar.after)))
        if share
    ]
    title = element("title", f"{bar.label}: before {percent(bar.before)}, after {percent(bar.after)}")
    return [*found, _rectangle("h", left, 0, slot, _HIGH, title)]


def _figures(found: Portrait) -> Markup:
    rows = [(bar.label, percent(bar.before), percent(bar.after)) for bar in found.bars]
    if found.missing_before is not None or found.missing_after is not None:
        rows.append(("missing, of all rows", percent(found.missing_before), percent(found.missing_after)))
    shown = table(("values", BEFORE, AFTER), rows, right=(1, 2), caption=f"{found.name}: {_said(found.kind)}")
    return element("details", element("summary", "The figures"), shown)


def percent(share: float | None) -> str:
    """`42 %`; no figure for what stands for too few rows."""
    if share is None:
        return HIDDEN
    return "under 1 %" if 0 < share < 0.01 else f"{share:.0%}".replace("%", " %")


def table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = (), caption: str = ""
) -> Markup:
    """A table whose rows are named by their first cells."""

    def kind(index: int) -> str | None:
        return "n" if index in right else None

    head = element("tr", *(element("th", name, scope="col", class_=kind(i)) for i, name in enumerate(heads)))
    lines = [
        element(
            "tr",
            element("th", row[0], scope="row"),
            *(cell_of(cell, kind(i)) for i, cell in enumerate(row[1:], start=1)),
        )
        for row in rows
    ]
    told = element("caption", caption) if caption else None
    whole = element("table", told, element("thead", head), element("tbody", *lines))
    return element("div", whole, class_="scroll", tabindex=0, role="region", aria_label=caption or heads[0])


def cell_of(content: str, kind: str | None) -> Markup:
    """A cell; one that holds a plot is wide."""
    is_plot = isinstance(content, Markup) and content.startswith("<svg")
    return element("td", content, class_="bar" if is_plot else kind)


def _rectangle(kind: str, x: float, y: float, width: float, height: float, *inside: Markup) -> Markup:
    places = {"x": x, "y": y, "width": width, "height": height}
    return element("rect", *inside, class_=kind, **{key: f"{value:.4g}" for key, value in places.items()})


def listed(parts: Sequence[str]) -> Markup:
    """Points."""
    return element("ul", *(element("li", part) for part in parts)) if parts else joined()
