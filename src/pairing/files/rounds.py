"""The files of several rounds: their tables, one file a round for next year, and the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pairing.files.atomic import write_result_folder
from pairing.files.delimited import csv_bytes
from pairing.files.result import input_record
from pairing.files.run_record import record_bytes, seal, sha256
from pairing.programme import programme_to_dict
from pairing.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pairing.files.loaded_programme import LoadedProgramme
    from pairing.planning import Rounds

ROUNDS_RECORD = "rounds.json"
ROUNDS_TABLE = "rounds.csv"


def rounds_files(rounds: Rounds) -> dict[str, bytes]:
    """The CSV files of several rounds, by name; the same bytes for the same teams and settings."""
    files = {ROUNDS_TABLE: csv_bytes(rounds.to_frame()), "teams.csv": csv_bytes(rounds.teams_frame())}
    return files | {f"round-{one.number}.csv": csv_bytes(one.to_frame()) for one in rounds.rounds}


def write_rounds(
    rounds: Rounds,
    loaded: LoadedProgramme,
    folder: Path,
    *,
    timings: Mapping[str, float],
    force: bool = False,
) -> dict[str, Any]:
    """Write several rounds into a folder: whole or not at all, the record last.

    Parameters
    ----------
    rounds : Rounds
        The rounds.
    loaded : LoadedProgramme
        What they were made from.
    folder : pathlib.Path
        Where to; made if it does not exist.
    timings : mapping of str to float
        Seconds of each stage.
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
    files = rounds_files(rounds)
    record: dict[str, Any] = {
        "version": __version__,
        **rounds.to_dict(),
        "settings": programme_to_dict(loaded.programme),
        "profiles": rounds.table.model.profiles.model.to_dict(),
        "certificate": rounds.certificate.to_dict(),
        "kept_certificate": rounds.kept_certificate.to_dict(),
        "files": {name: sha256(content) for name, content in sorted(files.items())},
        "inputs": input_record(folder, loaded.inputs, files),
        "timings": timings,
    }
    record["sha256"] = seal(record)
    written = files | {ROUNDS_RECORD: record_bytes(record)}
    write_result_folder(folder, written, last=ROUNDS_RECORD, force=force, protect=loaded.inputs)
    return record
