"""What a scan found, as a page for people: what is sure, what somebody should look at, and what it means."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from anonymize.core.roles import Role

if TYPE_CHECKING:
    from anonymize.finding.scanning import Scan, ScannedColumn

FEW = 4


def page(found: "Scan") -> Iterator[Any]:
    """The tables, one after the other, and what they come to."""
    from anonymize.cli.console import heading

    for title, tables in (
        ("", _values(found, "auto")),
        ("Please review", _values(found, "review")),
        ("Within text", _texts(found)),
        ("By their names alone", _named(found)),
        ("Laws", _laws(found)),
    ):
        for place, table in enumerate(tables):
            if title and not place:
                yield ""
                yield heading(title)
            yield table
    said = list(_said(found))
    yield from ["", *said] if said else []


def _values(found: "Scan", decision: str) -> Iterator[Any]:
    """The columns whose values are something as a whole."""
    from anonymize.cli.console import dim, plain, table
    from anonymize.cli.plan import ROLES

    mine = [column for column in found.columns if column.decision == decision and not column.is_text]
    rows = [
        (
            plain(column.name, "cyan"),
            plain(column.entity or "", "bold" if decision == "auto" else ""),
            f"{column.confidence:.2f}",
            dim(ROLES[column.role.value]),
            dim(why(column)),
        )
        for column in mine
    ]
    if rows:
        yield table(["column", "holds", "confidence", "role", "because"], rows, right=(2,), wide={0: 20, 1: 14})


def why(column: "ScannedColumn") -> str:
    """The evidence, in words."""
    verdict = column.verdict
    if verdict is None:
        return f"{column.type} cannot be scanned"
    if column.decision == "none":
        return ""
    if column.is_text:
        return ", ".join(f"{each.entity} in {each.share:.0%} of values" for each in verdict.inside[:FEW])
    said = {2: ["its name"], 1: ["the end of its name"]}.get(int(verdict.header), [])
    said += [f"{verdict.hits:.0%} of values"] if verdict.hits else []
    if verdict.detector is not None and verdict.detector.is_strong() and verdict.hits:
        said[-1] += f" ({verdict.detector.chance:.0%} by chance)"
    said += ["the columns beside it"] if column.neighbours else []
    said += [f"{verdict.unscanned:.0%} of values too long to be scanned"] if verdict.unscanned else []
    return ", ".join(said)


def _texts(found: "Scan") -> Iterator[Any]:
    from anonymize.cli.console import plain, table

    rows = [
        (
            plain(column.name if not place else "", "cyan"),
            each.entity,
            f"{each.share:.0%}",
            f"{each.density:.1f}",
            f"{column.confidence:.2f}" if not place else "",
        )
        for column in found.columns
        if column.is_text and column.decision != "none" and column.verdict is not None
        for place, each in enumerate(column.verdict.inside)
    ]
    if rows:
        heads = ["column", "finds", "of values", "in 1,000 characters", "confidence"]
        yield table(heads, rows, right=(2, 3, 4), wide={0: 20, 1: 14})


def _named(found: "Scan") -> Iterator[Any]:
    """Columns in which nothing is found, but whose names say that they are about people."""
    from anonymize.cli.console import dim, plain, table
    from anonymize.cli.plan import ROLES

    rows = [
        (
            plain(column.name, "cyan"),
            column.attribute.name.lower().replace("_", " "),
            dim(ROLES[column.role.value]),
        )
        for column in found.columns
        if column.decision == "none" and column.attribute is not None
    ]
    if rows:
        yield table(["column", "about", "role"], rows, wide={0: 20})


def _laws(found: "Scan") -> Iterator[Any]:
    """Which provisions speak of which columns."""
    from anonymize.cli.console import plain, table

    columns = by_law(found)
    rows = [(law, plain(", ".join(names))) for law, names in sorted(columns.items())]
    if rows:
        yield table(["provision", "columns"], rows, wide={0: 24})


def by_law(found: "Scan") -> dict[str, list[str]]:
    """The columns of each provision."""
    columns: dict[str, list[str]] = {}
    for column in found.columns:
        for law in column.laws if column.decision != "none" or column.attribute is not None else ():
            columns.setdefault(law, []).append(column.name)
    return columns


def _said(found: "Scan") -> Iterator[Any]:
    from anonymize.cli.console import entry, plain
    from anonymize.cli.terminal import safe_name

    nothing = [c.name for c in found.columns if c.decision == "none" and c.attribute is None]
    if found.quasi:
        yield entry(plain(f"quasi-identifiers: {', '.join(found.quasi)}{_alone(found)}"))
    if sensitive := [c.name for c in found.columns if c.role is Role.SENSITIVE]:
        yield entry(plain(f"sensitive: {', '.join(sensitive)}"))
    if nothing:
        yield entry(plain(f"nothing found: {', '.join(map(safe_name, nothing))}"))


def _alone(found: "Scan") -> str:
    return f"; {found.alone:.0%} of the rows are the only ones of their kind" if found.alone is not None else ""


def names(columns: Sequence[str]) -> str:
    """Some of them, for a message."""
    return ", ".join(columns[:FEW]) + (", …" if len(columns) > FEW else "")
