"""Help pages: plain text in sections, at a fraction of the cost of Rich."""

import os
import sys
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


class Command(TyperCommand):
    """A command whose options stand in sections."""

    def format_options(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]
        write_sections(self, ctx, formatter)


class Group(TyperGroup):
    """The commands, in the order of their registration."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        return list(self.commands)

    def format_options(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]
        self.format_commands(ctx, formatter)
        write_sections(self, ctx, formatter)


def write_sections(command: Any, context: typer.Context, formatter: Any) -> None:
    """The arguments, then the options by their panel."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None:
            is_argument = parameter.param_type_name == "argument"
            panel = getattr(parameter, "rich_help_panel", None) or ("Arguments" if is_argument else "Options")
            sections.setdefault(panel, []).append((_name(record[0]) if is_argument else record[0], record[1]))
    for title, records in sorted(sections.items(), key=lambda s: _ORDER.get(s[0], 1)):
        with formatter.section(_bold(title)):
            formatter.write_dl(records)


_ORDER = {"Arguments": 0, "Options": 1, "Text input": 2, "Talking": 3}


def _name(described: str) -> str:
    """The name of an argument without its type, which is always text."""
    return described.partition(" <")[0]


def _bold(title: str) -> str:
    is_wanted = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return typer.style(title, bold=True) if is_wanted else title
