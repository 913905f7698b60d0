"""Keeps the command line quick to start."""

import os
import sys
from importlib.machinery import ModuleSpec
from typing import Any


class _Absent:
    """Says that pandas is not there while pyarrow looks for it."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:  # noqa: ARG004
        if name == "pandas":
            raise ModuleNotFoundError(name)
        return None


def arrow_without_pandas() -> None:
    """Let pyarrow do without pandas in this process.

    The first scalar or array that pyarrow makes from a Python value imports pandas, only to recognize pandas
    objects (0.25 s). The command line never has any.
    """
    if "pandas" in sys.modules:
        return
    # glibc's allocator, which numpy uses too, takes up what Arrow frees; a pool of its own would keep it.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # nothing here multiplies matrices; its threads wait busily
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # they take time, and would see values
    import pyarrow

    sys.meta_path.insert(0, _Absent)
    try:
        pyarrow.scalar(0)
    finally:
        sys.meta_path.remove(_Absent)
