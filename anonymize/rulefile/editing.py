"""Changes one step of a rule file and leaves every other character as it is."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from anonymize.core.calls import CallSyntaxError, parse_call
from anonymize.core.component import spelled
from anonymize.core.errors import RuleError, Where
from anonymize.rulefile.documents import compose, parse_document

ROWS = "rows"


@dataclass(frozen=True)
class Change:
    """Text that takes the place of other text."""

    start: int
    end: int
    text: str

    def applied(self, text: str) -> str:
        return text[: self.start] + self.text + text[self.end :]


def set_row_step(text: str, file: str, use: str, parameters: Mapping[str, Any]) -> str:
    """The rule file with these parameters of the step under `rows:`, which is added at their end if it lacks.

    Raises RuleError if the file is written in a way that this cannot be done without changing anything else.
    """
    given = parse_document(text, file).data
    root, _ = compose(text, file)
    expected = _expected(given, use, parameters)
    changed = text
    for change in _changes(text, root, use, parameters):
        changed = change.applied(changed)
    try:
        is_right = parse_document(changed, file).data == expected
    except RuleError:
        is_right = False
    if not is_right:
        hint = f"write it by hand: {_call(use, [], parameters)}"
        raise RuleError("the step cannot be written into this file", hint=hint, where=Where(file))
    return changed


def _expected(given: Any, use: str, parameters: Mapping[str, Any]) -> Any:
    """The data of the rule file afterwards."""
    data = deepcopy(given)
    rows = data.setdefault(ROWS, [])
    for place, step in enumerate(rows):
        if _name(step) == use:
            rows[place] = {**step, **parameters} if isinstance(step, dict) else _recalled(step, parameters)
            return data
    rows.append(_call(use, [], parameters))
    return data


def _changes(text: str, root: Any, use: str, parameters: Mapping[str, Any]) -> Sequence[Change]:
    """In an order in which none moves another."""
    rows = next((value for key, value in root.value if key.value == ROWS), None)
    if rows is None:
        line = f"{ROWS}:\n  - {_scalar(_call(use, [], parameters), in_flow=False)}\n"
        return [Change(len(text), len(text), ("" if text.endswith("\n") else "\n") + "\n" + line)]
    in_flow = bool(rows.flow_style)
    for item in rows.value if isinstance(rows.value, list) else ():
        if isinstance(item.value, str) and _name(item.value) == use:
            call = _scalar(_recalled(item.value, parameters), in_flow)
            return [Change(item.start_mark.index, item.end_mark.index, call)]
        if isinstance(item.value, list) and any(k.value == "use" and v.value == use for k, v in item.value):
            return _mapped(item, parameters)
    return [_added(text, rows, _scalar(_call(use, [], parameters), in_flow))]


def _mapped(item: Any, parameters: Mapping[str, Any]) -> Sequence[Change]:
    """Changes of the values of a mapping; keys that it lacks follow its `use`."""
    known = {key.value: value for key, value in item.value}
    changes = [
        Change(known[key].start_mark.index, known[key].end_mark.index, spelled(value))
        for key, value in parameters.items()
        if key in known
    ]
    missing = [f"{key}: {spelled(value)}" for key, value in parameters.items() if key not in known]
    if missing:
        end = known["use"].end_mark.index
        gap = ", " if item.flow_style else "\n" + " " * item.start_mark.column
        changes.append(Change(end, end, "".join(gap + line for line in missing)))
    return sorted(changes, key=lambda change: -change.start)


def _added(text: str, rows: Any, call: str) -> Change:
    """One more item at the end of a list."""
    if rows.flow_style:
        end = rows.end_mark.index - 1
        return Change(end, end, f", {call}" if rows.value else call)
    dash = text.rindex("-", 0, rows.value[-1].start_mark.index)
    indent = dash - (text.rfind("\n", 0, dash) + 1)
    last = rows.value[-1]
    end = last.start_mark.index + len(text[last.start_mark.index : last.end_mark.index].rstrip())
    end = text.find("\n", end)  # a comment may stand on the line
    end = len(text) if end < 0 else end
    return Change(end, end, f"\n{' ' * indent}- {call}")


def _name(step: Any) -> str | None:
    if isinstance(step, dict):
        return step.get("use")
    try:
        return parse_call(str(step))[0]
    except CallSyntaxError:
        return None


def _recalled(call: str, parameters: Mapping[str, Any]) -> str:
    """The call with these parameters. What is written without a name is the first of them."""
    name, positional, named = parse_call(call)
    first = next(iter(parameters))
    positional = positional if first not in parameters or not positional else [parameters[first]]
    rest = {key: value for key, value in parameters.items() if not (positional and key == first)}
    return _call(name, positional, {**named, **rest})


def _call(use: str, positional: Sequence[Any], named: Mapping[str, Any]) -> str:
    given = [_spelled(value) for value in positional]
    return f"{use}({', '.join([*given, *(f'{key}={_spelled(value)}' for key, value in named.items())])})"


def _spelled(value: Any) -> str:
    """Shares as the percentages that people write."""
    if isinstance(value, float) and 0 < value < 1 and f"{value * 100:.10g}".replace(".", "").isdecimal():
        return f"{value * 100:.10g}%"
    return spelled(value)


def _scalar(call: str, in_flow: bool) -> str:
    """A call as YAML: quoted where it would mean something else."""
    if in_flow or ": " in call or " #" in call:
        return "'" + call.replace("'", "''") + "'"
    return call
