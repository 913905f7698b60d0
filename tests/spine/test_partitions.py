"""Partitioned folders: what stands in folder names is data too."""

from pathlib import Path

import pytest

from anonymize.core.errors import DataError, UsageError
from anonymize.engines.local import LocalEngine
from anonymize.pipeline import Job, run
from tests.spine.build import rules_of


@pytest.fixture
def folder(tmp_path: Path) -> str:
    for country, rows in {"CN": b'x\n"1"\n', "US": b"x\n2\n"}.items():
        path = tmp_path / "in" / f"country={country}" / "part.csv"
        path.parent.mkdir(parents=True)
        path.write_bytes(rows)
    return str(tmp_path / "in")


def test_folder_names_are_columns(folder: str, tmp_path: Path) -> None:
    """They need a rule like any other column."""
    with pytest.raises(DataError, match="no rule covers the column 'country'"):
        run(Job(rules_of("  x: keep"), (folder,), str(tmp_path / "out")), LocalEngine())


def test_to_one_file(folder: str, tmp_path: Path) -> None:
    """The column is written into the file, as the rules say."""
    run(Job(rules_of("  x: keep\n  country: mask"), (folder,), str(tmp_path / "out.csv")), LocalEngine())

    assert b"x,country\n1,**\n2,**\n" == (tmp_path / "out.csv").read_bytes().replace(b'"', b"")


def test_to_a_folder_of_the_same_names(folder: str, tmp_path: Path) -> None:
    """A column that is kept stays in the names, and the files keep their bytes."""
    run(Job(rules_of("  '*': keep"), (folder,), str(tmp_path / "out")), LocalEngine())

    assert b'x\n"1"\n' == (tmp_path / "out" / "country=CN" / "part.csv").read_bytes()


@pytest.mark.parametrize("step", ["redact", "drop"])
def test_names_do_not_keep_what_the_rules_change(folder: str, tmp_path: Path, step: str) -> None:
    """A masked column must not live on in a folder's name."""
    with pytest.raises(UsageError, match="the folders' names hold 'country'"):
        run(Job(rules_of(f"  x: keep\n  country: {step}"), (folder,), str(tmp_path / "out")), LocalEngine())
    assert not (tmp_path / "out").exists()


def test_an_aggregation_gives_one_table(folder: str, tmp_path: Path) -> None:
    """It cannot be spread over the folders again."""
    rules = rules_of("  '*': keep", "rows: ['aggregate(by=[country], measures={n: count}, min_group=1)']")
    with pytest.raises(UsageError, match="one table"):
        run(Job(rules, (folder,), str(tmp_path / "out")), LocalEngine())
    run(Job(rules, (folder,), str(tmp_path / "out.csv")), LocalEngine())

    assert b"country,n\nCN,1\nUS,1\n" == (tmp_path / "out.csv").read_bytes()
