"""Anonymize tables by rule."""

from typing import TYPE_CHECKING, Any

from anonymize.core.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from anonymize.assessment import Assessment
    from anonymize.loading import Rules
    from anonymize.report import Report
    from anonymize.restoring import Restoration

__all__ = ["__version__", "assess", "load_rules", "rekey", "restore", "run", "transform"]


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
    from anonymize.restoring import Proof  # noqa: PLC0415

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
    from anonymize.loading import Rules, load_rules  # noqa: PLC0415
    from anonymize.rekeying import Move  # noqa: PLC0415
    from anonymize.restoring import Proof  # noqa: PLC0415

    given = {"": to_key} if isinstance(to_key, str) else dict(to_key or {})
    references = tuple(f"{name}={reference}" if name else reference for name, reference in given.items())
    loaded = to_rules if isinstance(to_rules, Rules | None) else load_rules(to_rules)
    move = Move(references, loaded, keep_pseudonyms)
    return rekey_files(path, rules, to, move, Proof(keys or {}, unverified), options)


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
