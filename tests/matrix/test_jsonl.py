"""JSON lines: no guess, no value that passes because it is of another kind, no crash."""

from pathlib import Path

import pytest

from tests.faults.build import CANARY
from tests.matrix.scenes import Scene, marked, play

X = CANARY.encode()
ROW = b'{"a": 1, "b": "' + X + b'"}\n'
AB = "  a: keep\n  b: mask"
DEEP = 100_000
NUMBERS = (
    b'{"a": 1.0, "b": -0, "c": 123456789012345678901234567890, "d": 0.1000000000000000000000000001, "e": 1e400}\n'
)
WIDE = b"{" + b", ".join(b'"k%d": %d' % (i, i) for i in range(2_000)) + b"}\n"


def bad(row: str, name: str, line: bytes, says: str) -> Scene:
    """A line that stops the run, behind one that is in order."""
    return Scene(
        row, name, ROW + line + b"\n" + ROW, 3, rf"in\.jsonl:2: (?:{says}).*\n.*--rejects", suffix=".jsonl"
    )


SCENES = [
    bad("J1", "broken line", ROW[:-4], "not valid JSON"),
    bad("J1", "text after the object", ROW[:-1] + b" x", "not valid JSON|text"),
    bad("J1", "a list on top", b'["' + X + b'"]', "not a JSON object"),
    bad("J1", "a number on top", b"7731", "not a JSON object"),
    bad("J1", "a blank line", b"", "a blank line"),
    bad("J2", "NaN", b'{"a": NaN, "b": "' + X + b'"}', "not valid JSON"),
    bad("J2", "Infinity", b'{"a": -Infinity}', "not valid JSON"),
    bad("J2", "half of a surrogate pair", b'{"a": 1, "b": "\\ud800"}', "not valid JSON"),
    bad("J2", "a control character", b'{"a": 1, "b": "\x01"}', "not valid JSON"),
    bad("J2", "not UTF-8", b'{"a": 1, "b": "' + X + b'\xff"}', "not UTF-8"),
    Scene("J2", "a byte order mark", b"\xef\xbb\xbf" + ROW, suffix=".jsonl", rules="  a: keep\n  b: keep"),
    bad("J3", "a key twice", b'{"a": 1, "b": "' + X + b'", "b": 2}', "a key stands twice"),
    bad("J3", "a key twice, once escaped", b'{"a": 1, "b": "' + X + b'", "\\u0062": 2}', "a key stands twice"),
    Scene("J4", "numbers as they are spelled", NUMBERS, suffix=".jsonl"),
    Scene("J4", "numbers beside a change", b'{"a":1.0,"b":"xyz" , "c":-0}\n', suffix=".jsonl", rules=AB + "\n  c: keep",
          output=b'{"a":1.0,"b":"***" , "c":-0}\n'),
    bad("J5", "100,000 lists", b'{"a": ' + b"[" * DEEP + b"]" * DEEP + b"}", "objects and lists are nested deeper"),
    bad("J5", "100,000 objects", b'{"a": ' * DEEP + b"1" + b"}" * DEEP, "objects and lists are nested deeper"),
    bad("J5", "100,000 objects, unclosed", b'{"a": ' * DEEP, "objects and lists are nested deeper"),
    Scene("J5", "2,000 keys", WIDE, suffix=".jsonl"),
    Scene("J5", "a long line", ROW + b'{"a": 1, "b": "' + X * 300 + b'"}\n', 3, r"in\.jsonl:2: a line is longer than 999",
          args="--max-cell 999", suffix=".jsonl"),
    Scene("J6", "a key in the last row", ROW * 60_000 + b'{"a": 1, "c": "' + X + b'"}\n', 3,
          "no rule covers the column 'c'", suffix=".jsonl", rules=AB),
    Scene("J6", "a key in the last row, by a glob", b'{"a":1}\n' * 60_000 + b'{"a":1,"c":"x"}\n', suffix=".jsonl",
          rules='  a: keep\n  "*": redact', output=b'{"a":1}\n' * 60_000 + b'{"a":1,"c":"[REDACTED]"}\n'),
    Scene("J7", "a number for a name", b'{"a":1,"b":12345}\n', suffix=".jsonl", rules=AB,
          output=b'{"a":1,"b":"*****"}\n'),
    Scene("J7", "an object for a text", ROW + b'{"a": 1, "b": {"c": "' + X + b'"}}\n', 3,
          "column 'b': holds objects or lists in some rows", suffix=".jsonl", rules=AB),
    Scene("J7", "a list for a text", ROW + b'{"a": 1, "b": ["' + X + b'"]}\n', 3,
          "column 'b': holds objects or lists in some rows", suffix=".jsonl", rules=AB),
    Scene("J7", "a text for a number", ROW, 3, "column 'b', row 1: round_to: not a number", suffix=".jsonl",
          rules="  a: keep\n  b: round_to(5)"),
    Scene("J7", "a text for a number, made null", b'{"a":1,"b":"x"}\n', suffix=".jsonl",
          rules='  a: keep\n  b: {steps: [round_to(5)], on_error: "null"}', output=b'{"a":1,"b":null}\n'),
    Scene("P1", "a rule on an object covers what it holds", b'{"c":{"d":"x","e":{"f":"y"}},"g":1}\n', suffix=".jsonl",
          rules="  c: redact\n  g: keep", output=b'{"c":"[REDACTED]","g":1}\n'),
    Scene("P1", "a leaf that no rule covers", b'{"c":{"d":"x","e":{"f":"' + X + b'"}}}\n', 3,
          r"no rule covers the column 'c\.e\.f'", suffix=".jsonl", rules="  c.d: redact"),
]  # fmt: skip


@pytest.mark.parametrize("scene", marked(SCENES))
def test_scene(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Exit code, message and everything on disk."""
    play(scene, tmp_path, monkeypatch, capfd)
