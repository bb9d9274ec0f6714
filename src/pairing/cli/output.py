"""Writing one table where the user wants it: a file, or stdout."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pairing.errors import FileAccessError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

STDOUT = Path("-")


def write_table(
    file: Path,
    frame: pd.DataFrame,
    *,
    force: bool,
    protect: Sequence[Path],
    numbers_as_text: bool = False,
) -> None:
    """Write a table as CSV.

    Parameters
    ----------
    file : pathlib.Path
        Where to; `STDOUT` for the standard output.
    frame : pandas.DataFrame
        The table.
    force : bool
        Replace an existing file.
    protect : sequence of pathlib.Path
        Inputs, which are never overwritten.
    numbers_as_text : bool
        Whether text can be a number as somebody wrote it.

    Raises
    ------
    OverwriteError
        If the file exists and `force` is false, or is one of the inputs.
    FileAccessError
        If it cannot be written.
    """
    write_pieces(file, [frame], force=force, protect=protect, numbers_as_text=numbers_as_text)


def write_pieces(
    file: Path,
    frames: Iterable[pd.DataFrame],
    *,
    force: bool,
    protect: Sequence[Path],
    numbers_as_text: bool = False,
) -> None:
    """Write a table as CSV piece by piece; see :func:`write_table`.

    Parameters
    ----------
    file : pathlib.Path
        Where to; `STDOUT` for the standard output.
    frames : iterable of pandas.DataFrame
        The rows of the table, taken one frame at a time.
    force : bool
        Replace an existing file.
    protect : sequence of pathlib.Path
        Inputs, which are never overwritten.
    numbers_as_text : bool
        Whether text can be a number as somebody wrote it.
    """
    # Imported here because help and mistakes in typing should not wait for numerical libraries.
    from pairing.files.atomic import write_file
    from pairing.files.delimited import csv_pieces

    content = csv_pieces(frames, numbers_as_text=numbers_as_text)
    if file == STDOUT:
        if sys.stdout is None:
            raise FileAccessError("The standard output is closed; name a file with -o.")
        sys.stdout.flush()
        sys.stdout.buffer.writelines(content)
    else:
        write_file(file, content, force=force, protect=protect)
