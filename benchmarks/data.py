"""The generated files, kept between runs in a folder outside the repository."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import ROOT

SUFFIXES = ("csv", "jsonl", "parquet")
ROW = 700  # bytes of a row in the three formats together
DATA = Path(tempfile.gettempdir()) / "anonymize-bench"


def people(folder: Path, rows: int) -> dict[str, Path]:
    """The reference table of so many rows in each format. A change of the generator makes new files."""
    edition = hashlib.sha256((ROOT / "benchmarks/people.py").read_bytes()).hexdigest()[:8]
    files = {suffix: folder / f"people-{rows}-{edition}.{suffix}" for suffix in SUFFIXES}
    if not all(file.exists() for file in files.values()):
        folder.mkdir(parents=True, exist_ok=True)
        require_room(folder, rows * 2 * ROW)  # the longest result is about as long as all three files
        drafts = {file: file.with_name(f"draft-{os.getpid()}-{file.name}") for file in files.values()}
        words = [sys.executable, "-m", "benchmarks.people", str(rows), *map(str, drafts.values())]
        subprocess.run(words, cwd=ROOT, check=True)
        for file, draft in drafts.items():
            draft.replace(file)
    return files


def repeated(folder: Path, part: Path, times: int) -> Path:
    """A CSV file with the rows of another several times. Whoever asks for it deletes it."""
    file = folder / f"repeated-{os.getpid()}-{times}.csv"
    require_room(folder, 2 * times * part.stat().st_size)
    with file.open("wb") as out:
        for number in range(times):
            with part.open("rb") as given:
                header = given.readline()
                out.write(header if number == 0 else b"")
                shutil.copyfileobj(given, out, 1 << 20)
    return file


def require_room(folder: Path, size: int) -> None:
    """Ends the program if so many bytes, and a fifth more, do not fit."""
    free = shutil.disk_usage(folder).free
    if free < 1.2 * size:
        raise SystemExit(f"{folder} has {free / 1e9:.1f} GB left; {1.2 * size / 1e9:.1f} GB are needed")
