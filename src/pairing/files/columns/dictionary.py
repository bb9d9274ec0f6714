"""The column dictionary, read from ``columns.toml`` beside this module."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

TYPES = ("id", "text", "number", "whole number", "true/false", "as in the input")
_ANOTHER = "of "


@dataclass(frozen=True)
class Column:
    """What one column means.

    Parameters
    ----------
    name : str
        Its name; a ``*`` in it stands for anything.
    type : str
        One of ``id``, ``text``, ``number``, ``whole number``, ``true/false``, ``as in the input``.
    unit : str
        Unit of its numbers; "" where there is none.
    meaning : str
        In words, without a full stop.
    blank : str
        When a cell is blank; "" if none ever is.
    """

    name: str
    type: str
    unit: str
    meaning: str
    blank: str = ""


@dataclass(frozen=True)
class TableDescription:
    """What one table holds.

    Parameters
    ----------
    name : str
        Name of the table, unique.
    title : str
        Title for people.
    file : str
        Name of its file, a ``*`` in it standing for anything; "" where the user names the file.
    written_by : tuple of str
        Commands that write it.
    rows : str
        What one row is, as a sentence.
    columns : tuple of Column
        In the order of the file.
    none : str
        What it means that there is no row, as a sentence; "" where there is always one.
    """

    name: str
    title: str
    file: str
    written_by: tuple[str, ...]
    rows: str
    columns: tuple[Column, ...]
    none: str = ""

    def column(self, name: str) -> Column | None:
        """Find what a column of the file means; None if it is not described."""
        return next((column for column in self.columns if fnmatchcase(name, column.name)), None)


@cache
def described_tables() -> tuple[TableDescription, ...]:
    """Every table that a command writes, with its columns.

    Returns
    -------
    tuple of TableDescription

    Examples
    --------
    >>> [table.file for table in described_tables()][:3]
    ['pairs.csv', 'teams.csv', 'unpaired.csv']
    """
    source = files(__package__).joinpath("columns.toml").read_text(encoding="utf-8")
    columns: dict[str, tuple[Column, ...]] = {}
    tables = []
    for entry in tomllib.loads(source)["tables"]:
        columns[entry["name"]] = _columns(entry["columns"], columns)
        tables.append(_table(entry, columns[entry["name"]]))
    return tuple(tables)


def description_of(name: str) -> TableDescription:
    """Find the description of a table by its name.

    Parameters
    ----------
    name : str
        Name of the table: that of its file without ending, where no other file has it.

    Returns
    -------
    TableDescription

    Raises
    ------
    KeyError
        If there is no such table.

    Examples
    --------
    >>> description_of("pairs").column("value").unit
    'between-team SD'
    """
    for table in described_tables():
        if table.name == name:
            return table
    raise KeyError(name)


def column_dictionary() -> pd.DataFrame:
    """Tabulate what every column of every file means.

    Returns
    -------
    pandas.DataFrame
        One row a column: ``table``, ``file`` ("" where the user names it), ``column``, ``type``, ``unit``,
        ``meaning``, ``blank`` (when a cell is blank; "" if none ever is).

    Examples
    --------
    >>> from pairing import column_dictionary
    >>> known = column_dictionary()
    >>> known[(known["file"] == "allocation.csv") & (known["column"] == "arm")]["meaning"].item()
    'intervention, control or, where reserves were declared, reserve'
    """
    import pandas as pd

    return pd.DataFrame(
        [
            (table.name, table.file, column.name, column.type, column.unit, column.meaning, column.blank)
            for table in described_tables()
            for column in table.columns
        ],
        columns=["table", "file", "column", "type", "unit", "meaning", "blank"],
    )


def _table(entry: Mapping[str, Any], columns: tuple[Column, ...]) -> TableDescription:
    return TableDescription(
        entry["name"],
        entry["title"],
        entry.get("file", ""),
        tuple(entry["written_by"]),
        entry["rows"],
        columns,
        entry.get("none", ""),
    )


def _columns(
    entries: Sequence[str | Sequence[str]], known: Mapping[str, tuple[Column, ...]]
) -> tuple[Column, ...]:
    found: list[Column] = []
    for entry in entries:
        found += _of_another(entry, known) if isinstance(entry, str) else [Column(*entry)]
    return tuple(found)


def _of_another(entry: str, known: Mapping[str, tuple[Column, ...]]) -> list[Column]:
    """Columns that mean the same as in a table before: all of them, those named, or all but one."""
    table, _, named = entry.removeprefix(_ANOTHER).partition(":")
    table, _, left_out = table.partition(" but ")
    columns = {column.name: column for column in known[table]}
    if named:
        return [columns[name.strip()] for name in named.split(",")]
    return [column for name, column in columns.items() if name != left_out]
