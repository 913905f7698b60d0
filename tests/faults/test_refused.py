"""Values that a step refuses: they go nowhere, whatever the step gives back."""

import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from anonymize.core.errors import DataError
from anonymize.engines.local import LocalEngine
from anonymize.pipeline import Job, run
from tests.faults.build import CANARY, assert_silent
from tests.spine.build import rules_of


@pytest.mark.matrix("S3")
@pytest.mark.parametrize(
    ("on_error", "expected"),
    [('"null"', b",x\n"), ("redact", b"[REDACTED],x\n"), ("drop_row", b""), ("fail", None)],
)
def test_a_step_that_gives_back_what_it_refuses(
    tmp_path: Path, on_error: str, expected: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The original goes nowhere, even if the step itself returns it."""

    def refuses(_: Any, values: pa.Array, context: Any) -> pa.Array:
        context.reject(pa.array([True] * len(values)), "not wanted")
        return values

    monkeypatch.setattr("anonymize.transforms.masking.mask.Mask.apply", refuses)
    (tmp_path / "in.csv").write_bytes(f"a,b\n{CANARY},x\n".encode())
    rules = rules_of(f"  a: {{steps: [mask], on_error: {on_error}}}\n  b: keep")
    job = Job(rules, (str(tmp_path / "in.csv"),), str(tmp_path / "out.csv"))
    if expected is None:
        with pytest.raises(DataError, match="column 'a', row 1: mask: not wanted") as caught:
            run(job, LocalEngine(1))
        assert_silent(caught.value)
        assert ["in.csv"] == os.listdir(tmp_path)
    else:
        run(job, LocalEngine(1))
        assert b"a,b\n" + expected == (tmp_path / "out.csv").read_bytes()
