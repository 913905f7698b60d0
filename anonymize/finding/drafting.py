"""Drafts a rule file: a scan of some rows, and for each column the safe thing to do and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anonymize.core.roles import Role
from anonymize.datasets import Dataset
from anonymize.finding.naming import refuse_data_as_names
from anonymize.finding.scanning import ScannedColumn, draw, scan_sample
from anonymize.kernels.detection.headers import header_words
from anonymize.kernels.text.outlines import Outlines, outlines
from anonymize.rulefile.loading import Rules
from anonymize.rulefile.matching import ITEMS, find_rule

FEW_VALUES, FEW_SHARE = 50, 0.2
"""So many distinct values, and so many for each row at most, are categories."""
NUMERIC = 0.95
"""From this share on a column is one of numbers."""
MANY_SHARE, LONG = 0.9, 5
"""Values that are so often unique and have so many characters identify rows."""

PSEUDONYM = "pseudonymize"
IN_TEXT = "redact_text(known=row)"

POSTCODE = "truncate_postcode(2)"

BY_ENTITY: Mapping[str, str] = {
    "ADDRESS": "redact",
    "AGE": "bin(width=10, upper=90)",
    "DATE_OF_BIRTH": "truncate_date(year)",
    "DATE_TIME": "truncate_date(month)",
    "GENDER": "keep",
    "GEO_COORDINATE": "redact",
    "IP_ADDRESS": "truncate_ip",
    "LOCATION": "redact",
    "POSTAL_CODE": POSTCODE,
    "SECRET": "drop",
    "URL": "redact",
}
"""What is done to a column of an entity; all others become pseudonyms if they identify, and go if not."""

MAY_FAIL = ("truncate_date", "truncate_ip", "bin", "truncate_postcode", "round_to")
"""Steps that cannot read every value."""

_SECRETS_WORDS = "cvv cvc cvv2 pin password passwd pwd secret token 密码 口令 验证码"
SECRETS = frozenset(_SECRETS_WORDS.split())
_CATEGORIES_WORDS = "sex gender 性别 geschlecht sexe sexo"
CATEGORIES = frozenset(_CATEGORIES_WORDS.split())
_AGES_WORDS = "age 年龄 alter edad idade"
AGES = frozenset(_AGES_WORDS.split())
POSTCODES = ("zip", "postcode", "plz", "cep", "邮编", "郵便番号")
_IDENTIFIERS_WORDS = "id no nr number uuid guid key account ref reference ssn mrn uid oid serial"
IDENTIFIERS = frozenset(_IDENTIFIERS_WORDS.split())
IDENTIFIER_ENDINGS = ("编号", "号", "号码", "账号", "番号")


@dataclass(frozen=True)
class DraftedLine:
    """What a drafted rule file says about a column."""

    column: str
    role: Role
    step: str
    because: str
    by_pack: bool = False
    """True if the pack's own line stays."""


@dataclass(frozen=True)
class Drafted:
    """The lines of a rule file to be, and what they rest on."""

    lines: tuple[DraftedLine, ...]
    rows: int
    complete: bool


def draft(dataset: Dataset, pack: Rules | None = None, locales: Sequence[str] = ()) -> Drafted:
    """A line for each column, by rows from all over a dataset."""
    sample = draw(dataset.sources)
    found = scan_sample(sample, locales=locales)
    refuse_data_as_names(dataset, found)
    lines = [_line(c, outlines(sample.values(c.name))) for c in found.columns]
    if pack is not None:
        lines = [_beside(pack, line) for line in lines]
    return Drafted(tuple(lines), found.rows, found.complete)


def _line(column: ScannedColumn, shape: Outlines) -> DraftedLine:
    role, step, because = _decision(column, shape)
    return DraftedLine(column.name, role, step, because)


def _decision(column: ScannedColumn, shape: Outlines) -> tuple[Role, str, str]:
    """(role, step, reason)."""
    if column.verdict is None:
        return Role.DIRECT_IDENTIFIER, "drop", f"{column.type} cannot be looked into"
    if not shape.values:
        return Role.OTHER, "redact", "no value in the rows that were read"
    words = header_words(column.name)
    if SECRETS & set(words[-1:]):
        return Role.DIRECT_IDENTIFIER, "drop", "secrets, by the name of the column"
    if column.entity is not None:
        step = _dated(_for_entity(column), shape)
        kept = "kept, but it counts when groups are measured: " if step == "keep" else ""
        return column.role, step, f"{kept}{column.entity}: {_evidence(column)}"
    return _by_header(column, words, shape) or _by_attribute(column, shape) or _by_values(column, words, shape)


def _for_entity(column: ScannedColumn) -> str:
    default = PSEUDONYM if column.role is Role.DIRECT_IDENTIFIER else "redact"
    step = BY_ENTITY.get(column.entity or "", default)
    return "redact" if step == POSTCODE and column.type != "string" else step


def _dated(step: str, shape: Outlines) -> str:
    """The step, told how the dates are written if it could not know."""
    if shape.date_format is None or not step.startswith("truncate_date"):
        return step
    return f"{step[:-1]}, format={shape.date_format!r})"


def _evidence(column: ScannedColumn) -> str:
    """Why the scan takes a column for what it does, in words."""
    verdict = column.verdict
    if verdict is None:
        return ""
    said = {2: ["its name"], 1: ["the end of its name"]}.get(int(verdict.header), [])
    said += [f"{verdict.hits:.0%} of the values"] if verdict.hits else []
    sure = "" if column.decision == "auto" else "; not certain, please look"
    return (" and ".join(said) or "by its values") + sure


def _by_header(column: ScannedColumn, words: tuple[str, ...], shape: Outlines) -> tuple[Role, str, str] | None:
    """What a column's name says of things that no detector looks for."""
    last = words[-1] if words else ""
    if last in CATEGORIES and shape.distinct <= FEW_VALUES:
        said = f"{_distinct(shape)}; they count when groups are measured"
        return Role.QUASI_IDENTIFIER, "keep", f"kept: {said}"
    if last in AGES:
        return Role.QUASI_IDENTIFIER, BY_ENTITY["AGE"], "ages, by the name of the column; in tens of years"
    if last in POSTCODES or words[-2:] in (("postal", "code"), ("post", "code"), ("zip", "code")):
        step = POSTCODE if column.type == "string" else "redact"
        return Role.QUASI_IDENTIFIER, step, "postcodes, by the name of the column"
    return None


def _by_attribute(column: ScannedColumn, shape: Outlines) -> tuple[Role, str, str] | None:
    """What is done to an attribute of people that only the column's name tells."""
    attribute = column.attribute
    if attribute is None or column.is_text:
        return None
    about = f"{attribute.name.lower().replace('_', ' ')}, by the name of the column"
    if attribute.role is Role.DIRECT_IDENTIFIER:
        return attribute.role, "drop", about
    if shape.distinct <= FEW_VALUES:
        counts = "sensitive" if attribute.role is Role.SENSITIVE else "it counts when groups are measured"
        return attribute.role, "keep", f"kept: {about}; {_distinct(shape)}; {counts}"
    if shape.numbers > NUMERIC:
        return attribute.role, f"round_to({_coarse(shape)})", f"{about}; rounded, so that fewer stand alone"
    if attribute.role is Role.QUASI_IDENTIFIER and ITEMS not in column.name:
        return attribute.role, "group_rare(k=5)", f"{about}; rare values become one"
    return attribute.role, IN_TEXT, f"{about}; text of many values"


def _distinct(shape: Outlines) -> str:
    return f"{shape.distinct:,} distinct value{'' if shape.distinct == 1 else 's'}"


def _coarse(shape: Outlines) -> int:
    """A power of ten that leaves about two digits of the numbers."""
    digits = round(shape.mean_length) - (3 if shape.decimals else 0)
    return int(10 ** min(max(digits - 2, 1), 6))


def _by_values(column: ScannedColumn, words: tuple[str, ...], shape: Outlines) -> tuple[Role, str, str]:
    """What the outlines of the values say."""
    inside = column.verdict.inside if column.verdict is not None else ()
    share = shape.distinct / shape.values
    if column.is_text:
        said = ", ".join(f"{each.entity} in {each.share:.0%}" for each in inside[:4])
        return Role.DIRECT_IDENTIFIER, IN_TEXT, f"text with {said} of the values"
    if shape.dates > 0.8:
        return Role.QUASI_IDENTIFIER, _dated("truncate_date(month)", shape), "dates; they tell who was where when"
    is_identifier = bool(IDENTIFIERS & set(words[-1:])) or "".join(words).endswith(IDENTIFIER_ENDINGS)
    if is_identifier or (
        share >= MANY_SHARE and shape.mean_length >= LONG and not shape.decimals and shape.compact
    ):
        why = "by the name of the column" if is_identifier else f"{share:.0%} of the values are unique"
        return Role.DIRECT_IDENTIFIER, PSEUDONYM, f"numbers or codes that identify: {why}"
    if shape.distinct <= FEW_VALUES and share <= FEW_SHARE and not inside:
        said = f"{_distinct(shape)} in {shape.values:,}; no detector finds anything"
        return Role.OTHER, "keep", f"kept: {said}"
    if shape.numbers > NUMERIC and not inside:
        return Role.OTHER, "keep", "kept: numbers that no detector takes for personal data"
    return Role.OTHER, IN_TEXT, "text of many values; no detector is sure of anything, which proves nothing"


def _beside(pack: Rules, line: DraftedLine) -> DraftedLine:
    """The line, or the pack's own if it does no less."""
    pattern = find_rule(pack.file.columns, line.column)
    if pattern is None:
        return line
    rule = pack.file.columns[pattern]
    passes = all(step.use == "keep" for step in rule.steps)
    if passes and line.step != "keep":
        return line
    said = ", ".join(step.call() for step in rule.steps)
    return DraftedLine(line.column, rule.role, said, line.because, by_pack=True)
