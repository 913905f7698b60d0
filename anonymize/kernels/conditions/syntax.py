"""The grammar of conditions, and their syntax tree. Nothing is evaluated as code.

condition  = both {"or" both}             both    = negated {"and" negated}
negated    = "not" negated | "(" condition ")" | test
test       = operand sign operand         sign    = == = != <> < <= > >=
           | column ["not"] "in" "[" literal {"," literal} "]"
           | column "is" ["not"] "null"
           | column ["not"] verb text     verb    = contains | starts with | ends with | matches
           | starts_with(column, text) and so on
operand    = column | literal             literal = 12.5 | 'text' | "text" | true | false
column     = word | `any name`            a quote inside quotes is written twice
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

_TOKEN = re.compile(
    r"""(?:
    (?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
  | (?P<quoted>`(?:[^`]|``)+`)
  | (?P<number>[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?(?![\w.]))
  | (?P<word>[^\W\d]\w*(?:\[\*\])?(?:\.\w+(?:\[\*\])?)*)
  | (?P<mark>==|!=|<>|<=|>=|[=<>()\[\],])
    )""",
    re.VERBOSE,
)
_SIGNS = {"==": "==", "=": "==", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_RESERVED = {"and", "or", "not", "in", "is", "null", "true", "false"}
_VERBS = ("contains", "starts with", "ends with", "matches")
_FUNCTIONS = {verb.replace(" ", "_"): verb for verb in _VERBS}
_LONGEST = 10_000
_DEEPEST = 50


class ConditionSyntaxError(ValueError):
    """The text is not a condition; the message says what was expected at which position."""


@dataclass(frozen=True)
class Column:
    """A column by name."""

    name: str


@dataclass(frozen=True)
class Literal:
    """A number (as a Decimal), text, true or false."""

    value: Decimal | str | bool


@dataclass(frozen=True)
class Comparison:
    """`left sign right`; at least one side is a column."""

    sign: str
    left: Column | Literal
    right: Column | Literal


@dataclass(frozen=True)
class Membership:
    """`column in [literal, ...]`."""

    column: Column
    literals: tuple[Literal, ...]


@dataclass(frozen=True)
class IsNull:
    """`column is null`: the one test that is never unknown."""

    column: Column


@dataclass(frozen=True)
class TextTest:
    """`column verb 'text'`. `matches` finds its RE2 pattern anywhere unless ^ and $ hold it."""

    verb: str
    column: Column
    pattern: str


@dataclass(frozen=True)
class Not:
    """True where the term is false; unknown where it is unknown."""

    term: "Expression"


@dataclass(frozen=True)
class Junction:
    """All terms (`and`) or any of them (`or`)."""

    word: str
    terms: tuple["Expression", ...]


Expression: TypeAlias = Comparison | Membership | IsNull | TextTest | Not | Junction


def parse(text: str) -> tuple[Expression, tuple[str, ...]]:
    """The syntax tree of a condition, and the columns in the order of their first mention."""
    parser = _Parser(text)
    return parser.condition(), tuple(parser.names)


@dataclass
class _Token:
    kind: str
    text: str
    position: int


@dataclass
class _Parser:
    """Recursive descent over the tokens; one method per line of the grammar."""

    text: str
    tokens: list[_Token] = field(default_factory=list)
    at: int = 0
    depth: int = 0
    names: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.text) > _LONGEST:
            raise ConditionSyntaxError(f"it is longer than {_LONGEST:,} characters")
        position = 0
        while rest := self.text[position:].lstrip():
            position = len(self.text) - len(rest)
            match = _TOKEN.match(self.text, position)
            if match is None:
                raise _unreadable(self.text, position)
            self.tokens.append(_Token(match.lastgroup or "", match.group(), position))
            position = match.end()
        self.tokens.append(_Token("end", "", len(self.text)))

    def condition(self) -> Expression:
        expression = self.either()
        if self.tokens[self.at].kind != "end":
            raise self.expected("`and`, `or` or the end")
        return expression

    def either(self) -> Expression:
        return self.joined("or", self.both)

    def both(self) -> Expression:
        return self.joined("and", self.negated)

    def joined(self, word: str, term: Callable[[], Expression]) -> Expression:
        terms = [term()]
        while self.skip(word):
            terms.append(term())
        return Junction(word, tuple(terms)) if len(terms) > 1 else terms[0]

    def negated(self) -> Expression:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ConditionSyntaxError(f"it is nested deeper than {_DEEPEST} levels")
        expression = self.nested()
        self.depth -= 1
        return expression

    def nested(self) -> Expression:
        if self.skip("not"):
            return Not(self.negated())
        if self.skip("("):
            expression = self.either()
            self.expect(")")
            return expression
        return self.test()

    def test(self) -> Expression:
        word = self.tokens[self.at].text.lower()
        if word in _FUNCTIONS and self.tokens[self.at + 1].text == "(":
            return self.function(_FUNCTIONS[word])
        start = self.tokens[self.at].position
        left = self.operand("a column, a number or a quoted text")
        sign = _SIGNS.get(self.tokens[self.at].text)
        if sign is not None:
            self.at += 1
            right = self.operand("a column, a number, a quoted text, true or false")
            if isinstance(left, Literal) and isinstance(right, Literal):
                raise ConditionSyntaxError(f"a comparison needs a column, at position {start + 1}")
            return Comparison(sign, left, right)
        if isinstance(left, Literal):
            raise self.expected("a comparison such as == or <")
        return self.question(left)

    def question(self, column: Column) -> Expression:
        if self.skip("is"):
            negated = self.skip("not")
            self.expect("null")
            return Not(IsNull(column)) if negated else IsNull(column)
        negated = self.skip("not")
        test = Membership(column, self.literals()) if self.skip("in") else self.verb(column)
        return Not(test) if negated else test

    def verb(self, column: Column) -> Expression:
        for verb in _VERBS:
            first, _, second = verb.partition(" ")
            if self.skip(first):
                if second:
                    self.expect(second)
                return self.text_test(verb, column)
        raise self.expected("a comparison such as ==, `in`, `is null` or `contains`")

    def function(self, verb: str) -> Expression:
        self.at += 1
        self.expect("(")
        column = self.operand("a column")
        if isinstance(column, Literal):
            self.at -= 1
            raise self.expected("a column")
        self.expect(",")
        test = self.text_test(verb, column)
        self.expect(")")
        return test

    def text_test(self, verb: str, column: Column) -> Expression:
        token = self.tokens[self.at]
        if token.kind != "text":
            raise self.expected("a quoted text")
        self.at += 1
        pattern = _unquoted(token.text)
        try:
            if verb == "matches":
                pc.match_substring_regex(pa.array([""]), pattern)
        except pa.ArrowInvalid:
            place = f"at position {token.position + 1}"
            raise ConditionSyntaxError(f"not a pattern that RE2 can run, {place}") from None
        return TextTest(verb, column, pattern)

    def literals(self) -> tuple[Literal, ...]:
        self.expect("[")
        found = [self.literal()]
        while self.skip(","):
            found.append(self.literal())
        self.expect("]")
        return tuple(found)

    def literal(self) -> Literal:
        token = self.tokens[self.at]
        if token.kind not in ("text", "number") and token.text.lower() not in ("true", "false"):
            raise self.expected("a number, a quoted text, true or false")
        operand = self.operand("a literal")
        if isinstance(operand, Column):  # a column called `true` in backticks
            self.at -= 1
            raise self.expected("a number, a quoted text, true or false")
        return operand

    def operand(self, what: str) -> Column | Literal:
        token = self.tokens[self.at]
        word = token.text.lower()
        if token.kind == "text":
            operand: Column | Literal = Literal(_unquoted(token.text))
        elif token.kind == "number":
            operand = Literal(Decimal(token.text))
        elif token.kind == "word" and word in ("true", "false"):
            operand = Literal(word == "true")
        elif token.kind == "quoted" or (token.kind == "word" and word not in _RESERVED):
            operand = Column(_unquoted(token.text) if token.kind == "quoted" else token.text)
            self.names.setdefault(operand.name)
        elif word == "null" and self.at:
            raise ConditionSyntaxError(f"write `is null` or `is not null`, at position {token.position + 1}")
        else:
            raise self.expected(what)
        self.at += 1
        return operand

    def skip(self, word: str) -> bool:
        token = self.tokens[self.at]
        found = token.kind in ("word", "mark") and token.text.lower() == word
        self.at += found
        return found

    def expect(self, word: str) -> None:
        if not self.skip(word):
            raise self.expected(f"`{word}`")

    def expected(self, what: str) -> ConditionSyntaxError:
        return ConditionSyntaxError(f"expected {what} at position {self.tokens[self.at].position + 1}")


def _unreadable(text: str, position: int) -> ConditionSyntaxError:
    place = f"at position {position + 1}"
    if text[position] in "'\"`":
        return ConditionSyntaxError(f"the quotes opened {place} are not closed")
    return ConditionSyntaxError(f"unexpected character {place}; other names stand in `backticks`")


def _unquoted(text: str) -> str:
    return text[1:-1].replace(text[0] * 2, text[0])
