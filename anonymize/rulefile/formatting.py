"""Writes a rule file in its one canonical form. Comments stay where they are, and what the file says stays too."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anonymize.core.errors import RuleError, Where
from anonymize.rulefile.documents import compose, parse_document
from anonymize.rulefile.loading import validate
from anonymize.rulefile.tree import Comment, Entry, Items, Leaf, Mapping, build, scalars_of

WIDTH = 100
INDENT = "  "
FLAT = "extends"
"""The top-level key whose list stands on its line."""

_COMMENT = re.compile(r"(?:(?<=\s)|^)#[^\n]*", re.MULTILINE)


def formatted(text: str, file: str, folder: Path) -> str:
    """The canonical text. Raises RuleError for a file that is wrong, or that has no canonical form."""
    before = validate(parse_document(text, file), folder)
    root, _ = compose(text, file)
    comments = _comments(text, root)
    written = _Writer(text, list(comments)).document(build(root, comments))
    told = _comments(written, compose(written, file)[0])
    is_same = sorted(c.text for c in told) == sorted(c.text for c in comments)
    if not is_same or validate(parse_document(written, file), folder) != before:
        hint = "the file was left as it is"
        raise RuleError("the file cannot be brought into its canonical form", hint=hint, where=Where(file))
    return written


def _comments(text: str, root: Any) -> list[Comment]:
    """All comments: what begins with # outside of scalars."""
    inside = [(node.start_mark.index, node.end_mark.index) for node in scalars_of(root)]
    found = []
    for match in _COMMENT.finditer(text):
        if not any(start <= match.start() < end for start, end in inside):
            before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
            found.append(Comment(match.start(), len(before), match[0].rstrip(), not before.strip()))
    return found


@dataclass
class _Writer:
    """Writes a tree line by line, and each comment when its turn has come."""

    text: str
    comments: list[Comment]
    lines: list[str] = field(default_factory=list)

    def document(self, root: Mapping) -> str:
        self._block(root, 0, len(self.text) + 1)
        self._alone(len(self.text) + 1, 0, 0)
        return "\n".join(self.lines).strip("\n") + "\n"

    def _block(self, tree: Mapping | Items, depth: int, limit: int) -> None:
        entries = tree.entries
        for place, entry in enumerate(entries):
            self._alone(entry.start, 0, depth)
            self._space(entry.start)
            following = entries[place + 1].start if place + 1 < len(entries) else limit
            self._entry(entry, depth, following)
        self._alone(limit, tree.column, depth)

    def _entry(self, entry: Entry, depth: int, limit: int) -> None:
        """On one line if it may and fits."""
        tree, head = entry.tree, INDENT * depth + entry.head
        line = f"{head} {tree.flow()}".rstrip()
        has_comments = any(comment.start < tree.end for comment in self.comments)
        is_block = depth == 0 and entry.head != f"{FLAT}:"
        if isinstance(tree, Leaf) or not tree.entries:
            self.lines.append(line + self._behind(entry.end, limit))
        elif not (has_comments or is_block or len(line) > WIDTH):
            self.lines.append(line + self._behind(tree.end, limit))
        elif entry.head == "-" and isinstance(tree, Mapping):
            place = len(self.lines)
            self._block(tree, depth + 1, limit)
            self.lines[place] = f"{head} {self.lines[place].lstrip()}"
        else:
            first = min(limit, tree.entries[0].start)
            self.lines.append(f"{head} {tree.mark}".rstrip() + self._behind(entry.end, first))
            self._block(tree, depth + 1, limit)

    def _behind(self, start: int, limit: int) -> str:
        """The comment on the line where something ends."""
        line_end = self.text.find("\n", start)
        last = min(limit, line_end if line_end >= 0 else limit)
        if self.comments and self.comments[0].start < last and not self.comments[0].alone:
            return f"  {self.comments.pop(0).text}"
        return ""

    def _alone(self, limit: int, column: int, depth: int) -> None:
        """The comments that come next, if they stand at least this far to the right."""
        while self.comments and self.comments[0].start < limit and self.comments[0].column >= column:
            comment = self.comments.pop(0)
            self._space(comment.start)
            self.lines.append(INDENT * depth + comment.text)

    def _space(self, start: int) -> None:
        """An empty line, if there was one before this place."""
        above = self.text[: self.text.rfind("\n", 0, start) + 1]
        if self.lines and self.lines[-1] and re.search(r"\n[ \t\r]*\n$", above):
            self.lines.append("")
