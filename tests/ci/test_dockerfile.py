"""The image: what its file says, as far as that can be seen without building it."""

import re
import shlex
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "Dockerfile").read_text("utf-8")
LINES = [line for line in TEXT.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
STAGES = [stage.strip().splitlines() for stage in re.split(r"(?m)^(?=FROM )", "\n".join(LINES)) if stage.strip()]


def test_it_runs_as_nobody_in_particular():
    """The last user of the last stage has no rights, and is a number, which orchestrators can check."""
    users = [line.split()[1] for line in STAGES[-1] if line.startswith("USER")]
    assert ["65532:65532"] == users
    assert "USER" not in "".join(
        line.split()[0] for line in STAGES[-1][STAGES[-1].index(f"USER {users[0]}") + 1 :]
    )


def test_everything_it_copies_is_there_and_let_in():
    """Nothing else of the repository, such as data, keys or history, gets into the build."""
    copied = [name for line in STAGES[0] if line.startswith("COPY") for name in shlex.split(line)[1:-1]]
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert [] == [name for name in copied if not (ROOT / name).exists()]
    assert ("*", sorted(copied)) == (ignored[0], sorted(line[1:] for line in ignored if line.startswith("!")))


def test_what_the_wheel_needs_is_copied():
    """The files that pyproject.toml names for the build are in the first stage."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {
        *wheel["packages"],
        *wheel["force-include"],
        project["project"]["readme"],
        *project["project"]["license-files"],
    }
    assert [] == [
        name for name in needed if not re.search(rf"(?m)^COPY .*\b{re.escape(name)}\b", "\n".join(STAGES[0]))
    ]


def test_the_command_is_the_entry_point():
    """`docker run anonymize run …` is the command line; small: the last stage installs nothing."""
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert 'ENTRYPOINT ["anonymize"]' in STAGES[-1]
    assert "anonymize" in scripts
    assert [] == [line for line in STAGES[-1] if line.startswith("RUN")]
    assert all(stage[0].startswith("FROM python:3.13-slim") for stage in STAGES)
