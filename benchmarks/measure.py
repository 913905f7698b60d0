"""Runs commands one after the other and notes their time and memory."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.jobs import Contender, Job, command

ROOT = Path(__file__).parent.parent
LAUNCH = ROOT / "benchmarks/launch.py"
KEY = "8f2d7a61c94be03517d8a6f4420b9ce35d7184f6ab02c3e99170d5284b6ef31a"
ENVIRONMENT = os.environ | {"ANONYMIZE_KEY": KEY}


@dataclass
class Measured:
    """The runs of one contender."""

    about: str
    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """Medians, and every run behind them."""
        return {
            "about": self.about,
            "seconds": round(median(self.seconds), 4),
            "peak_mb": round(median(self.megabytes)),
            "runs": [round(seconds, 4) for seconds in self.seconds],
        }


def timed(words: list[str]) -> tuple[float, float]:
    """Seconds and peak megabytes of a command; whoever fails ends the benchmark."""
    launch = [sys.executable, "-I", "-S", str(LAUNCH), *words]
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(launch, stdout=subprocess.PIPE, stderr=said, cwd=ROOT, env=ENVIRONMENT, check=False)
        if done.returncode:
            said.seek(0)
            raise SystemExit(f"{' '.join(words)}\n{said.read().decode(errors='replace')}")
    seconds, megabytes = map(float, done.stdout.split())
    return seconds, megabytes


def interleaved(
    job: Job, contenders: list[Contender], source: Path, folder: Path, runs: int, say: Callable[[str], None]
) -> dict[str, dict[str, Any]]:
    """All contenders once, then all again: what else the machine does hits them alike.

    Each starts without an output file and leaves none, so that no one pays for another's pages.
    """
    found = {contender.name: Measured(contender.about) for contender in contenders}
    target = folder / f"out.{job.target}"
    warm(source)
    for run in range(runs):
        for contender in contenders:
            say(f"{job.title}: run {run + 1} of {runs}, {contender.name}")
            target.unlink(missing_ok=True)
            seconds, megabytes = timed(command(contender, source, target))
            found[contender.name].seconds.append(seconds)
            found[contender.name].megabytes.append(megabytes)
    target.unlink(missing_ok=True)
    return {name: measured.summary() for name, measured in found.items()}


def warm(source: Path) -> None:
    """Read the file once, so that the first run finds it in memory like the others."""
    with source.open("rb") as file:
        while file.read(1 << 20):
            pass
