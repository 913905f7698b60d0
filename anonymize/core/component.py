"""Component: anything a rule file can name with `use:`."""

import re
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from anonymize.core.roles import Roles


class Component(BaseModel):
    """A named, documented, parameterized part. Its fields are the keys its rule may set."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    use: str
    kind: ClassVar[str]
    positional: ClassVar[str | None] = None
    """The parameter that a call may give without its name, as in `truncate(3)`."""

    @classmethod
    def name(cls) -> str:
        """The name that rule files use; also the name of the component's file."""
        return str(cls.model_fields["use"].default)

    def call(self) -> str:
        """The step as a rule file would spell it: `mask(keep_last=4)`."""
        given = self.model_dump(exclude_defaults=True, exclude={"use"}, by_alias=True, mode="json")
        arguments = [
            spelled(value) if key == self.positional and len(given) == 1 else f"{key}={spelled(value)}"
            for key, value in given.items()
        ]
        return f"{self.name()}({', '.join(arguments)})" if arguments else self.name()


def spelled(value: Any) -> str:
    """A parameter's value as a call spells it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{spelled(key)}: {spelled(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(spelled, value)) + "]"
    if isinstance(value, str):
        is_word = re.fullmatch(r"[^\W\d]\w*", value) and value not in ("true", "false", "null")
        quote = '"' if "'" in value and '"' not in value else "'"
        escaped = value.replace("\\", "\\\\").replace(quote, "\\" + quote)
        return value if is_word else f"{quote}{escaped}{quote}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value)) if abs(value) < 1e15 else repr(value)
    return (
        {True: "true", False: "false", None: "null"}[value]
        if isinstance(value, bool) or value is None
        else repr(value)
    )


@dataclass(frozen=True)
class Example:
    """A worked case. It is shown in the docs and run as a test.

    `given` is a list of values for a column transform (`columns` then holds other columns it reads), and a
    dict of columns for anything that works on rows or tables.
    """

    component: Component
    given: Any
    expect: Any
    roles: Roles = field(default_factory=Roles)
    columns: Any = None
