"""Pages that are laid out, or found, in another way than the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

WIDE = "howto/"
"""Pages that show a terminal of 120 columns, which has no room beside a table of contents."""

LAST_FOUND = "reference/python/"
"""Pages that name every other word: a search should find guides and explanations before them."""


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 - MkDocs' signature
    """Set what the theme reads from the head of a page."""
    source = page.file.src_uri
    if source.startswith(WIDE):
        page.meta.setdefault("hide", ["toc"])
    if source.startswith(LAST_FOUND):
        page.meta.setdefault("search", {"boost": 0.5})
    return markdown
