"""That a workbook says what the tables beside it say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pairing.errors import PairingError
from pairing.files.access import read_bytes
from pairing.files.run_record import sha256
from pairing.files.workbooks import (
    ALLOCATION_WORKBOOK,
    PAIRING_WORKBOOK,
    cell_differences,
    drawn_workbook,
    pairing_workbook,
    tables_of,
    workbook_cells,
)
from pairing.verification.check import Check, differences_of
from pairing.verification.compare import MOST_LISTED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def check_pairing_workbook(folder: Path, record: Mapping[str, Any]) -> Iterator[Check]:
    """Hold the workbook of a pairing, if there is one, against its tables.

    Parameters
    ----------
    folder : pathlib.Path
        The result.
    record : mapping
        Of `run.json`.

    Yields
    ------
    Check
        None where no workbook was written. Its SHA-256 is checked with those of the other files.
    """
    if PAIRING_WORKBOOK in record["files"] and (folder / PAIRING_WORKBOOK).is_file():
        yield _compared(folder / PAIRING_WORKBOOK, pairing_workbook(tables_of(folder, record), record))


def check_allocation_workbook(folder: Path, record: Mapping[str, Any]) -> Iterator[Check]:
    """Hold the workbook of a draw, if there is one, against the tables of the draw and of the pairing.

    Parameters
    ----------
    folder : pathlib.Path
        Where the lottery was drawn.
    record : mapping
        Of `draw.json`.

    Yields
    ------
    Check
        None where no workbook was written.
    """
    if ALLOCATION_WORKBOOK not in record["files"]:
        return
    path = folder / ALLOCATION_WORKBOOK
    if not path.is_file():
        yield Check(_clause(path), (f"{path.name} is missing",))
        return
    try:
        check = _compared(path, drawn_workbook(folder, tables_of(folder, record), record))
    except PairingError as error:
        check = Check(_clause(path), differences_of(error))
    if check.passed and sha256(read_bytes(path)) != record["files"][ALLOCATION_WORKBOOK]:
        changed = f"{path.name} was changed after it was written (its SHA-256 differs)"
        check = Check(check.clause, (changed,))
    yield check


def _compared(path: Path, right: bytes) -> Check:
    """Compare what the cells say: another version of the writing library may give other bytes for it."""
    content = read_bytes(path)
    if content == right:
        return Check(_clause(path))
    try:
        found = workbook_cells(content, path.name)
    except PairingError as error:
        return Check(_clause(path), differences_of(error))
    differences = cell_differences(found, workbook_cells(right, path.name), path.name)
    rest = len(differences) - MOST_LISTED
    more = [f"{path.name}: {rest} more cells differ"] if rest > 0 else []
    return Check(_clause(path), (*differences[:MOST_LISTED], *more))


def _clause(path: Path) -> str:
    return f"{path.name} says what the tables say"
