"""Options that several commands share, spelled once."""

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, TypeAlias

import typer

from anonymize.cli.answer import Answer, Manner
from anonymize.cli.junit import COMMANDS, markdown, require_name, write_junit
from anonymize.cli.start import arrow_without_pandas
from anonymize.core.errors import AnonymizeError

TALKING = "Talking"
TEXT_INPUT = "Text input"


def examples(*lines: str) -> str:
    """An epilog with examples, each on its line."""
    return "\b\nExamples:\n" + "\n".join(f"  anonymize {line}" for line in lines)


def complete_rules(incomplete: str) -> list[str]:
    """Rule packs and rule files that begin like this."""
    from anonymize.rulefile.loading import packs

    head, slash, rest = incomplete.rpartition("/")
    folder = Path(head + slash or ".")
    files = [f"{head}{slash}{path.name}" for path in folder.glob("*.y*ml") if path.name.startswith(rest)]
    return [name for name in packs() if name.startswith(incomplete)] + sorted(files)


Inputs: TypeAlias = Annotated[
    list[str], typer.Argument(metavar="INPUT", help="Files, folders or globs that are one dataset; - for stdin.")
]
RulesArgument: TypeAlias = Annotated[
    str, typer.Argument(metavar="RULES", help="A rule file or pack.", autocompletion=complete_rules)
]
Rules: TypeAlias = Annotated[
    str,
    typer.Option(
        "--rules", "-r", metavar="RULES", help="A rule file or pack.", envvar="ANONYMIZE_RULES",
        autocompletion=complete_rules,
    ),
]  # fmt: skip
OptionalRules: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--rules", "-r", metavar="RULES", help="A rule file or pack that tells the roles.",
        autocompletion=complete_rules,
    ),
]  # fmt: skip
Set: TypeAlias = Annotated[
    list[str] | None, typer.Option("--set", metavar="COLUMN=STEP", help="Add or override a rule; repeatable.")
]
Threads: TypeAlias = Annotated[
    int | None,
    typer.Option("--threads", metavar="N", min=1, max=1024, help="Worker threads.", envvar="ANONYMIZE_THREADS"),
]
Engine: TypeAlias = Annotated[
    str, typer.Option("--engine", metavar="NAME", help="Where the work happens: local.", envvar="ANONYMIZE_ENGINE")
]
Overwrite: TypeAlias = Annotated[bool, typer.Option("--overwrite", help="Replace files that exist.")]
InputFormat: TypeAlias = Annotated[
    str | None, typer.Option("--input-format", metavar="NAME", help="Instead of what the suffix says.")
]
OutputFormat: TypeAlias = Annotated[
    str | None, typer.Option("--output-format", metavar="NAME", help="Instead of what the suffix says.")
]
Delimiter: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="CHAR", help="Between cells.", rich_help_panel=TEXT_INPUT, envvar="ANONYMIZE_DELIMITER"),
]
Quote: TypeAlias = Annotated[
    str | None, typer.Option(metavar="CHAR", help="Around cells; '' if none.", rich_help_panel=TEXT_INPUT)
]
Encoding: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="As gb18030; auto for the likeliest.", rich_help_panel=TEXT_INPUT,
        envvar="ANONYMIZE_ENCODING",
    ),
]  # fmt: skip
Header: TypeAlias = Annotated[
    bool | None,
    typer.Option("--header/--no-header", help="The first line names the columns.", rich_help_panel=TEXT_INPUT),
]
SkipRows: TypeAlias = Annotated[
    int | None, typer.Option(metavar="N", min=0, help="Lines before the header.", rich_help_panel=TEXT_INPUT)
]
MaxCell: TypeAlias = Annotated[
    int | None, typer.Option(metavar="BYTES", min=1, help="The longest row to accept.", rich_help_panel=TEXT_INPUT)
]
Identity: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Private key of age, for sealed input.", rich_help_panel=TEXT_INPUT),
]
SealTo: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--seal-to", metavar="RECIPIENT", help="Seal for this public key of age; repeatable."),
]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print one JSON document.", rich_help_panel=TALKING)]
Quiet: TypeAlias = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print results and errors only.", rich_help_panel=TALKING)
]
Verbose: TypeAlias = Annotated[
    bool, typer.Option("--verbose", "-v", help="Say where an error comes from.", rich_help_panel=TALKING)
]
GitHub: TypeAlias = Annotated[
    bool, typer.Option("--github", help="Annotate the pull request, on GitHub.", rich_help_panel=TALKING)
]
JUnit: TypeAlias = Annotated[
    Path | None, typer.Option("--junit", metavar="FILE.xml", help="Write checks and tests as JUnit XML.")
]


Text: TypeAlias = Mapping[str, Any]
NOTHING_SAID: Text = MappingProxyType({})

TEXT: dict[str, Any] = {
    "delimiter": Delimiter,
    "quote": Quote,
    "encoding": Encoding,
    "header": Header,
    "skip_rows": SkipRows,
    "max_cell": MaxCell,
    "identity": Identity,
}
TALK: dict[str, Any] = {"json": Json, "quiet": Quiet, "verbose": Verbose, "github": GitHub}


def shared(command: Callable[..., Answer], name: str = "") -> Callable[..., Answer]:
    """The command with `--json`, `--quiet`, `--verbose` and `--github`; one with the parameter `manner` is told
    them. Those that prove something have `--junit`.

    One with the parameter `text` has the options that describe text input, and is told what the user said.
    """
    parameters = inspect.signature(command).parameters
    own = {name: p.annotation for name, p in parameters.items() if name not in ("text", "manner")}
    flags = own | ({"junit": JUnit} if name in COMMANDS else {}) | (TEXT if "text" in parameters else {}) | TALK

    @functools.wraps(command)
    def call(**given: Any) -> Answer:
        arrow_without_pandas()
        told = {"text": _said(given), "manner": Manner(*(given[name] for name in TALK))}
        passed = {name: given[name] for name in own} | {n: v for n, v in told.items() if n in parameters}
        return proven(name, given.get("junit"), lambda: command(**passed))

    call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [_parameter(name, flag, parameters.get(name)) for name, flag in flags.items()]
    )
    call.__annotations__ = flags
    return call


def proven(name: str, junit: Path | None, command: Callable[[], Answer]) -> Answer:
    """The command's answer with what it proved: as JUnit XML if asked for, and for the page of a CI step."""
    if name not in COMMANDS:
        return command()
    if junit is not None:
        require_name(junit)
    try:
        answer = command()
    except AnonymizeError as error:
        if junit is not None:
            write_junit(junit, name, {}, error)
        raise
    if junit is not None:
        write_junit(junit, name, answer.data, answer.error)
    return answer if answer.summary else replace(answer, summary=partial(markdown, name, answer.data))


def _parameter(name: str, flag: Any, given: inspect.Parameter | None) -> inspect.Parameter:
    default = given.default if given is not None else False if name in TALK else None
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=flag)


def _said(given: dict[str, Any]) -> dict[str, Any]:
    """What the user said about text input."""
    said = {name: given[name] for name in TEXT if given.get(name) is not None}
    if said.get("delimiter") in ("\\t", "tab"):
        said["delimiter"] = "\t"
    return said
