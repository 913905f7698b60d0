"""One run of the command in this process: a file, rules, and everything that must be true afterwards."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from anonymize.cli import obey
from tests.faults.build import assert_none_in, rules_file, tree

KEEP = '  "*": keep'


@dataclass(frozen=True)
class Scene:
    """A case of one row of the matrix."""

    row: str
    name: str
    raw: bytes
    code: int = 0
    says: str = ""
    """A pattern in what is said on stderr."""
    output: bytes | None = None
    """The whole output; None: that of a run without an error is the input, byte for byte."""
    args: str = ""
    rules: str = KEEP
    rest: str = ""
    suffix: str = ".csv"
    to: str = ""
    more: dict[str, bytes] = field(default_factory=dict)
    """Other files in the folder."""


def play(scene: Scene, folder: Path, patch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """Run it. Afterwards there is the output and nothing else new, and no canary in what was said."""
    patch.chdir(folder)
    (folder / f"in{scene.suffix}").write_bytes(scene.raw)
    for name, raw in scene.more.items():
        (folder / name).write_bytes(raw)
    rules_file(folder, scene.rules, scene.rest)
    before = tree(folder)
    to = scene.to or f"out{scene.suffix}"
    code = obey(["run", f"in{scene.suffix}", "-r", "rules.yaml", "-o", to, *shlex.split(scene.args)])
    printed = capfd.readouterr()
    after = tree(folder)

    assert scene.code == code, printed.err
    assert "" == printed.out
    assert re.search(scene.says, printed.err), printed.err
    assert_none_in(printed.err)
    if code:
        assert before == after
    else:
        assert {**before, to: scene.raw if scene.output is None else scene.output} == after


def marked(scenes: Sequence[Scene]) -> Any:
    """The scenes as parameters, each with its row."""
    return [pytest.param(scene, id=scene.name, marks=pytest.mark.matrix(scene.row)) for scene in scenes]
