"""What commands answer, and how it is shown: for people, or as one JSON document."""

import contextlib
import json
import os
import shutil
import sys
import textwrap
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from types import FrameType, TracebackType
from typing import Any

from anonymize.cli.github import add_summary, annotation
from anonymize.cli.terminal import painted, safe
from anonymize.core.errors import AnonymizeError, DataError, Problem

FEW = 5  # warnings that are shown unless --verbose

_RED, _YELLOW, _CYAN = "1;31", "33", "36"


@dataclass(frozen=True)
class Manner:
    """How to talk: what `--json`, `--quiet`, `--verbose` and `--github` say."""

    json: bool = False
    quiet: bool = False
    verbose: bool = False
    github: bool = False

    @classmethod
    def sniffed(cls, arguments: Sequence[str]) -> "Manner":
        """From a command line that may not even parse."""
        given = set(arguments[: arguments.index("--")] if "--" in arguments else arguments)
        is_quiet, is_verbose = bool(given & {"--quiet", "-q"}), bool(given & {"--verbose", "-v"})
        return cls("--json" in given, is_quiet, is_verbose, "--github" in given)


PLAIN = Manner()


@dataclass(frozen=True)
class Answer:
    """What a command found out."""

    command: str
    data: Any
    """For `--json`."""
    result: Callable[[], Iterable[Any]] = tuple
    """What people see on stdout: text and Rich renderables."""
    notes: Sequence[str] = ()
    """What people see on stderr, unless `--quiet`."""
    warnings: Sequence[str] = ()
    error: AnonymizeError | None = None
    """Why the exit code is not 0, although there is an answer."""
    summary: Callable[[], str] | None = None
    """Markdown for the page of a CI step."""


def show_answer(answer: Answer, manner: Manner) -> int:
    """Print it; the exit code. Raises DataError when standard output cannot be written."""
    try:
        return _show(answer, manner)
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        raise DataError(f"cannot write to standard output: {reason}") from None


def _show(answer: Answer, manner: Manner) -> int:
    if manner.github and answer.summary is not None:
        add_summary(answer.summary())
    if manner.json:
        _print_json(_envelope(answer))
        if manner.github:
            _annotate(answer)
        return answer.error.exit_code if answer.error else 0
    _print_result(answer.result())
    shown = answer.warnings if manner.verbose else answer.warnings[:FEW]
    for warning in shown:
        if manner.github:
            _say(annotation("warning", Problem(warning)))
        else:
            _tell("warning: ", _YELLOW, warning)
    if len(shown) < len(answer.warnings):
        _say(painted("warning: ", _YELLOW) + f"and {len(answer.warnings) - FEW} more; --verbose shows all")
    for note in () if manner.quiet else answer.notes:
        _say(note)
    return show_error(manner, answer.error) if answer.error is not None else 0


def show_error(manner: Manner, error: BaseException | str, message: str = "", hint: str | None = None) -> int:
    """Print an error; the exit code. What an unexpected one says is never shown: it may quote values."""
    if isinstance(error, AnonymizeError):
        problems, code, exit_code = error.problems, error.code, error.exit_code
    elif isinstance(error, BaseException):
        problems, code, exit_code = (_internal(error),), AnonymizeError.code, AnonymizeError.exit_code
    else:
        problems, code, exit_code = (Problem(message, hint),), error, AnonymizeError.exit_code
    if manner.json:
        with contextlib.suppress(OSError):  # standard output itself may be what failed
            _print_json({"ok": False, "error": _error_data(code, problems)})
    for problem in problems:
        if manner.github:
            _say(annotation("error", problem))
        elif not manner.json:
            _print_problem(problem)
    if manner.verbose and isinstance(error, BaseException):
        _say("\n".join(_stack(error.__traceback__)))
    return exit_code


def _annotate(answer: Answer) -> None:
    for warning in answer.warnings:
        _say(annotation("warning", Problem(warning)))
    for problem in answer.error.problems if answer.error else ():
        _say(annotation("error", problem))


def _envelope(answer: Answer) -> dict[str, Any]:
    if answer.error is None:
        return {"ok": True, "command": answer.command, "data": answer.data}
    error = _error_data(answer.error.code, answer.error.problems)
    return {"ok": False, "command": answer.command, "error": error, "data": answer.data}


def _error_data(code: str, problems: Sequence[Problem]) -> dict[str, Any]:
    first, *more = (_problem_data(problem) for problem in problems)
    return {"code": code, **first, **({"problems": [first, *more]} if more else {})}


def _problem_data(problem: Problem) -> dict[str, Any]:
    where = {key: value for key, value in asdict(problem.where).items() if value is not None}
    return {"message": problem.message, "hint": problem.hint, "where": where or None}


def _print_problem(problem: Problem) -> None:
    place = f"{problem.where}: " if str(problem.where) else ""
    _tell("error: ", _RED, place + problem.message)
    if problem.hint:
        _tell("hint: ", _CYAN, problem.hint)


def _internal(error: BaseException) -> Problem:
    place = _stack(error.__traceback__)[-1:] or ["?"]
    what = f"internal error ({type(error).__name__} at {place[0].partition(' ')[0]})"
    return Problem(what, "this is a bug; report it with the output of --verbose, which shows no data")


def _stack(trace: TracebackType | None) -> list[str]:
    """`file:line function` of every call of this package, without source lines and messages."""
    frames: list[tuple[FrameType, int]] = list(traceback.walk_tb(trace))
    return [
        f"{frame.f_code.co_filename.rpartition('anonymize/')[2]}:{line} {frame.f_code.co_name}"
        for frame, line in frames
        if "anonymize/" in frame.f_code.co_filename
    ]


def _print_json(document: Any) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=2, default=str)
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def _print_result(parts: Iterable[Any]) -> None:
    console = None
    for part in parts:
        if isinstance(part, str):
            print(part)  # noqa: T201
            continue
        if console is None:
            from anonymize.cli.console import make_console

            console = make_console()
        with console.capture() as printed:
            overflow = getattr(part, "overflow", None)
            console.print(
                part, no_wrap=getattr(part, "no_wrap", None), overflow=overflow, crop=overflow != "ignore"
            )
        sys.stdout.write("".join(f"{line.rstrip()}\n" for line in printed.get().splitlines()))
    sys.stdout.flush()


def _tell(label: str, color: str, text: str) -> None:
    """A labelled message; in whole words on a terminal, in one line anywhere else."""
    text = label + safe(text)
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns
        text = textwrap.fill(text, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    _say(painted(label, color) + text.removeprefix(label))


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201
