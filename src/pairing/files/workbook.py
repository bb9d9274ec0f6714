"""Tables in Excel workbooks (.xlsx)."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from typing import TYPE_CHECKING

from pairing.cohort.cells import cell_text
from pairing.cohort.nearest import did_you_mean
from pairing.errors import Problem
from pairing.files.access import read_bytes
from pairing.files.records import TableDraft, table_from_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from openpyxl.cell import Cell, MergedCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet


_LEADING_ZERO = re.compile(r"0[0-9]+")
_ZEROS = re.compile(r"0{2,}")
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


def draft_workbook_table(path: Path, file: str, sheet: str | None = None) -> TableDraft:
    """Read one sheet of a workbook as text.

    Whole numbers lose the ".0" of a spreadsheet, and a number shown with leading zeros (format "000") keeps
    them, so that ids stay what people see.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    file : str
        Its name for messages.
    sheet : str, optional
        Name of the sheet; the first if not given.

    Returns
    -------
    TableDraft
        The table, and everything wrong with its shape.

    Raises
    ------
    FileAccessError
        If the file cannot be read.
    """
    content = read_bytes(path)
    if content.startswith(_OLD_WORKBOOK):
        advice = "Save it as .xlsx (without a password) or as CSV."
        return TableDraft(
            None, (Problem("this is an old or an encrypted Excel workbook", file, advice=advice),)
        )
    values, formulas = _open(content, formulas=False), _open(content, formulas=True)
    if values is None or formulas is None:
        advice = "Open it in a spreadsheet and save it as .xlsx or as CSV."
        return TableDraft(None, (Problem("this is not a readable .xlsx workbook", file, advice=advice),))
    names = [worksheet.title for worksheet in values.worksheets]
    if not names or (sheet is not None and sheet not in names):
        return TableDraft(None, (_unknown_sheet(file, sheet, names),))
    chosen = sheet or names[0]
    warnings = []
    if sheet is None and len(names) > 1:
        others = ", ".join(f"'{name}'" for name in names[1:])
        warnings.append(f"{file}: the sheet '{chosen}' was read; there are also {others}.")
    return _read_sheet(path, file, values, formulas, chosen, warnings)


def _open(content: bytes, *, formulas: bool) -> Workbook | None:
    # Slow to import, and not needed for CSV.
    from openpyxl import load_workbook

    try:
        return load_workbook(io.BytesIO(content), data_only=not formulas)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, SyntaxError, TypeError):
        # What openpyxl raises for files that are no workbooks, or broken ones, is not documented any closer.
        return None


def _unknown_sheet(file: str, sheet: str | None, names: Sequence[str]) -> Problem:
    if sheet is None:
        return Problem("the workbook has no sheet with cells", file)
    listed = ", ".join(f"'{name}'" for name in names)
    advice = did_you_mean(sheet, names) or f"The sheets are: {listed}."
    return Problem(f"there is no sheet '{sheet}'", file, advice=advice)


def _read_sheet(
    path: Path, file: str, values: Workbook, formulas: Workbook, sheet: str, warnings: Sequence[str]
) -> TableDraft:
    cells = list(_worksheet(values, sheet).iter_rows())
    texts = [[_text(cell) for cell in row] for row in cells]
    draft = table_from_records(
        list(enumerate(texts, start=1)), path, file, [*warnings, *_lost_zeros(file, cells)]
    )
    missing = _formulas_without_result(file, cells, _worksheet(formulas, sheet).iter_rows())
    return TableDraft(draft.table, (*draft.problems, *missing))


def _worksheet(workbook: Workbook, name: str) -> Worksheet:
    # The names are those of the sheets with cells; a chart sheet has none.
    return next(worksheet for worksheet in workbook.worksheets if worksheet.title == name)


def _text(cell: Cell | MergedCell) -> str:
    value = cell.value
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    if isinstance(value, (int, float)) and _ZEROS.fullmatch(cell.number_format):
        return cell_text(value).zfill(len(cell.number_format))
    # The blanks around text stay, so that those around an id can be told.
    return value if isinstance(value, str) else cell_text(value)


def _formulas_without_result(
    file: str, values: Iterable[Sequence[Cell | MergedCell]], formulas: Iterable[Sequence[Cell | MergedCell]]
) -> list[Problem]:
    return [
        Problem(
            "a formula has no stored result",
            file,
            row,
            value=str(formula.value),
            advice="Open the workbook in a spreadsheet and save it again.",
        )
        for row, (shown, written) in enumerate(zip(values, formulas, strict=True), start=1)
        for cell, formula in zip(shown, written, strict=True)
        if cell.value is None and isinstance(formula.value, str) and formula.value.startswith("=")
    ]


def _lost_zeros(file: str, cells: Sequence[Sequence[Cell | MergedCell]]) -> list[str]:
    """Warn of columns in which some codes kept their leading zeros as text and others became numbers."""
    warnings = []
    for column in zip(*cells, strict=True):
        header, values = column[0].value, [cell.value for cell in column[1:]]
        kept = [
            value for value in values if isinstance(value, str) and _LEADING_ZERO.fullmatch(value.strip())
        ]
        numbers = [value for value in values if isinstance(value, (int, float))]
        if kept and numbers:
            warnings.append(
                f"{file}: column '{header}' holds numbers ({numbers[0]}) beside text such as '{kept[0]}'. "
                "Leading zeros of the numbers may be lost."
            )
    return warnings
