"""The worksheets of a result: its tables, its settings, and those that explain them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairing.files.columns import Column
from pairing.files.tables import table_of_content
from pairing.files.workbooks.sheet import Sheet, SheetColumn
from pairing.files.workbooks.values import cell_value, number_format

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pairing.files.columns import TableDescription
    from pairing.files.workbooks.sheet import Value

_SETTINGS = (
    Column("setting", "text", "", "Section and key of the programme"),
    Column("value", "as in the input", "", "Its value; a list in brackets, none for an empty one", "Not set"),
)
_FACTS = (
    Column("fact", "text", "", "What is stated"),
    Column("stated", "as in the input", "", "The statement", "Not applicable"),
)
_EXPLAINED = ("worksheet", "column", "meaning", "unit", "type", "blank when")
_NOTED = ("note", "text")

_NOTES = (
    "Blank cells: not known or not applicable. The worksheet Columns says for each column which.",
    "Numbers are stored with at least 15 digits; the cells show them rounded.",
    "Ids and names are text. One that begins like a formula is text too: nothing here is calculated.",
    (
        "SD: standard deviation. One between-team SD of an indicator is the standard deviation of its true "
        "values between teams. On this scale 0 is the average team, and positive is better."
    ),
    (
        "Gain: what a team can expect to learn from its partner, summed over the indicators on which the "
        "partner is the better one, each with its weight. It allows for how uncertain the profiles are."
    ),
)
_NOTES_ON = {
    "profiles": (
        "Estimate: the posterior mean of what the indicator really is, without the noise of few patients. "
        "A 95% interval holds the true value with probability 95%."
    ),
    "allocation": (
        "Intervention and control: the arms of the lottery. A team is analysed in the arm that was drawn for "
        "it, whatever it did afterwards."
    ),
    "balance": (
        "SMD: standardised mean difference, the difference between the means of the two arms over the "
        "standard deviation of the teams."
    ),
    "effects": "Effects, intervals and p-values follow from the lottery that was drawn.",
}


@dataclass(frozen=True)
class Described:
    """A worksheet, and what its columns mean."""

    sheet: Sheet
    columns: tuple[Column, ...]


def table_sheet(description: TableDescription, content: bytes) -> Described:
    """Make a worksheet of a CSV file.

    Parameters
    ----------
    description : TableDescription
        What the table is.
    content : bytes
        The file, one of ours.

    Returns
    -------
    Described
        With the columns that the file has, in its order.
    """
    frame = table_of_content(content, description.file).frame
    columns = tuple(
        description.column(str(name)) or Column(str(name), "text", "", "") for name in frame.columns
    )
    cells = [[cell_value(text, column) for text in frame[column.name]] for column in columns]
    records = tuple(zip(*cells, strict=True))
    sheet = Sheet(
        sheet_name(description.name),
        description.title,
        (f"This worksheet contains one table. {description.rows}", _about_blanks(columns, cells)),
        tuple(
            SheetColumn(column.name, number_format(column, values))
            for column, values in zip(columns, cells, strict=True)
        ),
        records,
        description.none or "The table has no rows.",
    )
    return Described(sheet, columns)


def settings_sheet(settings: Mapping[str, object]) -> Described:
    """Make a worksheet of the settings of a programme, one row a key.

    Examples
    --------
    >>> settings_sheet({"rules": {"not_nearest": 5, "forbid": [["A", "B"]]}}).sheet.records
    (('rules.not_nearest', 5), ('rules.forbid', '[["A", "B"]]'))
    """
    lines = (
        "This worksheet contains one table. One row a setting of the programme.",
        "A blank cell: not set.",
    )
    return _listing("Settings", "Settings of the programme", lines, _SETTINGS, tuple(_entries("", settings)))


def facts_sheet(name: str, title: str, facts: Mapping[str, object]) -> Described:
    """Make a worksheet of single statements."""
    lines = ("This worksheet contains one table. One row a statement.",)
    rows = tuple((fact, _plain(stated)) for fact, stated in facts.items())
    return _listing(name, title, lines, _FACTS, rows)


def columns_sheet(described: Sequence[Described]) -> Sheet:
    """Make the worksheet that explains every column of every other one."""
    records = tuple(
        (one.sheet.name, column.name, column.meaning, column.unit or None, column.type, column.blank or None)
        for one in described
        if one.sheet.records
        for column in one.columns
    )
    lines = (
        "This worksheet contains one table. One row a column of each worksheet with results.",
        "A blank cell: the column has no unit, or it has no blank cells.",
    )
    columns = tuple(SheetColumn(name) for name in _EXPLAINED)
    return Sheet("Columns", "What the columns mean", lines, columns, records)


def notes_sheet(names: Sequence[str]) -> Sheet:
    """Make the worksheet of the notes.

    Parameters
    ----------
    names : sequence of str
        Names of the tables that are there, for the notes that only some need.
    """
    notes = [*_NOTES, *(note for name, note in _NOTES_ON.items() if name in names)]
    lines = (
        "This worksheet contains one table. One row a note: shorthand, and what holds for all worksheets.",
    )
    records = tuple((f"note {number}", note) for number, note in enumerate(notes, start=1))
    return Sheet("Notes", "Notes", lines, tuple(SheetColumn(name) for name in _NOTED), records)


def sheet_name(table: str) -> str:
    """Name of a table's worksheet.

    Examples
    --------
    >>> sheet_name("effects_details")
    'Effects_details'
    """
    return table[:1].upper() + table[1:]


def _listing(
    name: str,
    title: str,
    lines: tuple[str, ...],
    columns: tuple[Column, ...],
    records: tuple[tuple[Value, ...], ...],
) -> Described:
    sheet = Sheet(name, title, lines, tuple(SheetColumn(column.name) for column in columns), records)
    return Described(sheet, columns)


def _about_blanks(columns: Sequence[Column], cells: Sequence[Sequence[Value]]) -> str:
    blank = [column.name for column, values in zip(columns, cells, strict=True) if None in values]
    if not blank:
        return "No cell is blank. The worksheet Columns says what the columns mean."
    listed = ", ".join(blank)
    return f"Blank cells: some in {listed}. The worksheet Columns says what they and the columns mean."


def _entries(key: str, value: object) -> Iterator[tuple[str, Value]]:
    if isinstance(value, dict) and value:
        for name, entry in value.items():
            yield from _entries(f"{key}.{name}".lstrip("."), entry)
    elif isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        for number, entry in enumerate(value, start=1):
            yield from _entries(f"{key} {number}", entry)
    else:
        yield key, _plain(value)


def _plain(value: object) -> Value:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return json.dumps(value, ensure_ascii=False) if value else "none"
