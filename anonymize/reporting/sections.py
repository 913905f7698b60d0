"""Parts that several pages have: how people stand out, what became of the columns, checks."""

from collections.abc import Mapping, Sequence

from anonymize.kernels.markup import Markup, element, joined
from anonymize.releases.assessment import Band
from anonymize.reporting.charts import AFTER, BEFORE, bars, legend, listed, table
from anonymize.reporting.evidence import Exposure
from anonymize.reporting.page import Section, code, paragraph
from anonymize.running.report import CheckResult

SMALL = 5
"""Classes below this size are where people stand out."""

RISKS: Mapping[str, str] = {
    "prosecutor_risk highest": "Prosecutor, highest",
    "prosecutor_risk average": "Prosecutor, average",
    "prosecutor_risk share": "Prosecutor, over 20 %",
    "journalist_risk highest": "Journalist, highest",
    "journalist_risk average": "Journalist, average",
    "marketer_risk": "Marketer",
}
ATTACKERS = (
    "Prosecutor: knows that a certain person is in the data, and looks for the row. Told for the person at most "
    "risk, for the average one, and as the share of people who are found with a chance above one in five.",
    "Journalist: wants to show that somebody can be found, whoever it is, without knowing who is in the data.",
    "Marketer: matches everybody. The share of the people who are expected to be matched rightly.",
)
WORST_CASE = (
    "How many people there are beyond this data is not known here, so the journalist's and the marketer's chances "
    "are those of the worst case, that the data holds everybody. ",
    code("anonymize assess --population"),
    " takes the number.",
)
LIMITS = (
    "Rows that look alike may still share a secret: if everybody in a class has the same diagnosis, it is known "
    "for each of them.",
    "Two releases about the same people can tell together what neither tells alone.",
    "All figures hold for an attacker who knows the quasi-identifiers that the rules name. One who knows more, "
    "such as a column that the rules leave alone, can single out more people.",
)


def class_sections(
    before: Exposure | None, after: Exposure | None, population: Sequence[str] = WORST_CASE
) -> list[Section]:
    """How large the classes are, how likely a match is, and what each column adds. `population` says among how
    many people the chances are."""
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
        cells = [f"{band.rows:,} ({_percent(dict(shares)[name])})" for name, band, _ in bands]
        rows.append((_label(bands[0][1]), bars(*shares), *cells))
    heads = ("class size", "share of rows", *(f"rows {name}" for name, _ in known))
    return table(heads, rows, right=range(2, 2 + len(known)), caption="Rows by the size of their class")


def _label(band: Band) -> str:
    return f"{band.label} (alone)" if band.most == 1 else band.label


def _percent(share: float) -> str:
    if 0 < share < 0.001:
        return "under 0.1 %"
    return f"{share * 100:.1f} %"


def _risks(before: Exposure | None, after: Exposure | None, population: Sequence[str]) -> tuple[str, ...]:
    known = [(name, found) for name, found in ((BEFORE, before), (AFTER, after)) if found is not None]
    if not known:
        return ()
    rows = []
    for metric, title in RISKS.items():
        shares = [(name, found.risks[metric]) for name, found in known if metric in found.risks]
        if shares:
            rows.append((title, bars(*shares), *(_percent(share) for _, share in shares)))
    heads = ("attacker", "chance", *(name for name, _ in known))
    told = table(heads, rows, right=range(2, 2 + len(known)), caption="Chances of a right match")
    return listed(ATTACKERS), legend(*(name for name, _ in known)), told, paragraph(*population, kind="soft")


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
    average = found.classes / found.rows if found.rows else 0.0
    rows: list[tuple[str, ...]] = [
        (
            joined("without ", code(i.column)),
            bars((when, i.average_risk)),
            _percent(i.average_risk),
            f"{i.k:,}",
            f"{i.unique:,}",
            f"{found.unique - i.unique:,}",
        )
        for i in ordered
    ]
    whole = (
        "all columns", bars((when, average)), _percent(average), f"{found.smallest:,}", f"{found.unique:,}", "",
    )  # fmt: skip
    heads = ("", "average risk", "", "smallest class", "rows that stand alone", "fewer by")
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
