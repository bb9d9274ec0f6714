"""The column dictionary as a page of the documentation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pairing.files.columns.dictionary import described_tables

if TYPE_CHECKING:
    from pairing.files.columns.dictionary import Column, TableDescription

_NAMED_BY_THE_USER = "the file that `-o` names"


def dictionary_markdown(*, level: int = 2) -> str:
    """Write the column dictionary in Markdown: one section and one table a file.

    Parameters
    ----------
    level : int
        Level of the headings of the files.

    Returns
    -------
    str
        Markdown that ends with a line break.

    Examples
    --------
    >>> print(dictionary_markdown()[:32])
    ## Pairs: `pairs.csv`
    <BLANKLINE>
    Written b
    """
    return "\n".join(_section(table, level) for table in described_tables())


def _section(table: TableDescription, level: int) -> str:
    file = f"`{table.file}`" if table.file else _NAMED_BY_THE_USER
    commands = ", ".join(f"`pairing {command}`" for command in table.written_by)
    lines = [
        f"{'#' * level} {table.title}: {file}",
        "",
        f"Written by {commands}. {_escaped(table.rows)}",
        "",
        "| column | meaning | unit | type | blank when |",
        "|---|---|---|---|---|",
        *(_row(column) for column in table.columns),
    ]
    return "\n".join(lines) + "\n"


def _row(column: Column) -> str:
    cells = [f"`{column.name}`", column.meaning, column.unit, column.type, column.blank]
    return "| " + " | ".join([cells[0], *map(_escaped, cells[1:])]) + " |"


def _escaped(text: str) -> str:
    """Plain text as Markdown; names of columns and files stand as code."""
    plain = re.sub(r"([\\*<>|\[\]])", r"\\\1", text)
    return re.sub(r"(?<![\w`])(\w+(?:[_.]\w+)+|--\w+)(?![\w`])", r"`\1`", plain)
