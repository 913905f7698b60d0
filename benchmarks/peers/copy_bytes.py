"""A copy of the bytes, through the process."""

import shutil

from benchmarks.peers.job import paths

source, target = paths()
with source.open("rb") as given, target.open("wb") as out:
    shutil.copyfileobj(given, out, 1 << 20)
