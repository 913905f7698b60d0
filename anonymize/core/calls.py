"""Reads the call spelling of a step, `mask(keep_last=4)`, as plain data. Nothing is evaluated."""

import re
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
  | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?%?(?=[\s,\])}:]|$))
  | (?P<word>[^\s\[\]{}(),=:'"]+)
  | (?P<mark>[\[\]{}(),=:])
    )""",
    re.VERBOSE,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_NAMED = {"true": True, "false": False, "null": None}


class CallSyntaxError(ValueError):
    """The text is not a call; the message says what was expected at which position."""


@dataclass
class _Reader:
    """A position in the text and what can be read from there."""

    text: str
    position: int = 0

    def peek(self) -> re.Match[str] | None:
        return _TOKEN.match(self.text, self.position)

    def take(self) -> re.Match[str]:
        token = self.peek()
        if token is None:
            raise CallSyntaxError(f"something is missing or out of place at position {self.position + 1}")
        self.position = token.end()
        return token

    def at(self, mark: str) -> bool:
        token = self.peek()
        return token is not None and token["mark"] == mark

    def skip(self, mark: str) -> bool:
        found = self.at(mark)
        if found:
            self.take()
        return found

    def expect(self, mark: str) -> None:
        if not self.skip(mark):
            raise CallSyntaxError(f"expected {mark!r} at position {self.position + 1}")

    def finished(self) -> bool:
        return not self.text[self.position :].strip()


def parse_call(text: str) -> tuple[str, list[Any], dict[str, Any]]:
    """`name(1, key=value)` to (name, [1], {key: value}); a bare name has no arguments.

    Values are numbers, `2%`, quoted strings, true, false, null, bare words (strings), lists and mappings.
    """
    reader = _Reader(text)
    name = reader.take()["word"]
    if name is None:
        raise CallSyntaxError("a step starts with the name of a transform")
    positional: list[Any] = []
    named: dict[str, Any] = {}
    if reader.skip("("):
        while not reader.skip(")"):
            _argument(reader, positional, named)
            if not reader.at(")"):
                reader.expect(",")
    if not reader.finished():
        raise CallSyntaxError(f"unexpected text at position {reader.position + 1}")
    return name, positional, named


def respaced(text: str) -> str:
    """The call with its spaces as they should be: none but one behind each comma and colon. Raises
    CallSyntaxError for what is no call."""
    parse_call(text)
    reader, pieces = _Reader(text), []
    while not reader.finished():
        token = reader.take()[0].strip()
        pieces.append(token + " " if token in {",", ":"} else token)
    return "".join(pieces).removesuffix("()")


def _argument(reader: _Reader, positional: list[Any], named: dict[str, Any]) -> None:
    start = reader.position
    token = reader.take()
    if token["word"] is not None and reader.skip("="):
        if token["word"] in named:
            raise CallSyntaxError(f"{token['word']!r} is given twice")
        named[token["word"]] = _value(reader)
        return
    if named:
        raise CallSyntaxError("an argument without a name comes first")
    reader.position = start
    positional.append(_value(reader))


def _value(reader: _Reader) -> Any:
    start = reader.position
    token = reader.take()
    if token["string"] is not None:
        return re.sub(
            r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1] if m[1] in "\\'\"" else m[0]), token["string"][1:-1]
        )
    if token["number"] is not None:
        return _number(token["number"])
    if token["word"] is not None:
        return _word(reader, token["word"], start)
    if token["mark"] == "[":
        return _items(reader, "]", _value)
    if token["mark"] == "{":
        return dict(_items(reader, "}", _pair))
    raise CallSyntaxError(f"expected a value at position {start + 1}")


def _word(reader: _Reader, word: str, start: int) -> Any:
    if reader.skip("("):  # `mean(salary)` as a value is the text of the call
        _items(reader, ")", _value)
        return reader.text[start : reader.position].strip()
    return _NAMED.get(word, word)


def _pair(reader: _Reader) -> tuple[Any, Any]:
    key = _value(reader)
    reader.expect(":")
    return key, _value(reader)


def _items(reader: _Reader, end: str, read: Any) -> list[Any]:
    items: list[Any] = []
    while not reader.skip(end):
        items.append(read(reader))
        if not reader.at(end):
            reader.expect(",")
    return items


def _number(text: str) -> int | float:
    if text.endswith("%"):
        return float(text[:-1]) / 100
    return int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)
