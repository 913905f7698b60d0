"""Options that several commands share, spelled once."""

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from anonymize.cli.answer import Answer, Manner
from anonymize.cli.start import arrow_without_pandas

TALKING = "Talking"
TEXT_INPUT = "Text input"


def examples(*lines: str) -> str:
    """An epilog with examples, each on its line."""
    return "\b\nExamples:\n" + "\n".join(f"  anonymize {line}" for line in lines)


def complete_rules(incomplete: str) -> list[str]:
    """Rule packs and rule files that begin like this."""
    from anonymize.loading import packs

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
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print one JSON document.", rich_help_panel=TALKING)]
Quiet: TypeAlias = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print results and errors only.", rich_help_panel=TALKING)
]
Verbose: TypeAlias = Annotated[
    bool, typer.Option("--verbose", "-v", help="Say where an error comes from.", rich_help_panel=TALKING)
]


def text_options(**given: Any) -> dict[str, Any]:
    """What the user said about text input, as `Job.options` wants it."""
    said = {key: value for key, value in given.items() if value is not None}
    if said.get("delimiter") in ("\\t", "tab"):
        said["delimiter"] = "\t"
    return said


def shared(command: Callable[..., Answer]) -> Callable[..., Answer]:
    """The command with `--json`, `--quiet` and `--verbose`. One that asks for `manner` is told."""
    signature = inspect.signature(command)
    own = [p for p in signature.parameters.values() if p.name != "manner"]
    kind = inspect.Parameter.KEYWORD_ONLY
    flags = {"as_json": Json, "quiet": Quiet, "verbose": Verbose}
    extra = [inspect.Parameter(name, kind, default=False, annotation=flag) for name, flag in flags.items()]

    @functools.wraps(command)
    def call(*, as_json: bool, quiet: bool, verbose: bool, **given: Any) -> Answer:
        arrow_without_pandas()
        manner = Manner(as_json, quiet, verbose)
        return command(**given, **({"manner": manner} if "manner" in signature.parameters else {}))

    call.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[*(p.replace(kind=kind) for p in own), *extra]
    )
    call.__annotations__ = {p.name: p.annotation for p in (*own, *extra)}
    return call
