"""The faults that `make mutate` puts into the code are faults, and it sees whether they are noticed."""

import ast
from pathlib import Path

import pytest

from tests.mutation.mutants import mutants
from tests.mutation.run import ROOT
from tests.mutation.targets import EXPLAINED, TARGETS

SOURCE = '''
"""A docstring with 1 in it."""
def f(a: int = 3) -> bool:
    if a < 2 and not a == 7:
        raise ValueError("more than 1")
    return a + 1 > 4
'''


def test_every_mutant_is_other_code() -> None:
    """Each differs from the original and from each other one, and can be compiled."""
    trees = [mutant.tree(SOURCE) for mutant in mutants("f.py", SOURCE)]
    codes = [ast.unparse(tree) for tree in trees]

    assert 10 < len(codes) == len({*codes, ast.unparse(ast.parse(SOURCE))}) - 1
    assert all(compile(tree, "f.py", "exec") for tree in trees)


def test_what_people_read_is_left_alone() -> None:
    """Docstrings, messages and annotations stay."""
    codes = [ast.unparse(mutant.tree(SOURCE)) for mutant in mutants("f.py", SOURCE)]

    assert all(
        "A docstring with 1 in it." in code and "'more than 1'" in code and "a: int" in code for code in codes
    )


@pytest.mark.parametrize("module", TARGETS)
def test_targets_are_there(module: str) -> None:
    """Modules, tests, and faults that are explained: none has moved away."""
    assert all((ROOT / path).exists() for path in (module, *TARGETS[module]))
    source = (ROOT / module).read_text()
    found = {(source.splitlines()[m.line - 1].strip(), m.change) for m in mutants(module, source)}
    assert set(EXPLAINED.get(module, ())) <= found
    assert Path(module).suffix == ".py"
