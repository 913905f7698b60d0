"""What a run tells afterwards: counts, measurements and names, never values."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from anonymize.kernels.markup import element
from anonymize.planning.plan import Plan


@dataclass(frozen=True)
class CheckResult:
    """How a gate came out."""

    check: str
    value: float
    holds: bool
    detail: str = ""


@dataclass(frozen=True)
class ColumnReport:
    """What happened to one column."""

    name: str
    role: str
    steps: tuple[str, ...]
    type: str
    dropped: bool = False
    unlisted: bool = False
    failed: int = 0
    """Values that a step could not handle and that `on_error` took care of."""
    spelled: Mapping[str, int] = field(default_factory=dict)
    """How many values were `text`, how many `bare` (JSON numbers and truth values), where there is a way back."""
    rewritten: bool = False
    """A step on rows changed its cells."""


@dataclass(frozen=True)
class Report:
    """The account of a run."""

    rules: str
    rules_digest: str
    inputs: tuple[str, ...]
    output: str | None
    rows_in: int
    rows_out: int
    rows_rejected: int
    passes: int
    seconds: float
    columns: tuple[ColumnReport, ...]
    checks: tuple[CheckResult, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    """Key names and their public fingerprints."""
    generations: Mapping[str, int] = field(default_factory=dict)
    """Which generation of each key was used."""
    outcomes: tuple[Mapping[str, Any], ...] = ()
    """What steps decided from the whole data, such as levels: names, counts and figures."""
    warnings: tuple[str, ...] = ()
    version: str = ""

    @property
    def rows_dropped(self) -> int:
        return self.rows_in - self.rows_out

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {**asdict(self), "rows_dropped": self.rows_dropped}

    def to_markdown(self) -> str:
        """A page that fits a CI step summary."""
        lines = [
            "# Anonymization report",
            "",
            "| | |",
            "|---|---|",
            f"| Rules | `{cell(self.rules)}` (sha256 `{self.rules_digest[:16]}…`) |",
            f"| Input | {', '.join(f'`{cell(name)}`' for name in self.inputs)} |",
            f"| Output | {f'`{cell(self.output)}`' if self.output else 'none (dry run)'} |",
            f"| Rows | {self.rows_in:,} in, {self.rows_out:,} out, {self.rows_dropped:,} dropped, "
            f"{self.rows_rejected:,} rejected |",
            f"| Passes | {self.passes} |",
            f"| Time | {self.seconds:.2f} s |",
            *(f"| Key `{cell(name)}` | `{mark}` |" for name, mark in self.keys.items()),
            "",
            *table_lines(("Column", "Role", "Steps", "Type", "Failed"), [_column_row(c) for c in self.columns]),
        ]
        if self.checks:
            rows = [
                (f"`{c.check}`", f"{c.value:g}", "pass" if c.holds else "**FAIL**", c.detail) for c in self.checks
            ]
            lines += ["", *table_lines(("Check", "Measured", "Result", "Meaning"), rows)]
        lines += [f"\n- `{cell(o['step'])}`: {cell(told(o))}" for o in self.outcomes]
        lines += [f"\n> Warning: {warning}" for warning in self.warnings]
        return "\n".join(lines) + "\n"

    def _repr_html_(self) -> str:
        """What notebooks show."""
        return _summary(self)


def _summary(report: Report) -> str:
    """The account as two tables, in whatever style the notebook has."""
    dropped = f", {report.rows_dropped:,} dropped" if report.rows_dropped > 0 else ""
    facts = [
        ("Rules", report.rules),
        ("Input", ", ".join(report.inputs)),
        ("Output", report.output or "none (dry run)"),
        ("Rows", f"{report.rows_in:,} in, {report.rows_out:,} out{dropped}, {report.rows_rejected:,} rejected"),
        ("Time", f"{report.seconds:.2f} s, {report.passes} {'pass' if report.passes == 1 else 'passes'}"),
        *((f"Key {name}", mark) for name, mark in report.keys.items()),
        *((f"Check {c.check}", f"{'✓ pass' if c.holds else '✗ fail'}: {c.value:g}") for c in report.checks),
        *(("Warning", warning) for warning in report.warnings),
    ]
    columns = [(c.name, c.role, " → ".join(c.steps), "dropped" if c.dropped else c.type) for c in report.columns]
    about = _html_table((), facts, "Anonymization report")
    return element("div", about, _html_table(("Column", "Role", "Steps", "Type"), columns, "Columns"))


def _html_table(heads: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> str:
    head = (
        [element("thead", element("tr", *(element("th", name, scope="col") for name in heads)))] if heads else []
    )
    lines = [
        element("tr", element("th", row[0], scope="row"), *(element("td", part) for part in row[1:]))
        for row in rows
    ]
    return element("table", element("caption", caption), *head, element("tbody", *lines))


def column_reports(plan: Plan, counts: Mapping[tuple[str, str], int]) -> tuple[ColumnReport, ...]:
    """The account of each column of a plan."""
    return tuple(
        ColumnReport(
            c.name,
            c.role.value,
            tuple(step.transform.call() for step in c.steps),
            str(c.type),
            c.dropped,
            c.rule is None,
            counts.get((c.name, "failed"), 0),
            {spelling: counts[c.name, spelling] for spelling in ("text", "bare") if (c.name, spelling) in counts},
            c.rewritten,
        )
        for c in plan.columns
    )


def outcomes(plan: Plan, fitted: Sequence[Mapping[Any, Any]]) -> tuple[Mapping[str, Any], ...]:
    """What the steps decided from the answers to their statistics."""
    found = []
    for stage, answers in zip(plan.stages, fitted, strict=True):
        for step in stage.steps:
            facts = step.transform.outcome(answers[step.statistic]) if step.statistic is not None else {}
            if facts:
                found.append({"step": step.transform.use, **facts})
    return tuple(found)


def told(outcome: Mapping[str, Any]) -> str:
    """An outcome on one line."""
    return ", ".join(f"{name} {_said(fact)}" for name, fact in outcome.items() if name != "step")


def _said(fact: Any) -> str:
    if isinstance(fact, Mapping):
        return "(" + ", ".join(f"{name} {_said(part)}" for name, part in fact.items()) + ")"
    if isinstance(fact, float):
        return f"{fact:.4g}"
    return f"{fact:,}" if isinstance(fact, int) and not isinstance(fact, bool) else str(fact)


def _column_row(column: ColumnReport) -> tuple[str, ...]:
    steps = " → ".join(f"`{cell(step)}`" for step in column.steps) or "passed (unlisted)"
    kind = "dropped" if column.dropped else column.type
    return f"`{cell(column.name)}`", column.role, steps, kind, f"{column.failed:,}"


def cell(text: str) -> str:
    """Text that cannot break out of a table cell or a code span."""
    return "".join(c if c.isprintable() else " " for c in text).replace("|", "\\|").replace("`", "'")


def table_lines(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table in Markdown."""
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]
