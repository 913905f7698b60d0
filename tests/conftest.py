"""Every test has a key to work with, unless it takes it away; in CI, properties are tried alike each time."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.key import KEY
from tests.ready import CLIENT

pytest.register_assert_rewrite(
    "tests.harness", "tests.formats.json_oracle", "tests.components.transforms.substitution"
)
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANONYMIZE_KEY", KEY)


@pytest.fixture(scope="session")
def command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the commands `anonymize` and `python`, as they would stand in PATH."""
    folder = tmp_path_factory.mktemp("bin")
    at = folder / "socket"
    for name, call in {"anonymize": f"-SEs '{CLIENT}' '{at}'", "python": ""}.items():
        script = folder / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {call} "$@"\n')
        script.chmod(0o755)
    root = Path(__file__).parent.parent
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(root), "LC_ALL": "C.UTF-8"}
    environment["JE_ARROW_MALLOC_CONF"] = "background_thread:false"  # what forks must have no threads
    arguments = [sys.executable, "-m", "tests.ready", str(at)]
    pipe = subprocess.PIPE
    with subprocess.Popen(arguments, cwd=root, env=environment, stdin=pipe, stdout=pipe) as ready:
        assert ready.stdout is not None
        assert ready.stdout.readline() == b"ready\n"
        yield folder  # when the pipe to it is closed, it ends
