"""The tables of a robustness check: both in a folder, or the one of the pairs in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.errors import OverwriteError, Problem
from pairing.files.atomic import write_file, write_result_folder
from pairing.files.delimited import csv_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pairing.planning.robustness import Robustness

PAIRS_TABLE = "robustness-pairs.csv"
TEAMS_TABLE = "robustness-teams.csv"


def is_file(place: Path) -> bool:
    """Whether a place named by the user is one file, by its ending, and not a folder."""
    return place.suffix.lower() == ".csv" and not place.is_dir()


def robustness_files(place: Path) -> tuple[Path, ...]:
    """The files that :func:`write_robustness` makes at a place."""
    return (place,) if is_file(place) else (place / PAIRS_TABLE, place / TEAMS_TABLE)


def refuse_existing(place: Path) -> None:
    """Refuse before long work what would be refused after it.

    Raises
    ------
    OverwriteError
        If a file is there already.
    """
    advice = "Give --force to overwrite it, or choose another place with -o."
    existing = [path for path in robustness_files(place) if path.exists()]
    if existing:
        raise OverwriteError(
            [Problem("exists and is not overwritten", value=str(path), advice=advice) for path in existing]
        )


def write_robustness(found: Robustness, place: Path, *, force: bool, protect: Sequence[Path]) -> None:
    """Write the tables whole or not at all.

    Parameters
    ----------
    found : Robustness
        What was found.
    place : pathlib.Path
        A folder, which is made, for both tables; or a file that ends in .csv for the one of the pairs.
    force : bool
        Replace existing files.
    protect : sequence of pathlib.Path
        Inputs, which are never overwritten.

    Raises
    ------
    OverwriteError
        If a file exists and `force` is false, or is one of the inputs.
    FileAccessError
        If a file cannot be written.
    """
    pairs = csv_bytes(found.to_frame())
    if is_file(place):
        write_file(place, pairs, force=force, protect=protect)
        return
    files = {PAIRS_TABLE: pairs, TEAMS_TABLE: csv_bytes(found.teams_frame())}
    write_result_folder(place, files, last=TEAMS_TABLE, force=force, protect=protect)
