"""Every error a user can meet. A message says where, what is wrong and what to do, never a data value."""

import os
import re
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Where:
    """A place: in a rule file (file, line, column, path) or in the data (file, line, row, column name)."""

    file: str | None = None
    line: int | None = None
    column: int | str | None = None
    path: str | None = None
    row: int | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        if isinstance(self.column, int):
            place += f":{self.column}"
        named = [f"column {quoted(self.column)}"] if isinstance(self.column, str) else []
        named += [f"row {self.row:,}"] if self.row is not None else []
        named += [self.path] if self.path else []
        return ", ".join([part for part in (place, *named) if part])


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong."""

    message: str
    hint: str | None = None
    where: Where = Where()

    def __str__(self) -> str:
        place = f"{self.where}: " if str(self.where) else ""
        return f"{place}{self.message}" + (f"\n  hint: {self.hint}" if self.hint else "")


class AnonymizeError(Exception):
    """The base of all errors of this package; carries one or more problems and an exit code."""

    code = "bug"
    exit_code = 1

    def __init__(
        self, message: str, *, hint: str | None = None, where: Where | None = None, more: Sequence[Problem] = ()
    ) -> None:
        self.problems = (Problem(message, hint, where or Where()), *more)
        super().__init__("\n".join(map(str, self.problems)))

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> "AnonymizeError":
        """One error that reports all problems together."""
        first, *more = problems
        return cls(first.message, hint=first.hint, where=first.where, more=more)


class UsageError(AnonymizeError):
    """The command line asks for something that cannot be."""

    code = "usage"
    exit_code = 2


class RuleError(AnonymizeError):
    """The rule file is wrong, or does not fit the data's columns."""

    code = "rules"
    exit_code = 2


class DataError(AnonymizeError):
    """The data is unreadable, malformed or not what the rules expect; or the output cannot be written."""

    code = "data"
    exit_code = 3


class CheckError(AnonymizeError):
    """A gate under `checks:` does not hold."""

    code = "check"
    exit_code = 4


class SecretError(AnonymizeError):
    """A key is missing, malformed or too weak."""

    code = "key"
    exit_code = 5


_PERSONAL = re.compile(r"[^\s@\"'\[\]]+@[^\s@\"'\[\]]+\.[A-Za-z]{2,}|\d{11,}")


def discreet(name: str) -> str:
    """A name without what may be a person's: the keys of JSON objects can be e-mail addresses or long numbers."""
    return _PERSONAL.sub("…", name)


def quoted(name: str) -> str:
    """A column or file name that can be shown: discreet, control and format characters escaped, long names cut."""
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in discreet(name))
    return f"'{safe if len(safe) <= 80 else safe[:77] + '...'}'"


def sealed(function: Callable[P, T]) -> Callable[P, T]:
    """The function, such that no error leaves it that may quote data.

    Errors of other libraries lose their text, and all lose the errors behind them: `from None` only keeps those
    from being printed.
    """

    @wraps(function)
    def call(*arguments: P.args, **named: P.kwargs) -> T:
        try:
            return function(*arguments, **named)
        except Exception as error:
            shown = error if isinstance(error, AnonymizeError | BrokenPipeError) else _without_text(error)
        shown.__cause__ = shown.__context__ = None
        raise shown

    return call


def place_of(error: BaseException) -> str:
    """Where in this package an error arose, as in ` at kernels/numbers/parsing.py:12`; nothing if elsewhere."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "anonymize/" in f.filename]
    return f" at {frames[-1].filename.rpartition('anonymize/')[2]}:{frames[-1].lineno}" if frames else ""


def _without_text(error: Exception) -> AnonymizeError:
    shown: AnonymizeError
    if isinstance(error, MemoryError):
        shown = DataError("the data does not fit into memory", hint="use fewer threads: --threads 1")
    elif isinstance(error, OSError) and error.errno:
        name = str(error.filename) if isinstance(error.filename, str | os.PathLike) else None
        shown = DataError(f"the system refuses: {os.strerror(error.errno)}", where=Where(name))
    else:
        what = f"internal error ({type(error).__name__}{place_of(error)})"
        shown = AnonymizeError(what, hint="this is a bug; the values are not shown on purpose")
    return shown.with_traceback(error.__traceback__)
