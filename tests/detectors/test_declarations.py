"""What every detector declares makes sense."""

import re

import pyarrow as pa
import pytest

from anonymize.core.catalog import component, examples, modules
from anonymize.core.detector import Detector
from anonymize.kernels.detection.context import word_pattern
from anonymize.kernels.detection.finding import find
from anonymize.kernels.detection.matching import expression, matches

EVERY = [component("detector", name)() for name in modules("detector")]  # type: ignore[call-arg]
NAMES = [each.use for each in EVERY]


@pytest.mark.parametrize("detector", EVERY, ids=NAMES)
def test_patterns_run_and_are_bounded(detector: Detector) -> None:
    """RE2 takes them, and no part of them repeats without end."""
    assert detector.patterns
    for pattern in detector.patterns:
        running, _ = expression(type(detector), pattern)
        assert [False] == matches(pa.array([""]), running).to_pylist()
        for part in (pattern.body, pattern.before, pattern.after):
            bare = re.sub(r"\\.|\[[^]]*\]", "x", part)  # a chain of groups may go on: `(?:...)+`
            assert not re.search(r"[^)][*+]|\*|\{[0-9]*,\}", bare.replace("(?", "")), part


@pytest.mark.parametrize("detector", EVERY, ids=NAMES)
def test_scores_are_in_order(detector: Detector) -> None:
    """Between 0 and 1, and context never takes away."""
    assert 0 < detector.chance <= 1
    for pattern in detector.patterns:
        bare = detector.bare if pattern.bare is None else pattern.bare
        supported = detector.supported if pattern.supported is None else pattern.supported
        assert 0 <= bare <= 1
        assert 0.5 <= supported <= 1


@pytest.mark.parametrize("detector", EVERY, ids=NAMES)
def test_words_are_words(detector: Detector) -> None:
    """No empty word, headers in lower case, countries as ISO 3166 codes; a source is named."""
    for said in (detector.contexts, detector.against, detector.headers, detector.not_headers):
        assert all(word for words in said.values() for word in words)
        word_pattern(said)
    assert all(re.fullmatch("[A-Z]{2}", country) for country in detector.locales)
    assert re.fullmatch("[A-Z][A-Z0-9_]+", detector.entity)
    assert detector.standard


@pytest.mark.parametrize("detector", EVERY, ids=NAMES)
def test_examples_say_yes_and_no(detector: Detector) -> None:
    """At least one text in which it is found, and one in which it is not."""
    own = [example.expect for example in examples("detector") if type(example.component) is type(detector)]

    assert any(own)
    assert not all(own)


@pytest.mark.parametrize("detector", EVERY, ids=NAMES)
def test_empty_columns(detector: Detector) -> None:
    """Nulls and empty cells hold nothing."""
    assert 0 == len(find(pa.array([None, "", " "], pa.string()), [detector]))
    assert 0 == len(find(pa.array([], pa.string()), [detector]))
