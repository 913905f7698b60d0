"""`anonymize fmt`: the canonical form of rule files."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from anonymize.cli import options
from anonymize.cli.answer import Answer
from anonymize.cli.terminal import counted, safe_name
from anonymize.core.errors import CheckError

EPILOG = options.examples("fmt rules.yaml", "fmt --check rules/*.yaml", "fmt - < rules.yaml")

STDIN = "-"


def command(
    files: Annotated[list[str], typer.Argument(metavar="RULES", help="Rule files; - for stdin to stdout.")],
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 4 if a file is not in canonical form.")
    ] = False,
) -> Answer:
    """Write rule files in their one canonical form.

    Comments and the order of lines stay, and so does what the file says.
    """
    from anonymize.rulefile.documents import read_text
    from anonymize.rulefile.formatting import formatted

    before = {name: sys.stdin.buffer.read().decode() if name == STDIN else read_text(Path(name)) for name in files}
    after = {name: formatted(text, name, _folder(name)) for name, text in before.items()}
    changed = [name for name in files if before[name] != after[name]]
    data = {"changed": changed, "unchanged": [name for name in files if name not in changed]}
    if check:
        message = f"{counted(len(changed), 'file')} not in canonical form: {', '.join(map(safe_name, changed))}"
        error = CheckError(message, hint="`anonymize fmt FILE` writes it") if changed else None
        return Answer("fmt", data, error=error)
    _write({name: after[name] for name in changed if name != STDIN})
    shown = [after[STDIN].rstrip("\n")] if STDIN in after else []
    notes = [f"{safe_name(name)}: formatted" for name in changed if name != STDIN]
    return Answer("fmt", data, result=lambda: shown, notes=notes or ([] if shown else ["nothing to change"]))


def _folder(name: str) -> Path:
    """Where the files stand that a rule file names."""
    return Path.cwd() if name == STDIN else Path(name).parent


def _write(texts: dict[str, str]) -> None:
    from anonymize.running.output import Output, writing

    with writing([Output(Path(name)) for name in texts]) as opened:
        for file, text in zip(opened, texts.values(), strict=True):
            file.write(text.encode())
