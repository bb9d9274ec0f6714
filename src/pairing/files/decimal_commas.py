"""Decimal commas, as spreadsheets in much of Europe write them, read where they can mean nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pairing.cohort.cells import CellFault, has_decimal_comma, may_be_thousands, read_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pairing.files.records import Table


def with_decimal_points(table: Table, file: str) -> Table:
    """Write the numbers of a table with decimal points, if it is sure that its commas are decimal ones.

    It is sure if at least one number can be read in no other way ("12,5", but not "1,234"), and none has a
    decimal point. Only columns of which most filled cells are numbers are changed.

    Parameters
    ----------
    table : Table
        A table whose cells are not separated by commas.
    file : str
        Its name for the warning.

    Returns
    -------
    Table
        The table with a warning more, or as it was.
    """
    columns = [column for column in table.columns if _is_numeric(table.cells(column))]
    commas = {column: [cell for cell in table.cells(column) if has_decimal_comma(cell)] for column in columns}
    with_commas = [column for column in columns if commas[column]]
    certain = any(not may_be_thousands(cell) for cells in commas.values() for cell in cells)
    if not certain or any(_has_point(table.cells(column)) for column in columns):
        return table
    frame = table.frame.copy()
    for column in with_commas:
        frame[column] = [_with_point(str(cell)) for cell in frame[column]]
    listed = ", ".join(f"'{column}'" for column in with_commas)
    warning = f"{file}: the commas in the numbers of {listed} were read as decimal commas."
    return replace(table, frame=frame, warnings=(*table.warnings, warning))


def _is_numeric(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and 2 * sum(has_decimal_comma(cell) or _is_number(cell) for cell in filled) > len(
        filled
    )


def _is_number(cell: str) -> bool:
    return not isinstance(read_number(cell), CellFault)


def _has_point(cells: Sequence[str]) -> bool:
    return any("." in cell and _is_number(cell) for cell in cells)


def _with_point(cell: str) -> str:
    return cell.replace(",", ".") if has_decimal_comma(cell.strip()) else cell
