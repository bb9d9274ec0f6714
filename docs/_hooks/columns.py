"""The column dictionary, from the same source that the tests hold every file against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.files.columns import dictionary_markdown

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

MARK = "<!-- columns -->"


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 - MkDocs' signature
    """Put the tables where the page asks for them."""
    if MARK not in markdown:
        return markdown
    tables = f'<div class="column-dictionary" markdown="1">\n\n{dictionary_markdown(level=2)}\n\n</div>'
    return markdown.replace(MARK, tables)
