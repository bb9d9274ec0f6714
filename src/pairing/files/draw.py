"""The files that a draw writes: who was drawn, the balance of the arms, and how it was drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pairing.allocation.drawn import units_by_arm
from pairing.errors import FileAccessError, InputDataError, Problem
from pairing.files.access import read_bytes
from pairing.files.atomic import write_result_folder
from pairing.files.delimited import csv_bytes
from pairing.files.recorded_inputs import read_sealed
from pairing.files.run_record import record_bytes, seal, sha256
from pairing.files.tables import read_table
from pairing.files.workbooks import ALLOCATION_WORKBOOK, drawn_workbook
from pairing.lottery import draw_lottery
from pairing.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from pairing.files.lottery import Published
    from pairing.lottery import Draw

ALLOCATION_NAME = "allocation.csv"
BALANCE_NAME = "balance.csv"
SAME_ARM_NAME = "same_arm.csv"
DRAW_NAME = "draw.json"
REPLACEMENTS_NAME = "replacements.csv"
_DRAWN_SECTIONS: dict[str, type | tuple[type, ...]] = {
    "randomness": str,
    "draw": (int, type(None)),
    "lottery_sha256": str,
    "files": dict,
    "earlier_draws": list,
}


def was_drawn(folder: Path) -> bool:
    """Tell whether a folder holds an allocation."""
    return any((folder / name).exists() for name in (ALLOCATION_NAME, DRAW_NAME))


def write_draw(
    folder: Path,
    content: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame | None],
    *,
    earlier: Sequence[Mapping[str, Any]] = (),
    xlsx: bool = False,
    force: bool = False,
) -> dict[str, Any]:
    """Write what was drawn: `allocation.csv`, `balance.csv`, `same_arm.csv` and, last, `draw.json`.

    Parameters
    ----------
    folder : pathlib.Path
        Where the lottery was published.
    content : mapping
        What :func:`pairing.allocation.drawn.draw_record` gives.
    tables : mapping of str to pandas.DataFrame or None
        Tables by file name; None for one that there is nothing to say in.
    earlier : sequence of mapping
        Earlier draws from the same lottery, oldest first.
    xlsx : bool
        Also write these tables and those of the pairing as one workbook, `allocation.xlsx`.
    force : bool
        Replace an earlier allocation.

    Returns
    -------
    dict
        The record that was written, sealed.

    Raises
    ------
    OverwriteError
        If there is an allocation and `force` is false.
    FileAccessError
        If a file cannot be written.
    """
    files = {name: csv_bytes(frame) for name, frame in tables.items() if frame is not None}
    if xlsx:
        files[ALLOCATION_WORKBOOK] = drawn_workbook(folder, files, content)
    record = dict(content) | {
        "files": {name: sha256(data) for name, data in sorted(files.items())},
        "earlier_draws": list(earlier),
    }
    record["sha256"] = seal(record)
    write_result_folder(folder, files | {DRAW_NAME: record_bytes(record)}, last=DRAW_NAME, force=force)
    return record


def read_draw(folder: Path) -> dict[str, Any]:
    """Read `draw.json`.

    Raises
    ------
    FileAccessError
        If it cannot be read.
    InputDataError
        If it was edited or is incomplete.
    """
    return read_sealed(folder / DRAW_NAME, _DRAWN_SECTIONS)


def earlier_draws(folder: Path, randomness: str) -> list[dict[str, Any]]:
    """List the draws that a new one would replace, oldest first.

    Drawing again with the same randomness replaces nothing, and leaves the list as it was.

    Raises
    ------
    InputDataError
        If the record of the last draw was edited.
    """
    if not was_drawn(folder):
        return []
    if not (folder / DRAW_NAME).is_file():
        return [{"randomness": None, "allocation_sha256": sha256(read_bytes(folder / ALLOCATION_NAME))}]
    last = read_draw(folder)
    before: list[dict[str, Any]] = list(last["earlier_draws"])
    if last["randomness"] == randomness:
        return before
    replaced = {
        "randomness": last["randomness"],
        "draw": last["draw"],
        "allocation_sha256": last["files"].get(ALLOCATION_NAME),
    }
    return [*before, replaced]


def redo_draw(folder: Path, published: Published) -> Draw:
    """Draw again what `draw.json` says was drawn, and refuse an allocation that is not its outcome.

    Parameters
    ----------
    folder : pathlib.Path
        Where the lottery was drawn.
    published : Published
        The lottery of this folder.

    Returns
    -------
    Draw

    Raises
    ------
    FileAccessError
        If nothing was drawn, the draw is not recorded, or a file cannot be read.
    InputDataError
        If `draw.json` was edited or is of another lottery, or `allocation.csv` is not what was drawn.
    """
    if not (folder / ALLOCATION_NAME).is_file():
        raise FileAccessError(f"{folder} holds no {ALLOCATION_NAME}: nothing was drawn there yet.")
    if not (folder / DRAW_NAME).is_file():
        raise FileAccessError(f"{folder} holds no {DRAW_NAME}, which says how {ALLOCATION_NAME} was drawn.")
    record = read_draw(folder)
    if record["lottery_sha256"] != published.sha256:
        raise InputDataError(
            [Problem("this is the record of a draw from another lottery than lottery.json", DRAW_NAME)]
        )
    drawn = draw_lottery(published.lottery, record["randomness"])
    _refuse_other_allocation(folder, record, drawn)
    return drawn


def _refuse_other_allocation(folder: Path, record: Mapping[str, Any], drawn: Draw) -> None:
    path = folder / ALLOCATION_NAME
    found = units_by_arm(read_table(path).frame, drawn.lottery)
    arms = drawn.arms()
    moved = [unit for arm, units in found.items() for unit in units if arms[unit] != arm]
    advice = "Restore the file as it was drawn."
    if moved:
        message = f"this is not what was drawn: {shortened(sorted(moved))} changed arms"
    elif found["reserve"] != drawn.reserves:
        message = "this is not what was drawn: the reserves are in another order"
    elif sha256(read_bytes(path)) != record["files"].get(ALLOCATION_NAME):
        message = "this was changed since it was drawn (its SHA-256 differs)"
    else:
        return
    raise InputDataError([Problem(message, ALLOCATION_NAME, advice=advice)])
