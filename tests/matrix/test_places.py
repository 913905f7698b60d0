"""Where outputs may stand: never where the next run would find them among its inputs."""

import glob
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.cli import obey
from anonymize.codecs.streams.globs import matches
from anonymize.codecs.streams.remote import place
from anonymize.core.errors import UsageError
from anonymize.datasets import check_apart
from tests.faults.build import CANARY, assert_none_in, rules_file, tree

FOUND = {
    "folder": ("in", "in/safe/"),
    "file": ("in", "in/safe.csv"),
    "folder with dots": ("in/", "in/sub/../safe/"),
    "folder by a link": ("link", "in/safe/"),
    "folder, to a link": ("in", "link/safe/"),
    "this folder": (".", "out.csv"),
    "this folder, to a folder": (".", "out/"),
    "pattern": ("in/*.csv", "in/safe.csv"),
    "pattern of files below": ("in/**/*.csv", "in/safe/"),
    "pattern of folders": ("i*", "in/safe/"),
    "pattern by a link": ("link/*.csv", "in/safe.csv"),
    "pattern in dots": ("in/../in/*", "in/safe.csv"),
}
NOT_FOUND = {
    "pattern that stops above": ("in/*.csv", "in/safe/"),
    "pattern of other names": ("in/[a-r]*.csv", "in/safe.csv"),
    "a hidden folder": ("in", "in/.safe/"),
    "a folder set aside": ("in", "in/_safe/"),
    "a file alone": ("in/a.csv", "in/safe.csv"),
    "beside": ("in", "into/"),
    "hidden from patterns": ("in/*.csv", "in/.safe.csv"),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two files in a folder, and rules for them."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in" / "sub").mkdir(parents=True)
    (tmp_path / "link").symlink_to("in")
    for name in ("in/a.csv", "in/sub/b.csv"):
        (tmp_path / name).write_text(f"a,b\n1,{CANARY}\n")
    rules_file(tmp_path, "  a: keep\n  b: redact")
    return tmp_path


@pytest.mark.matrix("W17")
@pytest.mark.parametrize("how", FOUND)
@pytest.mark.parametrize("option", ["-o", "--rejects"])
def test_no_output_where_the_next_run_reads(
    folder: Path, how: str, option: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Refused before anything is read, `--overwrite` or not."""
    source, to = FOUND[how]
    if option == "--rejects":
        to = to.rstrip("/").removesuffix(".csv") + ".csv"
    output = ["-o", to] if option == "-o" else ["-o", "../out/", option, to]
    before = tree(folder)

    assert UsageError.exit_code == obey(["run", source, "-r", "rules.yaml", *output, "--overwrite", "--quiet"])
    said = capfd.readouterr().err
    assert "the output would be read as input by the next run" in said
    assert_none_in(said)
    assert before == tree(folder)
    assert {"in", "link", "rules.yaml"} == {path.name for path in folder.iterdir()}


@pytest.mark.matrix("W17")
@pytest.mark.parametrize("how", NOT_FOUND)
def test_the_second_run_reads_what_the_first_read(folder: Path, how: str) -> None:
    """Where the input cannot find the output, it may stand there."""
    source, to = NOT_FOUND[how]
    seen = []
    for _ in range(2):
        assert 0 == obey(["run", source, "-r", "rules.yaml", "-o", to, "--overwrite", "--quiet"])
        seen.append(tree(folder))

    assert seen[0] == seen[1]
    assert 3 < len(seen[0])


@pytest.mark.matrix("W17")
@pytest.mark.parametrize(
    ("source", "to", "is_found"),
    [
        ("s3://b/in/", "s3://b/in/safe/x.csv", True),
        ("s3://b/in", "s3://b/in/x.csv", True),
        ("s3://b/in/*.csv", "s3://b/in/x.csv", True),
        ("s3://b/in/*.csv", "s3://b/in/safe/x.csv", False),
        ("s3://b/in/", "s3://b/in/_safe/x.csv", False),
        ("s3://b/in/", "s3://c/in/x.csv", False),
        ("s3://b/in/", "in/x.csv", False),
        ("in", "s3://b/in/x.csv", False),
    ],
)
def test_object_stores_are_folders_too(source: str, to: str, is_found: bool) -> None:
    """Told by their names: nobody is asked."""
    try:
        check_apart([source], place(to))
    except UsageError:
        assert is_found
    else:
        assert not is_found


PARTS = ["a", "b.csv", ".h", "ab", "_u"]
PATTERNS = ["*", "**", "a", "*.csv", ".*", "a*", "[ab]*", "?", "b.csv"]


@given(
    st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=3),
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=3),
)
def test_patterns_match_as_glob_does(pattern: list[str], parts: list[str]) -> None:
    """Python's own `glob` finds a file exactly if the pattern matches its name."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, *parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        found = glob.glob("/".join(pattern), root_dir=name, recursive=True)  # noqa: PTH207

        assert ("/".join(parts) in found) == matches(pattern, parts)
