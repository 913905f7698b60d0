"""Regions: found around what is rare in them, they are those that a pattern would cut out."""

import re

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.kernels.detection import families
from anonymize.kernels.detection.families import Families
from anonymize.kernels.detection.joined import join

PIECES = [
    "a",
    "Ab",
    "USA",
    "7",
    "12",
    "B2",
    "@",
    ".",
    ":",
    "-",
    "://",
    "www.",
    " ",
    "  ",
    "(",
    ")",
    "+",
    "\n",
    "é",
    "，",
]
LONG = ["a" * 47, "b" * 48, "c1" * 40, "d." * 60, "e@" * 30, "f" * 2100, "1:" * 1200]
CELLS = st.lists(st.lists(st.sampled_from(PIECES * 4 + LONG), max_size=12).map("".join), min_size=1, max_size=6)
PLAIN = {
    "at": re.compile(r"[0-9A-Za-zé!#$%&'*+/=?^_`{|}~.@-]*@[0-9A-Za-zé!#$%&'*+/=?^_`{|}~.@-]*"),
    "hex": re.compile(r"[0-9a-fA-F:.-]{3,}"),
    "link": re.compile(r"""[!#-;=?-\[\]_a-z~]+"""),
    "code": re.compile(
        r"[+(]?\b(?:[A-Z]{1,4}|[0-9A-Za-z]*[0-9][0-9A-Za-z]*)\b"
        r"(?:[ ./()+-]{1,3}(?:[A-Z]{1,4}|[0-9A-Za-z]*[0-9][0-9A-Za-z]*)(?![0-9A-Za-z]))*\)?",
        re.ASCII,
    ),
}


def is_one(family: str, text: str) -> bool:
    """What a run must hold besides."""
    if family == "hex":
        return len(text) >= 3 and (text.count(":") + text.count("-") >= 2 or text.count(".") >= 2)
    if family == "link":
        return "://" in text or re.search(r"(?i)www\.", text) is not None
    return family == "at" or len(re.findall("[0-9]", text)) >= 2


def without_cut_words(found: re.Match[str]) -> str:
    """A run without the word that it cuts, and two colons beside one."""
    text, before, after = found[0], found.string[: found.start()], found.string[found.end() :]
    if re.search(r"[A-Za-z]$", before):
        text = re.sub(r"^(?:[a-fA-F][0-9a-fA-F]*)?:{0,2}", "", text)
    if re.match(r"[A-Za-z]", after):
        text = re.sub(r":{0,2}(?:(?<![0-9a-fA-F])[0-9a-fA-F]*[a-fA-F])?$", "", text)
    return text


def regions(cells: list[str], family: families.Family) -> list[str]:
    return Families(join(pa.array(cells, pa.string()))).regions(family).strings.to_pylist()


@pytest.mark.parametrize("family", ["at", "hex", "link"])
@settings(max_examples=80, deadline=None)
@given(cells=CELLS)
def test_runs(family: families.Family, cells: list[str]) -> None:
    """The maximal runs of a family's characters that hold what it is about, however long and however many."""
    runs = [run for cell in cells for run in PLAIN[family].finditer(cell)]
    texts = [without_cut_words(run) if family == "hex" else run[0] for run in runs]

    assert [text for text in texts if is_one(family, text)] == regions(cells, family)


@settings(max_examples=80, deadline=None)
@given(cells=CELLS)
def test_words_with_digits(cells: list[str]) -> None:
    """Words with a digit, or of a few capitals, with what joins them."""
    cells = [cell.replace("_", " ") for cell in cells]
    expected = [text for cell in cells for text in PLAIN["code"].findall(cell) if is_one("code", text)]

    assert expected == regions(cells, "code")


@settings(max_examples=60, deadline=None)
@given(cells=CELLS, crowded=st.sampled_from([1, 1 << 40]))
def test_both_ways_are_alike(cells: list[str], crowded: int) -> None:
    """By windows around what is rare, and by all runs: the same."""
    expected = [regions(cells, family) for family in ("at", "hex", "link", "code")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(families, "CROWDED", crowded)

        assert expected == [regions(cells, family) for family in ("at", "hex", "link", "code")]
