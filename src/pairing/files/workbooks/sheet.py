"""What a workbook holds, apart from how it looks."""

from __future__ import annotations

from dataclasses import dataclass

Value = str | float | int | bool | None


@dataclass(frozen=True)
class SheetColumn:
    """A column of a worksheet.

    Parameters
    ----------
    name : str
        Its header.
    number_format : str
        How its numbers are shown, in the notation of spreadsheets; they are stored with all digits.
    """

    name: str
    number_format: str = "General"


@dataclass(frozen=True)
class Sheet:
    """A worksheet with one table.

    Parameters
    ----------
    name : str
        On its tab.
    title : str
        In its first cell.
    lines : tuple of str
        Below the title: what the table holds.
    columns : tuple of SheetColumn
        Of the table.
    records : tuple of tuple
        Cells of each row; None for a blank one.
    none : str
        What to say instead of a table without rows.
    """

    name: str
    title: str
    lines: tuple[str, ...]
    columns: tuple[SheetColumn, ...]
    records: tuple[tuple[Value, ...], ...]
    none: str = "There is nothing to list."


@dataclass(frozen=True)
class Book:
    """A workbook: a cover, and worksheets with a table each.

    Parameters
    ----------
    title : str
        Of the cover, and in the properties of the document.
    lines : tuple of str
        What the workbook is, where it comes from, under which licence.
    creator : str
        Name and version of the program.
    sheets : tuple of Sheet
        In order.
    """

    title: str
    lines: tuple[str, ...]
    creator: str
    sheets: tuple[Sheet, ...]
