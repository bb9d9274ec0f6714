"""The published pool on disk, read in pieces: of thousands of units it is larger than all else together."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pairing.errors import InputDataError, Problem
from pairing.files.access import reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HEADER = "draw,tickets,intervention"
_PIECE = 2**20


def sha256_of_file(path: Path) -> str:
    """Give the SHA-256 of a file in hexadecimal, without reading all of it into memory.

    Raises
    ------
    FileAccessError
        If the file cannot be read.
    """
    found = hashlib.sha256()
    with reading(path), path.open("rb") as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return found.hexdigest()


def pool_rows(path: Path) -> Iterator[tuple[str, str]]:
    """Read the tickets and the units of each draw, row by row.

    Parameters
    ----------
    path : pathlib.Path
        A file as :meth:`pairing.lottery.Lottery.canonical_pieces` writes it.

    Yields
    ------
    tuple of (str, str)
        The cells `tickets` and `intervention`.

    Raises
    ------
    FileAccessError
        If the file cannot be read.
    InputDataError
        If it is no such file.
    """
    try:
        with reading(path), path.open(encoding="utf-8", newline="\n") as file:
            if file.readline().rstrip("\n") != _HEADER:
                raise InputDataError([Problem("is not the header of a pool", path.name, expected=_HEADER)])
            for number, line in enumerate(file, start=2):
                cells = line.rstrip("\n").split(",", 2)
                if len(cells) < 3:
                    raise InputDataError(
                        [Problem("the line has too few cells", path.name, row=number, expected=_HEADER)]
                    )
                yield cells[1], _unquoted(cells[2])
    except UnicodeDecodeError as error:
        raise InputDataError([Problem("the pool is not UTF-8", path.name)]) from error


def _unquoted(cell: str) -> str:
    """Units hold no white space in a pool, so that a cell never goes on in the next line."""
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell
