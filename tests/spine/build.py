"""Small runs of the whole pipeline, for tests."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from anonymize.engines.local import LocalEngine
from anonymize.pipeline import Job, run
from anonymize.rulefile.loading import Rules, parse_rules
from anonymize.running.report import Report


def rules_of(columns: str, rest: str = "") -> Rules:
    """Rules with these column lines (indented) and other lines."""
    return parse_rules(f"version: 1\ndataset: tests\ncolumns:\n{columns}\n{rest}", "r.yaml")


def anonymize(
    folder: Path,
    rules: Rules,
    data: bytes | Sequence[bytes],
    *,
    suffix: str = ".csv",
    to: str = "out",
    threads: int = 2,
    **options: Any,
) -> tuple[bytes, Report]:
    """The output's bytes and the report of a run over one file or several."""
    pieces = [data] if isinstance(data, bytes) else data
    inputs = []
    for i, piece in enumerate(pieces):
        path = folder / f"in{i}{suffix}"
        path.write_bytes(piece)
        inputs.append(str(path))
    output = folder / (to + suffix if "." not in to else to)
    job = Job(rules, tuple(inputs), str(output), overwrite=True, options=options)
    report = run(job, LocalEngine(threads))
    return output.read_bytes(), report
