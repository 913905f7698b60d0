"""The frame of every page: one file that asks nothing of anybody, and runs nothing."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from anonymize.core.version import __version__
from anonymize.kernels.markup import Markup, element, joined
from anonymize.reporting.style import STYLE

POLICY = (
    "default-src 'none'; img-src data:; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    + "'; base-uri 'none'; form-action 'none'"
)
"""Nothing is loaded, run or sent; only this page's own style applies."""

VALUELESS = "This page holds no value of the data."


@dataclass(frozen=True)
class Section:
    """A part of a page with a heading."""

    name: str
    title: str
    parts: tuple[str, ...]


def page(title: str, opening: Sequence[str], sections: Sequence[Section], ending: str = VALUELESS) -> str:
    """A whole document. Sections without parts are left out."""
    shown = [section for section in sections if section.parts]
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="robots", content="noindex"),
        element("link", rel="icon", href="data:,"),
        element("title", title),
        element("style", Markup(STYLE)),
    )
    links = [element("li", element("a", s.title, href=f"#{s.name}")) for s in shown]
    body = element(
        "body",
        element("a", "Skip to the content", href="#content", class_="skip"),
        element(
            "header", element("h1", title), *opening, element("nav", element("ul", *links), aria_label="Sections")
        ),
        element("main", *map(_section, shown), id="content"),
        element("footer", element("p", f"Made by anonymize {__version__}. {ending}")),
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _section(found: Section) -> Markup:
    heading = element("h2", found.title, id=f"{found.name}-title")
    return element("section", heading, *found.parts, id=found.name, aria_labelledby=f"{found.name}-title")


def tiles(*figures: tuple[str, str, str]) -> Markup:
    """Figures at a glance: name, figure, remark."""
    made = [
        element(
            "div",
            element("dt", name),
            element("dd", figure),
            element("dd", more, class_="more") if more else None,
            class_="tile",
        )
        for name, figure, more in figures
    ]
    return element("dl", *made, class_="tiles")


def paragraph(*parts: str, kind: str | None = None) -> Markup:
    """A paragraph."""
    return element("p", joined(*parts), class_=kind)


def code(text: str) -> Markup:
    """What is typed or copied."""
    return element("code", text)
