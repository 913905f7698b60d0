"""Ctrl-C, SIGTERM and closed pipes: one way out, past every `finally`."""

import contextlib
import os
import signal
import sys
import threading
import warnings
from collections.abc import Iterator
from types import FrameType
from typing import Any

from anonymize.core.errors import DataError
from anonymize.core.interrupts import hearing

CLOSED_PIPE = 141
SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(BaseException):
    """The user or the system asked to stop."""

    def __init__(self, signal_number: int) -> None:
        self.exit_code = 128 + signal_number


@contextlib.contextmanager
def interruptible(is_last: bool = False) -> Iterator[None]:
    """Turn SIGINT and SIGTERM into Interrupted, once; and let no library print values behind our back.

    When the output stands in its place they are ignored, so that the exit code says whether it does. After the
    last command of a process nothing changes the code any more.
    """

    def ignore() -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    def stop(signal_number: int, _: FrameType | None) -> None:
        ignore()  # cleaning up is not interrupted
        raise Interrupted(signal_number)

    before = {number: signal.signal(number, stop) for number in SIGNALS}
    hooks = threading.excepthook, sys.unraisablehook
    threading.excepthook = sys.unraisablehook = _silent
    try:
        with warnings.catch_warnings(), hearing(ignore):
            warnings.simplefilter("ignore")
            yield
    finally:
        threading.excepthook, sys.unraisablehook = hooks
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if is_last else handler)


def standard_streams() -> None:
    """Fill the places of closed standard streams, so that no file of ours takes them and gets what is printed.

    What stands in for standard output cannot be written to: results never vanish without an error.
    """
    for descriptor, mode in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, mode)  # takes the lowest free number, which is this one
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False)
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


@contextlib.contextmanager
def quiet_closed_pipe() -> Iterator[None]:
    """Leave with 141 and without a word when nobody reads what is printed; with 3 when it cannot be written."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that the last flush finds somebody
        sys.exit(CLOSED_PIPE if isinstance(error, BrokenPipeError) else DataError.exit_code)


def _silent(_: Any) -> None:
    """Print no exception: its text may quote values."""
