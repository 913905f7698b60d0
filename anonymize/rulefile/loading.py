"""Loads a rule file together with all that it extends, and reports all its errors at once."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from anonymize.core.catalog import component, read_step, suggestion
from anonymize.core.errors import Problem, RuleError, Where, quoted
from anonymize.core.keystore import key_store
from anonymize.kernels.crypto.secrets import named
from anonymize.kernels.detection.available import known_entities
from anonymize.rulefile.documents import Document, parse_document, read_document
from anonymize.rulefile.output_rule import EncryptRule, OutputRule
from anonymize.rulefile.rules import DEFAULT_KEYS, Case, ColumnRule, RuleFile, parse_assignment

_PACKAGE = Path(__file__).parent.parent
PACK_FOLDERS = (_PACKAGE / "packs", _PACKAGE.parent / "rules")  # as installed, and in a checkout


@dataclass(frozen=True)
class Rules:
    """A rule file, merged with what it extends, and where its parts stand."""

    file: RuleFile
    name: str
    """The file or pack, for messages."""
    places: Mapping[str, Where] = field(default_factory=dict)
    """Where the line of each column pattern stands."""
    inherited: frozenset[str] = frozenset()
    """Column patterns that come from an extended file: one that matches nothing is no surprise."""
    digest: str = ""
    """SHA-256 over the texts of all files involved."""
    files: frozenset[Path] = frozenset()
    """These files."""

    def where(self, pattern: str) -> Where:
        return self.places.get(pattern, Where(self.name))

    def needed(self) -> Iterator[Path]:
        """The files that a run goes by: rules and keys."""
        yield from self.files
        for reference in self.file.keys.values():
            yield from key_store(reference).files()

    def tests(self) -> Sequence[Case]:
        return self.file.tests


def packs() -> dict[str, Path]:
    """The rule packs at hand, by name."""
    return {path.stem: path for folder in reversed(PACK_FOLDERS) for path in sorted(folder.glob("*.yaml"))}


def load_rules(source: str | Path, overrides: Sequence[str] = ()) -> Rules:
    """The rules in a file or pack, with `column=step` overrides.

    Raises RuleError with every problem of the file, each with its line.
    """
    path = _locate(str(source), Path.cwd(), Where())
    rules = _load(path, ())
    if path in packs().values():  # a pack knows many names of a thing; most do not occur in one file
        rules = replace(rules, inherited=frozenset(rules.file.columns))
    if not overrides:
        return _with_known_entities(rules)
    columns, places = dict(rules.file.columns), dict(rules.places)
    for override in overrides:
        pattern, rule = _override(override, columns)
        columns[pattern], places[pattern] = rule, Where("--set")
    merged = rules.file.model_copy(update={"columns": columns})
    digest = _digest(rules.digest, *overrides)
    return _with_known_entities(replace(rules, file=merged, places=places, digest=digest))


def parse_rules(text: str, name: str = "<rules>", folder: Path | None = None) -> Rules:
    """The rules in a text, as `load_rules` gives them."""
    return _with_known_entities(_assemble(parse_document(text, name), folder or Path.cwd(), ()))


def _with_known_entities(rules: Rules) -> Rules:
    """The rules, if there is a detector for every entity that a step looks for."""
    asked = [
        (name, rules.where(pattern))
        for pattern, rule in rules.file.columns.items()
        for step in rule.steps
        for name in getattr(step, "entities", ())
    ]
    asked += [(name, Where(rules.name)) for c in rules.file.checks for name in getattr(c.metric, "entities", ())]
    if not asked:
        return rules
    known = known_entities() | {each.name for each in rules.file.detectors}
    problems = [
        Problem(f"no detector finds {quoted(name)}", suggestion(name, known) or _HINT, where)
        for name, where in asked
        if name not in known
    ]
    if problems:
        raise RuleError.of(problems)
    return rules


_HINT = "`anonymize show` lists the detectors; `detectors:` in the rule file adds one"


def _load(path: Path, parents: tuple[Path, ...]) -> Rules:
    name = path.stem if path.parent in PACK_FOLDERS else None  # where packs are installed tells nobody anything
    rules = _assemble(read_document(path, name), path.parent, (*parents, path.resolve()))
    return replace(rules, files=rules.files | {path})


def _assemble(document: Document, folder: Path, parents: tuple[Path, ...]) -> Rules:
    own = validate(document, folder)
    places = {pattern: document.where(("columns", pattern)) for pattern in own.columns}
    places = {pattern: replace(where, path=None) for pattern, where in places.items()}
    rules = Rules(own, document.file, places, digest=_digest(repr(document.data)))
    merged = None
    for index, name in enumerate(own.extends):
        where = document.where(("extends", index))
        path = _locate(name, folder, where)
        if path.resolve() in parents:
            raise RuleError(f"extends {quoted(name)}, which extends this file again", where=where)
        base = _load(path, parents)
        merged = base if merged is None else _merge(merged, base)
    made = rules if merged is None else _merge(merged, rules, own=True)
    if not parents[1:]:  # a file that others extend may leave the keys to them
        _require_output_keys(made.file, document)
    return made


def _require_output_keys(file: RuleFile, document: Document) -> None:
    """Raises RuleError for names of keys under `output:` that are not under `keys:`."""
    known, rule = {**DEFAULT_KEYS, **file.keys}, file.output.encrypt
    asked: dict[tuple[str, ...], str] = {}
    if rule is not None:
        asked = {("columns", column): name for column, name in rule.columns.items()}
        asked |= {("footer_key",): rule.footer_key}
    problems = [
        Problem(
            f"there is no key {named(name)} under `keys:`",
            suggestion(name, known) or f"the keys are: {', '.join(known)}",
            document.where(("output", "encrypt", *path)),
        )
        for path, name in asked.items()
        if name not in known
    ]
    if problems:
        raise RuleError.of(problems)


def _merge(base: Rules, later: Rules, own: bool = False) -> Rules:
    """`later` laid over `base`, line by line; rows and checks add up."""
    old, new = base.file, later.file
    update: dict[str, Any] = {
        "columns": {**old.columns, **new.columns},
        "keys": {**old.keys, **new.keys},
        "detectors": (*old.detectors, *new.detectors),
        "rows": (*old.rows, *new.rows),
        "checks": (*old.checks, *new.checks),
        "tests": new.tests,
        "extends": new.extends,
    }
    update |= {key: getattr(new, key) for key in new.model_fields_set - set(update)}
    inherited = base.inherited | frozenset(old.columns) | later.inherited
    if own:
        inherited -= frozenset(new.columns)
    places = {**base.places, **later.places}
    digest, files = _digest(base.digest, later.digest), base.files | later.files
    return Rules(old.model_copy(update=update), later.name, places, inherited, digest, files)


def _locate(name: str, folder: Path, where: Where) -> Path:
    """The file of a pack name or path. A file wins over a pack of the same name only when it looks like one."""
    looks_like_file = "/" in name or name.endswith((".yaml", ".yml"))
    if not looks_like_file and name in packs():
        return packs()[name]
    path = Path(name) if folder == Path.cwd() else folder / name  # as the user named it
    if path.is_file():
        return path
    hint = suggestion(name, packs()) or f"the packs are {', '.join(packs())}"
    raise RuleError(f"there is no rule file or pack {quoted(name)}", hint=hint, where=where)


def _override(text: str, columns: Mapping[str, ColumnRule]) -> tuple[str, ColumnRule]:
    """A `--set` keeps what else the column's line said: its role, its error policy, whether it may be missing."""
    try:
        pattern, steps = parse_assignment(text)
    except ValueError as error:
        raise RuleError(str(error), where=Where("--set")) from None
    given: dict[str, Any] = {"steps": steps}
    if pattern in columns:
        line = columns[pattern]
        given |= {"role": line.role, "on_error": line.on_error, "optional": line.optional}
    try:
        return pattern, ColumnRule.model_validate(given, context={"folder": Path.cwd()})
    except ValidationError as error:
        document = Document("--set", {})
        raise RuleError.of([_problem(document, e) for e in error.errors(include_input=False)]) from None


def validate(document: Document, folder: Path) -> RuleFile:
    """The document as a rule file. Raises RuleError with all problems."""
    if not isinstance(document.data, dict):
        raise RuleError("a rule file is a mapping that starts with `version: 1`", where=Where(document.file, 1))
    try:
        return RuleFile.model_validate(document.data, context={"folder": folder})
    except ValidationError as error:
        problems = [_problem(document, e) for e in error.errors(include_input=False, include_url=False)]
        raise RuleError.of(sorted(problems, key=_line)) from None


def _line(problem: Problem) -> tuple[int, int]:
    column = problem.where.column
    return problem.where.line or 0, column if isinstance(column, int) else 0


def _problem(document: Document, error: Any) -> Problem:
    """One pydantic error as a problem with a place and a hint."""
    path = [part for part in error["loc"] if not str(part).startswith("function-")]
    context = error.get("ctx") or {}
    message, hint = _said(error["msg"]), context.get("hint")
    if error["type"] == "extra_forbidden":
        message = f"unknown key {quoted(str(path[-1]))}"
        hint = suggestion(path[-1], _known_keys(document, path[:-1]))
    if error["type"] == "missing":
        message = f"the key {quoted(str(path[-1]))} is missing"
        if path == ["version"]:
            hint = "start the file with `version: 1`"
    return Problem(message, hint, document.where(path))


def _known_keys(document: Document, path: Sequence[Any]) -> Iterable[str]:
    """The keys that may stand at a path: of the file, of a column, or of the step there."""
    node = document.data
    for part in path:
        if (isinstance(node, dict) and part in node) or (
            isinstance(node, list) and isinstance(part, int) and part < len(node)
        ):
            node = node[part]
    if not path:
        return RuleFile.model_fields
    if path[0] == "output":
        return EncryptRule.model_fields if len(path) > 1 else OutputRule.model_fields
    kind = "metric" if path[0] == "checks" else "transform"
    try:
        step = read_step(kind, node)
        return component(kind, step["use"]).model_fields
    except (PydanticCustomError, KeyError, TypeError):
        return ColumnRule.model_fields


def _said(message: str) -> str:
    """A message of pydantic in our words."""
    message = message.removeprefix("Value error, ").partition(", unable to parse")[0]
    return message.replace("Input should be", "it must be", 1)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
