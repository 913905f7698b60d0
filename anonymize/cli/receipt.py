"""The receipt of `anonymize run`: where it goes and who signs it."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from anonymize.core.errors import UsageError, Where

if TYPE_CHECKING:
    from anonymize.pipeline import Job

ReceiptFile: TypeAlias = Annotated[
    Path | None, typer.Option("--receipt", metavar="FILE", help="Write a signed receipt, for `verify`.")
]
SigningKey: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--signing-key",
        metavar="REFERENCE",
        help="Who signs: as file:PATH. Else `receipt:` of the rules' keys, or env:ANONYMIZE_SIGNING_KEY.",
    ),
]

DEFAULT = "env:ANONYMIZE_SIGNING_KEY"


def with_receipt(job: "Job", path: Path, signing_key: str | None, report: Path | None) -> "Job":
    """The job, with a receipt. Raises UsageError or SecretError before anything is read."""
    from anonymize.running.output import check_target
    from anonymize.running.receipts import KEY, SignedReceipt, Signing

    if job.output is None:
        raise UsageError("a receipt is about an output", hint="leave --dry-run out, or --receipt")
    others = [str(name) for name in (*job.inputs, job.output, job.rejects, report) if name not in (None, "-")]
    if path.resolve() in [Path(other).resolve() for other in others]:
        raise UsageError("the receipt would replace another file of this run", where=Where(str(path)))
    check_target(path, [], job.overwrite)
    reference = signing_key or job.rules.file.keys.get(KEY, DEFAULT)
    return replace(job, receipt=SignedReceipt(path, Signing.of(reference), job.overwrite))
