"""Breaks the code in small ways, one at a time, and tells which faults the tests do not notice.

usage: python -m tests.mutation.run [--most N] [--seconds N] [MODULE …]

Each mutant runs in a process of its own, forked from one that has the libraries loaded, so that it costs the tests
and not the start. `--most` takes that many mutants of each module, evenly spread and the same each time.
"""

import argparse
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import signal
import sys
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from tests.mutation.mutants import Mutant, mutants
from tests.mutation.targets import TARGETS, reason

ROOT = Path(__file__).parents[2]
LIBRARIES = (
    "pytest",
    "hypothesis",
    "numpy",
    "pyarrow.compute",
    "pyarrow.parquet",
    "pydantic",
    "cryptography.fernet",
)
PATIENCE = (10.0, 4.0)
"""A mutant that hangs counts as noticed after so many seconds and so many times what its tests take."""


class Broken(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module with its fault."""

    def __init__(self, mutant: Mutant) -> None:
        self.name = mutant.module.removesuffix(".py").replace("/", ".")
        self.mutant = mutant

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, ROOT / self.mutant.module, loader=self)

    def exec_module(self, module: Any) -> None:
        path = ROOT / self.mutant.module
        code = compile(self.mutant.tree(path.read_text()), str(path), "exec", dont_inherit=True)
        exec(code, module.__dict__)  # noqa: S102


def is_noticed(mutant: Mutant | None, tests: Sequence[str], longest: float) -> bool:
    """Whether a test fails, or none ends in time. Without a mutant: whether the tests fail as they are."""
    child = os.fork()
    if not child:
        _try(mutant, tests)
    return _ended(child, longest) != 0


def _try(mutant: Mutant | None, tests: Sequence[str]) -> None:
    import pytest

    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    os.setsid()
    sys.setrecursionlimit(10_000)
    if mutant is not None:
        sys.meta_path.insert(0, Broken(mutant))
    code = 1
    try:
        code = int(pytest.main(["-x", "-q", "-m", "not slow", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]))
    finally:
        os._exit(code)


def _ended(child: int, longest: float) -> int:
    """Its exit code; that of a failure if it had to be stopped."""
    limit = time.monotonic() + longest
    while time.monotonic() < limit:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return 1


def spread(found: Sequence[Mutant], most: int | None) -> Sequence[Mutant]:
    """At most so many, evenly."""
    if most is None or len(found) <= most:
        return found
    return [found[i * len(found) // most] for i in range(most)]


def survivors(module: str, most: int | None, until: float, again: Collection[str] | None = None) -> dict[str, Any]:
    """How many mutants of a module were tried, and which nobody noticed."""
    tests = TARGETS[module]
    begun = time.monotonic()
    if is_noticed(None, tests, 600):
        raise SystemExit(f"{module}: its tests fail as it is, or there are none: {' '.join(tests)}")
    longest = PATIENCE[0] + PATIENCE[1] * (time.monotonic() - begun)
    every = list(mutants(module, (ROOT / module).read_text()))
    tried, alive = 0, list[Mutant]()
    chosen = spread(every, most) if again is None else [mutant for mutant in every if mutant.name in again]
    for mutant in chosen:
        if time.monotonic() > until:
            break
        tried += 1
        if not is_noticed(mutant, tests, longest):
            alive.append(mutant)
            print(f"  survived: {mutant.name}", flush=True)
    lines = (ROOT / module).read_text().splitlines()
    explained = [mutant.name for mutant in alive if reason(mutant, lines) is not None]
    return {
        "mutants": len(every),
        "tried": tried,
        "survived": len(alive),
        "explained": len(explained),
        "names": [mutant.name for mutant in alive],
    }


def main() -> int:
    """Try all modules; as many as are not explained."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("modules", nargs="*", default=list(TARGETS))
    parser.add_argument("--most", type=int)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--again", type=Path, help="only what survived in these results")
    given = parser.parse_args()
    os.chdir(ROOT)
    os.environ["CI"] = "1"  # properties are tried alike each time
    for library in LIBRARIES:
        __import__(library)
    until = time.monotonic() + given.seconds
    again = None
    if given.again is not None:
        before = json.loads(given.again.read_text())
        again = {name for found in before.values() for name in found["names"]}
        given.modules = [module for module, found in before.items() if found["names"]]
    results = {}
    for index, module in enumerate(given.modules):  # what one leaves of its share is for those after it
        share = (until - time.monotonic()) / (len(given.modules) - index)
        found = results[module] = survivors(module, given.most, time.monotonic() + share, again)
        print(
            f"{module}: {found['survived']} of {found['tried']} survived, {found['explained']} explained"
            f" ({found['mutants']} mutants in all)",
            flush=True,
        )
    Path(os.environ.get("MUTATION_RESULTS", os.devnull)).write_text(json.dumps(results, indent=2) + "\n")
    tried, left, excused = (sum(r[key] for r in results.values()) for key in ("tried", "survived", "explained"))
    print(f"{left} of {tried} survived ({left / max(tried, 1):.1%}), {excused} of them explained")
    return int(left - excused > 0.1 * tried)


if __name__ == "__main__":
    sys.exit(main())
