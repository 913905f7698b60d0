"""The progress line of a run."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from anonymize.cli.console import make_console

_STAGES = {"learning": "reading ahead", "writing": "anonymizing"}


@contextlib.contextmanager
def progress_line() -> Iterator[Callable[[Any], None]]:
    """Shows the rows of the current pass; gone when the run is over."""
    columns = (
        SpinnerColumn(style="cyan"),
        TextColumn("{task.description}"),
        TextColumn("{task.fields[rows]:,} rows", style="cyan"),
        TextColumn("{task.fields[rate]}", style="dim"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=make_console(stderr=True), transient=True) as progress:
        task = progress.add_task("starting", total=None, rows=0, rate="")
        last = {"rows": 0}

        def update(state: Any) -> None:
            if state.rows < last["rows"]:
                progress.reset(task)
            last["rows"] = state.rows
            elapsed = progress.tasks[0].elapsed or 0
            rate = f"{state.rows / elapsed:,.0f} rows/s" if elapsed > 1 else ""
            progress.update(task, description=_STAGES.get(state.stage, state.stage), rows=state.rows, rate=rate)

        yield update
