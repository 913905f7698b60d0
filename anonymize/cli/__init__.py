"""The command line: parse, call one function, print. The only place that turns errors into exit codes."""

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer

from anonymize.cli.answer import Answer, Manner, show_answer, show_error
from anonymize.cli.help import Command, Group
from anonymize.cli.interrupts import Interrupted, interruptible, quiet_closed_pipe, standard_streams
from anonymize.cli.options import shared
from anonymize.core.errors import AnonymizeError, UsageError

COMMANDS = (
    "run",
    "preview",
    "scan",
    "init",
    "lint",
    "fmt",
    "diff",
    "plan",
    "test",
    "assess",
    "attack",
    "verify",
    "restore",
    "rekey",
    "show",
    "schema",
    "keys",
)
"""In the order of the help. Each is a module of this package."""

EPILOG = """\b
Start with:
  anonymize show                                  what there is
  anonymize preview people.csv -r rules.yaml      before and after
  anonymize run people.csv -r rules.yaml -o safe.csv"""


def make_app(names: Sequence[str] = COMMANDS) -> typer.Typer:
    """The program with some of its commands: to make them all takes 30 ms, and a command line names one."""
    app = typer.Typer(
        name="anonymize",
        cls=Group,
        help="Anonymize CSV, Parquet and JSONL files by rule.",
        epilog=EPILOG,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(_top)
    for name in names:
        module = import_module(f"anonymize.cli.{name}")
        if name == "keys":
            app.add_typer(module.app, name=name)
        else:
            app.command(name, cls=Command, epilog=module.EPILOG)(shared(module.command, name))
    return app


REFUSAL: Any = typer.BadParameter.__mro__[2]  # the base of Typer's errors, whose name differs between versions


def _version(asked: bool) -> None:
    if asked:
        from anonymize.core.version import __version__

        typer.echo(f"anonymize {__version__}")
        raise typer.Exit


def _top(
    version: bool = typer.Option(False, "--version", help="Show the version.", callback=_version, is_eager=True),
) -> None:
    pass


def main() -> None:
    """Run the command of this process and end it with the contract's exit code."""
    gc.set_threshold(100_000)  # start-up makes many objects and no garbage: looking for it takes 100 ms
    standard_streams()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # looking for them takes 30 ms
    if "_ANONYMIZE_COMPLETE" in os.environ:
        make_app()(prog_name="anonymize")
    with quiet_closed_pipe():
        code = obey(sys.argv[1:], is_last=True)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # taking the libraries down one by one takes 150 ms


def obey(arguments: Sequence[str], is_last: bool = False) -> int:
    """Run one command line, maybe the last of this process; its exit code."""
    manner = Manner.sniffed(arguments)
    try:
        with interruptible(is_last):
            answer = _invoke(arguments)
            return show_answer(answer, manner) if isinstance(answer, Answer) else answer
    except Interrupted as interrupted:
        show_error(manner, "interrupted", "interrupted", hint="no unfinished output was left behind")
        return interrupted.exit_code
    except AnonymizeError as error:
        return show_error(manner, error)
    except BrokenPipeError:
        raise
    except Exception as error:
        return show_error(manner, error)


def _invoke(arguments: Sequence[str]) -> Answer | int:
    """What the command answers, or an exit code. Typer parses; errors and interrupts are left to `obey`."""
    named = [name for name in arguments[:1] if name in COMMANDS]
    command = typer.main.get_command(make_app(named or COMMANDS))
    try:
        with command.make_context("anonymize", list(arguments) or ["--help"]) as context:
            found: Answer | None = command.invoke(context)
    except typer.Exit as leaving:
        return leaving.exit_code if arguments else UsageError.exit_code
    except REFUSAL as error:
        raise _usage(error) from None
    return found or 0


def _usage(error: Any) -> UsageError:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "anonymize"
    message = error.format_message().rstrip(".")
    return UsageError(message[:1].lower() + message[1:], hint=f"see `{path} --help`")
