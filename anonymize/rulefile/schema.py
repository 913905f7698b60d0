"""The JSON Schema of the rule file, and the parameters of components, from their classes."""

import importlib
from dataclasses import dataclass
from typing import Any

from anonymize.core.catalog import FOLDERS, component, modules
from anonymize.core.component import Component, Example
from anonymize.core.documented import documented
from anonymize.rulefile.output_rule import EncryptRule, OutputRule
from anonymize.rulefile.own_detectors import DetectorCase, DetectorRule
from anonymize.rulefile.rules import Case, Check, ColumnRule, RuleFile

FEW = 3
"""Examples of a component in the schema."""

_LIMITS = {
    "minimum": "≥ {}",
    "exclusiveMinimum": "> {}",
    "maximum": "≤ {}",
    "exclusiveMaximum": "< {}",
    "minLength": "at least {} long",
    "maxLength": "at most {} long",
    "minItems": "at least {}",
    "pattern": "matches {}",
}


def rule_file_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a rule file, for editors: every spelling that `loading` accepts."""
    schema = _described_rule_file().model_json_schema()
    definitions = schema["$defs"]
    line = definitions["ColumnRule"]
    step = line["properties"]["steps"]["items"]
    steps = {"type": "array", "items": step, "minItems": 1}
    line["properties"]["steps"] |= {"anyOf": [step, steps]}
    for key in ("items", "type"):
        line["properties"]["steps"].pop(key, None)
    definitions["ColumnRule"] = {"title": "Column", "anyOf": [step, steps, line]}
    definitions["Check"] = {"anyOf": [{"type": "string", "pattern": "(>=|<=|==|!=|>|<)"}, definitions["Check"]]}
    definitions["EncryptRule"] = {"anyOf": [{"type": "string", "minLength": 1}, definitions["EncryptRule"]]}
    extends = schema["properties"]["extends"]
    schema["properties"]["extends"] = {"anyOf": [{"type": "string"}, extends], "default": []}
    _simplify(schema)
    _offer_calls(schema)
    _show_examples(schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "anonymize rule file"}


def _described_rule_file() -> type[RuleFile]:
    for part in (DetectorCase, DetectorRule, Case, Check, ColumnRule, EncryptRule, OutputRule):
        documented(part)
    return documented(RuleFile)


def _simplify(schema: Any) -> None:
    """OpenAPI's `discriminator` means nothing to editors; a bare `oneOf` of tagged objects says it all."""
    if isinstance(schema, dict):
        if isinstance(schema.get("discriminator"), dict):
            del schema["discriminator"]
        for value in schema.values():
            _simplify(value)
    elif isinstance(schema, list):
        for value in schema:
            _simplify(value)


def _offer_calls(schema: Any) -> None:
    """What an editor offers where a step may stand as a call: each name with what it does."""
    if isinstance(schema, dict):
        given = schema.get("anyOf", [])
        if given and given[0].get("description", "").startswith("A call of a ") and "oneOf" in given[1]:
            kind = given[0]["description"].removeprefix("A call of a ").partition(",")[0]
            schema["anyOf"] = [{"$ref": f"#/$defs/{kind}Call"}, *given[1:]]
        for value in schema.values():
            _offer_calls(value)
    elif isinstance(schema, list):
        for value in schema:
            _offer_calls(value)


def _show_examples(schema: dict[str, Any]) -> None:
    """Every component with its worked cases, as mappings and as calls."""
    definitions = schema["$defs"]
    for kind in ("transform", "metric"):
        offered: list[dict[str, Any]] = []
        examples: list[str] = []
        for name in modules(kind):
            cls = component(kind, name)
            cases = [e.component for e in examples_of(kind, name)]
            calls = list(dict.fromkeys(case.call() for case in cases))
            told = [case.model_dump(exclude_defaults=True, by_alias=True, mode="json") for case in cases]
            if cls.__name__ in definitions:
                definitions[cls.__name__]["examples"] = [{"use": name, **one} for one in told][:FEW]
            about = {"description": f"{summary(cls)}. As in {', '.join(f'`{call}`' for call in calls[:FEW])}."}
            if not any(field.is_required() for key, field in cls.model_fields.items() if key != "use"):
                offered.append({"const": name, **about})
            examples += calls[:1]
        any_call = {
            "type": "string",
            "description": f"A call of a {kind}, such as `name(parameter=value)`.",
            "examples": examples,
        }
        definitions[f"{kind}Call"] = {"anyOf": [*offered, any_call]}


@dataclass(frozen=True)
class Parameter:
    """One key that a rule may set."""

    name: str
    type: str
    default: str
    """As a rule file would spell it; `required` if there is none."""
    limits: str
    meaning: str


@dataclass(frozen=True)
class Entry:
    """A component in a listing."""

    kind: str
    name: str
    family: str
    """The folder it stands in."""
    summary: str


def entries() -> list[Entry]:
    """Every component, by kind, family and name."""
    found = []
    for kind in FOLDERS:
        for name, module in sorted(modules(kind).items(), key=lambda item: (item[1].rpartition(".")[0], item[0])):
            family = module.split(".")[-2] if kind == "transform" else FOLDERS[kind]
            found.append(Entry(kind, name, family, summary(component(kind, name))))
    return found


def summary(cls: type[Component]) -> str:
    """The first sentence of its page."""
    paragraph = " ".join((cls.__doc__ or "").split("\n\n")[0].split())
    end = next(
        (i for i in range(len(paragraph)) if paragraph[i] in ".:" and paragraph[i + 1 : i + 2] in ("", " ")), None
    )
    return paragraph if end is None else paragraph[:end]


def parameters(cls: type[Component]) -> list[Parameter]:
    """The parameters, in the order of the class."""
    schema = documented(cls).model_json_schema()
    required = set(schema.get("required", ()))
    definitions = schema.get("$defs", {})
    return [
        Parameter(
            name, _type(about, definitions), _default(about, name in required), _limits(about), _meaning(about)
        )
        for name, about in schema.get("properties", {}).items()
        if name != "use"
    ]


def examples_of(kind: str, name: str) -> list[Example]:
    """The worked cases of one component."""
    return list(importlib.import_module(modules(kind)[name]).EXAMPLES)


def _type(about: dict[str, Any], definitions: dict[str, Any]) -> str:
    if "$ref" in about:
        return _type(definitions.get(about["$ref"].rpartition("/")[2], {}), definitions)
    if "anyOf" in about:
        kinds = [_type(option, definitions) for option in about["anyOf"] if option.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if "enum" in about:
        return ", ".join(str(value) for value in about["enum"])
    if "const" in about:
        return str(about["const"])
    if about.get("type") == "array":
        return f"list of {_type(about.get('items', {}), definitions)}"
    names = {
        "string": "text",
        "integer": "integer",
        "number": "number",
        "boolean": "true or false",
        "object": "mapping",
    }
    return names.get(str(about.get("type")), "any")


def _default(about: dict[str, Any], is_required: bool) -> str:
    if is_required:
        return "required"
    value = about.get("default")
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else repr(value) if isinstance(value, str) else str(value)


def _limits(about: dict[str, Any]) -> str:
    options = [about, *about.get("anyOf", ())]
    return ", ".join(
        said.format(option[key]) for option in options for key, said in _LIMITS.items() if key in option
    )


def _meaning(about: dict[str, Any]) -> str:
    return " ".join(str(about.get("description", "")).split())
