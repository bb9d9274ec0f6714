"""What the cells of a workbook say, whoever saved it."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, cast

from pairing.errors import InputDataError, Problem
from pairing.files.workbooks.codes import decoded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pairing.files.workbooks.sheet import Value

Cells = dict[tuple[str, str], "Value"]


def workbook_cells(content: bytes, file: str) -> Cells:
    """Read every cell of a workbook that is not blank.

    Parameters
    ----------
    content : bytes
        The .xlsx file.
    file : str
        Its name for messages.

    Returns
    -------
    dict
        Values by worksheet and coordinate ("B7").

    Raises
    ------
    InputDataError
        If it is no workbook.
    """
    from openpyxl import load_workbook

    try:
        workbook = load_workbook(BytesIO(content))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, SyntaxError, TypeError) as error:
        # What openpyxl raises for files that are no workbooks, or broken ones, is not documented any closer.
        raise InputDataError([Problem("this is not a readable .xlsx workbook", file)]) from error
    return {
        (sheet.title, cell.coordinate): _read(cell.value)
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def _read(value: object) -> Value:
    # openpyxl decodes text only where another program has moved it to the table of shared strings.
    return decoded(value) if isinstance(value, str) else cast("Value", value)  # dates are not ours


def cell_differences(
    found: Mapping[tuple[str, str], Value], right: Mapping[tuple[str, str], Value], file: str
) -> list[str]:
    """Describe every cell in which two workbooks differ.

    Parameters
    ----------
    found, right : mapping
        What :func:`workbook_cells` gives.
    file : str
        Its name for the sentences.

    Returns
    -------
    list of str
        Sentences without a full stop.
    """
    return [
        f"{file}, worksheet {place[0]}, cell {place[1]}: {_shown(found.get(place))} is recorded, "
        f"{_shown(right.get(place))} is right"
        for place in [*right, *(place for place in found if place not in right)]
        if found.get(place) != right.get(place)
    ]


def _shown(value: Value) -> str:
    return "a blank" if value is None else str(value)
