"""Until when a run can be interrupted: until what it made stands in its place."""

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar

_heard: ContextVar[Callable[[], None]] = ContextVar("heard", default=lambda: None)


def too_late() -> None:
    """Interrupts come too late from here on: what was asked for is there, and cannot be taken back."""
    _heard.get()()


@contextlib.contextmanager
def hearing(when_too_late: Callable[[], None]) -> Iterator[None]:
    """Be told of that moment."""
    token = _heard.set(when_too_late)
    try:
        yield
    finally:
        _heard.reset(token)
