"""Entities that a language model finds in text: spaCy or GLiNER, from a folder that the user names.

The library is imported when a rule first asks for it, and nothing is ever downloaded. Nothing else is known of a
model: what it finds counts less than a check digit, and what it misses passes.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

import numpy as np
import pyarrow as pa

from anonymize.core.detector import Detector
from anonymize.core.errors import DataError, UsageError, quoted
from anonymize.kernels.arrays import text
from anonymize.kernels.detection.finding import find
from anonymize.kernels.detection.findings import Findings, combined, no_findings, without_overlaps

Named: TypeAlias = tuple[int, int, str, float]
"""From which character to which, the model's own label, and how sure it is."""
Reader: TypeAlias = Callable[[Sequence[str], tuple[str, ...]], Iterable[Sequence[Named]]]
"""(texts, labels) to what is found in each text."""

LIBRARIES = ("spacy", "gliner")
UNCERTAIN = 0.85
"""The score where a model gives none."""
LONGEST = 1_000_000
"""Characters that models read at a time."""
_LOCK = threading.Lock()


class ModelDetector(Detector):
    """Finds what a model has a label for."""

    model: ClassVar[str]
    """`spacy:FOLDER` or `gliner:FOLDER`."""
    labels: ClassVar[tuple[str, ...]]


def find_with_models(
    values: pa.Array,
    detectors: Sequence[Detector],
    header: str | None = None,
    locales: Sequence[str] = (),
    min_score: float = 0.5,
    overlaps: bool = False,
) -> Findings:
    """As `find`, where some of the detectors may be models."""
    models = [each for each in detectors if isinstance(each, ModelDetector)]
    others = [each for each in detectors if not isinstance(each, ModelDetector)]
    found = find(values, others, header, locales, min_score, overlaps)
    if not models:
        return found
    entities = tuple(dict.fromkeys((*found.entities, *(model.entity for model in models))))
    parts = [replace(found, entities=entities)]
    for place, model in enumerate(models, len(others)):
        parts.append(_found(values, model, place, entities, min_score))
    every = combined(parts, entities)
    return every if overlaps else without_overlaps(every)


def _found(
    values: pa.Array, model: ModelDetector, place: int, entities: tuple[str, ...], min_score: float
) -> Findings:
    """What a model finds. Each distinct value is read once; all of one that is too long counts as found."""
    encoded = text(values).dictionary_encode()
    known = encoded.dictionary.to_pylist()
    rows = [
        (cell, *_place(known[cell], start, end), score)
        for cell, names in enumerate(_read(model, known))
        for start, end, label, score in names
        if label in model.labels and score >= min_score and 0 <= start < end <= len(known[cell])
    ]
    if not rows:
        return no_findings(entities)
    cells, starts, ends, first, last, scores = (np.array(column) for column in zip(*rows, strict=True))
    count = len(rows)
    once = Findings(
        entities,
        row=cells.astype(np.int64),
        entity=np.full(count, entities.index(model.entity), np.int32),
        start=starts.astype(np.int64),
        end=ends.astype(np.int64),
        byte_start=first.astype(np.int64),
        byte_end=last.astype(np.int64),
        score=scores.astype(np.float64),
        named=scores.astype(np.float64),
        evidence=np.zeros(count, np.int32),
        detector=np.full(count, place, np.int32),
    )
    return _in_all_rows(once, encoded)


def _place(cell: str, start: int, end: int) -> tuple[int, int, int, int]:
    """From and to in characters, and in bytes."""
    first = len(cell[:start].encode())
    return start, end, first, first + len(cell[start:end].encode())


def _in_all_rows(once: Findings, encoded: pa.DictionaryArray) -> Findings:
    """Findings in distinct values as findings in the rows that hold them."""
    indices = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    parts = []
    for cell in np.unique(once.row):
        mine, rows = once.only(once.row == cell), np.flatnonzero(indices == cell)
        many = mine.only(np.tile(np.arange(len(mine)), len(rows)))
        parts.append(replace(many, row=np.repeat(rows, len(mine)).astype(np.int64)))
    return combined(parts, once.entities)


def _read(model: ModelDetector, texts: Sequence[str]) -> Iterable[Sequence[Named]]:
    """What the model says. Its errors may quote a text, so they are not passed on."""
    short = [each if len(each) <= LONGEST else "" for each in texts]
    with _LOCK:
        reader = loaded(model.model)
        try:
            found = list(reader(short, model.labels))
        except Exception as error:
            raise DataError(f"the model {quoted(model.model)} failed ({type(error).__name__})") from None
    if len(found) != len(texts):
        raise DataError(f"the model {quoted(model.model)} did not read every text")
    whole = [[(0, len(each), model.labels[0], 1.0)] for each in texts]
    return [whole[cell] if len(each) > LONGEST else found[cell] for cell, each in enumerate(texts)]


@dataclass(frozen=True)
class Reference:
    """A model's library and folder."""

    library: str
    folder: Path

    @classmethod
    def of(cls, said: str) -> "Reference":
        """Raises ValueError for anything but `spacy:FOLDER` and `gliner:FOLDER`."""
        library, _, folder = said.partition(":")
        if library not in LIBRARIES or not folder.strip():
            raise ValueError("a model is given as spacy:FOLDER or gliner:FOLDER")
        return cls(library, Path(folder))


@cache
def loaded(said: str) -> Reader:
    """The model in a folder. Raises UsageError if the library or the folder is not there."""
    reference = Reference.of(said)
    if not reference.folder.is_dir():
        hint = "name the folder of a model that you have; nothing is downloaded"
        raise UsageError(f"there is no folder {quoted(str(reference.folder))}", hint=hint)
    try:
        library = import_module(reference.library)
    except ImportError:
        hint = f"pip install 'anonymize[{reference.library}]'"
        raise UsageError(f"{reference.library} is not installed", hint=hint) from None
    try:
        return _READERS[reference.library](library, reference.folder)
    except Exception as error:
        message = f"no model of {reference.library} can be read from {quoted(str(reference.folder))}"
        raise UsageError(f"{message} ({type(error).__name__})") from None


def _spacy(library: Any, folder: Path) -> Reader:
    language = library.load(folder)

    def read(texts: Sequence[str], labels: tuple[str, ...]) -> Iterable[Sequence[Named]]:
        for document in language.pipe(texts):
            named = [each for each in document.ents if each.label_ in labels]
            yield [(each.start_char, each.end_char, each.label_, UNCERTAIN) for each in named]

    return read


def _gliner(library: Any, folder: Path) -> Reader:
    model = library.GLiNER.from_pretrained(str(folder), local_files_only=True)

    def read(texts: Sequence[str], labels: tuple[str, ...]) -> Iterable[Sequence[Named]]:
        for cell in texts:
            found = model.predict_entities(cell, list(labels)) if cell else []
            yield [(each["start"], each["end"], each["label"], float(each["score"])) for each in found]

    return read


_READERS: dict[str, Callable[[Any, Path], Reader]] = {"spacy": _spacy, "gliner": _gliner}
