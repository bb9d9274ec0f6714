"""Writing data frames as CSV, the same bytes for the same content everywhere."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from pairing.cohort.cells import cell_text

if TYPE_CHECKING:
    import pandas as pd


def csv_bytes(frame: pd.DataFrame) -> bytes:
    r"""Write a data frame as CSV: UTF-8 without a byte-order mark, LF, a comma between cells.

    Numbers have the fewest digits that give the same number back, whole ones no ".0"; `true` and `false`;
    nothing where a value is missing. The index is not written.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any columns.

    Returns
    -------
    bytes
        A header, and one line a row.

    Examples
    --------
    >>> import pandas as pd
    >>> csv_bytes(pd.DataFrame({"team": ["R0A", None], "value": [0.1, 2.0], "permitted": [True, False]}))
    b'team,value,permitted\nR0A,0.1,true\n,2,false\n'
    """
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow([str(name) for name in frame.columns])
    columns = [[_cell(value) for value in frame[name].array] for name in frame.columns]
    writer.writerows(zip(*columns, strict=True))
    return lines.getvalue().encode("utf-8")


def _cell(value: object) -> str:
    # Text keeps the blanks around it.
    return value if isinstance(value, str) else cell_text(value)
