"""Anonymize tables by rule."""

from typing import TYPE_CHECKING, Any

from anonymize.core.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from anonymize.finding.scanning import Scan
    from anonymize.planning.plan import Plan
    from anonymize.preview import Preview
    from anonymize.releases.assessment import Assessment
    from anonymize.releases.restoring import Restoration
    from anonymize.rulefile.loading import Rules
    from anonymize.running.report import Report

__all__ = [
    "__version__",
    "assess",
    "load_rules",
    "make_plan",
    "make_preview",
    "rekey",
    "restore",
    "run",
    "scan",
    "transform",
]


def run(
    path: "str | Path | Sequence[str | Path]", *, rules: "str | Path | Rules", to: "str | Path", **options: Any
) -> "Report":
    """Anonymize files; the account of the run. Options are those of the command line, as in `overwrite=True`,
    `threads=4`, `delimiter=";"`. Raises AnonymizeError; then nothing was written."""
    from anonymize.interface import run_files  # noqa: PLC0415  (importing this package stays cheap)

    return run_files(path, rules, to, options)


def restore(
    path: "str | Path | Sequence[str | Path]",
    *,
    rules: "str | Path | Rules",
    to: "str | Path",
    keys: "Mapping[str, str] | None" = None,
    unverified: bool = False,
    **options: Any,
) -> "Restoration":
    """Bring back the originals of what was encrypted; what was restored, and what was not. `keys` are those of the
    run's report, which show that the right key is at hand where the data does not. Raises AnonymizeError for a
    wrong key or a changed value; then nothing was written."""
    from anonymize.interface import restore_files  # noqa: PLC0415
    from anonymize.releases.restoring import Proof  # noqa: PLC0415

    return restore_files(path, rules, to, Proof(keys or {}, unverified), options)


def rekey(
    path: "str | Path | Sequence[str | Path]",
    *,
    rules: "str | Path | Rules",
    to: "str | Path",
    to_key: "str | Mapping[str, str] | None" = None,
    to_rules: "str | Path | Rules | None" = None,
    keep_pseudonyms: bool = False,
    keys: "Mapping[str, str] | None" = None,
    unverified: bool = False,
    **options: Any,
) -> "Restoration":
    """Move what was encrypted to another key (a reference, or references by name) or to the settings of other
    rules, without the originals touching the disk."""
    from anonymize.interface import rekey_files  # noqa: PLC0415
    from anonymize.releases.rekeying import Move  # noqa: PLC0415
    from anonymize.releases.restoring import Proof  # noqa: PLC0415
    from anonymize.rulefile.loading import Rules, load_rules  # noqa: PLC0415

    given = {"": to_key} if isinstance(to_key, str) else dict(to_key or {})
    references = tuple(f"{name}={reference}" if name else reference for name, reference in given.items())
    loaded = to_rules if isinstance(to_rules, Rules | None) else load_rules(to_rules)
    move = Move(references, loaded, keep_pseudonyms)
    return rekey_files(path, rules, to, move, Proof(keys or {}, unverified), options)


def transform(frame: Any, *, rules: "str | Path | Rules") -> Any:
    """A pandas, Polars or Arrow table by rule; the same kind comes back, and an Arrow table for anything else with
    `__arrow_c_stream__`, such as a DuckDB relation. A pandas index is no column, and does not come back."""
    from anonymize.interface import transform_frame  # noqa: PLC0415

    return transform_frame(frame, rules)


def assess(data: Any, *, quasi: "Sequence[str]", sensitive: "Sequence[str]" = (), **options: Any) -> "Assessment":
    """How exposed the people in files, or in a table in memory, are."""
    from anonymize.interface import assess_anything  # noqa: PLC0415

    return assess_anything(data, quasi, sensitive, options)


def make_plan(data: Any, *, rules: "str | Path | Rules", **options: Any) -> "Plan":
    """What the rules will do to each column of files, or of a table in memory: `make_plan(…).columns`. No value is
    looked at."""
    from anonymize.interface import plan_anything  # noqa: PLC0415

    return plan_anything(data, rules, options)


def make_preview(
    data: Any, *, rules: "str | Path | Rules", rows: int = 5, show_values: bool = False, **options: Any
) -> "Preview":
    """Before and after for the most telling rows of files, or of a table in memory: `make_preview(…).records`.
    Originals are shapes, unless `show_values`. Nothing is written."""
    from anonymize.interface import preview_anything  # noqa: PLC0415

    return preview_anything(data, rules, rows, show_values, options)


def scan(
    data: Any,
    *,
    entities: "Sequence[str]" = (),
    locales: "Sequence[str]" = (),
    sample: int | None = 20_000,
    **options: Any,
) -> "Scan":
    """Which columns hold personal data: of files, or of a pandas, Polars or Arrow table. `sample` rows decide, all
    if it is None; options describe text files, as in `delimiter=";"`. No value is in the result."""
    from anonymize.interface import scan_anything  # noqa: PLC0415

    return scan_anything(data, entities, locales, sample, options)


def load_rules(source: "str | Path", overrides: "Sequence[str]" = ()) -> "Rules":
    """The rules in a file or pack, checked."""
    from anonymize.rulefile import loading  # noqa: PLC0415

    return loading.load_rules(source, overrides)
