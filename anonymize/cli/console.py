"""Rich tables: aligned, calm, without borders, 80 columns wide unless the terminal is wider."""

import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from rich.box import SIMPLE_HEAD
from rich.console import Console, JustifyMethod
from rich.table import Table
from rich.text import Text

from anonymize.cli.terminal import safe, safe_name, wants_color

WIDTH = 80
NARROW = 8  # columns keep this on a screen that is too small for their least widths


def make_console(stderr: bool = False) -> Console:
    """A console that invents nothing: no highlighting, no emoji, no color off a terminal."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(
        file=stream,
        highlight=False,
        emoji=False,
        markup=False,
        width=screen_width(),
        no_color=not wants_color(stream),
        color_system="auto" if wants_color(stream) else None,
    )


def screen_width() -> int:
    """The columns of the terminal; 80, or what COLUMNS says, anywhere else."""
    return max(40, shutil.get_terminal_size((WIDTH, 24)).columns)


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str | Text]],
    *,
    right: Sequence[int] = (),
    wide: Mapping[int, int] = MappingProxyType({}),
) -> Table:
    """A table under thin heads. Columns in `right` hold numbers; those in `wide` are folded last, down to this
    width."""
    found = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold", padding=(0, 1, 0, 0))
    lines = [[plain(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    lines = [[_on_one_line(row[0]), *row[1:]] for row in lines if row]
    natural = [max([len(head), *(_longest(row[i]) for row in lines)]) for i, head in enumerate(heads)]
    least = [n if i in right else min(n, max(wide.get(i, 0), len(heads[i]))) for i, n in enumerate(natural)]
    for index, (head, width) in enumerate(zip(heads, _fitted(natural, least), strict=True)):
        justify: JustifyMethod = "right" if index in right else "left"
        found.add_column(head, justify=justify, overflow="fold", width=width)
    for row in lines:
        found.add_row(*row)
    return found


def _on_one_line(name: Text) -> Text:
    """The name that a row begins with: a break in it would pass for another row."""
    return Text(safe_name(name.plain), name.style) if "\n" in name.plain else name


def _longest(cell: Text) -> int:
    return max((line.cell_len for line in cell.split()), default=0)


def _fitted(natural: Sequence[int], least: Sequence[int]) -> list[int]:
    """Widths that fit the screen: the widest column gives way first, none below its least width."""
    widths = list(natural)
    room = screen_width() - 2 * (len(widths) - 1)
    if sum(least) > room:
        least = [min(low, NARROW) for low in least]
    while sum(widths) > room:
        spare = [width - low for width, low in zip(widths, least, strict=True)]
        if not any(spare):
            break
        widths[max(range(len(widths)), key=lambda i: (spare[i] > 0, widths[i]))] -= 1
    return widths


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
