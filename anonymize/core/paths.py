"""Files that a rule file refers to: they stay in the rule file's folder."""

from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, ValidationInfo
from pydantic_core import PydanticCustomError


def inside(path: Path, info: ValidationInfo) -> Path:
    """The path under the rule file's folder; unchanged when no rule file is involved (Python callers)."""
    folder = (info.context or {}).get("folder")
    if folder is None:
        return path
    full = (Path(folder) / path).resolve()
    if not full.is_relative_to(Path(folder).resolve()):
        raise PydanticCustomError("path_outside", "a file must stand in the rule file's folder or below it")
    if not full.is_file():
        raise PydanticCustomError("path_missing", "there is no such file beside the rule file")
    return full


RulePath: TypeAlias = Annotated[Path, AfterValidator(inside)]
"""A parameter that names a file, relative to the rule file."""
