"""No name becomes a part of the page."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from pairing.files.tables import read_table

from .conftest import NAMES

if TYPE_CHECKING:
    from .conftest import Outputs


class Reader(HTMLParser):
    """Gathers the text of a page, and every element with what it would run or fetch."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.sources: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element, its attributes and what it would fetch."""
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.sources |= {value or "" for name, value in attrs if name in {"src", "href"}}

    def handle_data(self, data: str) -> None:
        """Gather text."""
        self.text += data


@pytest.mark.parametrize("folder", ["plan", "drawn"])
def test_names_are_text_on_the_page(outputs: Outputs, folder: str) -> None:
    """The report has every name, as text."""
    read = read_safely((outputs.folder / folder / "report.html").read_text(encoding="utf-8"))
    for name in NAMES.values():
        assert_shown(name, read.text)


def test_names_are_text_in_the_packs(outputs: Outputs) -> None:
    """Every page of the packs is safe, and together they have the name of every team with a partner."""
    pages = sorted((outputs.folder / "packs-plan").glob("*.html"))
    assert len(pages) > 4
    text = "".join(read_safely(page.read_text(encoding="utf-8")).text for page in pages)
    teams = read_table(outputs.folder / "plan" / "teams.csv").frame
    partnered = [name for name, partner in zip(teams["name"], teams["partner"], strict=True) if partner]
    assert len(partnered) > 8
    for name in partnered:
        assert_shown(name, text)


def read_safely(page: str) -> Reader:
    """Read a page in which nothing of a name runs or is fetched."""
    read = Reader(page)
    for raw in ("<script>alert", "<img src=x", "<b>id", "<i>East", "onerror=alert(1)>"):
        assert raw not in page
    assert not {name for name in read.attributes if name.startswith("on")}
    assert "x" not in read.sources
    assert not [source for source in read.sources if source.startswith(("http://e.example", "javascript:"))]
    return read


def assert_shown(name: str, text: str) -> None:
    """All that can be seen of a name stands in the text."""
    assert all(word in text for word in name.split() if word.isprintable()), name
