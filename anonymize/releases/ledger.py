"""Release over release: what was released before, and whether the difference singles people out."""

import base64
import hashlib
import secrets
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic import PrivateAttr

from anonymize.core.errors import DataError, UsageError, Where, quoted
from anonymize.core.metric import Measurement, Metric
from anonymize.core.roles import Roles
from anonymize.datasets import Dataset
from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.counting import COUNT
from anonymize.planning.plan import Plan, Stage, Step
from anonymize.rulefile.rules import Check
from anonymize.running.output import Output, writing
from anonymize.running.report import Report
from anonymize.statistics.class_sizes import ClassSizes

LARGEST = 256 << 20
CLASS_BY_CLASS = "releases that are recoded class by class cannot be compared"


class Release(msgspec.Struct, frozen=True):
    """What is remembered of a release: nothing that its readers do not see."""

    finished: str
    rules: str
    """The digest of the rule file."""
    keys: dict[str, str]
    """The ids of the keys."""
    rows: int
    steps: dict[str, list[str]]
    """What was done to each quasi-identifier."""
    levels: dict[str, int]
    """The levels that `k_anonymize` chose."""
    classes: str
    """The sketch of the classes: keyed hashes of their labels, and their rows."""


class Book(msgspec.Struct, frozen=True):
    """The file."""

    version: Literal[1]
    salt: str
    releases: list[Release]


@dataclass(frozen=True)
class Sketch:
    """Classes by the hash of their labels, in its order, with their rows."""

    hashes: NDArray[np.uint64]
    rows: NDArray[np.int64]

    @classmethod
    def of(cls, summary: pa.Table, salt: bytes) -> "Sketch":
        """Of the classes of a release. The class in which everything is hidden tells nobody apart."""
        names = [name for name in summary.column_names if name != COUNT]
        spelled = [pc.cast(summary[name], pa.string()).to_pylist() for name in names]
        hashes, hidden = [], []
        for labels in zip(*spelled, strict=True):
            hashes.append(_hash(labels, salt))
            hidden.append(all(label in (None, "*") for label in labels))
        found, inverse = np.unique(np.array(hashes, np.uint64), return_inverse=True)
        counts = np.where(hidden, 0, to_numpy(summary[COUNT].combine_chunks()))
        return cls(found, np.bincount(inverse, weights=counts, minlength=len(found)).astype(np.int64))

    @classmethod
    def unpacked(cls, text: str) -> "Sketch":
        raw = zlib.decompress(base64.b85decode(text))
        half = len(raw) // 2
        return cls(np.frombuffer(raw[:half], "<u8"), np.frombuffer(raw[half:], "<i8"))

    def packed(self) -> str:
        raw = self.hashes.astype("<u8").tobytes() + self.rows.astype("<i8").tobytes()
        return base64.b85encode(zlib.compress(raw)).decode()

    def beside(self, other: "Sketch") -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The rows of every class of either, here and there."""
        every = np.union1d(self.hashes, other.hashes)
        found = []
        for sketch in (self, other):
            rows = np.zeros(len(every), np.int64)
            rows[np.searchsorted(every, sketch.hashes)] = sketch.rows
            found.append(rows)
        return found[0], found[1]


class ReleaseDifference(Metric):
    """Rows by which a class differs from the same class of an earlier release, the least that is not zero."""

    use: Literal["release_difference"] = "release_difference"
    _ledger: "Ledger" = PrivateAttr()
    _k: int = PrivateAttr()

    def needs(self, roles: Roles) -> ClassSizes:
        return ClassSizes(roles.quasi)

    def measure(self, summary: pa.Table) -> Measurement:
        return self._ledger.compare(summary, self._k)


@dataclass
class Ledger:
    """The releases of a dataset so far, in a file, and the one that is being made."""

    path: Path
    book: Book
    _steps: Mapping[str, Sequence[str]] = field(default_factory=dict)
    _sketch: Sketch | None = None

    @classmethod
    def open(cls, path: Path) -> "Ledger":
        """The ledger in a file, or a new one. Raises DataError."""
        if not path.exists():
            return cls(path, Book(1, secrets.token_hex(32), []))
        where = Where(str(path))
        try:
            if path.stat().st_size > LARGEST:
                raise DataError("the ledger is too large", where=where)
            book = msgspec.json.decode(path.read_bytes(), type=Book)
            for release in book.releases:
                Sketch.unpacked(release.classes)
            bytes.fromhex(book.salt)
        except OSError:
            raise DataError("the ledger cannot be read", where=where) from None
        except (msgspec.MsgspecError, ValueError, zlib.error):
            hint = "bring it back from a backup: without it, releases cannot be compared"
            raise DataError("not a ledger of releases", hint=hint, where=where) from None
        return cls(path, book)

    def adjust(self, plan: Plan, dataset: Dataset) -> Plan:
        """The plan on the levels of the earlier releases, with a gate. Raises UsageError if the releases cannot be
        compared."""
        k = _promised(plan)
        self._steps = _steps_of(plan)
        self._require_comparable()
        levels = self.book.releases[-1].levels if self.book.releases else {}
        stages = tuple(Stage(tuple(_on_levels(step, levels) for step in stage.steps)) for stage in plan.stages)
        gate = ReleaseDifference()
        gate._ledger, gate._k = self, k
        check = Check.model_construct(metric=gate, operator=">=", limit=float(k))
        file = plan.rules.file.model_copy(update={"checks": (*plan.rules.file.checks, check)})
        return replace(plan, stages=stages, rules=replace(plan.rules, file=file))

    def _require_comparable(self) -> None:
        """The quasi-identifiers must have gone through the same steps."""
        for release in self.book.releases:
            if release.steps != self._steps:
                raise UsageError(
                    f"the rules make other classes than those of the release of {release.finished}",
                    hint="treat the quasi-identifiers as then: together, releases of different classes tell more "
                    "than each alone",
                    where=Where(str(self.path)),
                )

    def compare(self, summary: pa.Table, k: int) -> Measurement:
        """The least by which a class differs from that of an earlier release; a large number if none does."""
        self._sketch = Sketch.of(summary, bytes.fromhex(self.book.salt))
        rows = int(pc.sum(summary[COUNT]).as_py() or 0)
        found = [Measurement(max(k, rows), "no class differs from an earlier release")]
        for release in self.book.releases:
            now, then = self._sketch.beside(Sketch.unpacked(release.classes))
            common = (now > 0) & (then > 0)
            if 2 * now[common].sum() < now.sum() or 2 * then[common].sum() < then.sum():
                return Measurement(0, f"the classes are not those of the release of {release.finished}")
            apart = np.abs(now - then)
            small = int(((apart > 0) & (apart < k)).sum())
            told = f"{small:,} classes differ by fewer than {k:,} rows from the release of {release.finished}"
            found += [Measurement(int(apart[apart > 0].min()), told)] if apart.any() else []
        return min(found, key=lambda measurement: measurement.value)

    def record(self, report: Report) -> None:
        """Add the release. Raises DataError."""
        if self._sketch is None:
            return
        release = Release(
            finished=datetime.now(UTC).isoformat(timespec="seconds"),
            rules=report.rules_digest,
            keys=dict(report.keys),
            rows=report.rows_out,
            steps={name: list(steps) for name, steps in self._steps.items()},
            levels=_levels_of(report),
            classes=self._sketch.packed(),
        )
        book = Book(1, self.book.salt, [*self.book.releases, release])
        with writing([Output(self.path, private=True)]) as (file,):
            file.write(msgspec.json.encode(book) + b"\n")


def _promised(plan: Plan) -> int:
    """The k of the rules. Raises UsageError if there is none, or if classes have no fixed shape."""
    steps = [step.transform for stage in plan.stages for step in stage.steps]
    if any(step.use == "partition" or getattr(step, "local", False) for step in steps):
        raise UsageError(CLASS_BY_CLASS, hint="use k_anonymize without `local`, which has the same levels for all")
    for step in steps:
        lacking = [n for n in plan.roles.quasi if n not in getattr(step, "hierarchies", {n})]
        if lacking:
            said = ", ".join(map(quoted, lacking))
            raise UsageError(
                f"the levels of {said} change with the data, so releases cannot be compared",
                hint="say `hierarchies` for all quasi-identifiers of k_anonymize",
            )
    found = [getattr(step, "k", 0) for step in steps if step.use in ("k_anonymize", "suppress_small_classes")]
    found += [int(check.limit) for check in plan.checks if check.metric.use == "k_anonymity"]
    if not plan.roles.quasi or not found:
        hint = "use k_anonymize or suppress_small_classes, or check k_anonymity"
        raise UsageError("a ledger goes with rules that promise k-anonymity", hint=hint)
    return max(found)


def _steps_of(plan: Plan) -> dict[str, list[str]]:
    """What happens to each quasi-identifier, as far as it shapes the classes; levels are apart."""
    found = {c.name: [s.transform.call() for s in c.steps] for c in plan.columns if c.name in plan.roles.quasi}
    for step in (step for stage in plan.stages for step in stage.steps):
        for name, given in getattr(step.transform, "hierarchies", {}).items():
            raw = given.read_bytes() if isinstance(given, Path) else repr(given).encode()
            found.setdefault(name, []).append(f"hierarchy {hashlib.sha256(raw).hexdigest()}")
    return found


def _on_levels(step: Step, levels: Mapping[str, int]) -> Step:
    if step.transform.use != "k_anonymize" or not levels:
        return step
    return replace(step, transform=step.transform.model_copy(update={"levels": dict(levels)}))


def _levels_of(report: Report) -> dict[str, int]:
    found: dict[str, Any] = next((o["levels"] for o in report.outcomes if "levels" in o), {})
    return {name: int(level.split()[0]) for name, level in found.items()}


def _hash(labels: Sequence[str | None], salt: bytes) -> int:
    spelled = b"".join(b"-" if label is None else b"%d:%s" % (len(label), label.encode()) for label in labels)
    return int.from_bytes(hashlib.blake2b(spelled, digest_size=8, key=salt).digest(), "little")
