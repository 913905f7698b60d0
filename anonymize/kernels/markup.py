"""HTML and SVG from parts. Whatever is not markup already is escaped."""

from html import escape

VOID = frozenset({"meta", "link", "br", "col"})


class Markup(str):
    """Text that may stand in a page as it is."""

    __slots__ = ()


def element(tag: str, /, *parts: str | None, **attributes: object) -> Markup:
    """`<name …>parts</name>`. `class_` is written `class`, `aria_label` `aria-label`; an attribute that is None or
    False is left out, one that is True has no value."""
    opening = "".join([tag, *(_attribute(key, value) for key, value in attributes.items())])
    if tag in VOID:
        return Markup(f"<{opening}>")
    return Markup(f"<{opening}>{joined(*parts)}</{tag}>")


def joined(*parts: str | None) -> Markup:
    """The parts one after another."""
    return Markup("".join(_escaped(part) for part in parts if part is not None))


def _escaped(part: str) -> str:
    return part if isinstance(part, Markup) else escape(_printable(part))


def _attribute(key: str, value: object) -> str:
    if value is None or value is False:
        return ""
    spelled = key.rstrip("_").replace("_", "-")
    return f" {spelled}" if value is True else f' {spelled}="{escape(_printable(str(value)))}"'


def _printable(text: str) -> str:
    """Text without what HTML has no place for: control characters and halves of surrogate pairs."""
    return "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode() for c in text)
