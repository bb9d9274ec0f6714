"""The files that an analysis writes: the effects, and further figures beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pairing.errors import FileAccessError
from pairing.files.atomic import write_result_folder
from pairing.files.delimited import csv_bytes
from pairing.files.workbooks import analysed_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

EFFECTS_NAME = "effects.csv"
DETAILS_NAME = "effects_details.csv"


def write_effects(
    file: Path,
    effects: pd.DataFrame,
    details: pd.DataFrame,
    *,
    force: bool,
    protect: Sequence[Path],
    workbook: tuple[Path, Mapping[str, Any]] | None = None,
) -> None:
    """Write the effects and, beside them, `<name>_details`: all files or none.

    Parameters
    ----------
    file : pathlib.Path
        Where the effects go.
    effects, details : pandas.DataFrame
        The two tables.
    force : bool
        Replace existing files.
    protect : sequence of pathlib.Path
        Files that are never replaced, even with `force`.
    workbook : tuple of (pathlib.Path, mapping), optional
        The folder of the draw, and statements about the analysis: also write the effects with the allocation
        as one workbook, `<name>.xlsx`.

    Raises
    ------
    OverwriteError
        If one of the files exists and `force` is false, is protected, or has the name of a record (.json).
    FileAccessError
        If a file cannot be written.
    """
    beside = file.with_name(f"{file.stem}_details{file.suffix}")
    files = {beside.name: csv_bytes(details), file.name: csv_bytes(effects)}
    if workbook is not None:
        folder, facts = workbook
        analysed = {EFFECTS_NAME: files[file.name], DETAILS_NAME: files[beside.name]}
        files[file.with_suffix(".xlsx").name] = analysed_workbook(folder, analysed, facts)
    for path in (file, beside):
        if path.is_dir():
            raise FileAccessError(f"{path} is a folder; a file is expected.")
    # A record lists files that go when it is replaced, so a table never takes the place of one.
    records = [path for path in (file, beside) if path.suffix.lower() == ".json"]
    write_result_folder(file.parent, files, last=file.name, force=force, protect=[*protect, *records])
