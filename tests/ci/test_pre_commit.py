"""The hooks for pre-commit: their entries, run on the files that pre-commit would give them."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
HOOKS = {hook["id"]: hook for hook in YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}


@pytest.fixture
def repository(tmp_path) -> Path:
    """Sound and broken rules, harmless and personal data."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/anonymize").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m anonymize "$@"\n')
    (tmp_path / "bin/anonymize").chmod(0o755)
    (tmp_path / "rules.yaml").write_text("version: 1\ncolumns: {id: keep}\n")
    (tmp_path / "rules wrong.yaml").write_text("version: 1\ncolumns: {id: kepe}\n")
    (tmp_path / "parts.csv").write_text("part,weight\nbolt,3\nnut,2\n")
    shutil.copy(ROOT / "sample_data/people.csv", tmp_path / "people.csv")
    return tmp_path


def perform(repository: Path, name: str, *files: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PATH": f"{repository / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*shlex.split(HOOKS[name]["entry"]), *files],
        cwd=repository, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "good", "bad", "said"),
    [
        ("anonymize-lint", "rules.yaml", "rules wrong.yaml", "no transform is called 'kepe'"),
        ("anonymize-scan", "parts.csv", "people.csv", "columns with confidence >= 0.8"),
    ],
)
def test_one_bad_file_is_enough(repository, name, good, bad, said):
    """Each file is looked at, and one that is refused fails the hook whatever comes after it."""
    assert 0 == perform(repository, name, good, good).returncode
    for files in ([bad], [bad, good], [good, bad]):
        done = perform(repository, name, *files)
        assert (True, True) == (done.returncode != 0, said in done.stderr), done.stderr


@pytest.mark.parametrize(
    ("name", "chosen", "others"),
    [
        ("anonymize-lint", ["rules.yaml", "rules/clinic.yml", "a/anonymize.yaml"], ["mkdocs.yml", "rules.md"]),
        ("anonymize-scan", ["a/b.csv", "c.jsonl.gz", "d.parquet"], ["csv.md", "e.gz", "f.parquet.gz"]),
    ],
)
def test_which_files(name, chosen, others):
    """The hook is given rule files or data files, and no others."""
    pattern = re.compile(HOOKS[name]["files"])
    assert chosen == [name for name in [*chosen, *others] if pattern.search(name)]


def test_pre_commit_accepts_them():
    """The file is of the shape that pre-commit wants."""
    checked = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert 0 == checked.returncode, checked.stdout + checked.stderr
