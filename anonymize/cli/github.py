"""What GitHub Actions reads: annotations of a pull request, and the summary of a step."""

import os
from pathlib import Path

from anonymize.cli.terminal import safe
from anonymize.core.errors import Problem

TITLE = "anonymize"


def annotation(level: str, problem: Problem) -> str:
    """A workflow command, as `::error file=rules.yaml,line=3,col=5,title=anonymize::what is wrong`.

    The column of a table is no place in a file, and stands in the message.
    """
    where = problem.where
    place: dict[str, object] = {"file": _in_workspace(where.file), "line": where.line}
    place["col"] = where.column if isinstance(where.column, int) else None
    place["title"] = TITLE
    shown = ",".join(f"{name}={_property(str(value))}" for name, value in place.items() if value is not None)
    lines = [f"{where}: {problem.message}" if str(where) else problem.message]
    lines += [f"hint: {problem.hint}"] if problem.hint else []
    return f"::{level} {shown}::{_message(safe(chr(10).join(lines)))}"


def add_summary(markdown: str) -> None:
    """Add to the page that GitHub shows for this step; nothing happens anywhere else."""
    page = os.environ.get("GITHUB_STEP_SUMMARY")
    if page:
        with Path(page).open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(markdown.rstrip("\n") + "\n\n")


def _in_workspace(name: str | None) -> str | None:
    """The file as the repository knows it; as it was named where there is none."""
    workspace = os.environ.get("GITHUB_WORKSPACE")
    if name is None or not workspace or not Path(name).exists():
        return name
    path = Path(name).resolve()
    root = Path(workspace).resolve()
    return str(path.relative_to(root)) if path.is_relative_to(root) else name


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(safe(text)).replace(":", "%3A").replace(",", "%2C")
