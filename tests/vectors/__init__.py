"""Published test vectors. Each file names its source and its licence."""

import json
from pathlib import Path
from typing import Any


def vectors(name: str) -> list[dict[str, Any]]:
    """The tests of a file in this folder."""
    tests: list[dict[str, Any]] = json.loads((Path(__file__).parent / f"{name}.json").read_text())["tests"]
    return tests


def ids(test: dict[str, Any]) -> str:
    return str(test.get("tcId", test.get("id")))
