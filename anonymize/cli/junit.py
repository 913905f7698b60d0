"""Checks and rule tests as JUnit XML, which every CI system shows. Made from what `--json` says, so it is no more
telling than that."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from anonymize.core.errors import AnonymizeError, Problem, UsageError, Where

COMMANDS = ("run", "assess", "test")


@dataclass(frozen=True)
class Case:
    """One promise and how it came out."""

    name: str
    failure: str | None = None
    detail: str = ""
    """What failed, in whole sentences."""


def require_name(path: Path) -> None:
    """Raises UsageError for a file that cannot be a report."""
    from anonymize.running.output import check_target

    if path.suffix.lower() != ".xml":
        raise UsageError("a JUnit report is XML", hint="name it FILE.xml", where=Where(str(path)))
    check_target(path, [], overwrite=True)


def write_junit(path: Path, command: str, data: Mapping[str, Any], error: AnonymizeError | None) -> None:
    """Write what the command proved. What stopped it before is an error of the suite, so that nothing which never
    ran looks as if it had passed."""
    from anonymize.running.output import Output, writing

    cases = list(_cases(command, data))
    stopped = error.problems if error is not None and all(case.failure is None for case in cases) else ()
    text = document(command, cases, stopped)
    with writing([Output(path)]) as (file,):
        file.write(text)


def document(command: str, cases: Sequence[Case], stopped: Sequence[Problem]) -> bytes:
    """The XML. Characters that it cannot hold are spelled out."""
    counts = {"tests": len(cases) + len(stopped), "failures": sum(case.failure is not None for case in cases)}
    counts["errors"] = len(stopped)
    name = f"anonymize {command}"
    figures = {"name": name, **{key: str(count) for key, count in counts.items()}}
    suites = Element("testsuites", figures)
    suite = SubElement(suites, "testsuite", figures)
    for case in cases:
        element = SubElement(suite, "testcase", classname=f"anonymize.{command}", name=_text(case.name))
        if case.failure is not None:
            SubElement(element, "failure", message=_text(case.failure)).text = _text(case.detail or case.failure)
    for problem in stopped:
        place = str(problem.where) or command
        element = SubElement(suite, "testcase", classname=f"anonymize.{command}", name=_text(place))
        SubElement(element, "error", message=_text(problem.message)).text = _text(str(problem))
    indent(suites)
    written: bytes = tostring(suites, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def markdown(command: str, data: Mapping[str, Any]) -> str:
    """The same as a table."""
    lines = [f"# anonymize {command}", "", "| | | |", "|---|---|---|"]
    for case in _cases(command, data):
        detail = _cell(case.detail) if case.failure is not None else ""
        lines.append(f"| {'✓' if case.failure is None else '✗'} | `{_cell(case.name)}` | {detail} |")
    return "\n".join(lines)


def _cell(text: str) -> str:
    """Text that cannot break out of a table cell or a code span."""
    escaped = "".join(c if c.isprintable() else " " for c in text).replace("`", "'")
    return escaped.replace("|", "\\|").replace("<", "&lt;")


def _cases(command: str, data: Mapping[str, Any]) -> Iterator[Case]:
    return _tests(data.get("tests", ())) if command == "test" else _checks(data.get("checks", ()))


def _checks(checks: Sequence[Mapping[str, Any]]) -> Iterator[Case]:
    for check in checks:
        said = None if check["holds"] else f"measured {float(check['value']):g}"
        yield Case(check["check"], said, f"{check['check']} does not hold: {said}. {check['detail']}".strip())


def _tests(tests: Sequence[Mapping[str, Any]]) -> Iterator[Case]:
    """The values are the rule file's own, not data."""
    for number, test in enumerate(tests, 1):
        name = f"{number}: {', '.join(test['given'])}"
        lines = [test["error"]] if test["error"] else []
        lines += [f"{d['column']}: expected {d['expected']!r}, got {d['actual']!r}" for d in test["differences"]]
        yield Case(name, None if test["passed"] else lines[0], "\n".join(lines))


def _text(text: str) -> str:
    """Text that XML 1.0 allows."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)
