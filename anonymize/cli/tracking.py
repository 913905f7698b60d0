"""How far a run is, and how long it may still take."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anonymize.core.engine import Progress
    from anonymize.datasets import Dataset
    from anonymize.planning.plan import Plan

_STAGES = {"learning": "reading", "writing": "processing"}
SCALES = {"kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12}
SURE = 2.0
"""Seconds after which rates and the time left are worth saying."""


@dataclass
class Tracker:
    """Counts what the engine reports; says rows, bytes, rate, time left and which pass it is."""

    clock: Callable[[], float] = time.monotonic
    passes: int = 0
    """How many there will be; 0 while that is not known."""
    number: int = 0
    stage: str = "starting"
    rows: int = 0
    dataset: "Dataset | None" = None
    sizes: list[int] = field(default_factory=list)
    """Bytes of the files, where all are known."""
    total: int | None = None
    """Rows of all files, where they say so."""
    doing: str = "reading the rules and the first rows"
    """What goes on before the first page is done."""
    _began: float = 0
    _pass_began: float = 0

    def adjust(self, plan: "Plan", dataset: "Dataset") -> "Plan":
        """Learn what will be read; the plan stays as it is."""
        self.expect(dataset, plan.passes)
        return plan

    def expect(self, dataset: "Dataset", passes: int) -> None:
        """Learn what will be read, and how often."""
        self.dataset, self.passes = dataset, passes
        counts = [source.row_count for source in dataset.sources]
        self.total = sum(count or 0 for count in counts) if None not in counts else None
        try:
            self.sizes = [path.stat().st_size for path in dataset.paths] if not dataset.is_pipe else []
        except OSError:
            self.sizes = []
        self._forget(0)

    def _forget(self, first: int) -> None:
        """These files, from the first on, are yet to be read in this pass."""
        for piece in self.dataset.pieces[first:] if self.dataset is not None else ():
            if getattr(piece.file, "reading", None) is not None:
                piece.file.reading = None  # type: ignore[union-attr]

    def __call__(self, state: "Progress") -> None:
        """A page is done."""
        now = self.clock()
        if state.stage != self.stage or state.rows < self.rows:
            self.number += 1
            self.passes = max(self.passes, self.number) if self.passes else 0
            self.stage, self._pass_began = state.stage, now
            self._forget(1 + self._current())
            self._began = self._began or now
        self.rows = state.rows

    def text(self) -> str:
        """One line."""
        if not self.number:
            return self.doing
        stage = f"pass {self.number} of {self.passes}" if self.passes > 1 else _STAGES.get(self.stage, self.stage)
        parts = [stage, *self._percent(), f"{self.rows:,} rows", *self._bytes(), *self._times()]
        return " · ".join(parts)

    def _share(self) -> float | None:
        """How much of this pass is done."""
        if self.total:
            return min(self.rows / self.total, 1.0)
        return self._position() / sum(self.sizes) if sum(self.sizes) else None

    def _done(self) -> float | None:
        """How much of all passes is done."""
        share = self._share()
        return (self.number - 1 + share) / self.passes if share is not None and self.passes else None

    def _percent(self) -> list[str]:
        done = self._done()
        return [f"{min(int(done * 100), 99)} %"] if done is not None else []

    def _position(self) -> int:
        if self.dataset is None:
            return 0
        files = (piece.file for piece in self.dataset.pieces)
        return sum(getattr(f, "position", int)(size) for f, size in zip(files, self.sizes, strict=True))

    def _current(self) -> int:
        """The file that is being read; the last if it cannot be told."""
        if self.dataset is None:
            return 0
        streams = [getattr(piece.file, "reading", None) for piece in self.dataset.pieces]
        is_open = [stream is not None and not stream.closed for stream in streams]
        return is_open.index(True) if True in is_open else len(is_open)

    def _bytes(self) -> list[str]:
        share, size = self._share(), sum(self.sizes)
        if share is None or not size:
            return []
        return [f"{_amount(share * size, size)} of {_amount(size, size)} {_unit(size)}"]

    def _times(self) -> list[str]:
        """The time left, as long as all went so far, and the rate of this pass."""
        elapsed, done = self.clock() - self._pass_began, self._done()
        if elapsed < SURE:
            return []
        rate = [f"{self.rows / elapsed:,.0f} rows/s"]
        if done is None:
            return rate
        whole = self.clock() - self._began
        return [f"about {_duration(whole * (1 - done) / done)} left", *rate] if done > 0.01 else rate


def _unit(size: float) -> str:
    return next((unit for unit, scale in SCALES.items() if size < 1000 * scale), "TB")


def _amount(count: float, size: float) -> str:
    scale = SCALES[_unit(size)]
    return f"{count / scale:,.1f}" if size / scale < 10 else f"{count / scale:,.0f}"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
