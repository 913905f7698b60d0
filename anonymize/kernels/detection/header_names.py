"""Names of columns that are themselves data: a file without a header line has people for names."""

import re
from collections.abc import Iterable

import numpy as np
import pyarrow as pa

_FULL_NAME = re.compile(r"[A-Z][a-z]+(?: [A-Z]\.)? [A-Z][A-Za-z'’-]*[a-z]")
CERTAIN = 0.85
"""A known given name and a known surname, neither of them a word."""


def holds_full_name(names: Iterable[str]) -> bool:
    """Whether one of the names is that of a person. The lists are only read for what is written like one."""
    likely = [name.strip() for name in names if _FULL_NAME.fullmatch(name.strip())]
    if not likely:
        return False
    from anonymize.kernels.detection.english_names import name_scores, plain  # noqa: PLC0415 - seldom needed

    return bool(np.any(name_scores(plain(pa.array(likely, pa.string()))) >= CERTAIN))
