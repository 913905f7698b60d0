"""Attests what a run writes, as it is written: the bytes of each file, and the columns that no step touches."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import IO, TYPE_CHECKING, Any, cast

from anonymize.core.engine import Engine, PageFunction
from anonymize.core.format import Edit, Layout, Page, Sink, Source
from anonymize.core.profile import Profile
from anonymize.core.statistic import State, Statistic
from anonymize.kernels.column_digest import ColumnDigests, Extract, extract

if TYPE_CHECKING:
    from anonymize.datasets import Dataset, Target
    from anonymize.planning.plan import Plan
    from anonymize.running.output import Output
    from anonymize.running.report import Report


class DigestedFile(io.RawIOBase):
    """Hands bytes on to a file that stays open, and digests them."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._digest.update(data)
        self._file.write(data)
        return memoryview(data).nbytes

    def flush(self) -> None:
        """Nothing: who opened the file flushes it."""

    def hexdigest(self) -> str:
        """SHA-256 of what was written so far."""
        return self._digest.hexdigest()


@dataclass
class Notary:
    """What was seen of a run."""

    columns: ColumnDigests = field(default_factory=ColumnDigests)
    files: list[DigestedFile] = field(default_factory=list)

    def watching(self, engine: Engine) -> Engine:
        """The engine, under eyes."""
        return _WatchedEngine(engine, self.columns)

    def watch(self, files: Sequence[IO[bytes]]) -> list[IO[bytes]]:
        """The output files, under eyes."""
        self.files = [DigestedFile(file) for file in files]
        return [cast(IO[bytes], file) for file in self.files]


@dataclass(frozen=True)
class _WatchedEngine:
    """An engine whose sinks are watched. All sinks of a run are written in order, as one table."""

    engine: Engine
    columns: ColumnDigests

    @property
    def profile(self) -> Profile:
        return self.engine.profile

    def learn(
        self, sources: Sequence[Source], prepare: PageFunction, statistics: Sequence[Statistic[Any]]
    ) -> list[State]:
        return self.engine.learn(sources, prepare, statistics)

    def write(
        self,
        sources: Sequence[Source],
        change: PageFunction,
        sinks: Sequence[Sink],
        statistics: Sequence[Statistic[Any]],
    ) -> list[State]:
        watched = [_WatchedSink(sink, self.columns, self.profile) for sink in sinks]
        return self.engine.write(sources, change, watched, statistics)


class _WatchedSink(Sink):
    """A sink that digests untouched columns on their way."""

    def __init__(self, inner: Sink, columns: ColumnDigests, profile: Profile) -> None:
        self.inner = inner
        self.columns = columns
        self.profile = profile

    def encode(self, page: Page, edit: Edit, layout: Layout) -> Any:
        with self.profile("digest"):
            pieces = untouched(page, edit, layout)
        rows = page.rows if edit.kept is None else int(edit.kept.sum())
        return self.inner.encode(page, edit, layout), rows, pieces

    def write(self, encoded: Any) -> None:
        inner, rows, pieces = encoded
        with self.profile("digest"):
            self.columns.add(rows, pieces)
        self.inner.write(inner)

    def close(self) -> None:
        self.inner.close()


def untouched(page: Page, edit: Edit, layout: Layout) -> dict[str, Extract]:
    """What the page hands to the digests of the columns that no step touches."""
    there = set(page.columns)
    names = [column.name for column in layout.columns if not column.changed and column.name in there]
    return {name: extract(page.values(name), page.parents(name), page.rows, edit.kept) for name in names}


class NoReceipt:
    """Nobody asked for a receipt: nothing is watched."""

    @property
    def outputs(self) -> "list[Output]":
        """The file of the receipt, to appear together with the output."""
        return []

    def watching(self, engine: Engine) -> Engine:
        """The engine, under eyes."""
        return engine

    def watch(self, files: Sequence[IO[bytes]]) -> Sequence[IO[bytes]]:
        """The output files, under eyes; the last is the receipt's own."""
        return files

    def write(self, plan: "Plan", dataset: "Dataset", targets: "Sequence[Target]", report: "Report") -> None:
        """Sign the account of the run."""
