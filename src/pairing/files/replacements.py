"""Drop-outs and the reserves called for them, recorded one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pairing.files.atomic import write_file
from pairing.files.delimited import csv_bytes
from pairing.files.draw import REPLACEMENTS_NAME, redo_draw
from pairing.files.lottery import read_publication
from pairing.files.tables import read_table
from pairing.lottery import replace_dropped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pairing.lottery import Replacement


def record_dropped(folder: Path, dropped: Sequence[str]) -> tuple[Replacement, ...]:
    """Record drop-outs and call the next reserves for them; the allocation stays as it was drawn.

    Parameters
    ----------
    folder : pathlib.Path
        Where the lottery was drawn.
    dropped : sequence of str
        Units that dropped out now, in this order; a reserve that was called can drop out as well.

    Returns
    -------
    tuple of Replacement
        One for each of `dropped`.

    Raises
    ------
    FileAccessError
        If nothing was drawn, or a file cannot be written.
    InputDataError
        If the publication, the draw or the allocation was changed.
    SettingsError
        If a unit is not in the intervention arm and was not called, or dropped out before.
    """
    drawn = redo_draw(folder, read_publication(folder))
    path = folder / REPLACEMENTS_NAME
    before = read_table(path).cells("dropped") if path.exists() else []
    replaced = replace_dropped(drawn, [*before, *dropped])
    write_file(path, csv_bytes(_frame(replaced)), force=True)
    return replaced[len(before) :]


def _frame(replaced: Sequence[Replacement]) -> pd.DataFrame:
    rows = [(each.dropped, each.reserve) for each in replaced]
    return pd.DataFrame(rows, columns=["dropped", "reserve"], dtype=object)
