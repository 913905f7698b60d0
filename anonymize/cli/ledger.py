"""`run --ledger`: a release beside the earlier ones."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from anonymize.core.errors import DataError, UsageError, Where

if TYPE_CHECKING:
    from anonymize.datasets import Dataset
    from anonymize.pipeline import Job
    from anonymize.planning.plan import Plan
    from anonymize.running.report import Report

Adjust: TypeAlias = "Callable[[Plan, Dataset], Plan]"
Record: TypeAlias = "Callable[[Report], None]"


@contextlib.contextmanager
def ledger_of(path: Path | None, adjust: Adjust, job: "Job") -> Iterator[tuple[Adjust, Record]]:
    """What changes the plan, and what notes the release when it is out."""
    if path is None:
        yield adjust, lambda _: None
        return
    from anonymize.releases.ledger import Ledger
    from anonymize.running.output import check_target

    if path.resolve() in [Path(name).resolve() for name in (*job.inputs, job.output or "-") if name != "-"]:
        raise UsageError("the ledger would replace another file of this run", where=Where(str(path)))
    check_target(path, [], overwrite=True)
    ledger = Ledger.open(path)

    def record(report: "Report") -> None:
        if job.output is None:
            return
        try:
            ledger.record(report)
        except DataError as error:
            hint = "the release is out and not noted: take it back, or put this right and release it again"
            raise DataError(error.problems[0].message, hint=hint, where=Where(str(path))) from None

    yield lambda plan, dataset: ledger.adjust(adjust(plan, dataset), dataset), record
