"""Benchmark files are made whole, and only where they fit."""

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from benchmarks.data import repeated, require_room

Usage = namedtuple("Usage", "total used free")


def test_a_repeated_file_has_one_header(tmp_path: Path) -> None:
    """The rows come again, the names of the columns do not."""
    part = tmp_path / "part.csv"
    part.write_bytes(b'a,b\n1,"x\ny"\n2,z\n')

    assert b"a,b\n" + 3 * b'1,"x\ny"\n2,z\n' == repeated(tmp_path, part, 3).read_bytes()


def test_a_full_disk_is_noticed_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a fifth to spare."""
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10**9, 0, 120))
    require_room(tmp_path, 100)

    with pytest.raises(SystemExit, match="GB left"):
        require_room(tmp_path, 101)
