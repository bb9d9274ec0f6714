"""Drop-outs and the reserves called for them, recorded one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pairing.errors import FileAccessError
from pairing.files.atomic import write_file
from pairing.files.delimited import csv_bytes
from pairing.files.draw import DRAW_NAME, REPLACEMENTS_NAME, read_draw
from pairing.files.lottery import read_publication
from pairing.files.tables import read_table
from pairing.lottery import draw_lottery, replace_dropped

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
        Units that dropped out now, in this order.

    Returns
    -------
    tuple of Replacement
        One for each of `dropped`.

    Raises
    ------
    FileAccessError
        If nothing was drawn, or a file cannot be written.
    InputDataError
        If the publication or the draw was changed.
    SettingsError
        If a unit is not in the intervention arm, or dropped out before.
    """
    if not (folder / DRAW_NAME).is_file():
        raise FileAccessError(f"{folder} holds no {DRAW_NAME}: nothing was drawn there yet.")
    drawn = draw_lottery(read_publication(folder).lottery, read_draw(folder)["randomness"])
    path = folder / REPLACEMENTS_NAME
    before = read_table(path).cells("dropped") if path.exists() else []
    replaced = replace_dropped(drawn, [*before, *dropped])
    write_file(path, csv_bytes(_frame(replaced)), force=True)
    return replaced[len(before) :]


def _frame(replaced: Sequence[Replacement]) -> pd.DataFrame:
    rows = [(each.dropped, each.reserve) for each in replaced]
    return pd.DataFrame(rows, columns=["dropped", "reserve"], dtype=object)
