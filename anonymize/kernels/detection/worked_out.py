"""What the syntax of the package's own patterns tells, worked out ahead: `data/detection/syntax.json`.

To read all of them takes half a second. The file is written by `python -m docs.generate`, from the functions that
answer for patterns that are not in it, such as those of a rule file.
"""

import json
from functools import lru_cache
from hashlib import blake2b
from importlib.resources import files
from typing import Any, Literal, TypeAlias

Question: TypeAlias = Literal["least", "shape", "texts"]
UNKNOWN = object()


def worked_out(question: Question, *patterns: str) -> Any:
    """The answer for one or two patterns together; `UNKNOWN` if it is not in the file."""
    return _answers()[question].get(digest(*patterns), UNKNOWN)


def digest(*patterns: str) -> str:
    """What stands for patterns in the file."""
    return blake2b("\0".join(patterns).encode(), digest_size=9).hexdigest()


@lru_cache(maxsize=1)
def _answers() -> dict[str, dict[str, Any]]:
    found = files("anonymize").joinpath("data/detection/syntax.json").read_text("utf-8")
    return dict(json.loads(found))
