"""The generated files, kept between runs in a folder outside the repository."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.measure import ROOT

SUFFIXES = ("csv", "jsonl", "parquet")


def people(folder: Path, rows: int) -> dict[str, Path]:
    """The reference table of so many rows in each format. A change of the generator makes new files."""
    edition = hashlib.sha256((ROOT / "benchmarks/people.py").read_bytes()).hexdigest()[:8]
    files = {suffix: folder / f"people-{rows}-{edition}.{suffix}" for suffix in SUFFIXES}
    if not all(file.exists() for file in files.values()):
        folder.mkdir(parents=True, exist_ok=True)
        drafts = {file: file.with_name(f"draft-{os.getpid()}-{file.name}") for file in files.values()}
        words = [sys.executable, "-m", "benchmarks.people", str(rows), *map(str, drafts.values())]
        subprocess.run(words, cwd=ROOT, check=True)
        for file, draft in drafts.items():
            draft.replace(file)
    return files
