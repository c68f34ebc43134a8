"""The documentation builds without a warning, and asks nothing of the network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from browser import opened

ROOT = Path(__file__).resolve().parents[1]

LOADED = re.compile(
    r"<(?:script|img|iframe|link)\b[^>]*?\b(?:src|href)=[\"']?(?:https?:)?//[^\s\"'>]+"
)
"""What a page would fetch from elsewhere; links that one may click are none of it."""

RAW = re.compile(r"\.\. [a-z]+::|:(?:math|class|func):`|:::\s")
"""Marks of reStructuredText, and of the reference, that nothing turned into text."""


def test_the_site_builds_strictly_and_by_itself(tmp_path: Path) -> None:
    site = tmp_path / "site"
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    # With --quiet a strict build would not see its own warnings.
    assert "WARNING" not in built.stderr
    pages = {
        page.relative_to(site).as_posix(): page.read_text("utf-8") for page in site.rglob("*.html")
    }
    assert {"index.html", "reference/cli.html", "benchmarks/RESULTS.html"} <= set(pages)
    assert {name: LOADED.findall(text) for name, text in pages.items() if LOADED.search(text)} == {}
    for sheet in site.rglob("*.css"):
        assert not re.search(r"url\([\"']?(?:https?:)?//", sheet.read_text("utf-8")), sheet.name
    articles = {
        name: text.partition("<article")[2].partition("</article")[0]
        for name, text in pages.items()
    }
    assert {name for name, text in articles.items() if RAW.search(text)} == set()
    assert_searched((site / "index.html").as_uri(), "checkpoint")


def assert_searched(address: str, word: str) -> None:
    """Check that a page that is opened as a file finds a word, and fetches nothing but files."""
    asked, errors = [], []
    with opened() as browser:
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url.partition(":")[0]))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        page.locator(".md-search__input").click()
        page.keyboard.type(word)
        page.locator(".md-search-result__item").first.wait_for()
        found = page.locator(".md-search-result__item").all_inner_texts()
    assert any("Checkpoints" in one for one in found)
    assert (set(asked) - {"file", "data", "blob"}, errors) == (set(), [])
