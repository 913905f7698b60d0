"""What this code base promises about itself."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from anonymize.core.catalog import FOLDERS, component, examples, modules
from anonymize.core.documented import documented
from anonymize.core.transform import Transform

ROOT = Path(__file__).parent.parent
PACKAGE = sorted(ROOT.glob("anonymize/**/*.py"))
FILES = [
    *PACKAGE,
    *sorted(ROOT.glob("tests/**/*.py")),
    *sorted(ROOT.glob("benchmarks/*.py")),
    ROOT / "docs/generate.py",
]
COMPONENTS = [(kind, name) for kind in FOLDERS for name in modules(kind)]
WITHOUT_EXAMPLES = {"keystore"}  # their results are secrets

VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "misc", "manager"}

VALUES_OUT = re.compile(r"\.to_pylist\(\)")
OVER_DISTINCT = re.compile(r"\.(dictionary|unique\(\))\.to_pylist\(\)")

# Kernels that take single values out of Arrow in a loop over rows, and why they must. Loops over `.dictionary` or
# `.unique()` run once per distinct value, which needs no excuse.
VALUE_LOOPS = {
    "anonymize/kernels/conditions/comparing.py": "only over the numbers that float64 cannot tell apart",
    "anonymize/kernels/crypto/gcm.py": "the library seals one value a call, with its own nonce",
    "anonymize/kernels/crypto/sealed.py": "each envelope is opened once, and its values follow it",
    "anonymize/kernels/detection/spelled.py": "only over distinct names and dates, which are written in many ways",
    "anonymize/kernels/risk/leaking.py": "only over a sample of 5,000 rows",
    "anonymize/kernels/text/spelling.py": "objects and lists have no column form of their JSON",
}


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT))


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_files_and_functions_are_short(file: Path) -> None:
    """At most 400 lines a file and 40 a function."""
    source = file.read_text()

    assert len(source.splitlines()) <= 400
    long = [f"{node.name}: {lines}" for node, lines in functions(source) if lines > 40]
    assert [] == long


def functions(source: str) -> Iterator[tuple[ast.FunctionDef, int]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            yield node, (node.end_lineno or 0) - node.lineno + 1


@pytest.mark.parametrize("file", PACKAGE, ids=name_of)
def test_modules_say_what_they_are(file: Path) -> None:
    """Every module has a docstring and a name that means something."""
    source = file.read_text()

    assert file.stem not in VAGUE
    assert not source.strip() or ast.get_docstring(ast.parse(source))


@pytest.mark.parametrize(("kind", "name"), COMPONENTS)
def test_every_component_explains_itself(kind: str, name: str) -> None:
    """File name, docstring, documented parameters, examples."""
    cls = documented(component(kind, name))

    assert name == cls.name(), "the file is named as the rule file names the component"
    first = (cls.__doc__ or "").strip().split("\n\n")[0]
    assert first.endswith((".", ")")), "a docstring starts with a sentence"
    assert [] == [key for key, field in cls.model_fields.items() if key != "use" and not field.description]
    if kind not in WITHOUT_EXAMPLES:
        own = [case for case in examples(kind) if type(case.component) is cls]
        assert own, "no EXAMPLES"
        if issubclass(cls, Transform) and own and isinstance(own[0].given, list):
            assert any(None in case.given for case in own), "an example says what becomes of null"


def test_names_are_unique() -> None:
    """One name, one thing, over all kinds."""
    counts = Counter(name for _, name in COMPONENTS)

    assert [] == [name for name, count in counts.items() if count > 1]


@pytest.mark.parametrize("kind", FOLDERS)
def test_calls_read_back(kind: str) -> None:
    """The spelling that plans and pages show is one that rule files accept."""
    from anonymize.core.catalog import OneOf

    for case in examples(kind):
        assert case.component == OneOf(kind).build(case.component.call())


def test_no_environment_outside_the_key_store() -> None:
    """No ambient state: only key stores that are told to, and the command line, read the environment."""
    allowed = {"anonymize/keystores/env.py", "anonymize/keystores/vault.py"}
    readers = [name_of(f) for f in PACKAGE if re.search(r"os\.environ|getenv", f.read_text())]

    assert [] == [name for name in readers if name not in allowed and not name.startswith("anonymize/cli/")]


@pytest.mark.matrix("S17")
def test_nothing_is_evaluated_or_pickled() -> None:
    """No eval, exec, pickle or shell in the package."""
    for file in PACKAGE:
        calls = {
            node.func.id
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        imported = set(re.findall(r"^\s*(?:import|from) (\w+)", file.read_text(), re.MULTILINE))
        assert not calls & {"eval", "exec", "compile", "__import__"}, file
        assert not imported & {"pickle", "marshal", "shelve", "yaml"}, file
        assert "shell=True" not in file.read_text(), file


def test_transforms_work_on_columns() -> None:
    """No per-value Python in a transform: values leave Arrow in kernels only, once per distinct value."""
    found = [name_of(f) for f in PACKAGE if "transforms" in f.parts and VALUES_OUT.search(_without_examples(f))]

    assert [] == found


def test_kernels_work_on_columns() -> None:
    """No loop over the values of a column in a kernel, but over distinct ones."""
    kernels = [f for f in PACKAGE if "kernels" in f.parts]

    assert set(VALUE_LOOPS) == {name_of(f) for f in kernels if value_loops(f.read_text())}


@pytest.mark.parametrize(
    "loop",
    [
        "def f(a):\n for v in a.to_pylist(): pass",
        "def f(a):\n return [v for v in zip(a.to_pylist(), b)]",
        "def f(a):\n vs = a.to_pylist()\n return {v for v in vs}",
        "def f(a):\n return [v.as_py() for v in a]",
        "def f(a):\n while True: a[0].as_py()",
        "def f(a):\n return list(map(g, a.to_pylist()))",
    ],
)
def test_loops_over_values_are_seen(loop: str) -> None:
    """The rule above finds what it forbids."""
    assert [2, 3][loop.count("\n") - 1] in value_loops(loop)


def test_loops_over_distinct_values_are_fine() -> None:
    """Once per distinct value is the way out."""
    assert [] == value_loops("def f(a):\n return [g(v) for v in a.dictionary_encode().dictionary.to_pylist()]")


def value_loops(source: str) -> list[int]:
    """The lines of loops over `to_pylist()`, directly or by a name, or with `as_py()` inside them."""
    found: list[int] = []
    for function, _ in functions(source):
        lists = {
            target.id
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and _takes_values_out(node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(function):
            over, inside = _loop(node)
            names = {part.id for given in over for part in ast.walk(given) if isinstance(part, ast.Name)}
            if lists & names or any(map(_takes_values_out, over)) or any(map(_takes_one_out, inside)):
                found.append(node.lineno)
    return found


def _takes_one_out(node: ast.AST) -> bool:
    """Whether it asks for `as_py()` of anything but the one answer of a kernel."""
    calls = (part.func for part in ast.walk(node) if isinstance(part, ast.Call))
    asked = (func.value for func in calls if isinstance(func, ast.Attribute) and func.attr == "as_py")
    return any(not ast.unparse(receiver).startswith("pc.") for receiver in asked)


def _takes_values_out(node: ast.expr) -> bool:
    return bool(VALUES_OUT.search(OVER_DISTINCT.sub("", ast.unparse(node))))


def _loop(node: ast.AST) -> tuple[list[ast.expr], list[ast.AST]]:
    """What a loop goes over and what it does there; nothing for what is no loop."""
    match node:
        case ast.For():
            return [node.iter], list(node.body)
        case ast.While():
            return [], [node.test, *node.body]
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
            return [part.iter for part in node.generators], [node.elt]
        case ast.DictComp():
            return [part.iter for part in node.generators], [node.key, node.value]
        case ast.Call(func=ast.Name(id="map")):
            return node.args[1:], node.args[:1]
        case _:
            return [], []


def _without_examples(file: Path) -> str:
    return file.read_text().partition("\nEXAMPLES")[0]


def test_the_reference_is_fresh() -> None:
    """`make docs` has been run."""
    done = subprocess.run(
        [sys.executable, "-m", "docs.generate", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert "" == done.stdout
    assert 0 == done.returncode


@pytest.mark.matrix("S21")
def test_the_lock_names_no_host() -> None:
    """The pinned requirements work with any registry and bind every file by hash."""
    lock = (ROOT / "requirements.lock").read_text()

    assert "://" not in lock
    pinned = re.findall(r"^(\S+?)==", lock, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^\S+==[^\n]*\\\n\s+--hash=sha256", lock, re.MULTILINE))


@pytest.mark.matrix("S21")
def test_every_dependency_has_a_lower_bound() -> None:
    """What was tested is what is asked for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert [] == [d for d in project["dependencies"] if ">=" not in d]
