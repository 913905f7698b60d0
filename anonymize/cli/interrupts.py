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

CLOSED_PIPE = 141


class Interrupted(BaseException):
    """The user or the system asked to stop."""

    def __init__(self, signal_number: int) -> None:
        self.exit_code = 128 + signal_number


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Turn SIGINT and SIGTERM into Interrupted, once; and let no library print values behind our back."""

    def stop(signal_number: int, _: FrameType | None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # cleaning up is not interrupted
        raise Interrupted(signal_number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    hooks = threading.excepthook, sys.unraisablehook
    threading.excepthook = sys.unraisablehook = _silent
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        threading.excepthook, sys.unraisablehook = hooks
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def quiet_closed_pipe() -> Iterator[None]:
    """Leave with 141 and without a word when nobody reads what is printed."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that the last flush finds somebody
        sys.exit(CLOSED_PIPE)


def _silent(_: Any) -> None:
    """Print no exception: its text may quote values."""
