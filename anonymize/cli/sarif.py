"""Findings as SARIF 2.1.0 (OASIS), which code hosts show beside the files: names and counts, no values."""

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from anonymize.cli.scan_page import why
from anonymize.core.version import __version__

if TYPE_CHECKING:
    from anonymize.finding.scanning import Scan, ScannedColumn

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"auto": "error", "review": "warning"}
SECURITY = {"auto": "8.0", "review": "5.0"}
"""How grave code hosts take it, of 10."""


def sarif(found: "Scan", files: Sequence[str], is_text: bool) -> str:
    """The document: a result for each column that holds personal data."""
    flagged = [column for column in found.columns if column.decision != "none"]
    rules = list(dict.fromkeys(_entity(column) for column in flagged))
    tool = {"name": "anonymize", "version": __version__, "rules": [_rule(entity, flagged) for entity in rules]}
    run = {
        "tool": {"driver": tool},
        "columnKind": "unicodeCodePoints",
        "results": [_result(column, rules, files, is_text) for column in flagged],
        "properties": {"rows": found.rows, "complete": found.complete},
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _entity(column: "ScannedColumn") -> str:
    return column.entity or "TEXT"


def _rule(entity: str, flagged: list["ScannedColumn"]) -> dict[str, Any]:
    laws = [law for column in flagged if _entity(column) == entity for law in column.laws]
    surest = "auto" if any(c.decision == "auto" for c in flagged if _entity(c) == entity) else "review"
    said = "Personal data within text" if entity == "TEXT" else f"A column that holds {entity}"
    return {
        "id": entity,
        "shortDescription": {"text": said},
        "help": {"text": "Say in a rule file what happens to the column: `anonymize init` drafts one."},
        "defaultConfiguration": {"level": LEVELS[surest]},
        "properties": {"tags": ["privacy", *dict.fromkeys(laws)], "security-severity": SECURITY[surest]},
    }


def _result(column: "ScannedColumn", rules: list[str], files: Sequence[str], is_text: bool) -> dict[str, Any]:
    entity = _entity(column)
    logical = {"name": column.name, "fullyQualifiedName": column.name, "kind": "column"}
    places = [{"physicalLocation": _place(name, is_text), "logicalLocations": [logical]} for name in files]
    return {
        "ruleId": entity,
        "ruleIndex": rules.index(entity),
        "level": LEVELS[column.decision],
        "rank": round(100 * column.confidence, 2),
        "message": {"text": told(column)},
        "locations": places[:1] or [{"logicalLocations": [logical]}],
        **({"relatedLocations": places[1:]} if places[1:] else {}),
        "partialFingerprints": {"column/v1": _fingerprint(column.name, entity)},
        "properties": {
            "confidence": round(column.confidence, 4),
            "role": column.role.value,
            "laws": list(column.laws),
        },
    }


def _fingerprint(name: str, entity: str) -> str:
    """By which a code host knows a find again when other lines changed."""
    return sha256(f"{name}\0{entity}".encode(errors="replace")).hexdigest()


def told(column: "ScannedColumn") -> str:
    """A find on one line."""
    holds = f"holds {column.entity}" if column.entity is not None else "is text with personal data"
    return f"column '{column.name}' {holds} (confidence {column.confidence:.2f}): {why(column)}"


def _place(name: str, is_text: bool) -> dict[str, Any]:
    """The file; of text, its first line, since a column has no line of its own."""
    path = Path(name)
    uri = name if "://" in name else path.as_uri() if path.is_absolute() else quote(path.as_posix())
    region = {"region": {"startLine": 1}} if is_text else {}
    return {"artifactLocation": {"uri": uri}, **region}
