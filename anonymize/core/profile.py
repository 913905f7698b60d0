"""Where the time of a run goes: seconds of thread time by pass, stage and column."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")

_NOTHING = contextlib.nullcontext()


@dataclass(frozen=True)
class Stage:
    """One kind of work in one pass over the data."""

    during: str
    """The pass: `starting`, `learning`, `learning 2`, …, `writing`."""
    name: str
    column: str = ""


@dataclass
class Spent:
    """What a stage took so far."""

    seconds: float = 0
    calls: int = 0


class Profile:
    """Takes no times, which costs next to nothing: the profile of every run that nobody asked about."""

    def begin(self, during: str) -> None:
        """A pass over the data begins."""

    def end(self) -> None:
        """The run is over."""

    def __call__(self, name: str, column: str = "") -> contextlib.AbstractContextManager[None]:
        """Times what is done inside, as this stage."""
        return _NOTHING

    def each(self, name: str, items: Iterator[T]) -> Iterator[T]:
        """The items; times how they are made, not what becomes of them."""
        return items

    def timed(self, name: str, work: Callable[[], T]) -> Callable[[], T]:
        """The work, timed as this stage whenever it is done."""
        return work


OFF = Profile()


@dataclass
class _Running(threading.local):
    """The stages that a thread is in, and when it last changed from one to another."""

    stages: list[Stage] = field(default_factory=list)
    since: float = 0


class Stopwatch(Profile):
    """Adds up the time that threads spend in each stage. A stage inside another is taken out of it, so that the
    sum is the time of all threads together. What the thread that made it does outside of all stages is `other`.
    """

    def __init__(
        self, clock: Callable[[], float] = time.thread_time, wall: Callable[[], float] = time.perf_counter
    ) -> None:
        self._clock, self._wall = clock, wall
        self._started = wall()
        self.wall_seconds: float = 0
        """From the start to the end."""
        self._lock = threading.Lock()
        self._running = _Running()
        self._spent: dict[Stage, Spent] = {}
        self.passes = ["starting"]
        """In the order in which they began."""
        self._running.stages.append(Stage(self.passes[-1], "other"))
        self._running.since = clock()

    @property
    def spent(self) -> Mapping[Stage, Spent]:
        """What each stage took, in the order in which they first ended."""
        return self._spent

    def begin(self, during: str) -> None:
        self._switch()
        number = 1 + sum(name.partition(" ")[0] == during for name in self.passes)
        self.passes.append(during if number == 1 else f"{during} {number}")
        self._running.stages[:1] = [Stage(self.passes[-1], "other")]

    def end(self) -> None:
        self._switch()
        self.wall_seconds = self._wall() - self._started

    @contextlib.contextmanager
    def __call__(self, name: str, column: str = "") -> Iterator[None]:
        self._switch()
        self._running.stages.append(stage := Stage(self.passes[-1], name, column))
        try:
            yield
        finally:
            self._switch()
            self._running.stages.pop()
            with self._lock:
                self._spent[stage].calls += 1

    def each(self, name: str, items: Iterator[T]) -> Iterator[T]:
        while True:
            with self(name):
                try:
                    item = next(items)
                except StopIteration:
                    return
            yield item

    def timed(self, name: str, work: Callable[[], T]) -> Callable[[], T]:
        def call() -> T:
            with self(name):
                return work()

        return call

    def _switch(self) -> None:
        """Give the time since the last switch to the innermost stage."""
        running, now = self._running, self._clock()
        if running.stages:
            with self._lock:
                spent = self._spent.setdefault(running.stages[-1], Spent())
                spent.seconds += now - running.since
        running.since = now
