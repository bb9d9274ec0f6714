"""Holding a file's table against the one that it should be, cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

MOST_LISTED = 5
NUMBER_TOLERANCE = 2e-9
"""Largest difference between two numbers that counts as none: twice the unit of published values."""


def differences_between(
    file: str, found: pd.DataFrame, expected: pd.DataFrame, *, tolerance: float = NUMBER_TOLERANCE
) -> list[str]:
    """Describe every cell in which two tables of text differ.

    Parameters
    ----------
    file : str
        Name of the file, for the sentences.
    found, expected : pandas.DataFrame
        Tables of text. Rows are held against each other in their order.
    tolerance : float
        Largest difference between two numbers that counts as none; relative to numbers above 1.

    Returns
    -------
    list of str
        Sentences without a full stop, at most `MOST_LISTED` and a last one with the number of the others.

    Examples
    --------
    >>> import pandas as pd
    >>> differences_between("pairs.csv", pd.DataFrame({"value": ["0.5"]}), pd.DataFrame({"value": ["0.4"]}))
    ["pairs.csv, row 2, column 'value': 0.5 is recorded, 0.4 is right"]
    """
    if list(found.columns) != list(expected.columns):
        return [f"{file}: the columns are {', '.join(found.columns)}; expected {', '.join(expected.columns)}"]
    if len(found) != len(expected):
        return [f"{file}: there are {len(found)} rows; expected {len(expected)}"]
    sentences = [
        f"{file}, row {row + 2}, column '{column}': {_shown(there)} is recorded, {_shown(here)} is right"
        for row, cells in enumerate(zip(found.to_numpy(), expected.to_numpy(), strict=True))
        for column, there, here in zip(expected.columns, *cells, strict=True)
        if not same_cell(there, here, tolerance)
    ]
    rest = len(sentences) - MOST_LISTED
    return sentences[:MOST_LISTED] + ([f"{file}: {rest} more cells differ"] if rest > 0 else [])


def same_cell(there: str, here: str, tolerance: float = NUMBER_TOLERANCE) -> bool:
    """Whether two cells are equal as text, or as numbers but for rounding."""
    if there == here:
        return True
    try:
        one, other = float(there), float(here)
    except ValueError:
        return False
    return abs(one - other) <= tolerance * max(1.0, abs(other))


def _shown(cell: str) -> str:
    return cell if cell else "a blank"
