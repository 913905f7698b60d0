"""The account of an assessment: a page, and Markdown."""

from collections.abc import Mapping, Sequence

from anonymize.kernels.markup import Markup, joined
from anonymize.releases.assessment import Assessment
from anonymize.releases.leaks import Beside
from anonymize.reporting.charts import table
from anonymize.reporting.columns import loss_section, portrait_section
from anonymize.reporting.evidence import RISKS, Evidence, Exposure
from anonymize.reporting.page import Section, code, page, paragraph, tiles
from anonymize.reporting.sections import (
    WORST_CASE,
    check_section,
    class_sections,
    exposure_tiles,
    facts,
    limits_section,
    status,
)
from anonymize.running.report import cell, table_lines

ALIKE = {
    "journalist_risk highest": "prosecutor_risk highest",
    "journalist_risk average": "prosecutor_risk average",
    "marketer_risk": "prosecutor_risk average",
}
"""Chances that are the same if the data holds everybody."""
KNOWN_POPULATION = (
    "The journalist's and the marketer's chances are those among as many people as --population says.",
)


def assess_page(
    found: Assessment, beside: Beside | None, evidence: Evidence, digests: Mapping[str, str], rules: str | None
) -> str:
    """An assessment as one page. `evidence` is what the original tells, `digests` are the files' SHA-256."""
    after = exposure_of(found) if found.roles.quasi and found.rows else None
    sections = [
        check_section(found.checks),
        *class_sections(evidence.before, after, KNOWN_POPULATION if _knows_population(found) else WORST_CASE),
        Section("measurements", "All measurements", _measurements(found)),
        loss_section(evidence),
        portrait_section(evidence),
        Section("leaks", "What still tells what was hidden", _leaks(beside)),
        Section("origin", "Files and rules", (_origin(digests, rules),)),
        limits_section(),
    ]
    held = status(found.checks)
    rows = tiles(
        ("Rows", f"{found.rows:,}", f"{found.classes:,} classes"), *exposure_tiles(evidence.before, after)
    )
    return page("Assessment", [*([held] if held is not None else []), rows], sections)


def exposure_of(found: Assessment) -> Exposure:
    """How people stand out in the release, as it was measured."""
    risks = {}
    for measured in found.measurements:
        use, _, rest = measured.metric.partition("(")
        if use in RISKS:
            figure = next((name for name in ("average", "share") if name in rest), "highest")
            risks[use if use == "marketer_risk" else f"{use} {figure}"] = measured.value
    for name, same in ALIKE.items():
        if same in risks:
            risks.setdefault(name, risks[same])
    smallest = next((int(m.value) for m in found.measurements if m.metric == "k_anonymity"), 0)
    unique = found.bands[0].rows
    quasi = found.roles.quasi
    return Exposure(quasi, found.rows, found.classes, smallest, unique, found.bands, risks, found.without)


def _knows_population(found: Assessment) -> bool:
    return any(measured.metric.startswith("journalist_risk") for measured in found.measurements)


def _measurements(found: Assessment) -> tuple[str, ...]:
    rows = [(code(m.metric), f"{m.value:.4g}", m.detail) for m in found.measurements]
    told = "What each figure means"
    return (table(("metric", "value", "meaning"), rows, right=(1,), caption=told),) if rows else ()


def _leaks(beside: Beside | None) -> tuple[str, ...]:
    if beside is None or not (beside.leaks or beside.notes):
        return ()
    rows = [(code(leak.hidden), code(leak.told_by), leak.how) for leak in beside.leaks]
    notes = [paragraph(note) for note in beside.notes]
    told = "Columns that tell about others"
    return (*([table(("hidden", "still told by", "how"), rows, caption=told)] if rows else []), *notes)


def _origin(digests: Mapping[str, str], rules: str | None) -> Markup:
    rows: list[tuple[str, str]] = [
        ("Assessed", joined(code(name), " sha256 ", code(digest))) for name, digest in digests.items()
    ]
    return facts([*rows, *([("Rule file", code(rules))] if rules else [])], "Provenance")


def assess_markdown(found: Assessment, beside: Beside | None) -> str:
    """An assessment as Markdown, fit for the summary of a CI step."""
    quasi = ", ".join(f"`{cell(name)}`" for name in found.roles.quasi) or "none"
    lines = ["# Assessment", "", f"{found.rows:,} rows in {found.classes:,} classes by {quasi}"]
    if found.checks:
        rows = [
            (f"`{c.check}`", f"{c.value:g}", "pass" if c.holds else "**FAIL**", c.detail) for c in found.checks
        ]
        lines += ["", *table_lines(("Check", "Measured", "Result", "Meaning"), rows)]
    metrics = [(f"`{cell(m.metric)}`", f"{m.value:.4g}", m.detail) for m in found.measurements]
    lines += ["", *table_lines(("Metric", "Value", "Meaning"), metrics)] if metrics else []
    bands = [(b.label, f"{b.classes:,}", f"{b.rows:,}") for b in found.bands if b.classes]
    lines += ["", *table_lines(("Class size", "Classes", "Rows"), bands)] if bands else []
    lines += _markdown_leaks(beside) if beside is not None else []
    return "\n".join(lines) + "\n"


def _markdown_leaks(beside: Beside) -> Sequence[str]:
    rows = [(f"`{cell(leak.hidden)}`", f"`{cell(leak.told_by)}`", cell(leak.how)) for leak in beside.leaks]
    told = ["", *table_lines(("Hidden", "Still told by", "How"), rows)] if rows else []
    return [*told, *(f"\n> {note}" for note in beside.notes)]
