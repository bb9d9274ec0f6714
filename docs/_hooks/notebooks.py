"""The notebooks of ``examples/``, shown as they are kept there: with outputs, and never run by the site."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

DIAGRAMS = re.compile(
    r'<script type="module">(?:(?!</script>).)*mermaid(?:(?!</script>).)*</script>|<!--[^>]*mermaid[^>]*-->',
    re.DOTALL,
)
LINK = re.compile(r'href="([\w-]+)\.ipynb"')


@event_priority(100)  # before the plugin that turns notebooks into pages
def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add them to the site, from where they are."""
    root = Path(config.config_file_path).parent
    for notebook in sorted((root / "examples").glob("*.ipynb")):
        path = notebook.relative_to(root).as_posix()
        files.append(File(path, str(root), config.site_dir, config.use_directory_urls))
    return files


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG001 - MkDocs' signature
    """Let links between notebooks lead to their pages, and fetch no library for diagrams: there are none."""
    if page.file.src_uri.endswith(".ipynb"):
        output = LINK.sub(r'href="../\1/"', DIAGRAMS.sub("", output))
    return output
