"""Reading outcomes: one row a team, one column an outcome, with every problem at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pairing.cohort.nearest import did_you_mean
from pairing.cohort.sheet import Sheet
from pairing.errors import InputDataError
from pairing.files.tables import draft_table

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

TEAM = "team"


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Outcomes of teams.

    Parameters
    ----------
    frame : pandas.DataFrame
        One column an outcome, indexed by team; NaN where a cell is blank.
    warnings : tuple of str
        What had to be assumed or passed over, as sentences.
    """

    frame: pd.DataFrame
    warnings: tuple[str, ...] = ()


def read_outcomes(
    path: Path, teams: Collection[str], *, outcomes: Sequence[str] = (), outside: Collection[str] = ()
) -> Outcomes:
    """Read a table of outcomes.

    Parameters
    ----------
    path : pathlib.Path
        CSV or XLSX with the column `team` and one column an outcome.
    teams : collection of str
        Teams that took part in the lottery.
    outcomes : sequence of str
        Outcomes that are wanted; empty for every column but `team`.
    outside : collection of str
        Teams of the programme that did not take part in the lottery; their rows are passed over.

    Returns
    -------
    Outcomes

    Raises
    ------
    FileAccessError
        If the file cannot be read.
    InputDataError
        With every problem: no such column, an unknown or repeated team, a value that is no number.
    """
    draft = draft_table(path)
    if draft.table is None:
        raise InputDataError(draft.problems)
    sheet = Sheet.of_frame(draft.table.frame, draft.table.rows, path.name)
    if not sheet.has(TEAM, "the teams of the outcomes"):
        raise InputDataError([*draft.problems, *sheet.problems])
    named = sheet.columns[TEAM]
    _check_teams(sheet, teams, outside)
    wanted = list(outcomes) or [name for name in sheet.columns if name != TEAM]
    numbers = {name: sheet.numbers(name) for name in wanted if sheet.has(name, "an outcome of the plan")}
    if not wanted:
        sheet.complain("there is no outcome to analyse", expected="a column for each outcome")
    problems = [*draft.problems, *sheet.problems]
    if problems:
        raise InputDataError(problems)
    inside = np.array([team in teams for team in named], dtype=bool)
    frame = pd.DataFrame(numbers, index=pd.Index(named, name=TEAM))[inside]
    return Outcomes(frame, (*draft.table.warnings, *_passed_over(path.name, named, outside)))


def _check_teams(sheet: Sheet, teams: Collection[str], outside: Collection[str]) -> None:
    first: dict[str, int] = {}
    for position, team in enumerate(sheet.columns[TEAM]):
        if not team:
            sheet.complain("the team is blank", column=TEAM, position=position, expected="a team id")
        elif team in first:
            row = sheet.rows[first[team]]
            sheet.complain(f"is already on row {row}", column=TEAM, position=position)
        elif team not in teams and team not in outside:
            sheet.complain(
                "is no team of this lottery",
                column=TEAM,
                position=position,
                advice=did_you_mean(team, teams),
            )
        first.setdefault(team, position)


def _passed_over(file: str, named: Sequence[str], outside: Collection[str]) -> tuple[str, ...]:
    found = [team for team in named if team in outside]
    return (f"{file}: not in the lottery and passed over: {', '.join(found)}.",) if found else ()
