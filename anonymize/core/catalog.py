"""Finds the components. A component's file name is the name that rule files use."""

import importlib
import pkgutil
from difflib import get_close_matches
from functools import cache, reduce
from operator import or_
from types import ModuleType
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from anonymize.core.calls import CallSyntaxError, parse_call
from anonymize.core.component import Component, Example
from anonymize.core.documented import documented
from anonymize.core.errors import quoted

FOLDERS = {
    "transform": "transforms",
    "metric": "metrics",
    "format": "formats",
    "keystore": "keystores",
    "detector": "detectors",
    "attack": "attacks",
}


@cache
def modules(kind: str) -> dict[str, str]:
    """Component name to module path, from the file listing alone: nothing is imported."""
    folder = importlib.import_module(f"anonymize.{FOLDERS[kind]}")
    walk = pkgutil.walk_packages(folder.__path__, f"{folder.__name__}.")
    return {info.name.rpartition(".")[2]: info.name for info in walk if not info.ispkg}


def component(kind: str, name: str) -> type[Component]:
    """The class in the file of that name."""
    module = _module(kind, name)
    (found,) = (
        c
        for c in vars(module).values()
        if isinstance(c, type) and c.__module__ == module.__name__ and issubclass(c, Component)
    )
    return found


def examples(kind: str) -> list[Example]:
    """All examples of all components of a kind."""
    return [example for name in modules(kind) for example in _module(kind, name).EXAMPLES]


def _module(kind: str, name: str) -> ModuleType:
    return importlib.import_module(modules(kind)[name])


def suggestion(name: object, known: Any) -> str | None:
    """`did you mean 'mask'?` when a known name is near."""
    near = get_close_matches(str(name), [str(k) for k in known], 1, 0.6)
    return f"did you mean {quoted(near[0])}?" if near else None


def read_step(kind: str, value: Any) -> Any:
    """A call such as `mask(keep_last=4)` as the mapping `{use: mask, keep_last: 4}`; a mapping stays itself.

    Raises PydanticCustomError, whose place pydantic completes.
    """
    if not isinstance(value, str):
        return value
    try:
        name, positional, named = parse_call(value)
    except CallSyntaxError as error:
        raise PydanticCustomError("call_syntax", "not a step: {why}", {"why": str(error)}) from None
    if not positional or name not in modules(kind):
        return {"use": name, **named}
    parameter = component(kind, name).positional
    if parameter is None or len(positional) > 1 or parameter in named:
        message = "{name} takes its arguments by name, as in {name}(parameter=value)"
        if parameter is not None:
            message = "{name} takes one argument without a name ({parameter})"
        raise PydanticCustomError("call_arguments", message, {"name": name, "parameter": parameter})
    return {"use": name, parameter: positional[0], **named}


class OneOf:
    """Annotation for a rule field: any component of a kind, or of one of several, in either spelling.

    Reading a rule file loads the components it names; only the JSON schema loads them all.
    """

    def __init__(self, kind: str, *others: str) -> None:
        self.kind = kind
        self.kinds = (kind, *others)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self._validate)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        every: Any = reduce(or_, [documented(component(k, name)) for k in self.kinds for name in modules(k)])
        tagged: Any = Annotated[every, Field(discriminator="use")]
        call = {"type": "string", "description": f"A call of a {self.kind}, such as `name(parameter=value)`."}
        return {"anyOf": [call, handler(TypeAdapter(tagged).core_schema)]}

    def _validate(self, value: Any, info: ValidationInfo) -> Component:
        return self.build(value, info.context)

    def build(self, value: Any, context: Any = None) -> Component:
        """The component that a call or a mapping describes."""
        if isinstance(value, Component):
            return value
        value = read_step(self._kind_of(value), value)
        name = value.get("use") if isinstance(value, dict) else None
        kind = self._kind_of(name)
        if name in modules(kind):
            return component(kind, str(name)).model_validate(value, context=context)
        if name is None:
            raise PydanticCustomError(
                "no_component", "expected a {kind}: a call or a mapping with `use`", {"kind": self.kind}
            )
        raise PydanticCustomError(
            "unknown_component",
            "no {kind} is called {name}",
            {"kind": self.kind, "name": repr(name), "hint": suggestion(name, self._names())},
        )

    def _kind_of(self, called: Any) -> str:
        """The kind that a name, or a call of it, is of; the first kind if nothing is called so."""
        name = called.partition("(")[0].strip() if isinstance(called, str) else None
        return next((kind for kind in self.kinds if name in modules(kind)), self.kind)

    def _names(self) -> list[str]:
        return [name for kind in self.kinds for name in modules(kind)]
