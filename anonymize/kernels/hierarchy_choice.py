"""A hierarchy as a rule file gives it: a builder, a file or a tree."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from anonymize.core.calls import CallSyntaxError, parse_call
from anonymize.core.paths import inside
from anonymize.kernels.hierarchies import Hierarchy, read_hierarchy, tree_hierarchy
from anonymize.kernels.hierarchy_builders import BUILDERS, Builder, parse_builder

GIVEN = "a hierarchy is a builder such as `prefix`, a file beside the rule file, or a tree"


def load_hierarchy(given: str | Path | Mapping[Any, Any]) -> Hierarchy | Builder:
    """The hierarchy. Raises ValueError if it contradicts itself."""
    if isinstance(given, Path):
        return read_hierarchy(given)
    return parse_builder(given) if isinstance(given, str) else tree_hierarchy(given)


def _checked(given: Any, info: ValidationInfo) -> Any:
    """The same, a file as its path. Raises ValueError for what is no hierarchy."""
    if isinstance(given, str) and not _is_builder(given):
        given = Path(given)
    if isinstance(given, Path):
        given = inside(given, info)
    elif not isinstance(given, str | dict):
        raise PydanticCustomError("hierarchy", GIVEN)
    load_hierarchy(given)
    return given


def _is_builder(given: str) -> bool:
    """Whether it reads as a call, or names a builder; files have a suffix."""
    try:
        name, _, _ = parse_call(given)
    except CallSyntaxError:
        return "(" in given
    return name in BUILDERS or "(" in given or "." not in given


HierarchyChoice: TypeAlias = Annotated[str | Path | dict[Any, Any], BeforeValidator(_checked)]
"""A parameter that gives a hierarchy."""
