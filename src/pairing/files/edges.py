"""A table of pairs and values of anyone's, for the engine alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.cohort.cells import CellFault, read_number
from pairing.cohort.nearest import did_you_mean
from pairing.errors import InputDataError, Problem
from pairing.files.tables import read_table

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from pairing.files.records import Table

COLUMNS = ("team_a", "team_b", "value")


@dataclass(frozen=True, eq=False)
class EdgeList:
    """Permitted pairs with their values.

    Parameters
    ----------
    ids : tuple of str
        All teams that occur, in ascending order as text.
    first, second : ndarray of int, shape (m,)
        Positions of the two teams in `ids`, the smaller first.
    values : ndarray of float, shape (m,)
        The values.
    warnings : tuple of str
        What had to be assumed to read the file.
    """

    ids: tuple[str, ...]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    values: NDArray[np.float64]
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
    values, faults = _values(table)
    problems = sorted([*faults, *_pair_problems(table, pairs)], key=lambda problem: problem.row or 0)
    if problems:
        raise InputDataError(problems)
    ids = tuple(sorted({team for pair in pairs for team in pair}))
    position = {team: index for index, team in enumerate(ids)}
    ends = np.array([[position[a], position[b]] for a, b in pairs], np.int64).reshape(-1, 2)
    return EdgeList(ids, ends[:, 0], ends[:, 1], values, table.warnings)


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


def _values(table: Table) -> tuple[NDArray[np.float64], list[Problem]]:
    values, problems = np.zeros(len(table.rows)), list[Problem]()
    for index, (row, cell) in enumerate(zip(table.rows, table.cells("value"), strict=True)):
        number = read_number(cell) if cell else CellFault("the value is blank")
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
        else:
            values[index] = number
    return values, problems


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
