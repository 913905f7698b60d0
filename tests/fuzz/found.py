"""What was found once, kept so that it is tried first for ever."""

from tests.fuzz.drawn import Drawn

KEEP = {"c0": ["keep"]}
RULES = "version: 1\ncolumns: {c0: keep}\n"

SAID = {"delimiter": ",", "quote": '"', "encoding": "utf-8", "header": True}
GONE = "version: 1\ncolumns: {c0: drop}\n"

LATE = {"c0": ["number"], "c1": ["keep"]}
COMPARED = """
version: 1
columns: {c0: number, c1: keep}
rows:
  - drop_rows(where="c0 == 'a'")
"""

BEHIND = {"c0": ["redact"], "c1": ["keep"]}
SEEN_AFTER = """
version: 1
columns: {c0: redact, c1: keep}
rows:
  - keep_rows(where="c0 != ''")
"""
COUNTED = "version: 1\ncolumns: {c0: redact, c1: [mask, number]}\n"
NUMBERED = "version: 1\ncolumns: {c0: keep, c1: {steps: [number], on_error: redact}}\n"

FOUND = [
    # a header that is not in the encoding that was said
    Drawn(".csv", b"\x80c0", ("c0",), (), KEEP, RULES, SAID, damaged=True),
    # no column left
    Drawn(".csv", b"c0", ("c0",), (), {"c0": ["drop"]}, GONE, SAID),
    # a name that no rule covers and that looks like one which comes in a later block
    Drawn(".jsonl", b'{"0": ""}\n{"c0": null}\n', ("c0",), (), KEEP, RULES, damaged=True),
    # a condition that makes no sense for a column, which comes in a later block
    Drawn(".jsonl", b'{"c1": ""}\n{"c0": "", "c1": ""}\n', ("c0", "c1"), (), LATE, COMPARED),
    # a step on rows looks at a column that comes in a later block: it sees what the rules made of it
    Drawn(".jsonl", b'{"c0": null, "c1": ""}\n{"c0": "", "c1": ""}\n', ("c0", "c1"), (), BEHIND, SEEN_AFTER),
    # a step that gives nulls a value, behind one that does not, where a block holds nothing else
    Drawn(
        ".jsonl", b'{"c0": "", "c1": null}\n{"c0": "", "c1": ""}\n', ("c0", "c1"), (), {}, COUNTED, damaged=True
    ),
    # a rule that is wrong for a column which comes in a later block
    Drawn(
        ".jsonl", b'{"c0": "", "c1": null}\n{"c0": "", "c1": ""}\n', ("c0", "c1"), (), {}, NUMBERED, damaged=True
    ),
]

FOUND_RULES = ["version: 1\ncolumns:\n  a: {steps: [mask(]}\n"]
