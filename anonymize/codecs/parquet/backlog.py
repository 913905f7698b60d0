"""Row groups that wait to be encoded, in parts that any thread may take."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import get_ident

from anonymize.codecs.parquet.chunks import Chunk, Group, Task

SHARE = 8  # who comes by takes this part of what waits, so that a row group is done before the next one is full


@dataclass
class _Started:
    """A row group, some of whose columns are done."""

    rows: int
    done: list[list[Chunk] | None]

    def group(self) -> Group:
        return Group(self.rows, tuple(chunk for chunks in self.done for chunk in chunks or ()))


class Backlog:
    """Row groups of a stream are full at times that suit no thread: whoever passes by encodes some columns.

    So the threads that read and change the rows encode them as well, and there are never more of them. Row
    groups come out in the order in which they were put in.
    """

    def __init__(self) -> None:
        self._waiting: deque[tuple[_Started, int, Task]] = deque()
        self._started: deque[_Started] = deque()
        self._helpers: set[int] = set()

    def put(self, rows: int, tasks: Sequence[Task]) -> None:
        """Add a row group. What still waits of the one before is done first: two take the memory."""
        while self._one():
            pass
        started = _Started(rows, [None] * len(tasks))
        self._started.append(started)
        self._waiting.extend((started, place, task) for place, task in enumerate(tasks))

    def help(self) -> None:
        """Encode some of what waits. Any thread may call this."""
        self._helpers.add(get_ident())
        for _ in range(-(-len(self._waiting) // SHARE)):
            self._one()

    def finished(self) -> Iterator[Group]:
        """The row groups that are done and whose turn it is."""
        while self._started and None not in self._started[0].done:
            yield self._started.popleft().group()

    def drain(self) -> Iterator[Group]:
        """All that is left, encoded by as many threads as helped before."""
        with ThreadPoolExecutor(max(len(self._helpers), 1), thread_name_prefix="anonymize") as pool:
            for helping in [pool.submit(self._one) for _ in range(len(self._waiting))]:
                helping.result()
        yield from self.finished()

    def _one(self) -> bool:
        """Encode one task; False if none is waiting."""
        try:
            started, place, task = self._waiting.popleft()
        except IndexError:
            return False
        started.done[place] = task()
        return True
