"""Anonymize tables by rule."""

from typing import TYPE_CHECKING, Any

from anonymize.core.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anonymize.assessment import Assessment
    from anonymize.loading import Rules
    from anonymize.report import Report

__all__ = ["__version__", "assess", "load_rules", "run", "transform"]


def run(
    path: "str | Path | Sequence[str | Path]", *, rules: "str | Path | Rules", to: "str | Path", **options: Any
) -> "Report":
    """Anonymize files; the account of the run. Options are those of the command line, as in `overwrite=True`,
    `threads=4`, `delimiter=";"`. Raises AnonymizeError; then nothing was written."""
    from anonymize.interface import run_files  # noqa: PLC0415  (importing this package stays cheap)

    return run_files(path, rules, to, options)


def transform(frame: Any, *, rules: "str | Path | Rules") -> Any:
    """A pandas, Polars or Arrow table (or anything with `__arrow_c_stream__`) by rule; the same kind comes
    back."""
    from anonymize.interface import transform_frame  # noqa: PLC0415

    return transform_frame(frame, rules)


def assess(frame: Any, *, quasi: "Sequence[str]", sensitive: "Sequence[str]" = ()) -> "Assessment":
    """How exposed the people in a table are."""
    from anonymize.interface import assess_frame  # noqa: PLC0415

    return assess_frame(frame, quasi, sensitive)


def load_rules(source: "str | Path", overrides: "Sequence[str]" = ()) -> "Rules":
    """The rules in a file or pack, checked."""
    from anonymize import loading  # noqa: PLC0415

    return loading.load_rules(source, overrides)
