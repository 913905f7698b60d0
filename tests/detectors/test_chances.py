"""How often random text is taken for an identifier: what the detectors of check digits declare is true."""

import re
from random import Random
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from anonymize.core.detector import Detector
from anonymize.kernels.detection.available import detectors_of

TRIALS = 1000
STRONG = [each for each in detectors_of(()) if each.family == "code" and type(each).is_strong()]


def made(random: Random, parsed: Any) -> str:
    """A text that a pattern matches, drawn at random: of the first digits of a prefix as of all others."""
    return "".join(one(random, str(kind), what) for kind, what in parsed)


def one(random: Random, kind: str, what: Any) -> str:
    if kind == "LITERAL":
        return chr(what)
    if kind == "IN":
        how, value = random.choice(what)
        return chr(value if str(how) == "LITERAL" else random.randint(*value))
    if kind == "BRANCH":
        return made(random, random.choice(what[1]))
    if kind == "SUBPATTERN":
        return made(random, what[3])
    if kind not in ("MAX_REPEAT", "MIN_REPEAT"):  # a border
        return ""
    low, high, part = what
    return "".join(made(random, part) for _ in range(random.randint(low, min(high, low + 3))))


@pytest.mark.parametrize("detector", STRONG, ids=[each.use for each in STRONG])
def test_random_candidates_rarely_pass(detector: Detector) -> None:
    """Of what has the layout of the first pattern, with any digits in it, few match it and pass the check."""
    random, parsed = Random(7), parser.parse(detector.patterns[0].body)  # noqa: S311
    texts = [re.sub("[0-9]", lambda _: str(random.randint(0, 9)), made(random, parsed)) for _ in range(TRIALS)]
    fits = np.array([bool(re.fullmatch(detector.patterns[0].body, text)) for text in texts])
    plain = pa.array([re.sub("[^0-9A-Z]", "", text.upper()) for text in texts])
    passed = fits & (np.asarray(detector.check(plain), np.float64) >= 0.5)  # less is said of what fails a check

    assert passed.mean() <= 1.5 * detector.chance + 0.03
