"""The GitHub Action: its steps, run as GitHub runs them."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.key import KEY

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github/actions/anonymize"
ACTION = YAML(typ="safe").load((FOLDER / "action.yml").read_text("utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
RULES = 'version: 1\ndataset: cases\ncolumns: {id: pseudonymize, "*": keep}\n'


@pytest.fixture
def workspace(tmp_path) -> Path:
    """A checked-out repository, and the command where the first step would have installed it."""
    command = tmp_path / "temp/anonymize/bin/anonymize"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m anonymize "$@"\n')
    command.chmod(0o755)
    (tmp_path / "rules.yaml").write_text(RULES)
    (tmp_path / "people.csv").write_text("id,city\n1,Graz\n")
    return tmp_path


def perform(workspace: Path, **given: str) -> "tuple[list[int], str]":
    """The exit codes of the steps after the first, up to one that fails, and what they say."""
    inputs = {name: given.get(name, spec.get("default", "")) for name, spec in ACTION["inputs"].items()}
    codes, said = [], ""
    for step in list(STEPS.values())[1:]:
        if step.get("if") == "${{ inputs.input != '' }}" and not inputs["input"]:
            continue
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=workspace, env=environment(workspace, step, inputs), capture_output=True, text=True, check=False,
        )  # fmt: skip
        codes.append(done.returncode)
        said += done.stdout + done.stderr
        if done.returncode:
            break
    return codes, said


def environment(workspace: Path, step: dict[str, Any], inputs: dict[str, str]) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if name != "ANONYMIZE_KEY"}
    own = {"RUNNER_TEMP": str(workspace / "temp"), "GITHUB_STEP_SUMMARY": str(workspace / "page.md")}
    said = {
        name: inputs[text.removeprefix("${{ inputs.").removesuffix(" }}")] for name, text in step["env"].items()
    }
    return {**plain, **own, "PYTHONPATH": str(ROOT), **said}


def test_a_release(workspace):
    """Output, report, page of the step and JUnit XML are there, and the key is nowhere."""
    given = {"rules": "rules.yaml", "input": "people.csv", "output": "safe.csv", "key": KEY}
    codes, said = perform(workspace, **given, junit="results", report="report.md")
    assert [0, 0, 0] == codes, said
    names = ("safe.csv", "report.md", "page.md", "results/tests.xml", "results/run.xml")
    written = {name: (workspace / name).read_text() for name in names}
    assert KEY not in said + "".join(written.values())
    assert "# Anonymization report" in written["page.md"]


def test_a_pull_request(workspace):
    """Without an output everything is measured, and nothing is written but the page of the step."""
    before = set(workspace.rglob("*"))
    codes, said = perform(workspace, rules="rules.yaml", input="people.csv", key=KEY)
    assert ([0, 0, 0], {"page.md"}) == (codes, {path.name for path in set(workspace.rglob("*")) - before}), said


def test_a_new_column(workspace):
    """Stops at the first step, with an annotation at the rule file."""
    (workspace / "people.csv").write_text("id,city,iban\n1,Graz,x\n")
    (workspace / "rules.yaml").write_text(RULES.replace('"*"', "city"))
    codes, said = perform(workspace, rules="rules.yaml", input="people.csv", key=KEY)
    assert ([3], True) == (codes, "::error file=rules.yaml," in said and "`iban: redact`" in said)


def test_rules_alone(workspace):
    """Without data, the rules are checked and their tests proven."""
    codes, said = perform(workspace, rules="rules.yaml")
    assert [0, 0] == codes, said


def test_names_that_look_like_shell(workspace):
    """Inputs are names, whatever characters they have: nothing of them is run."""
    evil = "$(touch pwned);`touch pwned` x.csv"
    (workspace / evil).write_text("id,city\n1,Graz\n")
    codes, said = perform(workspace, rules="rules.yaml", input=evil, output="out file.csv", key=KEY)
    assert ([0, 0, 0], False) == (codes, (workspace / "pwned").exists()), said


def test_no_input_stands_in_a_script():
    """What GitHub would paste into a script could be a command; all goes through the environment."""
    assert [] == [name for name, step in STEPS.items() if "${{" in step["run"]]
    assert {"composite"} == {ACTION["runs"]["using"]}


def test_it_installs_itself():
    """The first step installs the repository that the action stands in, so that its version is the action's."""
    install = STEPS["Install"]
    assert "${{ github.action_path }}/../../.." == install["env"]["SOURCE"]
    assert (FOLDER / "../../..").resolve() == ROOT
    assert 0 == subprocess.run(["bash", "-n", "-c", install["run"]], check=False).returncode
