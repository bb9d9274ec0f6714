"""The files that a draw writes: who was drawn, the balance of the arms, and how it was drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pairing.errors import FileAccessError
from pairing.files.access import read_bytes
from pairing.files.atomic import write_result_folder
from pairing.files.delimited import csv_bytes
from pairing.files.recorded_inputs import read_sealed
from pairing.files.run_record import record_bytes, seal, sha256
from pairing.files.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

ALLOCATION_NAME = "allocation.csv"
BALANCE_NAME = "balance.csv"
DRAW_NAME = "draw.json"
REPLACEMENTS_NAME = "replacements.csv"
_DRAWN_SECTIONS: dict[str, type | tuple[type, ...]] = {
    "randomness": str,
    "draw": (int, type(None)),
    "files": dict,
    "earlier_draws": list,
}


def was_drawn(folder: Path) -> bool:
    """Tell whether a folder holds an allocation."""
    return any((folder / name).exists() for name in (ALLOCATION_NAME, DRAW_NAME))


def write_draw(
    folder: Path,
    content: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
    *,
    earlier: Sequence[Mapping[str, Any]] = (),
    force: bool = False,
) -> dict[str, Any]:
    """Write what was drawn: `allocation.csv`, `balance.csv` and, last, `draw.json`.

    Parameters
    ----------
    folder : pathlib.Path
        Where the lottery was published.
    content : mapping
        What :func:`pairing.allocation.drawn.draw_record` gives.
    tables : mapping of str to pandas.DataFrame
        Tables by file name.
    earlier : sequence of mapping
        Earlier draws from the same lottery, oldest first.
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
    files = {name: csv_bytes(frame) for name, frame in tables.items()}
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


def read_allocation(folder: Path) -> pd.DataFrame:
    """Read `allocation.csv` as text.

    Raises
    ------
    FileAccessError
        If nothing was drawn, or the file cannot be read.
    """
    path = folder / ALLOCATION_NAME
    if not path.is_file():
        raise FileAccessError(f"{folder} holds no {ALLOCATION_NAME}: nothing was drawn there yet.")
    return read_table(path).frame
