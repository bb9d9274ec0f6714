"""Writing tables as one XLSX workbook, in which every text stays text."""

from __future__ import annotations

import math
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from openpyxl.worksheet.worksheet import Worksheet

_WIDEST = 60


def workbook_bytes(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Write tables as a workbook: one sheet each, header row bold and frozen.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        The tables by sheet name, in order.

    Returns
    -------
    bytes
        The XLSX file. A text that looks like a formula stays text.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, frame in tables.items():
        _fill(book.create_sheet(name), frame)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _fill(sheet: Worksheet, frame: pd.DataFrame) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    _append(sheet, 1, [str(name) for name in frame.columns])
    for row, record in enumerate(frame.to_numpy(dtype=object).tolist(), start=2):
        _append(sheet, row, record)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for number, name in enumerate(frame.columns, start=1):
        longest = max([len(str(name)), *(len(str(value)) for value in frame[name])])
        sheet.column_dimensions[get_column_letter(number)].width = min(longest + 2, _WIDEST)


def _append(sheet: Worksheet, row: int, values: list[object]) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    for column, value in enumerate(values, start=1):
        if value is None or (isinstance(value, float) and math.isnan(value)):
            continue
        cell = sheet.cell(row, column)
        if isinstance(value, str):
            cell.value = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value)
            cell.data_type = "s"  # else a name that begins with "=" would become a formula
        else:
            cell.value = value  # type: ignore[assignment]  # numbers and Booleans of NumPy are fine
