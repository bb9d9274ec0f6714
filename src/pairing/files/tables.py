"""Reading tables: CSV or XLSX, everything as text, with the row numbers that a spreadsheet shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pairing.errors import InputDataError, Problem
from pairing.files.access import TEXT_TABLE
from pairing.files.records import TableDraft
from pairing.files.text_table import draft_of_text, draft_text_table
from pairing.files.workbook import draft_workbook_table

if TYPE_CHECKING:
    from pairing.files.records import Table

_WORKBOOKS = frozenset({".xlsx", ".xlsm"})
_SETTINGS = ".toml"


def read_table(path: str | Path, *, sheet: str | None = None) -> Table:
    """Read a table as text.

    CSV may have commas, semicolons or tabs between its cells and be UTF-8, UTF-16 with a byte-order mark, or
    (with a warning) cp1252. Nothing is converted: "007" stays "007".

    Parameters
    ----------
    path : str or pathlib.Path
        A CSV or .xlsx file.
    sheet : str, optional
        Sheet of a workbook; the first if not given.

    Returns
    -------
    Table
        Text cells and their row numbers.

    Raises
    ------
    FileAccessError
        If the file cannot be read.
    InputDataError
        With everything that is wrong with the table's shape.
    """
    draft = draft_table(Path(path), sheet=sheet)
    if draft.table is None or draft.problems:
        raise InputDataError(draft.problems)
    return draft.table


def table_of_content(content: bytes, file: str) -> Table:
    r"""Read the content of a CSV file that pairing writes.

    Parameters
    ----------
    content : bytes
        The file.
    file : str
        Its name for messages.

    Returns
    -------
    Table
        Text cells and their row numbers.

    Raises
    ------
    InputDataError
        If it is no table.

    Examples
    --------
    >>> table_of_content(b"team,name\nR0A,'=1+1\n", "teams.csv").cells("name")
    ['=1+1']
    """
    draft = draft_of_text(content.decode("utf-8"), Path(file), file)
    if draft.table is None or draft.problems:
        raise InputDataError(draft.problems)
    return draft.table


def draft_table(path: Path, *, sheet: str | None = None, file: str | None = None) -> TableDraft:
    """Read a table and collect what is wrong with its shape, so that its cells can be checked all the same.

    Parameters
    ----------
    path : pathlib.Path
        A CSV or .xlsx file.
    sheet : str, optional
        Sheet of a workbook; the first if not given.
    file : str, optional
        Name for messages; the file's own if not given.

    Returns
    -------
    TableDraft
        The table, or None if its shape cannot be made out, and the problems.

    Raises
    ------
    FileAccessError
        If the file cannot be read.
    """
    label = file or path.name
    if path.suffix.lower() in _WORKBOOKS:
        return draft_workbook_table(path, label, sheet)
    if path.suffix.lower() == _SETTINGS:
        advice = TEXT_TABLE.advice
        return TableDraft(None, (Problem("this is a settings file, not a table", label, advice=advice),))
    draft = draft_text_table(path, label)
    if sheet is None or draft.table is None:
        return draft
    warning = f"{label}: the sheet '{sheet}' was not looked for: only workbooks (.xlsx) have sheets."
    return replace(draft, table=replace(draft.table, warnings=(*draft.table.warnings, warning)))
