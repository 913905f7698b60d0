"""Whole files and whole rule files, drawn at random: dialects, encodings, cells, chains of steps, damage."""

import json
import os
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.faults.build import CANARY

BOUND = int(os.environ.get("ANONYMIZE_FUZZ", "40"))
"""How many examples each property is tried on; `make fuzz` tries many more."""

bounded = settings(
    max_examples=BOUND, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030", "utf-16-le", "cp1252", "shift_jis", "big5")
STEPS = (
    *("keep", "keep", "redact", "nullify", "drop", "mask", "mask(keep_last=2)", "mask(keep_first=1, char='#')"),
    *("truncate(2)", "truncate(1, side=end, pad='0')", "pseudonymize", "pseudonymize(scope=people)"),
    *("encrypt_deterministic", "encrypt_preserving_format", "fake(person)", "number", "shuffle", "group_rare(2)"),
    *("bin(width=10)", "round_to(5)", "truncate_date(month)", "shift_dates(days=30)", "mask_email", "mask_date"),
    *("laplace_noise(scale=2)", "top_code(50)", "escape_formulas", "truncate_ip", "email_domain", "age_band"),
    *("redact_matches(pattern='[0-9]+')", "map_values(mapping={a: b})", "redact_text"),
)
ROWS = ("drop_rows(where=\"c0 == 'a'\")", "sample_rows(0.5)", "keep_rows(where=\"c0 != ''\")")
ON_ERROR = ("fail", '"null"', '"null"', "redact", "drop_row")

PIECES = [
    *(CANARY, "", " ", "a", "0", "-5", "007", "1e400", "2024-02-29", "29.02.2024", "a@b.org", "1.2.3.4", "::1"),
    *("=1+1", "\t", "é", "e\u0301", "王小明", "😀", "\u202e", "\ufeff", "NULL", "nan", "x" * 40, "13812345678"),
    *('"', '""', ",", ";", "|", "'", "\n", "\r\n", "\\", "\x00", "[REDACTED]", "{}", "#"),
]
cells = st.lists(st.sampled_from(PIECES), max_size=3).map("".join) | st.text(max_size=6)


@dataclass(frozen=True)
class Drawn:
    """A file and rules for it."""

    suffix: str
    raw: bytes
    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    steps: dict[str, list[str]]
    rules: str
    options: dict[str, Any] = field(default_factory=dict)
    damaged: bool = False

    @property
    def dropped(self) -> set[str]:
        return {name for name, chain in self.steps.items() if "drop" in chain}

    @property
    def untouched(self) -> list[str]:
        return [name for name, chain in self.steps.items() if set(chain) == {"keep"}]

    @property
    def keeps_rows(self) -> bool:
        return "rows:" not in self.rules and "drop_row" not in self.rules


@st.composite
def chains(draw: st.DrawFn) -> list[str]:
    """One to three steps; `keep` and `drop` stand alone."""
    chain = draw(st.lists(st.sampled_from(STEPS), min_size=1, max_size=3))
    alone = [step for step in chain if step in ("keep", "drop")]
    return alone[:1] or chain


@st.composite
def rule_texts(draw: st.DrawFn, columns: tuple[str, ...]) -> tuple[dict[str, list[str]], str]:
    """The steps of each column, and the rule file that says so."""
    steps = {name: draw(chains()) for name in columns}
    lines = ["version: 1", "dataset: fuzz", "columns:"]
    for name, chain in steps.items():
        on_error = "" if chain in (["keep"], ["drop"]) else f", on_error: {draw(st.sampled_from(ON_ERROR))}"
        lines.append(f"  {name}: {{steps: {json.dumps(chain)}{on_error}}}")
    rows = draw(st.lists(st.sampled_from(ROWS), max_size=1))
    lines += [f"rows: {json.dumps(rows)}"] if rows else []
    return steps, "\n".join(lines) + "\n"


@st.composite
def tables(draw: st.DrawFn, none: bool) -> tuple[tuple[str, ...], tuple[tuple[str | None, ...], ...]]:
    """One to four columns of text."""
    columns = tuple(f"c{i}" for i in range(draw(st.integers(1, 4))))
    cell = cells | st.none() if none else cells
    row = st.tuples(*[cell] * len(columns))
    return columns, tuple(draw(st.lists(row, max_size=8)))


@st.composite
def csv_files(draw: st.DrawFn) -> Drawn:
    """With its dialect and encoding said, since neither may be guessed."""
    columns, rows = draw(tables(none=False))
    delimiter, quote = draw(st.sampled_from(",;\t|")), draw(st.sampled_from("\"'"))
    encoding, end = draw(st.sampled_from(ENCODINGS)), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    quoted = draw(st.booleans())

    def spelled(cell: str) -> str:
        must = quoted or any(c in cell for c in (delimiter, quote, "\n", "\r")) or not cell
        return quote + cell.replace(quote, quote * 2) + quote if must else cell

    lines = [delimiter.join(columns), *(delimiter.join(map(spelled, map(str, row))) for row in rows)]
    text = end.join(lines) + draw(st.sampled_from(["", end]))
    raw = text.encode(encoding, "ignore")
    kept = raw.decode(encoding) == text
    steps, rules = draw(rule_texts(columns))
    said = {"utf-8-sig": None, "utf-16": None, "utf-32": None}.get(encoding, encoding)
    options = {"delimiter": delimiter, "quote": quote, "encoding": said, "header": True}
    found = Drawn(".csv", raw, columns, rows if kept else (), steps, rules, options, damaged=not kept)
    return draw(maybe_damaged(found))


@st.composite
def jsonl_files(draw: st.DrawFn) -> Drawn:
    """Objects of text and null, with keys in any order and either spelling of letters."""
    columns, rows = draw(tables(none=True))
    ascii_only = draw(st.booleans())
    lines = []
    for row in rows:
        pairs = draw(st.permutations(list(zip(columns, row, strict=True))))
        lines.append(json.dumps(dict(pairs), ensure_ascii=ascii_only))
    raw = "".join(line + "\n" for line in lines).encode("utf-8", "surrogatepass")
    steps, rules = draw(rule_texts(columns))
    return draw(maybe_damaged(Drawn(".jsonl", raw, columns, rows, steps, rules)))


@st.composite
def maybe_damaged(draw: st.DrawFn, file: Drawn) -> Drawn:
    """The file, or one with a few bytes changed, cut out or put in."""
    if not file.raw or draw(st.integers(0, 2)):
        return file
    raw = bytearray(file.raw)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(len(raw) - 1, 0)))
        raw[at : at + draw(st.integers(0, 2))] = draw(st.binary(max_size=2) | st.sampled_from([b'"', b"\n", b","]))
    return Drawn(file.suffix, bytes(raw), file.columns, (), file.steps, file.rules, file.options, damaged=True)
