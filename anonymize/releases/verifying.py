"""Proves that a release is what a receipt says, and what the rules make of an original."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from anonymize.codecs.streams.digests import sha256_of
from anonymize.codecs.streams.remote import AnyPath
from anonymize.core.engine import Engine
from anonymize.core.errors import CheckError, SecretError, quoted, sealed
from anonymize.datasets import Dataset, Target
from anonymize.keys import Keys
from anonymize.pipeline import plan_dataset, settled
from anonymize.releases.remasking import ColumnProof, Reader, Remasking, remask
from anonymize.rulefile.loading import Rules
from anonymize.running.receipts import KEYED, PLAIN, Account, Signing, Statement, Subject

Result = Literal["proved", "failed", "unproved"]


@dataclass(frozen=True)
class Claim:
    """One thing that was to be proved."""

    about: str
    """`receipt`, `rules`, `input`, `output`, `rows`, `columns`, `column` or `keys`."""
    name: str
    """Which one of them; empty if there is but one."""
    result: Result
    detail: str
    rows: int | None = None
    """Rows that were compared."""
    differing: int | None = None
    """Rows that differ."""


@dataclass(frozen=True)
class Verification:
    """What was proved and what was not."""

    claims: tuple[Claim, ...]

    def of(self, result: Result) -> list[Claim]:
        return [claim for claim in self.claims if claim.result == result]

    def failure(self) -> CheckError | None:
        """The error if anything is not as it should be."""
        failed = self.of("failed")
        if not failed:
            return None
        things = dict.fromkeys(
            f"{c.about} {quoted(c.name)}" if c.name else f"{c.about} ({c.detail})" for c in failed
        )
        return CheckError(
            f"{len(failed)} of {len(self.claims)} claims do not hold: {', '.join(things)}",
            hint="do not rely on the release until you know why",
        )


@dataclass(frozen=True)
class Evidence:
    """What there is to prove it by."""

    release: Dataset
    statement: Statement | None = None
    is_signed: bool = False
    """The signature of the statement was checked."""
    original: Dataset | None = None
    rules: Rules | None = None
    signing: Signing | None = None
    """Whoever has the signing key can tell whether the original is the one that was read."""


@sealed
def verify(evidence: Evidence, engine: Engine, sample: int | None = None) -> Verification:
    """All that the evidence allows to prove. Raises SecretError if the keys are not those that were used."""
    told = evidence.statement
    claims = [*_of_statement(evidence, told)] if told is not None else []
    ordered = _in_order(evidence, told)
    reader = Reader(ordered.release, told.predicate.digests if told is not None else ())
    if ordered.original is not None and ordered.rules is not None:
        claims += _of_original(ordered, ordered.original, ordered.rules, reader, engine, sample)
    reader.drain()
    if told is not None:
        compared = frozenset(claim.name for claim in claims if claim.about == "column")
        claims += _of_columns(told.predicate, reader, compared)
    return Verification(tuple(claims))


def _of_statement(evidence: Evidence, told: Statement) -> Iterator[Claim]:
    """The signature and the digests."""
    if evidence.is_signed:
        yield Claim("receipt", "", "proved", f"signed; written {told.predicate.finished}")
    else:
        yield Claim("receipt", "", "unproved", "anybody may have written it: no public key was named")
    if evidence.rules is not None:
        same = evidence.rules.digest == told.predicate.rules.digest.get(PLAIN)
        name = told.predicate.rules.name
        yield _claim("rules", name, same, "are the ones that were used", "are not the ones that were used")
    if evidence.original is not None:
        yield from _of_inputs(evidence.original, told.predicate.inputs, evidence.signing)
    files = _named(evidence.release, told.subject)
    for subject, path in files:
        same = path is not None and sha256_of(path) == subject.digest.get(PLAIN)
        lacking = "is not there" if path is None else "is not what was written"
        yield _claim("output", subject.name, same, "is what was written", lacking)
    known = {path for _, path in files}
    for path in evidence.release.paths:
        if path not in known:
            yield Claim("output", path.name, "failed", "is not among the files of the receipt")


def _of_inputs(original: Dataset, told: Sequence[Subject], signing: Signing | None) -> Iterator[Claim]:
    for subject, path in _named(original, told):
        digest = subject.digest.get(KEYED)
        if path is None:
            yield Claim("input", subject.name, "failed", "is not there")
        elif digest is None or signing is None:
            why = (
                "was read from a pipe" if digest is None else "only the signing key can tell whether it is the one"
            )
            yield Claim("input", subject.name, "unproved", why)
        else:
            same = signing.digest(path) == digest
            yield _claim("input", subject.name, same, "is what was read", "is not what was read")


def _of_original(
    evidence: Evidence, original: Dataset, rules: Rules, reader: Reader, engine: Engine, sample: int | None
) -> Iterator[Claim]:
    """What masking the original again shows."""
    target = Target(None, evidence.release.format, original.sources)
    original = settled(original, [target], rules)
    plan = plan_dataset(rules, original)
    with Keys.of(rules.file) as keys:
        keys.require(plan.key_names())
        if evidence.statement is not None:
            yield from _of_keys(keys, evidence.statement.predicate)
        found = remask(original, reader, plan, keys.derive, engine, sample)
    yield from _of_rows(found, evidence.statement)
    for kind, names in (("lacks", found.missing), ("holds", found.added)):
        if names:
            said = "that the rules leave" if kind == "lacks" else "that the rules do not leave"
            yield Claim("columns", "", "failed", f"the release {kind} {', '.join(map(quoted, names))}, {said}")
    yield from (_of_column(proof) for proof in found.columns.values())


def _of_keys(keys: Keys, told: Account) -> Iterator[Claim]:
    """Raises SecretError for another key than the one that was used: masking again would show nothing."""
    for name, mark in keys.fingerprints().items():
        if name in told.keys and told.keys[name].id != mark:
            raise SecretError(
                f"the key `{name}` is not the one that was used: its id is {mark}, and was {told.keys[name].id}",
                hint="name the key that made the release",
            )
        yield Claim("key", name, "proved", f"{mark} is the one that was used")


def _of_rows(found: Remasking, told: Statement | None) -> Iterator[Claim]:
    """The counts."""
    counts = [("release", found.released, found.kept)]
    if told is not None:
        rows = told.predicate.rows
        counts.append(("original", found.read, rows.read))
    for name, actual, expected in counts:
        yield _claim("rows", name, actual == expected, f"{actual:,}", f"{actual:,} instead of {expected:,}")


def _of_column(proof: ColumnProof) -> Claim:
    """What comparing shows about a column."""
    if proof.random:
        return Claim(
            "column", proof.name, "unproved", "drawn at random: the same rows never come out in the same way"
        )
    result: Result = "failed" if proof.differing else "proved"
    said = "follows the rules" if proof.touched else "identical"
    if proof.differing:
        first = f", first in row {proof.first:,}" if proof.first is not None else ""
        what = "do not follow the rules" if proof.touched else "are not as they were"
        said = f"{proof.differing:,} of {proof.rows:,} rows {what}{first}"
    return Claim("column", proof.name, result, said, proof.rows, proof.differing)


def _of_columns(told: Account, reader: Reader, compared: frozenset[str]) -> Iterator[Claim]:
    """The digests of the columns that no step touched, and the number of rows."""
    yield _claim(
        "rows",
        "receipt",
        reader.rows == told.rows.written,
        f"{told.rows.written:,} were written",
        f"{reader.rows:,}, but {told.rows.written:,} were written",
    )
    found = reader.digests.hexdigests()
    for name, digest in told.digests.items():
        same = found.get(name) == digest
        if not (same and name in compared):
            said = f"is as it was in the original: {told.rows.written:,} rows"
            yield _claim("column", name, same, said, "is not as it was in the original")
    gone = [column.name for column in told.columns if column.dropped and column.name in reader.names]
    for name in gone:
        yield Claim("column", name, "failed", "was dropped, and is there")


def _in_order(evidence: Evidence, told: Statement | None) -> Evidence:
    """The files in the order in which the run read and wrote them."""
    if told is None:
        return evidence
    release = _sorted(evidence.release, told.subject)
    original = evidence.original and _sorted(evidence.original, told.predicate.inputs)
    return replace(evidence, release=release, original=original)


def _sorted(dataset: Dataset, subjects: Sequence[Subject]) -> Dataset:
    places = {subject.name: place for place, subject in enumerate(subjects)}
    last = len(places)
    pieces = sorted(dataset.pieces, key=lambda piece: places.get(str(piece.relative), last))
    return replace(dataset, pieces=tuple(pieces))


def _named(dataset: Dataset, subjects: Sequence[Subject]) -> list[tuple[Subject, AnyPath | None]]:
    """The file of each subject; a single one may have another name by now."""
    if len(subjects) == len(dataset.pieces) == 1:
        return [(subjects[0], dataset.pieces[0].file.path)]
    paths: Mapping[str, AnyPath | None] = {str(piece.relative): piece.file.path for piece in dataset.pieces}
    return [(subject, paths.get(subject.name)) for subject in subjects]


def _claim(about: str, name: str, holds: bool, yes: str, no: str) -> Claim:
    return Claim(about, name, "proved" if holds else "failed", yes if holds else no)
