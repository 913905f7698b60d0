"""The page about a run."""

from collections.abc import Mapping, Sequence

from anonymize.kernels.markup import Markup, joined
from anonymize.planning.claims import verdicts
from anonymize.reporting.charts import listed
from anonymize.reporting.columns import column_section, loss_section, portrait_section
from anonymize.reporting.evidence import Evidence, evidence_of
from anonymize.reporting.page import Section, code, page, paragraph, tiles
from anonymize.reporting.sections import (
    check_section,
    class_sections,
    exposure_tiles,
    facts,
    limits_section,
    status,
)
from anonymize.running.onlooker import Onlooker
from anonymize.running.report import Report, told


def run_page(report: Report, onlooker: Onlooker, digests: Mapping[str, str]) -> str:
    """The account of a run as one page. `digests` are the output files' SHA-256, by name."""
    evidence = evidence_of(onlooker, report.rows_in)
    sections = [
        Section("verdict", "What the result may be called", _verdicts(onlooker)),
        check_section(report.checks),
        *class_sections(evidence.before, evidence.after),
        column_section(report.columns),
        loss_section(evidence),
        portrait_section(evidence),
        Section("outcomes", "What the steps decided from the data", _outcomes(report)),
        Section("origin", "Rules, keys and files", (facts(_origin(report, onlooker, digests), "Provenance"),)),
        limits_section(),
    ]
    return page("Anonymization report", [*_opening(report), _tiles(report, onlooker, evidence)], sections)


def _opening(report: Report) -> list[Markup]:
    where = code(report.output) if report.output else "no output was written"
    lead = paragraph(*_joined([code(name) for name in report.inputs]), " → ", where, kind="soft")
    held = status(report.checks)
    return [lead] if held is None else [held, lead]


def _joined(parts: Sequence[Markup]) -> list[str]:
    shown = list(parts[:5])
    found = [part for i, name in enumerate(shown) for part in ([", "] if i else []) + [name]]
    return found + ([f" and {len(parts) - 5} more"] if len(parts) > 5 else [])


def _tiles(report: Report, onlooker: Onlooker, evidence: Evidence) -> Markup:
    dropped = sum(c.dropped for c in report.columns)
    kept = sum(not (c.dropped or c.rewritten) and all(s == "keep" for s in c.steps) for c in report.columns)
    gone = f"{report.rows_dropped:,} dropped, {report.rows_rejected:,} rejected"
    changed = len(report.columns) - dropped - kept
    is_grouped = onlooker.plan is not None and onlooker.plan.released is not None
    rows = ("Rows", f"{report.rows_out:,}", f"of {report.rows_in:,}; {gone}")
    return tiles(
        ("Groups", f"{report.rows_out:,}", f"from {report.rows_in:,} rows") if is_grouped else rows,
        ("Columns changed", f"{changed:,}", f"{dropped:,} dropped, {kept:,} kept"),
        *exposure_tiles(evidence.before, evidence.after),
    )


def _verdicts(onlooker: Onlooker) -> tuple[str, ...]:
    if onlooker.plan is None:
        return ()
    note = paragraph(
        "The result is not called anonymous: no rule file can know what others know about these people.",
        kind="soft",
    )
    return listed([said.replace("`", "") for said in verdicts(onlooker.plan)]), note


def _outcomes(report: Report) -> tuple[str, ...]:
    found = [joined(code(str(outcome["step"])), ": ", told(outcome)) for outcome in report.outcomes]
    return (listed(found),) if found else ()


def _origin(report: Report, onlooker: Onlooker, digests: Mapping[str, str]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = [
        ("Rule file", joined(code(report.rules), " sha256 ", code(report.rules_digest))),
        ("Version", f"anonymize {report.version}"),
    ]
    for name, mark in report.keys.items():
        generation = report.generations.get(name)
        rows.append((f"Key {name}", joined("id ", code(mark), f", generation {generation}" if generation else "")))
    for name in report.inputs:
        digest = onlooker.digests.get(name)
        known = [" keyed sha256 ", code(digest)] if digest else []
        rows.append(("Input", joined(code(name), *known)))
    rows += [("Output", joined(code(name), " sha256 ", code(digest))) for name, digest in digests.items()]
    if not digests:
        rows.append(("Output", code(report.output) if report.output else "none"))
    rows += [("Passes over the data", f"{report.passes}"), ("Time", f"{report.seconds:.2f} s")]
    return rows + [("Warning", warning) for warning in report.warnings]
