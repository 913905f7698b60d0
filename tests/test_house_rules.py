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

# A loop over `to_pylist()` is allowed where it runs once per distinct value or over something small and bounded.
VALUE_LOOPS = re.compile(r"\.to_pylist\(\)")


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
    """No ambient state: only the `env` key store and the command line read the environment."""
    allowed = {"anonymize/keystores/env.py"}
    readers = [name_of(f) for f in PACKAGE if re.search(r"os\.environ|getenv", f.read_text())]

    assert [] == [name for name in readers if name not in allowed and not name.startswith("anonymize/cli/")]


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
    found = [name_of(f) for f in PACKAGE if "transforms" in f.parts and VALUE_LOOPS.search(_without_examples(f))]

    assert [] == found


def _without_examples(file: Path) -> str:
    return file.read_text().partition("\nEXAMPLES")[0]


def test_the_reference_is_fresh() -> None:
    """`make docs` has been run."""
    done = subprocess.run(
        [sys.executable, "-m", "docs.generate", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert "" == done.stdout
    assert 0 == done.returncode


def test_the_lock_names_no_host() -> None:
    """The pinned requirements work with any registry and bind every file by hash."""
    lock = (ROOT / "requirements.lock").read_text()

    assert "http" not in lock
    pinned = re.findall(r"^(\S+?)==", lock, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^\S+==[^\n]*\\\n\s+--hash=sha256", lock, re.MULTILINE))


def test_every_dependency_has_a_lower_bound() -> None:
    """What was tested is what is asked for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert [] == [d for d in project["dependencies"] if ">=" not in d]
