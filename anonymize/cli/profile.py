"""Where the time of a run went: what `--profile` shows."""

from collections.abc import Mapping
from typing import Any

from anonymize.core.profile import Stage, Stopwatch

BEFORE = ("decompress", "read", "scan", "cells")
AFTER = ("statistics", "encode", "write", "compress", "other")
MANY = 40  # stages; of more, those that took least are left out
LITTLE = 0.005  # of the time
MEASURABLE = 0.001  # seconds; less says nothing about a rate


def profile_data(watch: Stopwatch, threads: int, size: int | None) -> dict[str, Any]:
    """The stages in the order of the data; `size` is that of the input in bytes, if it is known."""
    watch.end()
    total = sum(spent.seconds for spent in watch.spent.values())
    return {
        "wall_seconds": round(watch.wall_seconds, 6),
        "thread_seconds": round(total, 6),
        "threads": threads,
        "input_bytes": size,
        "stages": [
            {
                "pass": stage.during,
                "stage": stage.name,
                "column": stage.column or None,
                "seconds": round(spent.seconds, 6),
                "share": round(spent.seconds / (total or 1), 4),
                "calls": spent.calls,
                "mb_per_second": _rate(spent.seconds, size if stage.during != "starting" else None),
            }
            for stage, spent in sorted(watch.spent.items(), key=lambda item: _place(item[0], watch.passes))
        ],
    }


def profile_lines(data: Mapping[str, Any]) -> list[str]:
    """A table and what it adds up to."""
    from anonymize.cli.console import make_console, table

    rows, before = [], ""
    told = [s for s in data["stages"] if len(data["stages"]) <= MANY or s["share"] >= LITTLE]
    for stage in told:
        during, rate = stage["pass"], stage["mb_per_second"]
        times = f"{stage['seconds']:.3f}", f"{stage['share']:.0%}", "" if rate is None else f"{rate:,.0f}"
        rows.append(("" if during == before else during, stage["stage"], stage["column"] or "", *times))
        before = during
    heads = ("pass", "stage", "column", "seconds", "share", "MB/s")
    console = make_console(stderr=True)
    with console.capture() as printed:
        console.print(table(heads, rows, right=(3, 4, 5), wide={1: 16, 2: 16}))
    wall, used = data["wall_seconds"], data["thread_seconds"]
    threads = "1 thread" if data["threads"] == 1 else f"{data['threads']} threads"
    left = len(data["stages"]) - len(told)
    return [
        *(line.rstrip() for line in printed.get().splitlines()),
        "",
        *([f"{left:,} stages of less than {LITTLE:.1%} each are left out"] if left else []),
        f"{used:.2f} s of thread time in {wall:.2f} s on {threads}: {used / (wall or 1):.1f} at a time",
    ]


def _place(stage: Stage, passes: list[str]) -> tuple[int, int]:
    """Passes as they came; in each, the steps (as they came) between what comes before and after them."""
    order = [*BEFORE, "", *AFTER]
    return passes.index(stage.during), order.index(stage.name if stage.name in order and not stage.column else "")


def _rate(seconds: float, size: int | None) -> float | None:
    return round(size / 1e6 / seconds, 1) if size and seconds >= MEASURABLE else None
