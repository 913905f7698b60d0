"""Rich tables: aligned, calm, without borders, 80 columns wide unless the terminal is wider."""

import os
import sys
from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from anonymize.cli.answer import safe, wants_color

WIDTH = 80


def make_console(stderr: bool = False) -> Console:
    """A console that invents nothing: no highlighting, no emoji, no color off a terminal."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else int(os.environ.get("COLUMNS") or WIDTH)
    return Console(
        file=stream,
        highlight=False,
        emoji=False,
        markup=False,
        width=width,
        no_color=not wants_color(stream),
        color_system="auto" if wants_color(stream) else None,
    )


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[RenderableType]],
    *,
    right: Sequence[int] = (),
    wrap: Sequence[int] = (),
) -> Table:
    """A table under thin heads. Columns in `right` hold numbers; those in `wrap` give way when it is narrow."""
    found = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for index, head in enumerate(heads):
        found.add_column(
            head,
            justify="right" if index in right else "left",
            overflow="fold",
            no_wrap=index in right,
            ratio=None,
            min_width=len(head) if index not in wrap else None,
        )
    for row in rows:
        found.add_row(*(plain(cell) if isinstance(cell, str) else cell for cell in row))
    return found


def plain(text: str, style: str = "") -> Text:
    """Text as it is: markup means nothing, control characters are spelled out."""
    return Text(safe(text), style=style)


def entry(text: Text) -> Text:
    """One line of a list: cut to a terminal's width, whole anywhere else."""
    text.no_wrap = True
    text.overflow = "ellipsis" if sys.stdout.isatty() else "ignore"
    return text


def heading(text: str) -> Text:
    """A line above a table."""
    return plain(text, "bold")


def dim(text: str) -> Text:
    """What matters less."""
    return plain(text, "dim")


def mark(holds: bool) -> Text:
    """✓ or ✗."""
    return Text("✓", "green") if holds else Text("✗", "bold red")
