"""Workbooks of files that stand in a folder, and the files of a draw or an analysis that join them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pairing.files.access import read_bytes
from pairing.files.recorded_inputs import read_sealed
from pairing.files.run_record import RECORD_NAME
from pairing.files.workbooks.folder import allocation_workbook, effects_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LOTTERY_NAME = "lottery.json"
_DRAW_TABLES = ("allocation.csv", "balance.csv")


def drawn_workbook(folder: Path, drawn: Mapping[str, bytes], draw: Mapping[str, Any]) -> bytes:
    """Make the workbook of a draw from the files of its folder.

    Parameters
    ----------
    folder : pathlib.Path
        Where the lottery was published, with the pairing that it is of, if there is one.
    drawn : mapping of str to bytes
        The CSV files of the draw, by name.
    draw : mapping
        Of `draw.json`: ``randomness``, ``draw``.

    Returns
    -------
    bytes
        The .xlsx file.

    Raises
    ------
    FileAccessError
        If a file cannot be read.
    InputDataError
        If a record was edited.
    """
    lottery = read_sealed(folder / _LOTTERY_NAME)
    if not (folder / RECORD_NAME).is_file():
        return allocation_workbook(drawn, lottery, lottery, draw)
    record = read_sealed(folder / RECORD_NAME, {"files": dict, "settings": dict})
    return allocation_workbook(tables_of(folder, record) | dict(drawn), record, lottery, draw)


def analysed_workbook(folder: Path, analysed: Mapping[str, bytes], facts: Mapping[str, Any]) -> bytes:
    """Make the workbook of an analysis from the files of the draw's folder.

    Parameters
    ----------
    folder : pathlib.Path
        Where the lottery was drawn.
    analysed : mapping of str to bytes
        The CSV files of the analysis, by the names of the column dictionary.
    facts : mapping
        Statements about the analysis.

    Returns
    -------
    bytes
        The .xlsx file.

    Raises
    ------
    FileAccessError
        If a file cannot be read.
    InputDataError
        If `lottery.json` was edited.
    """
    drawn = {name: read_bytes(folder / name) for name in _DRAW_TABLES if (folder / name).is_file()}
    return effects_workbook(drawn | dict(analysed), read_sealed(folder / _LOTTERY_NAME), facts)


def tables_of(folder: Path, record: Mapping[str, Any]) -> dict[str, bytes]:
    """The CSV files of a result that its record lists and that are there."""
    names = [name for name in record["files"] if name.endswith(".csv") and (folder / name).is_file()]
    return {name: read_bytes(folder / name) for name in names}
