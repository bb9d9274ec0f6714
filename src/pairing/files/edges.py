"""A table of pairs and values of anyone's, for the engine alone."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.cohort.cells import CellFault, read_number
from pairing.cohort.nearest import did_you_mean
from pairing.errors import InputDataError, Problem
from pairing.files.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pairing.files.records import Table

COLUMNS = ("team_a", "team_b", "value")
DIGITS_OF_A_DOUBLE = 15
LARGEST_EXPONENT = 400


@dataclass(frozen=True, eq=False)
class EdgeList:
    """Permitted pairs with their values.

    Parameters
    ----------
    ids : tuple of str
        All teams that occur, in ascending order as text.
    first, second : ndarray of int, shape (m,)
        Positions of the two teams in `ids`, the smaller first.
    values : ndarray of float or decimal.Decimal, shape (m,)
        The values, with every digit that was written.
    texts : tuple of str, length m
        The values as they were written.
    warnings : tuple of str
        What had to be assumed to read the file.
    """

    ids: tuple[str, ...]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    values: NDArray[Any]
    texts: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def read_edges(path: Path) -> EdgeList:
    """Read a table with the columns ``team_a``, ``team_b`` and ``value``.

    Parameters
    ----------
    path : pathlib.Path
        CSV or XLSX. Other columns are passed over. A pair that is not in the table is not permitted.

    Returns
    -------
    EdgeList

    Raises
    ------
    InputDataError
        With every problem: a missing column, a blank id, a value that is not a finite number, a team paired
        with itself, a pair that stands there twice.
    FileAccessError
        If the file cannot be read.
    """
    table = read_table(path)
    _require_columns(table)
    pairs: list[tuple[str, ...]] = [
        tuple(sorted(pair)) for pair in zip(table.cells("team_a"), table.cells("team_b"), strict=True)
    ]
    problems = [*_value_problems(table), *_pair_problems(table, pairs)]
    problems.sort(key=lambda problem: problem.row or 0)
    if problems:
        raise InputDataError(problems)
    ids = tuple(sorted({team for pair in pairs for team in pair}))
    position = {team: index for index, team in enumerate(ids)}
    ends = np.array([[position[a], position[b]] for a, b in pairs], np.int64).reshape(-1, 2)
    texts = tuple(table.cells("value"))
    return EdgeList(ids, ends[:, 0], ends[:, 1], _numbers(texts), texts, table.warnings)


def _require_columns(table: Table) -> None:
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing:
        raise InputDataError(
            Problem(
                "is missing",
                table.path.name,
                column=name,
                expected="the columns team_a, team_b, value",
                advice=did_you_mean(name, table.columns),
            )
            for name in missing
        )


def _value_problems(table: Table) -> list[Problem]:
    problems = []
    for row, cell in zip(table.rows, table.cells("value"), strict=True):
        number = read_number(cell) if cell else CellFault("the value is blank")
        if not isinstance(number, CellFault) and abs(Decimal(cell).adjusted()) > LARGEST_EXPONENT:
            number = CellFault("has an exponent beyond any use", advice="Write 0, or use another unit.")
        if isinstance(number, CellFault):
            problems.append(
                Problem(
                    number.message,
                    table.path.name,
                    row,
                    "value",
                    cell or None,
                    expected="a finite number",
                    advice=number.advice,
                )
            )
    return problems


def _numbers(cells: Sequence[str]) -> NDArray[Any]:
    """Floats where they hold every digit that was written, else decimals."""
    floats = np.array([float(cell) for cell in cells])
    long = [at for at, cell in enumerate(cells) if len(cell) > DIGITS_OF_A_DOUBLE or "e" in cell.lower()]
    if all(Decimal(cells[at]) == Decimal(repr(float(floats[at]))) for at in long):
        return floats
    return np.array([Decimal(cell) for cell in cells], dtype=object)


def _pair_problems(table: Table, pairs: list[tuple[str, ...]]) -> list[Problem]:
    problems, seen = list[Problem](), dict[tuple[str, ...], int]()
    name = table.path.name
    for row, pair in zip(table.rows, pairs, strict=True):
        if "" in pair:
            problems.append(Problem("a team is blank", name, row, expected="two ids"))
        elif pair[0] == pair[1]:
            problems.append(Problem("is paired with itself", name, row, "team_b", pair[0]))
        elif pair in seen:
            advice = "Keep one of the two rows."
            problems.append(
                Problem(
                    f"stands there already, on row {seen[pair]}",
                    name,
                    row,
                    value="–".join(pair),
                    advice=advice,
                )
            )
        seen.setdefault(pair, row)
    return problems
