"""What the theme leaves out for people who do not see the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

NAMELESS = '<div class="md-search" data-md-component="search" role="dialog"'


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG001 - MkDocs' signature
    """Give the search dialogue a name that a screen reader can say."""
    return output.replace(NAMELESS, f'{NAMELESS} aria-label="Search"')
