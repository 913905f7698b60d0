"""Parts that several pages have: how people stand out, what became of the columns, checks."""

from collections.abc import Mapping, Sequence

from anonymize.assessment import Band
from anonymize.kernels.markup import Markup, element, joined
from anonymize.report import CheckResult
from anonymize.reporting.charts import AFTER, BEFORE, bars, legend, listed, table
from anonymize.reporting.evidence import Exposure
from anonymize.reporting.page import Section, code, paragraph

SMALL = 5
"""Classes below this size are where people stand out."""

RISKS: Mapping[str, tuple[str, str]] = {
    "prosecutor_risk highest": (
        "Prosecutor, highest",
        "An attacker knows that a certain person is in the data. The chance to pick the right row, for the person "
        "at most risk.",
    ),
    "prosecutor_risk average": ("Prosecutor, average", "The same for the average person."),
    "prosecutor_risk share": (
        "Prosecutor, share over 20 %",
        "The share of the people for whom that chance is above one in five.",
    ),
    "journalist_risk highest": (
        "Journalist, highest",
        "An attacker wants to show that somebody can be found, whoever it is, without knowing who is in the data.",
    ),
    "journalist_risk average": ("Journalist, average", "The same for the average person."),
    "marketer_risk": (
        "Marketer",
        "An attacker matches everybody. The share of the people who are expected to be matched rightly.",
    ),
}
LIMITS = (
    "Rows that look alike may still share a secret: if everybody in a class has the same diagnosis, it is known "
    "for each of them.",
    "Two releases about the same people can tell together what neither tells alone.",
    "All figures hold for an attacker who knows the quasi-identifiers that the rules name. One who knows more, "
    "such as a column that the rules leave alone, can single out more people.",
)


def class_sections(before: Exposure | None, after: Exposure | None, population: str) -> list[Section]:
    """How large the classes are, how likely a match is, and what each column adds."""
    return [
        Section("classes", "How people stand out", _classes(before, after)),
        Section("risks", "How likely somebody is found", _risks(before, after, population)),
        Section("columns-that-tell", "Which columns single people out", _influences(before, after)),
    ]


def exposure_tiles(before: Exposure | None, after: Exposure | None) -> list[tuple[str, str, str]]:
    """The two figures that say most."""
    if after is None:
        return []
    was = before if before is not None else None
    return [
        ("Smallest class", _counted(after.smallest, "row"), f"before: {was.smallest:,}" if was else ""),
        ("Rows that stand alone", f"{after.unique:,}", f"before: {was.unique:,}" if was else ""),
    ]


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _classes(before: Exposure | None, after: Exposure | None) -> tuple[str, ...]:
    known = [(name, found) for name, found in ((BEFORE, before), (AFTER, after)) if found is not None]
    if not known:
        return ()
    names = [joined(f"{name}: ", *_names(found.quasi)) for name, found in known]
    intro = paragraph(
        "Rows that agree in all quasi-identifiers form a class. A person in a class of one stands alone; in a "
        "class of twenty, nineteen others look the same."
    )
    return intro, listed(names), legend(*(name for name, _ in known)), _bands(known)


def _names(quasi: Sequence[str]) -> list[str]:
    return [part for i, name in enumerate(quasi) for part in ([", "] if i else []) + [code(name)]]


def _bands(known: Sequence[tuple[str, Exposure]]) -> Markup:
    last = max(i for _, found in known for i, band in enumerate(found.bands) if band.classes or not i)
    rows = []
    for place in range(last + 1):
        bands = [(name, found.bands[place], found.rows) for name, found in known]
        shares = [(name, band.rows / rows_ if rows_ else 0.0) for name, band, rows_ in bands]
        cells = [cell for name, band, _ in bands for cell in (f"{band.rows:,}", _percent(dict(shares)[name]))]
        rows.append((_label(bands[0][1]), bars(*shares), *cells))
    heads = ("class size", "share of rows", *(head for name, _ in known for head in (f"rows {name}", "")))
    return table(heads, rows, right=range(2, 2 + 2 * len(known)), caption="Rows by the size of their class")


def _label(band: Band) -> str:
    return f"{band.label} (alone)" if band.most == 1 else band.label


def _percent(share: float) -> str:
    if 0 < share < 0.001:
        return "under 0.1 %"
    return f"{share * 100:.1f} %"


def _risks(before: Exposure | None, after: Exposure | None, population: str) -> tuple[str, ...]:
    known = [(name, found) for name, found in ((BEFORE, before), (AFTER, after)) if found is not None]
    if not known:
        return ()
    rows = []
    for metric, (title, meaning) in RISKS.items():
        shares = [(name, found.risks[metric]) for name, found in known if metric in found.risks]
        if shares:
            name = joined(title, element("br"), element("span", meaning, class_="soft"))
            rows.append((name, bars(*shares), *(_percent(share) for _, share in shares)))
    heads = ("attacker", "chance", *(name for name, _ in known))
    told = table(heads, rows, right=range(2, 2 + len(known)), caption="Chances of a right match")
    return legend(*(name for name, _ in known)), told, paragraph(population, kind="soft")


def _influences(before: Exposure | None, after: Exposure | None) -> tuple[str, ...]:
    tables = [
        _influence(found, name)
        for name, found in ((AFTER, after), (BEFORE, before))
        if found is not None and found.without
    ]
    if not tables:
        return ()
    intro = paragraph(
        "If a column were dropped, the classes would be as in its row. The columns at the top single out most."
    )
    return intro, *tables


def _influence(found: Exposure, when: str) -> Markup:
    ordered = sorted(found.without, key=lambda i: (i.unique, i.average_risk))
    alone = max(found.unique, 1)
    rows: list[tuple[str, ...]] = [
        (
            joined("without ", code(i.column)),
            bars((when, i.unique / alone)),
            f"{i.unique:,}",
            f"{found.unique - i.unique:,}",
            f"{i.k:,}",
            _percent(i.average_risk),
        )
        for i in ordered
    ]
    average = found.classes / found.rows if found.rows else 0.0
    whole = (
        "all columns", bars((when, found.unique / alone)), f"{found.unique:,}", "", f"{found.smallest:,}",
        _percent(average),
    )  # fmt: skip
    heads = ("", "rows that stand alone", "", "fewer by", "smallest class", "average risk")
    return table(heads, [whole, *rows], right=(2, 3, 4, 5), caption=f"The classes {when}, with a column left out")


def check_section(checks: Sequence[CheckResult]) -> Section:
    """The gates."""
    rows = [(code(c.check), verdict(c.holds), f"{c.value:g}", c.detail) for c in checks]
    heads = ("check", "result", "measured", "meaning")
    return Section(
        "checks",
        "Checks",
        (table(heads, rows, right=(2,), caption="What the result had to meet"),) if rows else (),
    )


def verdict(holds: bool) -> Markup:
    """In words and color."""
    return element("span", "✓ pass" if holds else "✗ fail", class_="good" if holds else "bad")


def status(checks: Sequence[CheckResult]) -> Markup | None:
    """The outcome in a line."""
    if not checks:
        return None
    failed = sum(not c.holds for c in checks)
    said = f"✗ {failed} of {len(checks)} checks do not hold" if failed else f"✓ All {len(checks)} checks hold"
    if len(checks) == 1 and not failed:
        said = "✓ The check holds"
    return element("p", said, class_=f"status {'bad' if failed else 'good'}")


def limits_section(more: Sequence[str] = ()) -> Section:
    """What the figures do not say."""
    return Section("limits", "What these figures do not say", (listed([*more, *LIMITS]),))


def facts(rows: Sequence[tuple[str, str]], caption: str) -> Markup:
    """Names and what belongs to them."""
    return table(("", ""), rows, caption=caption)
