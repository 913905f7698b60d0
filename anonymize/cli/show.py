"""`anonymize show`: what there is to name in a rule file."""

from collections.abc import Iterator
from math import isfinite
from typing import Annotated, Any

import typer

from anonymize.cli import options
from anonymize.cli.answer import Answer
from anonymize.core.errors import UsageError, quoted

EPILOG = options.examples("show", "show mask", "show hipaa_safe_harbor")

TITLES = {
    "metrics": "metrics, for `checks:`",
    "formats": "formats",
    "keystores": "key stores, for `keys:`",
    "attacks": "attacks, for `anonymize attack`",
}
TRANSFORMS = ("masking", "substitution", "generalization", "perturbation", "aggregation")
FAMILIES = (*TRANSFORMS, "metrics", "formats", "keystores")


def complete_names(incomplete: str) -> list[str]:
    """Names of components and packs that begin like this."""
    return [name for name in _known() if name.startswith(incomplete)]


def command(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="A part, a pack, or a kind such as `detectors`.", autocompletion=complete_names
        ),
    ] = None,
) -> Answer:
    """List what rules can name, or show one page of it.

    Transforms, metrics, detectors, attacks, formats, key stores and rule packs.
    """
    if name is None or name in _kinds():
        listing = _listing() if name is None else _of_kind(name)
        return Answer("show", listing, result=lambda: _list_page(listing))
    from anonymize.rulefile.loading import packs

    found = _known().get(name)
    if found is not None:
        page = _component(found, name)
        return Answer("show", page, result=lambda: _component_page(page))
    if name in packs():
        pack = _pack(name)
        return Answer("show", pack, result=lambda: _pack_page(pack))
    from anonymize.core.catalog import suggestion

    hint = suggestion(name, [*_known(), *packs(), *_kinds()]) or "`anonymize show` lists all"
    raise UsageError(f"nothing is called {quoted(name)}", hint=hint)


def _known() -> dict[str, str]:
    """Component name to its kind."""
    from anonymize.core.catalog import FOLDERS, modules

    return {name: kind for kind in reversed(FOLDERS) for name in modules(kind)}


def _listing() -> dict[str, Any]:
    from anonymize.rulefile.loading import packs
    from anonymize.rulefile.schema import entries

    families: dict[str, dict[str, str]] = {family: {} for family in FAMILIES}
    for entry in entries():
        families.setdefault(entry.family, {})[entry.name] = entry.summary
    found = {family: names for family, names in families.items() if names}
    return {**found, "packs": {name: _about(name)[0].splitlines()[0] for name in packs()}}


def _kinds() -> list[str]:
    from anonymize.core.catalog import FOLDERS

    return [*FOLDERS.values(), *TRANSFORMS, "packs"]


def _of_kind(name: str) -> dict[str, Any]:
    """What there is of one kind or family: all `transforms`, or those of `masking`."""
    listing = _listing()
    wanted = TRANSFORMS if name == "transforms" else (name,)
    return {family: listing[family] for family in wanted}


def _about(pack: str) -> list[str]:
    """The comment at the head of a pack, as paragraphs."""
    from anonymize.rulefile.loading import packs

    lines = packs()[pack].read_text("utf-8").splitlines()
    head = lines[: next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))]
    return "\n".join(line.removeprefix("#").removeprefix(" ") for line in head).strip().split("\n\n") or [""]


def _list_page(listing: dict[str, Any]) -> Iterator[Any]:
    from rich.text import Text

    from anonymize.cli.console import entry, heading, plain

    width = max(len(name) for names in listing.values() for name in names) + 4
    for index, (family, names) in enumerate(listing.items()):
        if index:
            yield ""
        yield heading(TITLES.get(family, "rule packs" if family == "packs" else family))
        for name, summary in names.items():
            yield entry(Text.assemble((f"  {name:<{width}}", "cyan"), plain(summary)))


def _component(kind: str, name: str) -> dict[str, Any]:
    from dataclasses import asdict

    from anonymize.core.catalog import component
    from anonymize.core.transform import Properties, Transform
    from anonymize.rulefile.schema import examples_of, parameters

    cls = component(kind, name)
    cases = examples_of(kind, name)
    claims = next((e.component.properties() for e in cases if isinstance(e.component, Transform)), Properties())
    about: dict[str, Any] = {"name": name, "kind": kind, "about": _doc(cls), "positional": cls.positional}
    about["parameters"] = [asdict(parameter) for parameter in parameters(cls)]
    if kind == "transform":
        about["properties"] = {**asdict(claims), "keeps": sorted(claims.keeps)}
    about["examples"] = [
        {"step": e.component.call(), "given": _plain(e.given), "expect": _plain(e.expect)} for e in cases
    ]
    return about


def _doc(cls: type[Any]) -> str:
    import inspect

    return inspect.cleandoc(cls.__doc__ or "")


def _plain(value: Any) -> Any:
    """Values that JSON can hold; others by their spelling."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _component_page(page: dict[str, Any]) -> Iterator[Any]:
    from rich.padding import Padding
    from rich.text import Text

    from anonymize.cli.console import dim, heading, plain, table

    yield Text.assemble((page["name"], "bold cyan"), (f"  {page['kind']}", "dim"))
    yield ""
    for paragraph in page["about"].split("\n\n"):
        yield plain(" ".join(paragraph.split()))
        yield ""
    if page["parameters"]:
        rows = [(plain(p["name"], "cyan"), f"{p['type']}{' ' + p['limits'] if p['limits'] else ''}",
                 p["default"], p["meaning"]) for p in page["parameters"]]  # fmt: skip
        yield table(["parameter", "type", "default", "meaning"], rows, wide={1: 20})
        yield ""
        if page["positional"]:
            yield dim(f"{page['positional']} may be given without its name: {page['name']}(…)")
            yield ""
    if "properties" in page:
        yield from _claims(page["properties"])
        yield ""
    for index, example in enumerate(page["examples"][:6]):
        if not index:
            yield heading("examples")
        yield Text.assemble("  ", (example["step"], "cyan"))
        yield Padding(plain(_case(example)), (0, 0, 0, 4))


def _claims(claims: dict[str, Any]) -> Iterator[Any]:
    from anonymize.cli.console import plain

    words = [
        "the same value gives the same result" if claims["deterministic"] else "random",
        "different values stay different (joins survive)" if claims["injective"] else "different values may meet",
        "the key holder can restore it" if claims["reversible"] else "not reversible",
    ]
    yield plain(f"{'; '.join(words)}. What survives: {claims['survives']}.")


def _case(example: dict[str, Any]) -> str:
    import json

    def spelled(value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(spelled(item) for item in value)
        if isinstance(value, dict):
            return "; ".join(f"{name}: {spelled(item)}" for name, item in value.items())
        return json.dumps(value, ensure_ascii=False)

    return f"{spelled(example['given'])} → {spelled(example['expect'])}"


def _pack(name: str) -> dict[str, Any]:
    from anonymize.rulefile.loading import load_rules, packs

    file = load_rules(name).file
    columns = {
        pattern: {"role": rule.role.value, "steps": [step.call() for step in rule.steps]}
        for pattern, rule in file.columns.items()
    }
    about = "\n\n".join(_about(name))
    return {"name": name, "kind": "pack", "path": str(packs()[name]), "about": about, "columns": columns}


def _pack_page(pack: dict[str, Any]) -> Iterator[Any]:
    from rich.text import Text

    from anonymize.cli.console import dim, plain, table
    from anonymize.cli.plan import ROLES

    yield Text.assemble((pack["name"], "bold cyan"), ("  rule pack", "dim"))
    yield ""
    for paragraph in pack["about"].split("\n\n"):
        yield plain(_rejoined(paragraph))
        yield ""
    rows = [(plain(pattern, "cyan"), dim(ROLES[rule["role"]]), " → ".join(rule["steps"]))
            for pattern, rule in pack["columns"].items()]  # fmt: skip
    yield table(["column", "role", "steps"], rows, wide={0: 30})
    yield ""
    yield dim(pack["path"])


def _rejoined(paragraph: str) -> str:
    """The paragraph in lines as long as the terminal, list items on their own."""
    lines: list[str] = []
    for line in paragraph.splitlines():
        is_code = line.startswith("  ") and not (lines and lines[-1].startswith("- "))
        if lines and not is_code and not line.startswith("- "):
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(line)
    return "\n".join(lines)
