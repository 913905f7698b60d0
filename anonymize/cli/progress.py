"""Tells how far a run is: a line that renews itself on a terminal, now and then a line in a log."""

import contextlib
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from typing import IO

from anonymize.cli.answer import Manner
from anonymize.cli.terminal import safe
from anonymize.cli.tracking import Tracker

FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
RENEWED = 0.1
BEAT = 30.0
"""Seconds between lines in a log, so that nobody takes a long run for a dead one."""


@contextlib.contextmanager
def progress(manner: Manner, is_hidden: bool = False, doing: str | None = None) -> Iterator[Tracker]:
    """A tracker whose state is told on stderr while the work goes on; not under `--quiet` and `--json`, and not
    where data goes to the same terminal. `doing` says what goes on where no rows are counted."""
    tracker = Tracker(doing=doing) if doing is not None else Tracker()
    if manner.quiet or manner.json or is_hidden:
        yield tracker
        return
    shown = _line if sys.stderr.isatty() and os.environ.get("TERM") != "dumb" else _log
    with shown(tracker, sys.stderr):
        yield tracker


@contextlib.contextmanager
def _line(tracker: Tracker, stream: IO[str]) -> Iterator[None]:
    """A line that is gone when the work is done. The first one stands there at once."""
    count = iter(range(1 << 62))

    def draw() -> None:
        frame = FRAMES[next(count) % len(FRAMES)]
        width = max(shutil.get_terminal_size().columns - 1, 20)
        stream.write(f"\r\033[2K{frame} {safe(tracker.text())}"[: width + len("\r\033[2K")])
        stream.flush()

    draw()
    try:
        with _every(RENEWED, draw):
            yield
    finally:
        with contextlib.suppress(OSError):
            stream.write("\r\033[2K")
            stream.flush()


@contextlib.contextmanager
def _log(tracker: Tracker, stream: IO[str], interval: float = BEAT) -> Iterator[None]:
    """A line for each half minute."""

    def beat() -> None:
        stream.write(f"still running: {safe(tracker.text())}\n")
        stream.flush()

    with _every(interval, beat):
        yield


@contextlib.contextmanager
def _every(seconds: float, work: Callable[[], None]) -> Iterator[None]:
    """Do it again and again, until the block is left. Nobody reading stderr any more is no reason to stop."""
    is_over = threading.Event()

    def again() -> None:
        while not is_over.wait(seconds):
            with contextlib.suppress(OSError, ValueError):
                work()

    thread = threading.Thread(target=again, name="anonymize-progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
