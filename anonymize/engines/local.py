"""Runs a plan on this machine, page by page, in a bounded number of threads."""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from anonymize.core.engine import Edited, PageFunction, Progress
from anonymize.core.errors import AnonymizeError, DataError
from anonymize.core.format import Chunk, Page, Reject, Sink, Source
from anonymize.core.profile import OFF, Profile
from anonymize.core.statistic import Merger, State, Statistic
from anonymize.engines.room import require_room

T = TypeVar("T")

LARGEST_KEPT = 31 << 20  # returning each temporary to the system and faulting it in again costs 20 %
SWITCH_INTERVAL = 0.0005  # two threads that take turns often keep both cores busy between kernels


@dataclass(frozen=True)
class Done(Generic[T]):
    """What is left of a page when its work is done. The page itself is let go: it is the larger part."""

    rows: int
    rejects: Sequence[Reject]
    answer: T


@dataclass(frozen=True)
class LocalEngine:
    """Threads over pages, results in order, one page more than there are threads in memory."""

    threads: int = 2
    progress: Callable[[Progress], None] | None = None
    on_reject: Callable[[Sequence[Reject]], None] | None = None
    """Is handed the rows that could not be read, page by page, in order."""
    profile: Profile = OFF

    def learn(
        self, sources: Sequence[Source], prepare: PageFunction, statistics: Sequence[Statistic[Any]]
    ) -> list[State]:
        def work(page: Page, first_row: int) -> list[State]:
            return self._fit(statistics, prepare(page, first_row))

        merger = Merger(statistics)
        for _, done in self._in_order(sources, work, "learning"):
            merger.add(done.answer)
        return merger.merged()

    def write(
        self,
        sources: Sequence[Source],
        change: PageFunction,
        sinks: Sequence[Sink],
        statistics: Sequence[Statistic[Any]],
    ) -> list[State]:
        targets = (
            {id(source): sinks[i if len(sinks) > 1 else 0] for i, source in enumerate(sources)} if sinks else {}
        )

        def work(page: Page, first_row: int, source: Source) -> tuple[Any, list[State]]:
            frame = change(page, first_row)
            edit = frame.edit()
            sink = targets.get(id(source))
            with self.profile("encode"):
                encoded = sink.encode(page, edit, frame.layout()) if sink is not None else None
            return encoded, self._fit(statistics, frame)

        merger = Merger(statistics)
        for source, done in self._in_order(sources, work, "writing", with_source=True):
            encoded, states = done.answer
            if id(source) in targets:
                with self.profile("write"):
                    targets[id(source)].write(encoded)
            if done.rejects and self.on_reject is not None:
                self.on_reject(done.rejects)
            merger.add(states)
        return merger.merged() if statistics else []

    def _fit(self, statistics: Sequence[Statistic[Any]], frame: Edited) -> list[State]:
        if not statistics:
            return []
        with self.profile("statistics"):
            return [_fitted(statistic, frame) for statistic in statistics]

    def _in_order(
        self, sources: Sequence[Source], work: Callable[..., T], stage: str, with_source: bool = False
    ) -> Iterator[tuple[Source, Done[T]]]:
        """Map over all pages of all sources; `first_row` counts on from one source to the next."""
        require_room(self.threads)
        self.profile.begin(stage)
        interval = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_INTERVAL)
        np.empty(LARGEST_KEPT, np.uint8)  # glibc keeps freed blocks up to the largest that was freed before
        rows = 0
        waiting: deque[tuple[Source, Future[Done[T]]]] = deque()
        try:
            with ThreadPoolExecutor(self.threads, thread_name_prefix="anonymize") as pool:
                try:
                    before: Future[int] | None = None
                    for source, chunk in self.profile.each("read", ((s, c) for s in sources for c in s.chunks())):
                        counted: Future[int] = Future()
                        extra = (source,) if with_source else ()
                        parse = self.profile.timed("scan", chunk)
                        waiting.append((source, pool.submit(_task, parse, before, counted, work, extra)))
                        before = counted
                        if len(waiting) > self.threads:
                            yield (done := _result(waiting.popleft()))
                            rows = self._report(stage, rows, done[1])
                    while waiting:
                        yield (done := _result(waiting.popleft()))
                        rows = self._report(stage, rows, done[1])
                finally:
                    for _, future in reversed(waiting):  # so that no running task waits for a cancelled one
                        future.cancel()
        finally:
            sys.setswitchinterval(interval)

    def _report(self, stage: str, rows: int, done: Done[Any]) -> int:
        if self.progress is not None:
            self.progress(Progress(stage, rows + done.rows))
        return rows + done.rows


def processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _fitted(statistic: Statistic[Any], frame: Edited) -> State:
    """What a statistic makes of a page; column by column where it may have columns of lists."""
    if not getattr(statistic, "by_column", False):
        return statistic.fit(frame.batch(statistic.columns))
    return statistic.merge([statistic.fit(frame.batch((column,))) for column in statistic.columns])


def _result(entry: tuple[Source, Future[Done[T]]]) -> tuple[Source, Done[T]]:
    source, future = entry
    return source, future.result()


def _task(
    chunk: Chunk,
    before: "Future[int] | None",
    counted: "Future[int]",
    work: Callable[..., T],
    extra: tuple[Any, ...],
) -> Done[T]:
    """Parse a chunk, learn from its predecessor which row it starts at, and work on it.

    Tasks start in order, so the predecessor is always done or running: waiting for it cannot deadlock.
    """
    try:
        page = chunk()
    except BaseException as error:
        counted.set_exception(error)
        if isinstance(error, AnonymizeError | MemoryError) or not isinstance(error, Exception):
            raise
        raise DataError(f"a piece of the input cannot be read ({type(error).__name__})") from None
    try:
        first_row = before.result() if before is not None else 0
    except BaseException as error:
        counted.set_exception(error)
        raise
    counted.set_result(first_row + page.rows)
    return Done(page.rows, page.rejects, work(page, first_row, *extra))
