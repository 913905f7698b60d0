"""What a pattern of file names would match, whether it is there or not."""

from collections.abc import Sequence
from fnmatch import fnmatchcase


def matches(pattern: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether the parts of a pattern match those of a file's path, as `glob` does.

    `**` stands for any folders, or at the end for all that is in them; what starts with a dot needs that dot.
    """
    if not pattern:
        return not parts
    if pattern[0] == "**":
        depth = next((i for i, part in enumerate(parts) if part.startswith(".")), len(parts))
        if len(pattern) == 1:
            return 0 < len(parts) == depth
        return any(matches(pattern[1:], parts[i:]) for i in range(depth + 1))
    return bool(parts) and _fits(pattern[0], parts[0]) and matches(pattern[1:], parts[1:])


def _fits(pattern: str, name: str) -> bool:
    return fnmatchcase(name, pattern) and (pattern.startswith(".") or not name.startswith("."))
