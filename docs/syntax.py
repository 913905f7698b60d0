"""What the syntax of the detectors' patterns tells: `anonymize/data/detection/syntax.json`."""

import json
from collections.abc import Iterator
from dataclasses import astuple
from typing import Any

from anonymize.kernels.detection.available import every_detector
from anonymize.kernels.detection.least import ask_least
from anonymize.kernels.detection.matching import expression
from anonymize.kernels.detection.shapes import SHAPED
from anonymize.kernels.detection.syntax import ask_literals, ask_shape_pattern
from anonymize.kernels.detection.worked_out import Question, digest


def text() -> str:
    """The file, an answer to a line."""
    answers: dict[Question, dict[str, Any]] = {"least": {}, "shape": {}, "texts": {}}
    for question, key, answer in _answers():
        answers[question][key] = answer
    parts = [f"{json.dumps(question)}: {{\n{_lines(its)}\n}}" for question, its in answers.items()]
    return "{" + ",\n".join(parts) + "}\n"


def _lines(answers: dict[str, Any]) -> str:
    lines = (f"{json.dumps(key)}: {json.dumps(answers[key], ensure_ascii=False)}" for key in sorted(answers))
    return ",\n".join(lines)


def _answers() -> Iterator[tuple[Question, str, Any]]:
    for detector in every_detector():
        for pattern in detector.patterns:
            running = expression(type(detector), pattern)[0]
            for each in (running, pattern.trigger):
                yield "least", digest(each), astuple(ask_least(each))
            if (pattern.family or detector.family) in SHAPED:
                yield "shape", digest(running), ask_shape_pattern(running)
            else:
                both = tuple(filter(None, (pattern.trigger, running)))
                texts = ask_literals(*both)
                found = None if texts is None else sorted((each.text, each.any_case) for each in texts)
                yield "texts", digest(*both), found
