"""The result files: one for each kind of measurement and day."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.machine import machine

RESULTS = Path(__file__).parent / "results"


def head() -> dict[str, Any]:
    """When and on what."""
    return {"date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine()}


def write(folder: Path, kind: str, result: dict[str, Any]) -> Path:
    """Store a result under its date and kind: the number of rows, `memory`, `crypto` or `field`."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{result['date']}-{kind}.json"
    file.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    return file


def read(folder: Path, date: str, kind: str) -> dict[str, Any]:
    """The result of a day; empty if there is none."""
    file = folder / f"{date}-{kind}.json"
    return json.loads(file.read_text()) if file.exists() else {}


def newest(folder: Path, kind: str) -> dict[str, Any]:
    """The last result of a kind; empty if there is none."""
    found = sorted(folder.glob(f"????-??-??-{kind}.json"))
    return json.loads(found[-1].read_text()) if found else {}


def newest_of_jobs(folder: Path) -> list[dict[str, Any]]:
    """The last result for each number of rows, the fewest rows first."""
    found = [json.loads(file.read_text()) for file in sorted(folder.glob("????-??-??-[0-9]*.json"))]
    by_rows = {result["rows"]: result for result in found}
    return [by_rows[rows] for rows in sorted(by_rows)]
