"""The page of the commands: what the program says of itself, as Markdown instead of for a terminal."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

import click

from pairing.cli.app import COMMANDS, app

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

MARK = "<!-- commands -->"


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 - MkDocs' signature
    """Put the sections where the page asks for them."""
    return markdown.replace(MARK, "\n\n".join(sections())) if MARK in markdown else markdown


def sections() -> Iterator[str]:
    """Write one section a command, in the order of the work."""
    whole = click.Context(app, info_name="pairing")
    yield section(app, whole)
    for name in app.list_commands(whole):
        command = app.get_command(whole, name)
        if command is not None:
            yield section(command, click.Context(command, info_name=name, parent=whole))


def section(command: click.Command, context: click.Context) -> str:
    """Write the help of one command under its name."""
    formatter = MarkdownFormatter()
    command.format_help(context, formatter)
    return f"## {context.command_path} {{ #{context.info_name} }}\n\n{formatter.getvalue()}"


class MarkdownFormatter(click.HelpFormatter):
    """Writes what a command's help consists of as Markdown."""

    def write(self, string: str) -> None:
        """Write a line that is to stay as it is."""
        if string.strip():
            self._add(f"```text\n{string.strip()}\n```")

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:  # noqa: ARG002 - click's
        """Write how the command is called."""
        self._add(f"```text\n{prog} {args}\n```")

    def write_heading(self, heading: str) -> None:
        """Write a heading within the help; the table of contents has commands only."""
        self._add(f"**{heading}**")

    def write_paragraph(self) -> None:
        """Paragraphs are apart already."""

    def write_text(self, text: str) -> None:
        r"""Write paragraphs; those that begin with ``\b`` keep their lines."""
        for part in re.split(r"\n\s*\n|\n(?=\x08)", inspect.cleandoc(text)):
            if part.startswith("\b"):
                self.write(part.removeprefix("\b"))
            elif part.strip():
                self._add(escaped(" ".join(part.split())))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:  # noqa: ARG002 - click's
        """Write terms, each with its explanation."""
        self._add("\n\n".join(f"{term(name)}\n:   {escaped(words) or '&nbsp;'}" for name, words in rows))

    def _add(self, block: str) -> None:
        self.buffer.append(f"{block}\n\n")


def term(name: str) -> str:
    """Set a term as code, and link it if it is a command."""
    command = name.removeprefix("pairing ")
    return f"[`{name}`](#{command})" if command in COMMANDS else f"`{name}`"


def escaped(text: str) -> str:
    """Keep Markdown from reading anything into the words of a help text."""
    return re.sub(r"([\\*_\[\]<>|#])", r"\\\1", text)
