"""The page of benchmarks: each script writes its own section, and leaves those of the others alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def replace_section(page: Path, section: str) -> None:
    """Exchange the section that has the same heading, or put it at the end.

    Parameters
    ----------
    page : pathlib.Path
        The page, in Markdown.
    section : str
        The new section, which begins with its heading, a line ``## ...``.
    """
    heading = section.partition("\n")[0]
    before, _, after = page.read_text(encoding="utf-8").partition(f"{heading}\n")
    _, next_one, rest = after.partition("\n## ")
    text = before.rstrip() + "\n\n" + section.rstrip() + "\n"
    page.write_text(text + (f"\n## {rest}" if next_one else ""), encoding="utf-8")
