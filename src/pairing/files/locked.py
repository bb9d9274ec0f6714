"""Pairs that a person has settled: a ``pairs.csv``, perhaps with a column that says which of them stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.cohort.sheet import Sheet
from pairing.errors import InputDataError
from pairing.files.companions import team_pairs
from pairing.files.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

MARK = "locked"
_YES_OR_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}


def read_locked(path: Path, teams: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Read the pairs that are to stay.

    Parameters
    ----------
    path : pathlib.Path
        A table with the columns ``team_a`` and ``team_b``. With a column ``locked`` only its pairs marked
        ``true`` stay; without one, all of them.
    teams : collection of str
        The teams that take part.

    Returns
    -------
    tuple of (str, str)
        Smaller id first, in ascending order.

    Raises
    ------
    InputDataError
        With every problem: an unknown team, a team in two locked pairs, a mark that is neither yes nor no.
    FileAccessError
        If the file cannot be read.
    """
    table = read_table(path)
    sheet = Sheet.of_frame(table.frame, table.rows, path.name)
    stays = _marks(sheet)
    chosen = sheet.only([position for position, mark in enumerate(stays) if mark])
    return _pairs(chosen, sheet, teams, "a locked pair", "A team has one partner: lock one of the two.")


def read_visits(path: Path, teams: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Read the visits that were made: their pairs are to stay.

    Parameters
    ----------
    path : pathlib.Path
        A table with the columns ``team_a`` and ``team_b``, one row a visit.
    teams : collection of str
        The teams that take part.

    Returns
    -------
    tuple of (str, str)
        Smaller id first, in ascending order.

    Raises
    ------
    InputDataError
        With every problem: a missing column, an unknown team, a team that visited two others.
    FileAccessError
        If the file cannot be read.
    """
    table = read_table(path)
    sheet = Sheet.of_frame(table.frame, table.rows, path.name)
    return _pairs(sheet, sheet, teams, "a visit", "A plan has one partner a team: leave out one of the two.")


def _pairs(
    chosen: Sheet, sheet: Sheet, teams: Collection[str], what: str, advice: str
) -> tuple[tuple[str, str], ...]:
    pairs = team_pairs(chosen, f"the teams of {what}", teams)
    _check_met_once(chosen, what, advice)
    if sheet.problems:
        raise InputDataError(sheet.problems)
    return tuple(sorted({(min(pair), max(pair)) for pair in pairs}))


def _marks(sheet: Sheet) -> list[bool]:
    marks = []
    for position, cell in enumerate(sheet.columns.get(MARK, ("true",) * len(sheet))):
        mark = _YES_OR_NO.get(cell.lower())
        if mark is None:
            sheet.complain(
                "is not a yes or no", column=MARK, position=position, expected="true, false or a blank"
            )
        marks.append(bool(mark))
    return marks


def _check_met_once(sheet: Sheet, what: str, advice: str) -> None:
    first: dict[str, int] = {}
    places = [(position, column) for position in range(len(sheet)) for column in ("team_a", "team_b")]
    for position, column in places:
        team = sheet.columns.get(column, ("",) * len(sheet))[position]
        if team and first.setdefault(team, position) != position:
            row = sheet.rows[first[team]]
            sheet.complain(
                f"is in {what} already, on row {row}",
                column=column,
                position=position,
                advice=advice,
            )
