"""The result pages say what was measured, and what is not met."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.detection_page import detection_page
from benchmarks.jobs import TWO_THREADS
from benchmarks.pages import apart, crypto_page, field_page, growth_lines, memory_page
from benchmarks.report import write_readme
from benchmarks.run import SLOW, left_out
from benchmarks.store import newest, newest_of_jobs, write
from benchmarks.tables import table

MACHINE = {"cpu": "a processor", "cores": 2, "memory_gb": 8, "system": "Linux", "python": "3.11"}
HEAD: dict[str, Any] = {"date": "2026-01-02", "machine": {**MACHINE, "versions": {"numpy": "2"}}}


def size(rows: int, seconds: float, floor: float, peak: int) -> dict[str, Any]:
    ours = {"seconds": seconds, "peak_mb": peak, "runs": [seconds], "about": "ours"}
    passing = {"seconds": floor, "peak_mb": 100, "runs": [floor], "about": "passing on"}
    return {"rows": rows, "bytes": rows * 200, "runs": 1, "contenders": {TWO_THREADS: ours, "floor": passing}}


def test_a_table_is_aligned_with_figures_to_the_right() -> None:
    """Markdown that can be read as it is."""
    expected = "| who | s   |\n| --- | --- |\n| a   | x   |\n"
    figures = "| who |  s |\n| --- | -: |\n| a   | 10 |\n"

    assert expected == table([("who", "s  "), ("a", "x")])
    assert figures == table([("who", "s"), ("a", "10")])


@pytest.mark.parametrize(("figures", "expected"), [([100, 110], 0.1), ([110, 100, 105], 0.1), ([7], 0)])
def test_apart_is_the_largest_over_the_least(figures: list[float], expected: float) -> None:
    """Whatever their order."""
    assert expected == pytest.approx(apart(figures))


def test_sizes_that_lie_close_meet_the_goals() -> None:
    """Memory and time per row within a tenth; large files fast."""
    lines = growth_lines([size(1_000_000, 0.5, 0.5, 180), size(5_000_000, 2.4, 2.5, 190)])

    assert 4 == len(lines)
    assert [] == [line for line in lines if "not met" in line]
    assert "peak memory within 10% at all sizes: 6% apart, met" == lines[0]
    assert "5,000,000 rows, at least 400 MB/s: 417, met" == lines[2]


def test_what_grows_or_is_slow_is_said_to_miss_the_goals() -> None:
    """Each goal has its own line."""
    lines = growth_lines([size(1_000_000, 0.5, 0.5, 180), size(5_000_000, 5.0, 2.5, 250)])

    assert 4 == len([line for line in lines if line.endswith("**not met**")])


def test_small_files_are_not_asked_for_the_speed_of_large_ones() -> None:
    """Start-up counts there."""
    assert 2 == len(growth_lines([size(1_000_000, 5.0, 0.5, 180)]))


@pytest.mark.parametrize(
    ("asked", "rows", "expected"),
    [(None, 1_000_000, set()), (None, 5_000_000, SLOW), ({"polars"}, 5_000_000, {"polars"})],
)
def test_large_tables_are_spared_the_slow_unless_asked(
    asked: set[str] | None, rows: int, expected: set[str]
) -> None:
    """What the caller says wins."""
    assert expected == left_out(asked, rows)


CRYPTO = {
    **HEAD,
    "others": {"ff3": "1.0"},
    "groups": {
        "Ids": {
            "anonymize": {"about": "ours", "values": 1000, "rate": 20_000_000, "ours": True},
            "hmac": {"about": "per value", "values": 100, "rate": 500_000, "ours": False},
        }
    },
    "skipped": ["pyffx: cannot be imported"],
}
FIELD = {
    **HEAD,
    "rows": 100,
    "runs": 1,
    "jobs": {
        "mask": {
            "title": "Phones",
            "contenders": {
                TWO_THREADS: {"seconds": 0.5, "peak_mb": 100, "about": "ours"},
                "a tool": {"seconds": 2.0, "peak_mb": 200, "about": "its mask"},
            },
        }
    },
    "skipped": ["another tool: cannot be imported"],
}


def test_cryptography_is_compared_with_ours_in_one_thread() -> None:
    """Rates, how many times faster, the versions of others, and who is missing."""
    page = crypto_page(CRYPTO)

    assert "| **anonymize** |         20 |" in page
    assert "| hmac          |        0.5 |             40.0x |" in page
    assert "numpy 2, ff3 1.0." in page
    assert "- pyffx: cannot be imported\n" in page


def test_tools_of_the_field_are_given_in_times_ours() -> None:
    """The fastest first, and who is missing."""
    page = field_page(FIELD)

    assert "| **anonymize, 2 threads** |        1.0 |    0.50 |" in page
    assert "| a tool                   |        4.0 |    2.00 |" in page
    assert "- another tool: cannot be imported\n" in page


def test_the_readme_holds_the_newest_of_each_kind(tmp_path: Path) -> None:
    """Also if there are no jobs, and whatever else lies in the folder."""
    memory = {**HEAD, "sizes": [size(1_000_000, 0.5, 0.5, 180)]}
    for kind, result in (("memory", memory), ("crypto", CRYPTO), ("field", FIELD)):
        write(tmp_path, kind, {**result, "date": "2025-12-31"})
        write(tmp_path, kind, result)
    (tmp_path / "check.json").write_text("{}")
    write_readme(tmp_path)
    text = (tmp_path / "README.md").read_text()

    assert [1, 1, 1] == [text.count(page(found)) for page, found in (
        (memory_page, memory), (crypto_page, CRYPTO), (field_page, FIELD),
    )]  # fmt: skip
    assert "2025-12-31" not in text


def test_jobs_are_read_by_rows_and_other_kinds_are_not_taken_for_them(tmp_path: Path) -> None:
    """The last day counts for each number of rows."""
    for date, rows in (("2026-01-01", 5000), ("2026-01-02", 5000), ("2026-01-01", 1000)):
        write(tmp_path, str(rows), {"date": date, "rows": rows})
    write(tmp_path, "memory", {"date": "2026-01-03", "sizes": []})

    assert [("2026-01-01", 1000), ("2026-01-02", 5000)] == [
        (r["date"], r["rows"]) for r in newest_of_jobs(tmp_path)
    ]
    assert {} == newest(tmp_path, "crypto")
    assert (
        {"date": "2026-01-03", "sizes": []}
        == newest(tmp_path, "memory")
        == json.loads((tmp_path / "2026-01-03-memory.json").read_text())
    )


def test_finds_are_told_by_speed_and_by_kind() -> None:
    """Ratios to other tools, the goals with what was reached, and precision and recall."""
    ours = {"seconds": 1.0, "bytes": 4e6, "rate": 4e6, "finds": 100, "lines": 200, "about": "all detectors"}
    line = {"set": "English", "entity": "PERSON", "right": 8, "missed": 2, "wrong": 2}
    result = {
        **HEAD,
        "tools": {"anonymize": ours, "presidio": {**ours, "rate": 1e5}},
        "longer": {"English": ours},
        "quality": [line, {**line, "entity": "not labelled", "right": 0, "missed": 0}],
        "skipped": ["datafog: not installed"],
    }

    page = detection_page(result)

    assert "40.0x" in page
    assert "| English | 4.0 | **not met** | met | 200 | 20000 | 0.50 |" in " ".join(page.split())
    assert "| English | `PERSON` | 10 | 0.800 | 0.800 | 0.800 | 2 |" in " ".join(page.split())
    assert "- datafog: not installed" in page
