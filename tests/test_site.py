"""The documentation as a site: it builds without a warning, and shows itself without asking anybody."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.site import moved
from tests.test_docs import ROOT

# What browsers fetch by themselves; links that people follow may lead anywhere.
FETCHED = re.compile(
    r"""<(?:script|img|iframe)[^>]*\ssrc=["']?(?:https?:)?//|<link[^>]*\srel=["']?(?:stylesheet|preload)["']?[^>]*https?://"""
)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)],
        cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (0, "") == (done.returncode, done.stderr)
    return folder


def test_every_page_is_there(site):
    """Each page of the repository's documentation, README in both languages among them."""
    pages = [page.relative_to(ROOT / "docs").with_suffix(".html") for page in (ROOT / "docs").rglob("*.md")]
    expected = {str(page).replace("README.html", "index.html") for page in pages}
    assert expected | {"README.zh-CN.html", "index.html"} <= {
        str(page.relative_to(site)) for page in site.rglob("*.html")
    }


def test_every_block_is_a_block(site):
    """No fence is left as text, and files have their names above them."""
    pages = {page: page.read_text("utf-8") for page in site.rglob("*.html")}
    assert [] == [str(page) for page, text in pages.items() if "```" in text]
    assert '<span class="filename">rules.yaml</span>' in pages[site / "index.html"]


def test_nothing_is_fetched_from_elsewhere(site):
    """No font, script or style of anybody else: reading the manual of a privacy tool tells nobody."""
    assert [] == [str(p) for p in site.rglob("*.html") if FETCHED.search(p.read_text("utf-8"))]


def test_the_navigation_names_every_how_to(site):
    """A new page turns up by itself."""
    front = (site / "index.html").read_text("utf-8")
    names = [page.stem for page in (ROOT / "docs/how_to").glob("*.md")]
    assert [] == [name for name in names if f"how_to/{name}.html" not in front]


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("README.md", "[a](docs/limits.md#words)", "[a](limits.md#words)"),
        ("README.md", "[a](docs/how_to)", "[a](how_to/pipeline.md)"),
        ("README.md", "[a](LICENSE) [b](https://example.com)", "a [b](https://example.com)"),
        ("docs/how_to/python.md", "[a](../../SECURITY.md)", "[a](../SECURITY.md)"),
        ("docs/how_to/python.md", "[a](remote.md)", "[a](../how_to/remote.md)"),
    ],
)
def test_links(name, given, expected):
    """Links lead to the same page on the site; what is not there is no link."""
    assert expected == moved(name, given)
