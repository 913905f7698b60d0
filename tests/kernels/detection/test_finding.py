"""Where findings are, and what becomes of long, wide, repeated and overlapping text."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.core.detector import Detector, Evidence
from anonymize.finding.scanning import all_detectors
from anonymize.kernels.detection import finding
from anonymize.kernels.detection.finding import find

EVERY = all_detectors()
PARTS = [
    "13812345678", "１３８１２３４５６７８", "a.b@qq.com", "电话", "é", "𠮷", "\n", " ", "。", "王小明先生",
    "4111 1111 1111 1111", "110101199003074477",
    "order ", "ssn 536-22-8145", "x", "-", "2001:db8::1", "\x01", "Mary Johnson", "（",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PARTS), max_size=8).map("".join)
CELLS = st.lists(st.none() | TEXTS, max_size=6)


def spans(cells: list[str | None], **options) -> list[tuple[int, str, int, int, float]]:
    found = find(pa.array(cells, pa.string()), EVERY, **options)
    names = [found.entities[code] for code in found.entity.tolist()]
    columns = (found.row, found.start, found.end, found.score)
    return [
        (row, name, *rest)
        for name, (row, *rest) in zip(names, zip(*(c.tolist() for c in columns), strict=True), strict=True)
    ]


def detectors(*entities: str) -> list[Detector]:
    return all_detectors(entities)


@given(CELLS, CELLS)
def test_cells_do_not_know_each_other(first: list[str | None], second: list[str | None]) -> None:
    """What is found in a cell does not depend on the other cells."""
    moved = [(row + len(first), *rest) for row, *rest in spans(second)]

    assert spans(first) + moved == spans(first + second)


@given(CELLS)
def test_offsets(cells: list[str | None]) -> None:
    """Characters and bytes tell the same place, in order, and findings do not overlap."""
    found = find(pa.array(cells, pa.string()), EVERY)
    last = (-1, 0)
    for row, start, end, first, past in zip(
        *(c.tolist() for c in (found.row, found.start, found.end, found.byte_start, found.byte_end)), strict=True
    ):
        cell = cells[row]
        assert cell is not None
        assert cell[start:end].encode() == cell.encode()[first:past] != b""
        assert last <= (row, start)
        last = (row, end)


def test_full_width() -> None:
    """Full-width digits are found where they stand in the original."""
    found = find(pa.array(["电话：１３８１２３４５６７８。"]), EVERY)

    assert [(3, 14, 9, 42)] == list(zip(found.start, found.end, found.byte_start, found.byte_end, strict=True))
    assert found.evidence[0] & Evidence.WIDE


def test_repeated_values_are_all_found() -> None:
    """Every row of a repeated value has its finding."""
    cells = ["a@qq.com", None, "x", "a@qq.com", "", "a@qq.com"]

    assert [0, 3, 5] == [row for row, *_ in spans(cells)]


def test_dictionaries_and_numbers() -> None:
    """Other column types are read as their text."""
    number = pa.array([13812345678, None, 5])

    assert [0] == find(number, EVERY, header="phone").row.tolist()
    assert [1] == find(pa.array(["x", "a@qq.com"]).dictionary_encode(), EVERY).row.tolist()
    assert [1] == find(pa.array(["x", "a@qq.com"], pa.large_string()), EVERY).row.tolist()


def test_a_cell_too_long_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts as found from end to end."""
    monkeypatch.setattr(finding, "LONGEST_CELL", 100)
    cells = ["a@qq.com", "é" * 51, "x" * 100]

    assert [(0, "EMAIL_ADDRESS", 0, 8, 0.98), (1, "UNSCANNED", 0, 51, 1.0)] == spans(cells)


def test_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """The result does not depend on how much is scanned at a time."""
    cells = [f"mail u{i}@qq.com, 电话1381234{i:04}" for i in range(50)]
    expected = spans(cells)
    monkeypatch.setattr(finding, "BATCH", 64)

    assert expected == spans(cells)


def test_the_column_is_context() -> None:
    """A header raises a score; one that says something else lowers it."""
    cells = pa.array(["536228145"])

    assert 0 == len(find(cells, detectors("US_SSN")))
    assert 1 == len(find(cells, detectors("US_SSN"), header="employeeSSN"))
    assert 0 == len(find(pa.array(["13812345678"]), detectors("PHONE_NUMBER"), header="order_count"))


def test_the_nearer_word_decides() -> None:
    """Of words for and against, the nearer one."""
    assert [] == spans(["电话已登记 订单13812345678"])
    assert 1 == len(spans(["订单已发货 电话13812345678"]))


def test_locales() -> None:
    """Named countries exclude the entities of others, not those of all."""
    cell = "身份证110101199003074477 a@qq.com"

    assert ["EMAIL_ADDRESS"] == [name for _, name, *_ in spans([cell], locales=["en_US"])]
    assert ["CN_ID_CARD", "EMAIL_ADDRESS"] == [name for _, name, *_ in spans([cell], locales=["zh_CN"])]


@pytest.mark.parametrize(
    "unit", ['"', "1", "1-", "@", "a@b.", ".", "f:", "Ab ", "://", "www.", "王", "北京市区", "１", "a@b.cc "]
)
def test_long_cells(unit: str) -> None:
    """A cell of a quarter of a million bytes is scanned like any other."""
    cell = unit * ((1 << 18) // len(unit.encode()))

    assert "UNSCANNED" not in [name for _, name, *_ in spans([cell])]
