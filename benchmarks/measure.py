"""Runs commands one after the other and notes their time and memory."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import IO, Any, NamedTuple

from benchmarks.jobs import Contender, Job, command

ROOT = Path(__file__).parent.parent
PEERS = ROOT / ".venv-peers/bin/python"
"""The Python with the packages of requirements-peers.txt, if somebody made it."""
LAUNCH = ROOT / "benchmarks/launch.py"
KEY = "8f2d7a61c94be03517d8a6f4420b9ce35d7184f6ab02c3e99170d5284b6ef31a"
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""With it a checkout would be compiled anew in each run, which no installed program is."""
ENVIRONMENT |= {"ANONYMIZE_KEY": KEY}


@dataclass
class Measured:
    """The runs of one contender."""

    about: str
    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """Medians, and every run behind them."""
        found = {
            "about": self.about,
            "seconds": round(median(self.seconds), 4),
            "peak_mb": round(median(self.megabytes)),
            "runs": [round(seconds, 4) for seconds in self.seconds],
        }
        return found | ({"processor": round(median(self.processor), 4)} if self.processor else {})

    def add(self, cost: "Cost") -> None:
        """One more run, with what the processors did."""
        self.seconds.append(cost.seconds)
        self.megabytes.append(cost.megabytes)
        self.processor.append(cost.processor)


class Cost(NamedTuple):
    """What a command took."""

    seconds: float
    megabytes: float
    processor: float
    """Seconds of all cores together, in the program and in the system for it."""


def timed(words: list[str], limit: float | None = None) -> Cost:
    """Run a command; whoever fails ends the benchmark. Raises subprocess.TimeoutExpired after so many seconds."""
    launch = [sys.executable, "-I", "-S", str(LAUNCH), *words]
    with tempfile.TemporaryFile() as said:
        done = _run(launch, said, limit)
        if done.returncode:
            said.seek(0)
            raise SystemExit(f"{' '.join(words)}\n{said.read().decode(errors='replace')}")
    return Cost(*map(float, done.stdout.split()))


def _run(launch: list[str], said: IO[bytes], limit: float | None) -> subprocess.CompletedProcess[bytes]:
    """In a session of its own, so that nothing that it started is left when its time is over."""
    own = {"stdout": subprocess.PIPE, "stderr": said, "cwd": ROOT, "env": ENVIRONMENT, "start_new_session": True}
    with subprocess.Popen(launch, **own) as running:  # type: ignore[call-overload]
        try:
            out, _ = running.communicate(timeout=limit)
        except BaseException:
            os.killpg(running.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(launch, running.returncode, out)


def interleaved(
    job: Job,
    contenders: list[Contender],
    source: Path,
    folder: Path,
    runs: int,
    say: Callable[[str], None],
    pythons: Mapping[str, str] | None = None,
) -> dict[str, dict[str, Any]]:
    """All contenders once, then all again: what else the machine does hits them alike.

    Each starts without an output file and leaves none, so that no one pays for another's pages.
    `pythons` says whose Python is not this one.
    """
    found = {contender.name: Measured(contender.about) for contender in contenders}
    target = folder / f"out.{job.target}"
    warm(source)
    for run in range(runs):
        for contender in contenders:
            say(f"{job.title}: run {run + 1} of {runs}, {contender.name}")
            target.unlink(missing_ok=True)
            python = (pythons or {}).get(contender.name, sys.executable)
            cost = timed(command(contender, source, target, python))
            found[contender.name].seconds.append(cost.seconds)
            found[contender.name].megabytes.append(cost.megabytes)
    target.unlink(missing_ok=True)
    return {name: measured.summary() for name, measured in found.items()}


def warm(source: Path) -> None:
    """Read the file once, so that the first run finds it in memory like the others."""
    with source.open("rb") as file:
        while file.read(1 << 20):
            pass


def trouble(python: Path, package: str) -> str | None:
    """Why a Python cannot use a package, if it cannot."""
    if not python.exists():
        return f"no {python.name} with `benchmarks/requirements-peers.txt`"
    done = subprocess.run([python, "-c", f"import {package}"], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    last = done.stderr.strip().splitlines()[-1:] or ["no message"]
    return f"cannot be imported ({last[0]})"


def installed_in(python: Path, names: Iterable[str]) -> dict[str, str]:
    """The versions of packages that another Python has."""
    if not python.exists():
        return {}
    ask = "import json, sys; from importlib.metadata import distributions as d\n"
    ask += "print(json.dumps({x.metadata['Name'].lower().replace('_', '-'): x.version for x in d()}))"
    done = subprocess.run([python, "-c", ask], stdout=subprocess.PIPE, check=True)
    found = json.loads(done.stdout)
    return {name: found[name] for name in names if name in found}
