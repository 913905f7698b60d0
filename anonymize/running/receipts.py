"""Receipts: signed statements of what a run read, did and wrote, in the form of in-toto (Statement v1 in DSSE)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import msgspec

from anonymize.codecs.streams.digests import hmac_of
from anonymize.codecs.streams.remote import AnyPath, beneath, place
from anonymize.core.engine import Engine
from anonymize.core.errors import DataError, Where
from anonymize.datasets import Dataset, Target
from anonymize.kernels.crypto.envelope import disclose, enclose, unverified
from anonymize.kernels.crypto.hidden import Secret
from anonymize.kernels.crypto.signing import PublicKey, Signer
from anonymize.keys import Keys
from anonymize.planning.plan import Plan
from anonymize.running.notary import NoReceipt, Notary
from anonymize.running.output import Output
from anonymize.running.report import ColumnReport, Report

PAYLOAD = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "urn:anonymize:receipt:v1"
KEY = "receipt"
"""The name under `keys:` of the key that signs."""
PLAIN, KEYED = "sha256", "hmac-sha256"
LARGEST = 64 << 20


class Subject(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file, and what tells that it is the same one."""

    name: str
    digest: dict[str, str] = {}


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    """What happened to one column."""

    name: str
    steps: tuple[str, ...]
    untouched: bool = False
    dropped: bool = False
    failed: int = 0
    digest: dict[str, str] = {}
    """Of the values that were written, if no step touched them."""


class Rows(msgspec.Struct, frozen=True, rename={"read": "in", "written": "out"}):
    """How many rows there were."""

    read: int
    written: int
    rejected: int


class Key(msgspec.Struct, frozen=True):
    """Which key was used; it tells nothing else about the key."""

    id: str
    generation: int


class Check(msgspec.Struct, frozen=True):
    """How a gate came out."""

    check: str
    value: float
    holds: bool


class Account(msgspec.Struct, frozen=True):
    """What a receipt says (in-toto calls it the predicate)."""

    version: str
    finished: str
    rules: Subject
    inputs: tuple[Subject, ...]
    rows: Rows
    columns: tuple[Column, ...]
    keys: dict[str, Key]
    checks: tuple[Check, ...]

    @property
    def digests(self) -> dict[str, str]:
        """The digests of the columns that no step touched."""
        return {column.name: column.digest[PLAIN] for column in self.columns if PLAIN in column.digest}


class Statement(msgspec.Struct, frozen=True, rename={"type": "_type", "predicate_type": "predicateType"}):
    """An attestation in the form of in-toto, version 1."""

    type: str
    subject: tuple[Subject, ...]
    predicate_type: str
    predicate: Account


@dataclass(frozen=True, repr=False)
class Signing:
    """Who signs, and the key of the digests of what was read.

    A plain digest of the input would let anybody who holds the release try guesses of what was taken out of it.
    """

    signer: Signer
    inputs: Secret

    @classmethod
    def of(cls, reference: str) -> "Signing":
        """From a reference to a key. Raises SecretError."""
        with Keys({KEY: reference}, "") as keys:
            return cls(
                Signer(keys.derive(KEY, "receipt signature", "")[0]), keys.derive(KEY, "receipt inputs", "")[0]
            )

    def digest(self, path: AnyPath) -> str:
        """The keyed digest of an input file."""
        return hmac_of(path, self.inputs)


@dataclass
class SignedReceipt(NoReceipt):
    """A receipt in a file."""

    path: Path
    signing: Signing = field(repr=False)
    overwrite: bool = False
    notary: Notary = field(default_factory=Notary, repr=False)
    _own: list[IO[bytes]] = field(default_factory=list, repr=False)

    @property
    def outputs(self) -> list[Output]:
        return [Output(self.path, overwrite=self.overwrite)]

    def watching(self, engine: Engine) -> Engine:
        return self.notary.watching(engine)

    def watch(self, files: Sequence[IO[bytes]]) -> Sequence[IO[bytes]]:
        *others, own = files
        self._own = [own]
        return self.notary.watch(others)

    def write(self, plan: Plan, dataset: Dataset, targets: Sequence[Target], report: Report) -> None:
        told = Statement(
            STATEMENT, self._subjects(targets, report), PREDICATE, self._account(plan, dataset, report)
        )
        envelope = enclose(PAYLOAD, msgspec.json.encode(told), self.signing.signer)
        self._own[0].write(msgspec.json.format(msgspec.json.encode(envelope)) + b"\n")

    def _subjects(self, targets: Sequence[Target], report: Report) -> tuple[Subject, ...]:
        names = [_name(target, report.output) for target in targets]
        seen = [{PLAIN: file.hexdigest()} for file in self.notary.files]
        return tuple(map(Subject, names, seen))

    def _account(self, plan: Plan, dataset: Dataset, report: Report) -> Account:
        return Account(
            report.version,
            datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            Subject(Path(report.rules).name, {PLAIN: report.rules_digest}),
            tuple(self._input(piece.relative, piece.file.path) for piece in dataset.pieces),
            Rows(report.rows_in, report.rows_out, report.rows_rejected),
            self._columns(plan, report.columns),
            {name: Key(id_, report.generations[name]) for name, id_ in report.keys.items()},
            tuple(Check(c.check, c.value, c.holds) for c in report.checks),
        )

    def _input(self, relative: Path, path: AnyPath | None) -> Subject:
        """Standard input is gone when it has been read."""
        return Subject(str(relative), {} if path is None else {KEYED: self.signing.digest(path)})

    def _columns(self, plan: Plan, reports: Sequence[ColumnReport]) -> tuple[Column, ...]:
        """All columns of the plan, and those that turned up later and pass as they are."""
        digests = self.notary.columns.hexdigests()
        found = []
        for column, report in zip(plan.columns, reports, strict=True):
            digest = digests.pop(column.name, None)
            told = {} if digest is None else {PLAIN: digest}
            is_untouched = not (column.changed or column.dropped or plan.released is not None)
            found.append(Column(column.name, report.steps, is_untouched, column.dropped, report.failed, told))
        return tuple(found) + tuple(Column(n, (), untouched=True, digest={PLAIN: d}) for n, d in digests.items())


def _name(target: Target, output: str | None) -> str:
    """The output file as those who get it know it: without the folders that lead to it."""
    if target.path is None:
        return "-"
    return str(beneath(place(str(output)), target.path)) if target.in_folder else target.path.name


def read_receipt(path: Path, key: PublicKey | None) -> Statement:
    """The statement in a receipt, if the owner of the key has signed it; without a key, whoever may have.

    Raises DataError, SecretError or CheckError.
    """
    try:
        envelope = msgspec.json.decode(read_bytes(path))
        payload = unverified(envelope, PAYLOAD) if key is None else disclose(envelope, PAYLOAD, key)
        told = msgspec.json.decode(payload, type=Statement)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise DataError("this is no receipt of a run", where=Where(str(path))) from None
    if told.type != STATEMENT or told.predicate_type != PREDICATE:
        raise DataError("this is a statement about something else, no receipt of a run", where=Where(str(path)))
    return told


def read_bytes(path: Path) -> bytes:
    """A small file. Raises DataError."""
    try:
        with path.open("rb") as file:
            found = file.read(LARGEST + 1)
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", where=Where(str(path))) from None
    if len(found) > LARGEST:
        raise DataError("is too large", where=Where(str(path)))
    return found
