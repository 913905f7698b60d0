"""What a pattern's syntax tells of the least that it matches."""

import re

import pyarrow as pa
import pytest

from anonymize.kernels.detection.available import every_detector
from anonymize.kernels.detection.families import Families
from anonymize.kernels.detection.headed import headed_matches
from anonymize.kernels.detection.joined import join
from anonymize.kernels.detection.least import Least, ask_least, least_of_both
from anonymize.kernels.detection.matching import all_matches, expression
from anonymize.kernels.detection.shapes import SHAPED
from anonymize.kernels.detection.syntax import ask_literals, ask_shape_pattern, literals, shape_pattern
from anonymize.kernels.detection.worked_out import UNKNOWN, worked_out
from tests.kernels.detection.test_screening import fragments

ALL = [(each, pattern) for each in every_detector() for pattern in each.patterns]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("[A-Z]{6}[A-Z0-9]{2}", Least(8, capitals=6, letters=8)),
        ("[A-Z]{2}-?[A-Z]{2}", Least(4, capitals=2, letters=2)),
        ("(?i)[A-Z]{4}[0-9]{2}", Least(6, digits=2)),
        ("(?:[A-Z]{3}|[A-Z]{2}[0-9])x*", Least(3, capitals=2, letters=3)),
        ("(?:[A-Z]{2}){2,4}", Least(4, capitals=4, letters=4)),
        ("(?:A-){2}", Least(4, capitals=1, letters=1)),
        ("[^A]{3}", Least(3)),
        ("^(?:ab?)$", Least(1, letters=1, most=2)),
        ("(^)((?:[0-9]{1,3}))($)", Least(1, digits=1, letters=1, most=3)),
        ("^a+$", Least(1, letters=1)),
        ("(?m)^ab$", Least(2, letters=2)),
        ("^ab|cd$", Least(2, letters=2)),
        ("王[小大]{2}", Least(3, foreign=3)),
        ("", Least()),
    ],
)
def test_the_least(pattern: str, expected: Least) -> None:
    """Characters, digits, others than ASCII, capitals in a row, letters in a row, and the most."""
    assert expected == ask_least(pattern)


def test_every_match_has_the_least() -> None:
    """Whatever a detector's pattern matches among the examples has what its syntax asks for."""
    for each, pattern in ALL:
        running = expression(type(each), pattern)[0]
        need = least_of_both(running, pattern.trigger)
        which, _, _ = all_matches(pa.array(fragments()), running)
        for text in {fragments()[place] for place in which.tolist()}:
            if pattern.trigger and not len(all_matches(pa.array([text]), pattern.trigger)[0]):
                continue
            assert need.characters <= len(text) <= (need.most or len(text)), (pattern, text)
            assert len(re.findall("[0-9]", text)) >= need.digits, (pattern, text)
            assert len(re.findall(r"[^\x00-\x7f]", text)) >= need.foreign, (pattern, text)
            assert re.search(f"[A-Z]{{{need.capitals}}}", text), (pattern, text)
            assert re.search(f"[0-9A-Za-z]{{{need.letters}}}", text), (pattern, text)


def test_what_is_worked_out_ahead_is_what_the_syntax_tells() -> None:
    """For every pattern of the package the file has an answer, and it is the right one."""
    for each, pattern in ALL:
        running = expression(type(each), pattern)[0]
        assert worked_out("least", running) is not UNKNOWN, "run `python -m docs.generate`"
        assert Least(*worked_out("least", running)) == ask_least(running)
        if (pattern.family or each.family) in SHAPED:
            assert ask_shape_pattern(running) == shape_pattern(running)
        else:
            both = tuple(filter(None, (pattern.trigger, running)))
            assert ask_literals(*both) == literals(*both)


HEADED = [pattern for _, pattern in ALL if pattern.head]
REGIONS = [
    "北京市",
    "海淀区",
    "中关村大街27号",
    "幸福路12号院",
    "3单元",
    "人民路5号",
    "路",
    "号",
    "一号",
    "，",
    " ",
    "好",
]


def test_long_patterns_have_heads() -> None:
    """There are some, or the next test would prove nothing; none stands beside what must precede or follow."""
    assert HEADED
    assert not [pattern for pattern in HEADED if pattern.before or pattern.after]


@pytest.mark.parametrize("pattern", HEADED, ids=lambda pattern: pattern.head[:12])
def test_heads_change_nothing(pattern) -> None:
    """Found by its head, a pattern matches what it does alone: near each other, overlapping, at great length."""
    near = [a + b + c + d for a in REGIONS for b in REGIONS for c in REGIONS for d in REGIONS[::2]]
    long = ["北京市" + "海淀区" * count + "中关村大街27号" + "3单元" * count for count in (1, 40, 90, 300)]
    cells = [*dict.fromkeys([*near, *long, *fragments()])]
    regions = Families(join(pa.array(cells))).regions("text")
    which, starts, ends = all_matches(regions.strings, f"(?:{pattern.body})")
    base = regions.starts[which]
    actual = headed_matches(regions, pattern.head, f"(?:{pattern.body})")

    assert len(starts)
    assert [(base + starts).tolist(), (base + ends).tolist()] == [places.tolist() for places in actual]
