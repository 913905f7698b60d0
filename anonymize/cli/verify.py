"""`anonymize verify`: prove what a release is."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from anonymize.cli import options
from anonymize.cli.answer import PLAIN, Answer, Manner
from anonymize.cli.progress import progress
from anonymize.core.errors import UsageError

if TYPE_CHECKING:
    from anonymize.core.protection import FindKeys
    from anonymize.datasets import Dataset
    from anonymize.kernels.crypto.signing import PublicKey
    from anonymize.releases.verifying import Evidence, Verification
    from anonymize.running.receipts import Signing, Statement

EPILOG = options.examples(
    "verify people.csv safe.csv -r rules.yaml",
    "verify safe.csv --receipt receipt.json --public-key receipt.pub",
    "verify people.csv safe.csv -r rules.yaml --receipt receipt.json --signing-key file:receipt.key",
)

ALL = "all"
ROWS = 1000

Files: TypeAlias = Annotated[
    list[str],
    typer.Argument(
        metavar="[ORIGINAL] RELEASE", help="What the release was made of, and the release. Globs in quotes."
    ),
]
ReceiptFile: TypeAlias = Annotated[
    Path | None, typer.Option("--receipt", metavar="FILE", help="What `run --receipt` wrote.")
]
PublicKeyFile: TypeAlias = Annotated[
    Path | None, typer.Option("--public-key", metavar="FILE", help="PEM: whose signature the receipt must bear.")
]
SigningKey: TypeAlias = Annotated[
    str | None,
    typer.Option("--signing-key", metavar="REFERENCE", help="Instead, the key itself: tells the original too."),
]
Sample: TypeAlias = Annotated[
    str, typer.Option("--sample", metavar="N|all", help="Rows of each block to mask again.", show_default=True)
]


def command(
    files: Files,
    rules: options.OptionalRules = None,
    receipt: ReceiptFile = None,
    public_key: PublicKeyFile = None,
    signing_key: SigningKey = None,
    sample: Sample = str(ROWS),
    override: options.Set = None,
    threads: options.Threads = None,
    input_format: options.InputFormat = None,
    text: options.Text = options.NOTHING_SAID,
    manner: Manner = PLAIN,
) -> Answer:
    """Prove that a release is what its receipt says, and what the rules make of the original.

    With the receipt alone, nothing secret is needed: it proves who signed, that the release is what was written,
    and that untouched columns are as they were. With the original and the rules, rows are masked again.
    """
    _refuse(files, rules, receipt, public_key, signing_key)
    from anonymize.engines.local import LocalEngine, processors
    from anonymize.releases.verifying import verify

    evidence = _evidence(files, rules, receipt, public_key, signing_key, override, input_format, text)
    rows = _rows(sample)
    with progress(manner, doing="comparing"):
        found = verify(evidence, LocalEngine(threads or processors()), rows)
    data = {"proved": found.failure() is None, "claims": [asdict(claim) for claim in found.claims]}
    return Answer("verify", data, result=lambda: _page(found), error=found.failure())


def _refuse(
    files: list[str], rules: str | None, receipt: Path | None, public: Path | None, own: str | None
) -> None:
    """Raises UsageError for what cannot prove anything."""
    if len(files) > 2:
        hint = "name a folder, or a glob in quotes, for several files"
        raise UsageError("name the original and the release", hint=hint)
    if len(files) == 1 and receipt is None:
        raise UsageError("prove it by what? name the original too, or --receipt FILE")
    if len(files) == 2 and rules is None:
        raise UsageError("by which rules? say -r RULES")
    if receipt is None and (public or own):
        raise UsageError("a key tells who signed a receipt", hint="name it: --receipt FILE")
    if public is not None and own is not None:
        raise UsageError("--public-key and --signing-key exclude each other")


def _rows(sample: str) -> int | None:
    """`1000` or `all`."""
    if sample == ALL:
        return None
    if not sample.isdecimal() or not int(sample):
        raise UsageError("--sample is neither a number of rows nor all")
    return int(sample)


def _evidence(
    files: list[str],
    rules: str | None,
    receipt: Path | None,
    public_key: Path | None,
    signing_key: str | None,
    override: list[str] | None,
    input_format: str | None,
    text: options.Text,
) -> "Evidence":
    from anonymize.core.protection import NO_KEYS
    from anonymize.datasets import open_dataset
    from anonymize.releases.verifying import Evidence
    from anonymize.rulefile.loading import load_rules
    from anonymize.running.protection import finder
    from anonymize.running.receipts import Signing

    loaded = load_rules(rules, override or ()) if rules is not None else None
    signing = Signing.of(signing_key) if signing_key is not None else None
    key = _public_key(public_key, signing)
    told = _statement(receipt, key)
    keys = finder(loaded.file) if loaded is not None else NO_KEYS.keys
    is_tolerant = told is not None and told.predicate.rows.rejected > 0
    *before, after = files
    original = open_dataset(before, input_format, text, is_tolerant, keys=keys) if before else None
    return Evidence(_release(after, text, keys), told, key is not None, original, loaded, signing)


def _release(name: str, text: options.Text, keys: "FindKeys") -> "Dataset":
    """The release, in the format that its suffix says. Options for text are those of the original, as far as its
    own format knows them."""
    from anonymize.datasets import open_dataset

    return open_dataset([name], None, text, keys=keys)


def _public_key(path: Path | None, signing: "Signing | None") -> "PublicKey | None":
    from anonymize.kernels.crypto.signing import read_public_key
    from anonymize.running.receipts import read_bytes

    if signing is not None:
        return signing.signer.public
    return None if path is None else read_public_key(read_bytes(path))


def _statement(path: Path | None, key: "PublicKey | None") -> "Statement | None":
    from anonymize.running.receipts import read_receipt

    return None if path is None else read_receipt(path, key)


def _page(found: "Verification") -> Iterator[Any]:
    """A line for each claim."""
    from rich.table import Table

    from anonymize.cli.console import dim, mark, plain

    page = Table.grid(padding=(0, 1))
    page.add_column(width=1)
    page.add_column(no_wrap=True, style="dim")
    page.add_column(overflow="fold")
    page.add_column(overflow="fold")
    for claim in found.claims:
        sign = dim("?") if claim.result == "unproved" else mark(claim.result == "proved")
        page.add_row(sign, claim.about, plain(claim.name), plain(claim.detail))
    yield page
    yield ""
    counts = [(len(found.of("proved")), "proved"), (len(found.of("failed")), "failed")]
    counts.append((len(found.of("unproved")), "that nothing can prove"))
    yield plain(", ".join(f"{count:,} {said}" for count, said in counts if count))
