"""Writes docs/reference/ from the components, docs/reliability.md from the tests, and from the detectors' patterns
what their syntax tells, `anonymize/data/detection/syntax.json`. `--check` fails and names the files, if any is
stale.

usage: python -m docs.generate [--check]
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from anonymize.core.catalog import FOLDERS, component, examples, modules
from anonymize.core.component import Component, Example, spelled
from anonymize.core.documented import documented
from anonymize.core.transform import Transform
from docs import matrix, syntax

HERE = Path(__file__).parent / "reference"
LIMITS = {
    "minimum": "at least",
    "exclusiveMinimum": "over",
    "maximum": "at most",
    "exclusiveMaximum": "under",
    "minLength": "length at least",
    "maxLength": "length at most",
    "minItems": "items at least",
}


def main() -> int:
    """Write or check every page; the number of stale ones."""
    pages = dict(all_pages())
    if "--check" not in sys.argv:
        for path, text in pages.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        for path in set(HERE.rglob("*.md")) - set(pages):
            path.unlink()
        return 0
    stale = [path for path, text in pages.items() if not path.exists() or path.read_text() != text]
    stale += sorted(set(HERE.rglob("*.md")) - set(pages))
    for path in stale:
        print(f"stale: {path.relative_to(HERE.parent.parent)} (run `make docs`)")
    return int(bool(stale))


def all_pages() -> Iterator[tuple[Path, str]]:
    """Every page of the reference with its text."""
    yield HERE.parent / "reliability.md", matrix.text()
    yield HERE.parent.parent / "anonymize/data/detection/syntax.json", syntax.text()
    index = ["# Reference", "", "Made from the components; `anonymize show NAME` prints the same."]
    for kind, folder in FOLDERS.items():
        cases = examples(kind)
        index += ["", f"## {folder.capitalize()}", "", *_index(kind, folder)]
        for name in modules(kind):
            cls = component(kind, name)
            own = [case for case in cases if type(case.component) is cls]
            yield HERE / folder / f"{name}.md", page(cls, own)
    yield HERE / "index.md", "\n".join(index) + "\n"


def _index(kind: str, folder: str) -> Iterator[str]:
    """One line per component; transforms by family."""
    last = None
    for name, module in sorted(modules(kind).items(), key=lambda item: item[1]):
        family = module.split(".")[-2]
        if kind == "transform" and family != last:
            yield f"\n### {family.capitalize()}\n"
            last = family
        first = (component(kind, name).__doc__ or "").strip().split("\n\n")[0]
        yield f"- [{name}]({folder}/{name}.md): {' '.join(first.split())}"


def page(cls: type[Component], cases: list[Example]) -> str:
    """The page of one component."""
    doc = "\n".join(line.removeprefix("    ") for line in (cls.__doc__ or "").strip().split("\n"))
    lines = [f"# {cls.name()}", "", doc, "", *_parameters(cls)]
    if issubclass(cls, Transform) and cases:
        lines += ["", "## Properties", "", *_properties(cases)]
    if cases:
        lines += ["", "## Examples"]
    for case in cases:
        lines += ["", *_example(case)]
    return "\n".join(lines) + "\n"


def _parameters(cls: type[Component]) -> Iterator[str]:
    schema = documented(cls).model_json_schema()
    required = schema.get("required", [])
    fields = {key: info for key, info in schema["properties"].items() if key != "use"}
    if not fields:
        yield "It has no parameters."
        return
    if cls.positional:
        yield f"`{cls.positional}` may be given without its name: `{cls.name()}(…)`."
        yield ""
    yield "| parameter | type | default | meaning |"
    yield "|---|---|---|---|"
    for key, info in fields.items():
        default = "required" if key in required else f"`{spelled(info.get('default'))}`"
        meaning = " ".join(str(info.get("description", "")).split()).replace("|", "\\|")
        yield f"| `{key}` | {_type(info, schema).replace('|', chr(92) + '|')} | {default} | {meaning} |"


def _type(info: dict[str, Any], schema: dict[str, Any]) -> str:
    if "$ref" in info:
        info = schema["$defs"][info["$ref"].rpartition("/")[2]]
    if "anyOf" in info:
        return " or ".join(dict.fromkeys(_type(part, schema) for part in info["anyOf"]))
    if "enum" in info:
        return ", ".join(map(str, info["enum"]))
    if "const" in info:
        return str(info["const"])
    limits = [f"{word} {info[key]}" for key, word in LIMITS.items() if key in info]
    return " ".join([str(info.get("type", "any")), *([f"({', '.join(limits)})"] if limits else [])])


def _properties(cases: list[Example]) -> Iterator[str]:
    """What the transform claims, as configured in its examples."""
    transforms = [case.component for case in cases if isinstance(case.component, Transform)]
    claims = [t.properties() for t in transforms]

    def said(values: list[bool]) -> str:
        return "yes" if all(values) else "no" if not any(values) else "depends on the parameters"

    yield "| property | |"
    yield "|---|---|"
    yield f"| deterministic | {said([c.deterministic for c in claims])} |"
    yield f"| injective | {said([c.injective for c in claims])} |"
    yield f"| reversible with the key | {said([c.reversible for c in claims])} |"
    keeps = sorted(set.intersection(*[set(c.keeps) for c in claims]))
    yield f"| keeps | {', '.join(keeps) or 'nothing for certain'} |"
    yield f"| survives | {'; '.join(dict.fromkeys(c.survives for c in claims))} |"


def _example(case: Example) -> Iterator[str]:
    yield f"`{case.component.call()}`"
    yield ""
    if isinstance(case.given, list) and isinstance(case.expect, list):
        others = case.columns or {}
        yield f"| given | {''.join(f'{name} | ' for name in others)}result |"
        yield f"|---|{'---|' * len(others)}---|"
        rows = zip(case.given, *others.values(), case.expect, strict=True)
        for row in rows:
            yield f"| {' | '.join(map(_value, row))} |"
        return
    yield f"- given: {_value(case.given)}"
    if case.roles.quasi or case.roles.sensitive:
        yield f"- roles: quasi-identifiers {list(case.roles.quasi)}, sensitive {list(case.roles.sensitive)}"
    yield f"- result: {_value(case.expect)}"


def _value(value: Any) -> str:
    text = "null" if value is None else str(value) if not isinstance(value, str) else value or '""'
    return f"`{text}`".replace("|", "\\|").replace("\n", "⏎")


if __name__ == "__main__":
    sys.exit(main())
