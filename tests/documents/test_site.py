"""The documentation site: built strictly, whole, and without anything from another host."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import pairing
import pairing.matching
import pairing.plots
from pairing.cli.app import COMMANDS

ROOT = Path(__file__).parents[2]
PUBLIC = (pairing, pairing.matching, pairing.plots)
"""Modules whose names are promised to stay."""
LOADED = {"src", "srcset", "data", "poster", "action", "xlink:href"}
LOADING_LINKS = {
    "stylesheet",
    "icon",
    "preload",
    "modulepreload",
    "prefetch",
    "preconnect",
    "dns-prefetch",
    "manifest",
}
PYTHON = "reference/python/**/index.html"
TOO_NARROW = """() => [...document.querySelectorAll(".md-typeset pre > code")].some((code) => {
  const letters = document.createElement("span");
  letters.textContent = "x".repeat(120);
  code.append(letters);
  const room = code.clientWidth - 2 * parseFloat(getComputedStyle(code).paddingLeft);
  const isTooNarrow = letters.getBoundingClientRect().width > room;
  letters.remove();
  return isTooNarrow;
})"""
ELSEWHERE = re.compile(r"^\s*(?:[a-z]+:)?//", re.IGNORECASE)
LOADED_BY_STYLES = re.compile(r"""(?:url\(\s*|@import\s+)["']?((?:[a-z]+:)?//[^"')\s]+)""", re.IGNORECASE)


@dataclass
class PageReader(HTMLParser):
    """What a page of the site loads, links to, can be linked at, and shows without words."""

    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of one element."""
        known = {name: value or "" for name, value in attrs}
        self.ids |= {known[name] for name in ("id", "name") if name in known}
        if tag == "img" and known.get("alt", "").startswith(("No description", "image/png")):
            self.untold.append(known["alt"])
        if tag == "img" and "alt" not in known:
            self.untold.append("no alternative text at all")
        if tag == "a" and "href" in known:
            self.links.append(known["href"])
        if tag in {"use", "image"} or (tag == "link" and LOADING_LINKS & set(known.get("rel", "").split())):
            self.loads.append(known.get("href", ""))
        self.loads += [known[name] for name in LOADED & set(known) if tag != "a"]
        self.loads += LOADED_BY_STYLES.findall(known.get("style", ""))


@cache
def read_page(page: Path) -> PageReader:
    """Read a page once."""
    reader = PageReader()
    reader.feed(page.read_text(encoding="utf-8"))
    return reader


def build(folder: Path) -> None:
    """Build the site as `make docs` does."""
    pytest.importorskip("mkdocs", reason='the documentation is built with: pip install ".[docs]"')
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr


def test_the_site(tmp_path: Path) -> None:
    """One build (the slow part), and all that must be true of it."""
    site = tmp_path / "site"
    build(site)
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 40
    assert loaded_from_elsewhere(site, pages) == []
    assert broken_links(site, pages) == []
    assert [f"{page}: {alt}" for page in pages for alt in read_page(page).untold] == []
    assert names_without_a_section(site) == []
    assert commands_without_a_section(site) == []
    assert boosted(site) == {page.parent.relative_to(site).as_posix() for page in site.glob(PYTHON)}
    assert console_lines_cut(site) == []


def loaded_from_elsewhere(site: Path, pages: list[Path]) -> list[str]:
    """Scripts, styles, fonts, pictures and frames that do not come with the site."""
    found = [
        f"{page.relative_to(site)}: {url}"
        for page in pages
        for url in read_page(page).loads
        if ELSEWHERE.match(url)
    ]
    for sheet in [*site.rglob("*.css"), *site.rglob("*.svg")]:
        urls = LOADED_BY_STYLES.findall(sheet.read_text(encoding="utf-8"))
        found += [f"{sheet.relative_to(site)}: {url}" for url in urls]
    # The theme and the notebooks fetch a library for diagrams, but only on a page that has one.
    return found + [str(page) for page in pages if "mermaid" in page.read_text(encoding="utf-8")]


def broken_links(site: Path, pages: list[Path]) -> list[str]:
    """Links within the site whose page or section is not there."""
    found = []
    for page in pages:
        if page.name == "404.html":  # its links start at the root of whatever host serves it
            continue
        for link in read_page(page).links:
            parts = urlsplit(link)
            if (
                not parts.scheme
                and not parts.netloc
                and not leads_somewhere(page, parts.path, unquote(parts.fragment))
            ):
                found.append(f"{page.relative_to(site)}: {link}")
    return found


def leads_somewhere(page: Path, path: str, fragment: str) -> bool:
    """Whether a link of a page has a target."""
    target = (page.parent / unquote(path)).resolve() if path else page
    if target.is_dir():
        target /= "index.html"
    if not target.exists():
        return False
    return not fragment or target.suffix != ".html" or fragment in read_page(target).ids


def names_without_a_section(site: Path) -> list[str]:
    """Public names that no page of the reference describes."""
    described = {
        name for page in (site / "reference" / "python").rglob("*.html") for name in read_page(page).ids
    }
    homes = {f"{home.__name__}.{name}": getattr(home, name) for home in PUBLIC for name in home.__all__}
    found = [thing for name, thing in homes.items() if name in described]  # under either of two names
    return [
        name
        for name, thing in homes.items()
        if name[-2:] != "__" and not any(thing is each for each in found)
    ]


def commands_without_a_section(site: Path) -> list[str]:
    """Commands that the page of commands leaves out."""
    page = site / "reference" / "commands" / "index.html"
    return [name for name in COMMANDS if name not in read_page(page).ids]


def boosted(site: Path) -> set[str]:
    """Pages that a search finds later than others."""
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    found = {entry["location"].partition("#")[0] for entry in index["docs"] if entry.get("boost") == 0.5}
    return {location.rstrip("/") for location in found}


def console_lines_cut(site: Path) -> list[str]:
    """Guides in which 120 columns of a terminal are wider than their box, in a window of 1280 pixels."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    playwright = pytest.importorskip("playwright.sync_api") if browser else None
    if playwright is None:
        return []
    found = []
    with playwright.sync_playwright() as started:
        window = started.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        page = window.new_page(viewport={"width": 1280, "height": 900})
        for guide in [site / "tutorial" / "index.html", *sorted(site.glob("howto/*/index.html"))]:
            page.goto(guide.as_uri())
            if page.evaluate(TOO_NARROW):
                found.append(guide.parent.name)
        window.close()
    return found


def test_the_citation_names_this_version() -> None:
    """CITATION.cff is what the package says of itself."""
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"^version: (.*)$", text, re.MULTILINE) == [pairing.__version__]
    assert re.findall(r"^cff-version: (.*)$", text, re.MULTILINE) == ["1.2.0"]
    assert f"pairing {pairing.__version__} (The pairing authors)" in (ROOT / "docs" / "cite.md").read_text(
        encoding="utf-8"
    )


def test_links_of_the_readme_lead_somewhere() -> None:
    """The front page links to files that exist."""
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if ELSEWHERE.match(link) is None and not (ROOT / link).exists()] == []
