"""Holding a file against the content that it should have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.errors import ProblemsError
from pairing.files.tables import read_table, table_of_content
from pairing.verification.check import differences_of
from pairing.verification.compare import differences_between

if TYPE_CHECKING:
    from pathlib import Path


def table_differences(path: Path, content: bytes) -> list[str]:
    """Describe how a CSV file differs from its right content, but for rounding.

    Parameters
    ----------
    path : pathlib.Path
        The file as it stands.
    content : bytes
        What it should hold.

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
    return differences_between(path.name, found, right)
