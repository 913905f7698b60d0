"""Attribute docstrings as field descriptions, read only when a schema or a page is asked for.

Pydantic can do this for every class as it is made, by parsing its source: 5 ms a class at each start.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import TypeVar

from pydantic import BaseModel

M = TypeVar("M", bound=BaseModel)


@cache
def documented(model: type[M]) -> type[M]:
    """The model, the docstring beneath each of its fields being the field's description."""
    for cls in model.__mro__:
        if issubclass(cls, BaseModel) and cls is not BaseModel:
            for name, text in _attribute_docstrings(cls):
                field = model.__pydantic_fields__.get(name)
                if field is not None and field.description is None:
                    field.description = text
    model.model_rebuild(force=True)
    return model


def _attribute_docstrings(cls: type) -> Iterator[tuple[str, str]]:
    """(attribute, docstring) for each annotated attribute with a string beneath it."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    for statement, following in pairwise(definition.body if isinstance(definition, ast.ClassDef) else []):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            match following:
                case ast.Expr(value=ast.Constant(value=str(text))):
                    yield statement.target.id, inspect.cleandoc(text)
