"""Tables as text: comma, semicolon or tab between the cells."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

from pairing.errors import InputDataError, Problem
from pairing.files.access import decode_text, read_bytes
from pairing.files.decimal_commas import with_decimal_points
from pairing.files.records import TableDraft, table_from_records
from pairing.formulae import restored

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_DELIMITERS = (",", ";", "\t")


def draft_text_table(path: Path, file: str) -> TableDraft:
    """Read a CSV file as text.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    file : str
        Its name for messages.

    Returns
    -------
    TableDraft
        The table, and everything wrong with its shape.

    Raises
    ------
    FileAccessError
        If the file cannot be read.
    """
    try:
        decoded = decode_text(read_bytes(path), file)
    except InputDataError as error:
        return TableDraft(None, error.problems)
    return draft_of_text(decoded.text, path, file, [decoded.warning] if decoded.warning else [])


def draft_of_text(text: str, path: Path, file: str, warnings: Sequence[str] = ()) -> TableDraft:
    """Read the text of a CSV file.

    Parameters
    ----------
    text : str
        The whole file.
    path : pathlib.Path
        Where it stands or would stand.
    file : str
        Its name for messages.
    warnings : sequence of str
        Warnings that arose so far.

    Returns
    -------
    TableDraft
        The table, and everything wrong with its shape.
    """
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[tuple[int, list[str]]] = []
    try:
        for number, cells in enumerate(reader, start=1):
            records.append((number, [restored(cell) if "'" in cell else cell for cell in cells]))
    except csv.Error as error:
        return TableDraft(None, (_unreadable(file, reader.line_num, error),))
    draft = table_from_records(records, path, file, warnings)
    # Between commas a decimal comma can stand in quotes only, and then the file was not exported so.
    if draft.table is None or delimiter == ",":
        return draft
    return replace(draft, table=with_decimal_points(draft.table, file))


def _delimiter(text: str) -> str:
    """Find what stands most often between the names of the first line that is not blank."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    outside_quotes = "".join(first.split('"')[::2])
    return max(_DELIMITERS, key=outside_quotes.count)


def _unreadable(file: str, line: int, error: csv.Error) -> Problem:
    if "field limit" in str(error):
        return Problem(
            f"a cell that ends on line {line} or later is longer than {csv.field_size_limit():,} letters",
            file,
            advice='Shorten it, or close the quotation mark " that it begins with.',
        )
    return Problem(
        f"the quotation marks do not match up to line {line} ({error})",
        file,
        advice='Close every " that is opened, and double a " inside a quoted cell.',
    )
