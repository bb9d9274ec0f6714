"""Writing data frames as CSV, the same bytes for the same content everywhere."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairing.cohort.cells import CellFault, cell_text, read_number
from pairing.formulae import defused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

_QUOTED_ENDS = "\r\n"


def csv_bytes(frame: pd.DataFrame, *, numbers_as_text: bool = False) -> bytes:
    r"""Write a data frame as CSV: UTF-8 without a byte-order mark, LF, a comma between cells.

    Numbers have the fewest digits that give the same number back, whole ones no ".0"; `true` and `false`;
    nothing where a value is missing. The index is not written. Text that a spreadsheet would take for a
    formula has an apostrophe in front, which reading the file as a table takes away again.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any columns.
    numbers_as_text : bool
        Whether text can be a number as somebody wrote it; "-1.5" then stays as it is.

    Returns
    -------
    bytes
        A header, and one line a row.

    Examples
    --------
    >>> import pandas as pd
    >>> csv_bytes(pd.DataFrame({"team": ["R0A", None], "value": [0.1, 2.0], "permitted": [True, False]}))
    b'team,value,permitted\nR0A,0.1,true\n,2,false\n'
    >>> csv_bytes(pd.DataFrame({"team": ["-2", "=1+1"], "level": [-0.5, 1.0]}))
    b"team,level\n'-2,-0.5\n'=1+1,1\n"
    """
    return b"".join(csv_pieces([frame], numbers_as_text=numbers_as_text))


def csv_pieces(frames: Iterable[pd.DataFrame], *, numbers_as_text: bool = False) -> Iterator[bytes]:
    """Write data frames with the same columns one below the other as one CSV, piece by piece.

    Parameters
    ----------
    frames : iterable of pandas.DataFrame
        Taken one at a time.
    numbers_as_text : bool
        See :func:`csv_bytes`.

    Yields
    ------
    bytes
        The lines of each frame, those of the first below the header.
    """
    for number, frame in enumerate(frames):
        lines = _Lines([])
        writer = csv.writer(lines, lineterminator=_QUOTED_ENDS)
        if number == 0:
            writer.writerow([defused(str(name)) for name in frame.columns])
        columns = [[_cell(value, numbers_as_text) for value in frame[name].array] for name in frame.columns]
        writer.writerows(zip(*columns, strict=True))
        yield "".join(lines.written).encode("utf-8")


@dataclass(frozen=True)
class _Lines:
    """Takes the lines of a CSV writer, and ends them with LF alone.

    The writer quotes a cell for the letters of its own line end only, and a lone CR would break a line too.
    """

    written: list[str]

    def write(self, line: str) -> None:
        self.written.append(line.removesuffix(_QUOTED_ENDS) + "\n")


def _cell(value: object, numbers_as_text: bool) -> str:  # noqa: FBT001 - of this module only
    if not isinstance(value, str):
        return cell_text(value)
    if numbers_as_text and value and not isinstance(read_number(value), CellFault):
        return value
    # Text keeps the blanks around it.
    return defused(value)
