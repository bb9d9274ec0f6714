"""The notebooks of ``examples/``, shown as they are kept there: with outputs, and never run by the site."""

from __future__ import annotations

import html
import json
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
UNTOLD = 'alt="No description has been provided for this image"'


@event_priority(100)  # before the plugin that turns notebooks into pages
def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add them to the site, from where they are."""
    root = Path(config.config_file_path).parent
    for notebook in sorted((root / "examples").glob("*.ipynb")):
        path = notebook.relative_to(root).as_posix()
        files.append(File(path, str(root), config.site_dir, config.use_directory_urls))
    return files


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG001 - MkDocs' signature
    """Let links between notebooks lead to their pages, fetch no library for diagrams, tell the pictures."""
    if not page.file.src_uri.endswith(".ipynb"):
        return output
    output = LINK.sub(r'href="../\1/"', DIAGRAMS.sub("", output))
    for words in pictures_in_words(Path(page.file.abs_src_path or "")):
        output = output.replace(UNTOLD, f'alt="{html.escape(words)}"', 1)
    return output


def pictures_in_words(notebook: Path) -> list[str]:
    """The text of each picture of a notebook, in order; the template that shows them leaves it out."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    outputs = [
        each for cell in cells for each in cell.get("outputs", []) if "image/png" in each.get("data", {})
    ]
    return [str(each["metadata"]["image/png"]["alt"]) for each in outputs]
