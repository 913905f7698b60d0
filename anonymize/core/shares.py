"""Shares, as rule files write them: 0.02 or 2%."""

import re
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field

PERCENT = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*%\s*")


def _from_percent(given: Any) -> Any:
    """Calls read `2%` as a number themselves; in a mapping it is text."""
    match = PERCENT.fullmatch(given) if isinstance(given, str) else None
    return float(match[1]) / 100 if match else given


Share: TypeAlias = Annotated[float, BeforeValidator(_from_percent, json_schema_input_type=float | str)]
"""A number, perhaps written in percent."""
UpToOne: TypeAlias = Annotated[Share, Field(ge=0, le=1)]
