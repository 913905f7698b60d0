"""What is passed over: nothing that a pattern or a word would have found."""

import json
import re
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.core.catalog import component, modules
from anonymize.core.detector import Detector
from anonymize.kernels.detection import finding, screening
from anonymize.kernels.detection import shapes as shapes_module
from anonymize.kernels.detection.available import every_detector
from anonymize.kernels.detection.context import all_words, has_spaces
from anonymize.kernels.detection.grams import Grams, Presence
from anonymize.kernels.detection.joined import join
from anonymize.kernels.detection.matching import expression
from anonymize.kernels.detection.syntax import SHAPES, UNUSUAL, cases, literals, shape_pattern, texts_of_word

LABELLED = Path(__file__).parents[2] / "data" / "chinese_text.jsonl"
COLUMNS = ("row", "entity", "start", "end", "byte_start", "byte_end", "score", "evidence", "detector")


@cache
def fragments() -> tuple[str, ...]:
    """The texts of all detectors' examples, and of the labelled set, as wholes and in halves."""
    modules_ = [component("detector", name) for name in modules("detector")]
    texts = [text for each in modules_ for text in examples_of(each)]
    texts += [json.loads(line)["text"] for line in LABELLED.read_text("utf-8").splitlines()[::10]]
    halves = [half for text in texts for half in (text[: len(text) // 2], text[len(text) // 2 :])]
    odd = [
        "",
        " ",
        "\n",
        "-",
        ".",
        "id",
        "Phone",
        "İD",
        "ſsn 536228145",
        "K",
        "é",
        "𠮷",
        "。",
        "tel",
        "ПАСПОРТ",
        "ΑΦΜ",
    ]
    return tuple(texts + halves + odd)


def examples_of(detector: type[Detector]) -> list[str]:
    module = __import__(detector.__module__, fromlist=["EXAMPLES"])
    return [text for example in module.EXAMPLES for text in example.given if text]


TEXTS = st.lists(st.sampled_from(range(len(fragments()))), max_size=3)
CELLS = st.lists(TEXTS, min_size=1, max_size=12)


def found(cells: list[str], least: int, min_score: float, header: str | None) -> list[list[object]]:
    """Everything that is told about what is found, if screening begins with so many bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(screening, "LEAST_BYTES", least)
        all_ = finding.find(pa.array(cells, pa.string()), every_detector(), header, (), min_score, overlaps=True)
    return [getattr(all_, name).tolist() for name in COLUMNS]


@settings(max_examples=60, deadline=None)
@given(CELLS, st.sampled_from([0.0, 0.5, 0.8]), st.sampled_from([None, "phone", "order_id"]))
def test_screening_changes_nothing(chosen: list[list[int]], min_score: float, header: str | None) -> None:
    """The same findings, to the last bit, with it and without."""
    cells = ["".join(fragments()[place] for place in places) for places in chosen]

    assert found(cells, 1 << 60, min_score, header) == found(cells, 0, min_score, header)


@pytest.mark.parametrize("min_score", [0.0, 0.5])
def test_screening_changes_nothing_on_all_examples(min_score: float) -> None:
    """The same for every example at once."""
    cells = list(fragments())

    assert found(cells, 1 << 60, min_score, None) == found(cells, 0, min_score, None)


PATTERNS = [
    expression(type(each), pattern)[0]
    for each in every_detector()
    for pattern in each.patterns
    if (pattern.family or each.family) in screening.SHAPED
]


def test_shapes_match_where_patterns_do() -> None:
    """The shape of a text matches the shape of each pattern that matches the text."""
    ascii_ = [text for text in fragments() if text.isascii()]
    texts = pa.array(ascii_)
    shapes = pa.array([text.encode().translate(SHAPES).decode() for text in ascii_])
    for pattern in PATTERNS:
        shape = shape_pattern(pattern)
        assert shape is not None, pattern
        matched = pc.match_substring_regex(texts, pattern)
        assert pc.all(pc.or_(pc.invert(matched), pc.match_substring_regex(shapes, shape))).as_py(), pattern


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("(?:Herr|Frau) [A-Z]{2}", {"Herr ", "Frau "}),
        ("[0-9]{3}-abc?", {"-ab", "-abc"}),
        ("x?", None),
        ("[a-z]+", None),
        ("(?i:Tür)", {"tür", "tÜr"}),
        ("(?:ab|[0-9])cdef", {"abcdef", *(f"{digit}cdef" for digit in range(10))}),
        ("[都道府県]", {"都", "道", "府", "県"}),
    ],
)
def test_texts_that_must_be_there(pattern: str, expected: set[str] | None) -> None:
    """Of several, the longest; none where anything may match."""
    texts = literals(pattern)
    actual = None if texts is None else {each.text for each in texts}

    assert expected == actual


def test_cases_of_all_words() -> None:
    """Whatever a word's letters match, case ignored, is either known as a case of it or unusual."""
    letters = {
        letter
        for each in every_detector()
        for words in (each.contexts, each.against)
        for word in all_words(words)
        for letter in word
    }
    characters = [chr(code) for code in range(0x80, 0x10000) if not 0xD800 <= code < 0xE000]
    array = pa.array(characters)
    unusual = set(array.filter(pc.match_substring_regex(array, UNUSUAL)).to_pylist())
    for letter in letters:
        same = set(array.filter(pc.match_substring_regex(array, f"(?i){re.escape(letter)}")).to_pylist())
        known = cases(letter) if not letter.isascii() else set()
        assert same <= known | unusual, letter


def test_presence_in_ranges() -> None:
    """Ranges in order and ranges asked one by one give the same."""
    joined = join(pa.array(["call Frau X", "", "herr", "frau", "Frau"]))
    presence = Presence(Grams([literals("Frau"), literals("(?i:frau)"), None]), joined)
    for pattern, expected in ((0, [1, 0, 0, 0, 1]), (1, [1, 0, 0, 1, 1]), (2, [1, 1, 1, 1, 1])):
        for in_order in (False, True):
            actual = presence.may((pattern,), joined.starts, joined.ends, in_order)
            assert list(map(bool, expected)) == actual.tolist()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("0A-a ./", min_size=1, max_size=60), min_size=1, max_size=90, unique=True))
def test_shapes_are_told_alike_one_by_one_and_together(shapes: list[str]) -> None:
    """Whether a shape is new, known or too long to be remembered, a pattern says the same of it."""
    known = shapes_module._Known()
    running = r"\b(?:[0-9]{3}-?[A-Z]{2,4}|[a-z]{1,3} [0-9])\b"
    pattern = str(shape_pattern(running))
    for most in (len(shapes) // 3, len(shapes)):
        numbers, others = known.numbers(shapes[:most])
        told = dict(zip(shapes[:most], known.fits(pattern, numbers).tolist(), strict=True))
        expected = pc.match_substring_regex(pa.array(shapes[:most], pa.string()), pattern).to_pylist()

        rest = set(others.to_pylist())
        assert {each for each in shapes[:most] if len(each) > shapes_module.LONGEST} == rest
        assert {s: e for s, e in zip(shapes, expected, strict=False) if s not in rest} == {
            s: t for s, t in told.items() if s not in rest
        }


@pytest.mark.parametrize(
    "word", ["ssn", "date of birth", "numéro de série", "паспорт", "身份证", "ip", "e-mail", "Ωμ"]
)
def test_words_are_known_by_texts(word: str) -> None:
    """One of the texts stands wherever the word does, in any case and with its spaces as they may be written."""
    texts = texts_of_word(word, has_spaces(word))
    for spelled in {word, word.upper(), word.title(), word.replace(" ", "_"), word.replace(" ", "")}:
        small = spelled.encode().lower().decode()  # ASCII alone
        assert texts is None or any(each.text in (small if each.any_case else spelled) for each in texts)
