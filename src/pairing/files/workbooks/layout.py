"""How a workbook looks: laid out for everyone, those who have it read aloud too.

It follows the guidance of the UK Government Analysis Function, "Releasing statistics in spreadsheets" and
"Making spreadsheets accessible: checklist of the basics". One thing is done otherwise: the header row is
frozen, which the checklist advises against without calling it essential, because long tables are scrolled.
"""

from __future__ import annotations

import math
from io import BytesIO
from typing import TYPE_CHECKING

from pairing.files.workbooks.archive import without_dates
from pairing.files.workbooks.codes import encoded
from pairing.formulae import starts_like_formula

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from pairing.files.workbooks.sheet import Book, Sheet, Value

COVER = "Cover"
FONT, SIZE, TITLE_SIZE, HEADING_SIZE = "Arial", 12, 16, 14
_NARROWEST, _WIDEST, _WIDTH_OF_COVER = 12, 45, 130
_FEW_COLUMNS, _WIDEST_OF_FEW = 2, 90
_LONGEST_CELL = 32_767
_DIGITS_SHOWN = 12
_LETTER = 1.15
"""Width of a letter of this font, in the widths of columns, which are counted in letters of a smaller one."""
_LINE, _TITLE_LINE, _HIGHEST = 16.0, 22.0, 400.0
"""Height of a line in points. A row of several lines needs it said, for not every program works it out."""


def book_bytes(book: Book) -> bytes:
    """Write a workbook.

    Parameters
    ----------
    book : Book
        What it holds.

    Returns
    -------
    bytes
        The .xlsx file: the same for the same content. Text that looks like a formula stays text.
    """
    from openpyxl import Workbook

    workbook = Workbook()
    _name_styles(workbook)
    _describe(workbook, book)
    _fill_cover(workbook.worksheets[0], book)
    for sheet in book.sheets:
        _fill_sheet(workbook.create_sheet(sheet.name), sheet)
    workbook.active = 0
    content = BytesIO()
    workbook.save(content)
    return without_dates(content.getvalue())


def _name_styles(workbook: Workbook) -> None:
    from openpyxl.styles import Alignment, Font, NamedStyle

    top = Alignment(vertical="top")
    wrapped = Alignment(vertical="top", wrap_text=True)
    wrapped_right = Alignment(horizontal="right", vertical="top", wrap_text=True, indent=1)
    right, left = (
        Alignment(horizontal="right", vertical="top", indent=1),
        Alignment(horizontal="left", vertical="top"),
    )
    plain = Font(name=FONT, size=SIZE)
    link = Font(name=FONT, size=SIZE, underline="single", color="0000EE")
    bold = Font(name=FONT, size=SIZE, bold=True)
    # The numbers are those of Excel's own heading styles, by which screen readers know a heading.
    title = NamedStyle("Heading 1", Font(name=FONT, size=TITLE_SIZE, bold=True), builtinId=16)
    heading = NamedStyle("Heading 2", Font(name=FONT, size=HEADING_SIZE, bold=True), builtinId=17)
    for style in (
        title,
        heading,
        NamedStyle("Line", plain, alignment=top),
        NamedStyle("Text", plain, alignment=wrapped),
        NamedStyle("Link", link, alignment=top),
        NamedStyle("Header", bold, alignment=wrapped),
        NamedStyle("Number header", bold, alignment=wrapped_right),
        NamedStyle("Number", plain, alignment=right),
        NamedStyle("Value among text", plain, alignment=left),
    ):
        workbook.add_named_style(style)


def _describe(workbook: Workbook, book: Book) -> None:
    properties = workbook.properties
    properties.title = book.title
    properties.creator = book.creator
    properties.language = "en-GB"
    properties.subject = "Reciprocal peer review: which teams visit each other"


def _fill_cover(sheet: Worksheet, book: Book) -> None:
    sheet.title = COVER
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = _WIDTH_OF_COVER - 24
    sheet.row_dimensions[1].height = _TITLE_LINE
    _write(sheet, 1, 1, book.title, "Heading 1")
    for row, line in enumerate(book.lines, start=2):
        _write(sheet, row, 1, line, "Line")
    row = len(book.lines) + 2
    _write(sheet, row, 1, "Contents", "Heading 2")
    for column, name in enumerate(("Worksheet", "What it holds"), start=1):
        _write(sheet, row + 1, column, name, "Header")
    for at, other in enumerate(book.sheets, start=row + 2):
        _link(sheet, at, other.name, other.name)
        _write(sheet, at, 2, other.title, "Text")
    _mark_up(sheet, "contents", ("Worksheet", "What it holds"), row + 1, len(book.sheets))
    _set_up_printing(sheet)


def _fill_sheet(sheet: Worksheet, content: Sheet) -> None:
    _write(sheet, 1, 1, content.title, "Heading 1")
    sheet.row_dimensions[1].height = _TITLE_LINE
    lines = content.lines if content.records else (content.none,)
    for row, line in enumerate(lines, start=2):
        _write(sheet, row, 1, line, "Line")
    header = len(lines) + 3
    _link(sheet, header - 1, COVER, "Back to the contents")
    if not content.records:
        return
    names = [column.name for column in content.columns]
    for column, name in enumerate(names, start=1):
        is_number = content.columns[column - 1].number_format != "General"
        _write(sheet, header, column, name, "Number header" if is_number else "Header")
    styles = [_style_of_numbers(content, column) for column in range(len(names))]
    for row, record in enumerate(content.records, start=header + 1):
        for column, value in enumerate(record, start=1):
            if value is not None:
                cell = _write(
                    sheet, row, column, value, "Text" if isinstance(value, str) else styles[column - 1]
                )
                if not isinstance(value, str | bool):
                    cell.number_format = content.columns[column - 1].number_format
    _mark_up(sheet, content.name, names, header, len(content.records))
    _set_widths(sheet, content, header)
    sheet.freeze_panes = f"A{header + 1}"
    _set_up_printing(sheet, header)


def _style_of_numbers(content: Sheet, column: int) -> str:
    """Numbers stand on the right, but below texts on the left, where they are read as one list."""
    is_mixed = any(isinstance(record[column], str) for record in content.records)
    return "Value among text" if is_mixed else "Number"


def _write(sheet: Worksheet, row: int, column: int, value: Value, style: str) -> Cell:
    cell: Cell = sheet.cell(row, column)  # type: ignore[assignment]  # nothing is ever merged here
    if isinstance(value, str):
        cell.value = _storable(value)
        cell.data_type = "s"  # else "=1+1" would become a formula, and "#N/A" an error
    else:
        cell.value = value
    cell.style = style
    if isinstance(value, str) and starts_like_formula(value):
        cell.quotePrefix = True  # it stays text when somebody edits the cell
    return cell


def _storable(text: str) -> str:
    """Text as a cell can hold it: no control characters, and no more than so many letters."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    plain = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text)
    return encoded(plain if len(plain) <= _LONGEST_CELL else plain[: _LONGEST_CELL - 3] + "...")


def _link(sheet: Worksheet, row: int, target: str, text: str) -> None:
    from openpyxl.worksheet.hyperlink import Hyperlink

    cell = _write(sheet, row, 1, text, "Link")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{target}'!A1", display=text)
    cell.style = "Link"  # the link brought a style of its own


def _mark_up(sheet: Worksheet, name: str, columns: list[str] | tuple[str, ...], header: int, n: int) -> None:
    """Make the cells a table in the eyes of the spreadsheet, without filters and without stripes."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

    table = Table(
        displayName=f"{name.lower()}_table", ref=f"A{header}:{get_column_letter(len(columns))}{header + n}"
    )
    table.tableColumns = [
        TableColumn(id=number, name=column) for number, column in enumerate(columns, start=1)
    ]
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    sheet.add_table(table)


def _set_widths(sheet: Worksheet, content: Sheet, header: int) -> None:
    from openpyxl.utils import get_column_letter

    widest = _WIDEST_OF_FEW if len(content.columns) <= _FEW_COLUMNS else _WIDEST
    widths = []
    for number, column in enumerate(content.columns, start=1):
        longest = max(len(column.name), *(_length(record[number - 1]) for record in content.records))
        widths.append(min(max(_NARROWEST, _LETTER * longest + 2), widest))
        sheet.column_dimensions[get_column_letter(number)].width = widths[-1]
    for row, record in enumerate(content.records, start=header + 1):
        lines = max(map(_lines, record, widths))
        if lines > 1:
            sheet.row_dimensions[row].height = min(_LINE * lines, _HIGHEST)


def _lines(value: Value, width: float) -> int:
    """How many lines a text takes in a column; a little more than needed where long words are wrapped."""
    return math.ceil(len(value) / (width - 2)) if isinstance(value, str) else 1


def _length(value: Value) -> int:
    if isinstance(value, str):
        return len(value)
    return min(len(str(value)), _DIGITS_SHOWN)


def _set_up_printing(sheet: Worksheet, header: int | None = None) -> None:
    """Print on A4 across, as wide as the page, with the header on every page."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    if header is not None:
        sheet.print_title_rows = f"{header}:{header}"
