"""Results as one accessible workbook (.xlsx), and the way back to what its cells say."""

from pairing.files.workbooks.beside import analysed_workbook, drawn_workbook, tables_of
from pairing.files.workbooks.folder import ALLOCATION_WORKBOOK, PAIRING_WORKBOOK, pairing_workbook
from pairing.files.workbooks.reading import cell_differences, workbook_cells

__all__ = [
    "ALLOCATION_WORKBOOK",
    "PAIRING_WORKBOOK",
    "analysed_workbook",
    "cell_differences",
    "drawn_workbook",
    "pairing_workbook",
    "tables_of",
    "workbook_cells",
]
