"""A drafted rule file as text. It holds names of columns, counts and shares, never a value."""

import json
import re
from collections.abc import Iterator

from anonymize.core.roles import Role
from anonymize.finding.drafting import MAY_FAIL, Drafted, DraftedLine
from anonymize.rulefile.matching import ITEMS

_PLAIN = re.compile(r"[^\W\d]\w*")
_RESERVED_WORDS = "true false null yes no on off y n"
_RESERVED = frozenset(_RESERVED_WORDS.split())


def rule_file(drafted: Drafted, dataset: str, pack: str | None = None, locale: str | None = None) -> str:
    """The text of the rule file."""
    settings = _settings(dataset, pack, locale)
    return "\n".join([*_head(drafted), "", *settings, "", *_columns(drafted), *_gate(drafted)]) + "\n"


SCHEMA = "anonymize.schema.json"
"""Where editors look for the schema: `anonymize schema` prints it."""


def _head(drafted: Drafted) -> Iterator[str]:
    yield f"# yaml-language-server: $schema={SCHEMA}"
    read = f"all {drafted.rows:,} rows" if drafted.complete else f"{drafted.rows:,} rows, spread over all"
    yield f"# Drafted from {read}. A scan does not find everything: read each line before you rely on it."
    yield "# Try it with `anonymize preview`, check it with `anonymize lint`, then `anonymize run`."


def _settings(dataset: str, pack: str | None, locale: str | None) -> Iterator[str]:
    yield "version: 1"
    if pack is not None:
        yield f"extends: [{_name(pack)}]"
    yield f"dataset: {_name(dataset)}   # part of every key derivation: another name gives other pseudonyms"
    if locale is not None:
        yield f"locale: {locale}"
    yield "keys:"
    yield "  default: env:ANONYMIZE_KEY   # `anonymize keys new` makes one"
    yield "unlisted: error   # a column that turns up later stops the run"


def _columns(drafted: Drafted) -> Iterator[str]:
    if not any(not line.by_pack for line in drafted.lines):
        yield "columns: {}"
    else:
        yield "columns:"
    for line in drafted.lines:
        if line.by_pack:
            yield f"  # {_name(line.column)}: the pack says {_one_line(line.step)}"
        else:
            yield f"  # {_one_line(line.because)}"
            yield f"  {_pattern(line.column)}: {_rule(line)}"


def _rule(line: DraftedLine) -> str:
    parts = [f"role: {line.role.value}"] if line.role is not Role.OTHER else []
    parts.append(f"steps: [{_step(line.step)}]")
    if line.step.startswith(MAY_FAIL):
        parts.append("on_error: null")
    return "{" + ", ".join(parts) + "}"


def _step(step: str) -> str:
    return json.dumps(step, ensure_ascii=False) if "," in step else step


def _gate(drafted: Drafted) -> Iterator[str]:
    """A scan of the output, if there is a column that it can look into."""
    if not any(line.by_pack or line.step.startswith(LOOKED_INTO) for line in drafted.lines):
        return
    yield ""
    yield "# A gate: scans what comes out, and stops the run if personal data is found there."
    yield "checks:"
    yield "  - residual_identifiers == 0"


LOOKED_INTO = ("keep", "redact")
"""Steps whose results the gate scans."""


def _pattern(column: str) -> str:
    """The column's name as a pattern that means nothing but this name."""
    parts = column.split(ITEMS)
    escaped = [re.sub(r"[\[?*]", lambda m: "[**]" if m[0] == "*" else f"[{m[0]}]", part) for part in parts]
    return _name(ITEMS.join(escaped))


def _name(name: str) -> str:
    if _PLAIN.fullmatch(name) and name.lower() not in _RESERVED:
        return name
    return json.dumps(name, ensure_ascii=not name.isprintable())


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
