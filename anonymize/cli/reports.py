"""Accounts in files: JSON, Markdown or a page, by the suffix."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from anonymize.core.errors import DataError, UsageError, Where

if TYPE_CHECKING:
    from anonymize.running.onlooker import Onlooker
    from anonymize.running.report import Report

REPORTS = (".json", ".md", ".html")


def require_suffix(report: Path | None) -> None:
    """Raises UsageError for a report of no known kind."""
    if report is not None and report.suffix not in REPORTS:
        hint = "name it FILE.json, FILE.md or FILE.html"
        where = Where(str(report))
        raise UsageError("a report is JSON, Markdown or HTML, by its suffix", hint=hint, where=where)


def require_report(report: Path | None, inputs: Sequence[str], overwrite: bool) -> None:
    """Raises UsageError for a report of no known kind, or one that would replace another file."""
    require_suffix(report)
    if report is None:
        return
    from anonymize.running.output import check_target

    check_target(report, [Path(name) for name in inputs if name != "-"], overwrite)


def require_page(page: Path | None, inputs: Sequence[str], overwrite: bool) -> None:
    """Raises UsageError for a page that is none by its name, or would replace another file."""
    if page is not None and page.suffix != ".html":
        raise UsageError("a page is HTML", hint="name it FILE.html", where=Where(str(page)))
    require_report(page, inputs, overwrite)


def onlooker_for(report: Path | None) -> "Onlooker | None":
    """Who watches the last pass, if there is a page to draw: nothing else needs one."""
    if report is None or report.suffix != ".html":
        return None
    from anonymize.running.onlooker import Onlooker

    return Onlooker()


def write_report(found: "Report", path: Path | None, onlooker: "Onlooker | None" = None) -> None:
    """Write the account of a run, in the format that the suffix says."""
    if path is None:
        return
    import json

    if path.suffix == ".html":
        text = _page(found, onlooker)
    elif path.suffix == ".md":
        text = found.to_markdown()
    else:
        text = json.dumps(found.to_dict(), indent=2, ensure_ascii=False)
    write_text(path, text)


def _page(found: "Report", onlooker: "Onlooker | None") -> str:
    from anonymize.codecs.streams.digests import sha256_of
    from anonymize.reporting.run import run_page
    from anonymize.running.onlooker import Onlooker

    seen = onlooker or Onlooker()
    paths = seen.outputs if found.output is not None else []
    return run_page(found, seen, {str(path): sha256_of(path) for path in paths})


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all, when the run itself is done."""
    from anonymize.running.output import Output, writing

    try:
        with writing([Output(path)]) as (file,):
            file.write(text.rstrip("\n").encode("utf-8", "backslashreplace") + b"\n")
    except DataError as error:
        raise too_late(error) from None


def too_late(error: DataError) -> DataError:
    """The error of a file beside an output that has appeared already."""
    problem = error.problems[0]
    hint = "the run itself is done; only this file is missing"
    return DataError(problem.message, hint=hint, where=problem.where)
