"""Calls beside the caller, one after another."""

from collections import deque
from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")

PATIENCE = 1.0  # seconds; who waits longer than this waits for a pipe that says nothing


class Strand(Generic[T]):
    """Runs calls in the order given, a few ahead of the caller.

    Each call has a thread that lives no longer, so a stream that nobody closes leaves none behind. Threads wait
    for each other by joining alone: an interrupt in the caller leaves no lock behind either.
    """

    def __init__(self) -> None:
        self._calls: deque[_Call[T]] = deque()

    def __len__(self) -> int:
        """How many results have not been asked for."""
        return len(self._calls)

    def submit(self, work: Callable[[], T]) -> None:
        call = _Call(work, self._calls[-1] if self._calls else None)
        self._calls.append(call)
        call.begin()

    def result(self) -> T:
        """What the oldest call returns, or raises. After an error, those behind it raise it too."""
        call = self._calls[0]
        call.finish()
        self._calls.popleft()
        if call.error is not None:
            raise call.error
        return call.answer

    def give_up(self) -> bool:
        """Let no further call begin, and wait for the one that runs; True if it has ended."""
        calls, self._calls = self._calls, deque()
        for call in calls:
            call.work = None
        return not calls or calls[-1].finish(PATIENCE)


class _Call(Generic[T]):
    """One call and its thread."""

    answer: T

    def __init__(self, work: Callable[[], T], before: "_Call[T] | None") -> None:
        self.work: Callable[[], T] | None = work
        self.error: BaseException | None = None
        self._before = before
        self._thread = Thread(target=self._run, name="anonymize-stream", daemon=True)

    def begin(self) -> None:
        try:
            self._thread.start()
        except RuntimeError:  # the system has no room for another thread
            self._run()

    def finish(self, patience: float | None = None) -> bool:
        """Wait for the end; False if that takes too long."""
        if self._thread.is_alive():
            self._thread.join(patience)
        return not self._thread.is_alive()

    def _run(self) -> None:
        before, self._before = self._before, None
        if before is not None:
            before.finish()
            self.error = before.error
        work, self.work = self.work, None
        if work is None or self.error is not None:
            return
        try:
            self.answer = work()
        except BaseException as error:  # whatever it is, the caller is to have it
            self.error = error
