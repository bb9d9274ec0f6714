"""From the rows of a file, of whatever format, to a table: the header, and rows that fit it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pairing.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, eq=False)
class Table:
    """A table as text.

    Parameters
    ----------
    path : pathlib.Path
        Where it was read from.
    frame : pandas.DataFrame
        Every cell as text, "" where it is empty.
    rows : tuple of int
        Row of each record as a spreadsheet counts it: the header is usually row 1.
    warnings : tuple of str
        What had to be assumed, as sentences.
    misfits : frozenset of int
        Rows with too few or too many cells; filled up or cut off so that the rest can be checked.
    """

    path: Path
    frame: pd.DataFrame
    rows: tuple[int, ...]
    warnings: tuple[str, ...] = ()
    misfits: frozenset[int] = frozenset()

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in the order of the file."""
        return tuple(str(name) for name in self.frame.columns)

    def cells(self, column: str) -> list[str]:
        """Cells of a column, without blanks around them."""
        return [str(cell).strip() for cell in self.frame[column]]


@dataclass(frozen=True)
class TableDraft:
    """What came of reading a table: the table, or None, and everything that is wrong with its shape."""

    table: Table | None
    problems: tuple[Problem, ...] = ()


Records = Sequence[tuple[int, Sequence[str]]]


def table_from_records(records: Records, path: Path, file: str, warnings: Sequence[str] = ()) -> TableDraft:
    """Make a table of a file's rows; the first that is not blank names the columns.

    Parameters
    ----------
    records : sequence of (int, sequence of str)
        Row number and cells of each row, blank rows included or not.
    path : pathlib.Path
        The file.
    file : str
        Its name for messages.
    warnings : sequence of str
        Warnings that arose so far.

    Returns
    -------
    TableDraft
        No table if the file is empty or the header is not usable.
    """
    filled = [(row, cells) for row, cells in records if any(cell.strip() for cell in cells)]
    if not filled:
        return TableDraft(None, (Problem("the file is empty", file, expected="a table with column names"),))
    (_, header), body = filled[0], filled[1:]
    names = _without_unused_columns([name.strip() for name in header], body)
    problems = _header_problems(names, file)
    if problems:
        return TableDraft(None, tuple(problems))
    misfits = [(row, _n_cells(cells, len(names))) for row, cells in body]
    problems = [
        Problem(f"there are {count} cells", file, row, expected=f"{len(names)}, one for each column name")
        for row, count in misfits
        if count != len(names)
    ]
    table = Table(
        path,
        pd.DataFrame([_fitted(cells, len(names)) for _, cells in body], columns=names, dtype=object),
        tuple(row for row, _ in body),
        (*warnings, *_header_warnings(header, file)),
        frozenset(row for row, count in misfits if count != len(names)),
    )
    return TableDraft(table, tuple(problems))


def _without_unused_columns(names: list[str], body: Records) -> list[str]:
    # Spreadsheets save empty columns to the right of a table that once was wider.
    width = len(names)
    while width and not names[width - 1] and not any(_cell(cells, width - 1) for _, cells in body):
        width -= 1
    return names[:width]


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""


def _header_problems(names: Sequence[str], file: str) -> list[Problem]:
    problems = [
        Problem(f"column {place} has no name", file, row=1, expected="a name for every column that is used")
        for place, name in enumerate(names, start=1)
        if not name
    ]
    for name in dict.fromkeys(names):
        places = [str(place) for place, other in enumerate(names, start=1) if other == name]
        if name and len(places) > 1:
            problems.append(
                Problem(
                    f"columns {' and '.join(places)} have the same name",
                    file,
                    row=1,
                    column=name,
                    advice="Rename or remove all but one.",
                )
            )
    return problems


def _header_warnings(header: Sequence[str], file: str) -> list[str]:
    padded = [name.strip() for name in header if name != name.strip() and name.strip()]
    return [f"{file}: blanks around the column name '{padded[0]}' were removed."] if padded else []


def _n_cells(cells: Sequence[str], width: int) -> int:
    """Count the cells of a row; empty ones beyond the header do not matter."""
    count = len(cells)
    while count > width and not cells[count - 1].strip():
        count -= 1
    return count


def _fitted(cells: Sequence[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]
