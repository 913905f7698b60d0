"""Hooks of MkDocs: take in the pages at the top of the repository, and those that the navigation does not name.

A page is written once, where people look for it in the repository; the site must not need another.
"""

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parent.parent
TOP = {
    "README.md": "index.md",
    "README.zh-CN.md": "README.zh-CN.md",
    "SECURITY.md": "SECURITY.md",
    "CONTRIBUTING.md": "CONTRIBUTING.md",
    "CHANGELOG.md": "CHANGELOG.md",
    "benchmarks/results/README.md": "benchmarks.md",
}
"""Files of the repository and what they are called on the site."""

FOLDERS = {
    "docs/how_to": "how_to/pipeline.md",
    "docs/decisions": "decisions/README.md",
    "docs/reference": "reference/index.md",
}
HOW_TO = ROOT / "docs/how_to"
TITLE = re.compile(r"^(```\w+) title=([^\s\"]+)$", re.MULTILINE)
LINK = re.compile(r"\[([^\]]*)\]\((?!https?:|#|mailto:)([^)#]+)(#[^)]*)?\)")


def on_config(config: Any) -> Any:
    """Pages of `how_to/` that nobody listed still stand in the navigation."""
    section = next(entry["How to"] for entry in config["nav"] if "How to" in entry)
    listed = {page for entry in section for page in entry.values()}
    section += [found for page in sorted(HOW_TO.glob("*.md")) if (found := f"how_to/{page.name}") not in listed]
    return config


def on_files(files: Files, config: Any) -> Files:
    """The pages from the top."""
    for name, called in TOP.items():
        text = titled(moved(name, (ROOT / name).read_text("utf-8")))
        files.append(File.generated(config, called, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Links out of `docs/` lead to the pages that were taken in."""
    if page.file.generated_by:
        return markdown
    return titled(moved(f"docs/{page.file.src_uri}", markdown))


def titled(text: str) -> str:
    """Blocks with a file name, as code hosts and the tests take it, in the way that the site takes it."""
    return TITLE.sub(r'\1 title="\2"', text)


def moved(name: str, text: str) -> str:
    """The text with links as they are on the site; what is not there is no link any more."""
    here = (ROOT / name).parent
    own = TOP.get(name) or name.removeprefix("docs/")

    def link(match: "re.Match[str]") -> str:
        target = (here / match[2]).resolve()
        found = str(target.relative_to(ROOT)) if target.is_relative_to(ROOT) else ""
        called = TOP.get(found) or FOLDERS.get(found) or found.removeprefix("docs/")
        is_page = found in TOP or found in FOLDERS or (found.startswith("docs/") and found.endswith(".md"))
        up = "../" * own.count("/")
        return f"[{match[1]}]({up}{called}{match[3] or ''})" if is_page else match[1]

    return LINK.sub(link, text)
