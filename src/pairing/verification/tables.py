"""Holding a file against the content that it should have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.errors import ProblemsError
from pairing.files.tables import read_table, table_of_content
from pairing.verification.check import differences_of
from pairing.verification.compare import NUMBER_TOLERANCE, differences_between

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


def table_differences(
    path: Path,
    content: bytes,
    *,
    tolerance: float = NUMBER_TOLERANCE,
    later: Collection[str] = (),
) -> list[str]:
    """Describe how a CSV file differs from its right content, but for rounding.

    Parameters
    ----------
    path : pathlib.Path
        The file as it stands.
    content : bytes
        What it should hold.
    tolerance : float
        Largest difference between two numbers that counts as none; relative to numbers above 1.
    later : collection of str
        Columns that files written before there were such columns may lack.

    Returns
    -------
    list of str
        Sentences without a full stop.
    """
    right = table_of_content(content, path.name).frame
    try:
        found = read_table(path).frame
    except ProblemsError as error:
        return list(differences_of(error))
    old = [column for column in later if column in right.columns and column not in found.columns]
    return differences_between(path.name, found, right.drop(columns=old), tolerance=tolerance)
