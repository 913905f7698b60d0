"""Refuses columns whose names are data: a file without a header line, objects whose keys are people."""

import re

import pyarrow as pa

from anonymize.core.detector import Evidence
from anonymize.core.errors import DataError
from anonymize.datasets import Dataset
from anonymize.finding.scanning import REVIEW, Scan, ScannedColumn, all_detectors
from anonymize.kernels.detection.finding import find
from anonymize.kernels.detection.headers import Fit

NEVER_NAMES = ("EMAIL_ADDRESS", "PHONE_NUMBER", "CN_ID_CARD", "US_SSN", "IBAN_CODE", "CREDIT_CARD")
"""What no column is called."""
LIKE_A_NAME = 0.25
"""A name that stands above names of people needs no more than this."""

_KEY = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|([^.\[\]]+)')


def refuse_data_as_names(dataset: Dataset, found: Scan) -> None:
    """Raises DataError if names of columns, or keys of objects, are personal data themselves: they would be shown.

    A header that was said to be one is believed.
    """
    if getattr(dataset.format, "header", None):
        return
    count = len(_columns_called_like_data(found))
    if count:
        raise DataError(
            f"the names of {count} column{'' if count == 1 else 's'} look like data (not shown on purpose)",
            hint="say --no-header if the first line is data; turn keys of objects that are data into values first",
        )


def _columns_called_like_data(found: Scan) -> set[str]:
    detectors = [each for each in all_detectors() if each.entity in (*NEVER_NAMES, "PERSON")]
    keys = [(column, key) for column in found.columns for key in _keys(column.name)]
    seen = find(pa.array([key for _, key in keys], pa.string()), detectors, min_score=0.0, overlaps=True)
    seen = seen.only((seen.evidence & int(Evidence.WHOLE)) != 0)
    finds = zip(seen.row.tolist(), seen.detector.tolist(), seen.score.tolist(), strict=True)
    return {
        keys[row][0].name for row, place, score in finds if _is_data(keys[row][0], detectors[place].entity, score)
    }


def _is_data(column: ScannedColumn, entity: str, score: float) -> bool:
    """Whether a find in a column's name names nothing: by its kind, or because the values are such, too."""
    if entity in NEVER_NAMES:
        return score >= REVIEW
    by_values = column.verdict is not None and column.verdict.header is Fit.NOTHING and column.entity == entity
    return by_values and score >= LIKE_A_NAME


def _keys(path: str) -> list[str]:
    """The keys of a path."""
    return [inner or plain for inner, plain in _KEY.findall(path)]
