"""The files of a result: tables of the pairing and the record of the run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pairing.files.access import read_bytes
from pairing.files.atomic import write_result_folder
from pairing.files.delimited import csv_bytes
from pairing.files.further_tables import further_tables
from pairing.files.recruitment import recruitment
from pairing.files.run_record import RECORD_NAME, proven_facts, record_bytes, run_record, sha256
from pairing.files.workbooks import PAIRING_WORKBOOK, pairing_workbook
from pairing.programme import programme_to_dict
from pairing.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from pairing.files.loaded_programme import LoadedProgramme
    from pairing.planning import Pairing

TABLE_NAMES = ("pairs.csv", "teams.csv", "unpaired.csv")


def tables(pairing: Pairing) -> dict[str, pd.DataFrame]:
    """The tables of a pairing by the name of their file, without ending."""
    return {
        "pairs": pairing.to_frame(),
        "teams": pairing.teams_frame(),
        "unpaired": pairing.unpaired_frame(),
    }


def table_files(pairing: Pairing) -> dict[str, bytes]:
    """The CSV files of a pairing, by name; the same bytes for the same teams and settings."""
    return {f"{name}.csv": csv_bytes(frame) for name, frame in tables(pairing).items()}


def input_record(folder: Path, inputs: Sequence[Path], written: Mapping[str, bytes]) -> list[dict[str, str]]:
    """Path from the result folder and SHA-256 of each input, the programme first.

    Parameters
    ----------
    folder : pathlib.Path
        The result folder, which need not exist yet.
    inputs : sequence of pathlib.Path
        The inputs, the programme first.
    written : mapping of str to bytes
        Files about to be written into the folder, which may hold the programme itself.
    """
    return [
        {"path": relative_to(folder, path), "sha256": sha256(_content(path, folder, written))}
        for path in inputs
    ]


def write_result(
    pairing: Pairing,
    loaded: LoadedProgramme,
    folder: Path,
    *,
    timings: Mapping[str, float],
    extra: Mapping[str, bytes] | None = None,
    subset: Sequence[str] | None = None,
    repaired: Mapping[str, Any] | None = None,
    protect: Sequence[Path] = (),
    xlsx: bool = False,
    partners: bool | None = None,
    n_random: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    force: bool = False,
) -> dict[str, object]:
    """Write a pairing into a folder: whole or not at all, the record last.

    Parameters
    ----------
    pairing : Pairing
        The pairing.
    loaded : LoadedProgramme
        What it was made from.
    folder : pathlib.Path
        Where to; made if it does not exist.
    timings : mapping of str to float
        Seconds of each stage.
    extra : mapping of str to bytes, optional
        Further files that belong to the result, such as a programme that was guessed.
    subset : sequence of str, optional
        The teams that a lottery drew, if only they were to be paired.
    repaired : mapping, optional
        For a repaired pairing: where it comes from.
    protect : sequence of pathlib.Path
        Further files that are never replaced.
    xlsx : bool
        Also write the tables as one workbook.
    partners : bool, optional
        Whether to price the next-best partners of all teams; by default where that is quick.
    n_random : int, optional
        How many random pairings to compare the plan with; by default 1,000 where that is quick.
    progress : callable, optional
        Called with what is being done, and the number of steps done and of all.
    force : bool
        Replace an existing result.

    Returns
    -------
    dict
        The record that was written.

    Raises
    ------
    OverwriteError
        If there is a result already and `force` is false, or an input would be overwritten.
    FileAccessError
        If a file cannot be written.
    """
    further = further_tables(pairing, partners=partners, n_random=n_random, progress=progress)
    written = {name: csv_bytes(frame) for name, frame in further.frames.items()}
    files = dict(extra or {}) | table_files(pairing) | written
    settings = programme_to_dict(loaded.programme)
    if xlsx:
        facts = {"version": __version__, "settings": settings, **proven_facts(pairing)}
        files[PAIRING_WORKBOOK] = pairing_workbook(files, facts)
    record = run_record(
        pairing,
        settings,
        files=files,
        inputs=input_record(folder, loaded.inputs, files),
        timings=timings,
        subset=subset,
        repaired=repaired,
        further=further.recipes | recruited(pairing, loaded),
    )
    guarded = [path for path in loaded.inputs if path.parent != folder or path.name not in (extra or {})]
    write_result_folder(
        folder,
        files | {RECORD_NAME: record_bytes(record)},
        last=RECORD_NAME,
        force=force,
        protect=[*guarded, *protect],
    )
    return record


def recruited(pairing: Pairing, loaded: LoadedProgramme) -> dict[str, Any]:
    """The record's ``recruitment``."""
    return {"recruitment": recruitment(pairing, loaded.flow, loaded.programme.teams.exclude)}


def relative_to(folder: Path, path: Path) -> str:
    """The way from a folder to a file or folder, as it is recorded; absolute where there is none."""
    try:
        # Both ends resolved: from a linked folder, ".." leads out of the place that the link points to.
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive on Windows
        return path.resolve().as_posix()


def _content(path: Path, folder: Path, written: Mapping[str, bytes]) -> bytes:
    return written[path.name] if path.parent == folder and path.name in written else read_bytes(path)
