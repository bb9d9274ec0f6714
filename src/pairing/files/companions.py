"""The tables beside the teams': earlier rounds' pairs, and travel times."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from pairing.cohort.nearest import did_you_mean
from pairing.cohort.sheet import Sheet
from pairing.files.tables import draft_table

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    import numpy as np

    from pairing.errors import Problem
    from pairing.files.records import Table

_NAMED = 5


@dataclass(frozen=True)
class PreviousPairs:
    """Pairs of an earlier round: each once, smaller id first, in ascending order."""

    pairs: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class TravelTable:
    """Journeys between teams.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `team_a` and `team_b` (as text, `team_a` < `team_b`), `minutes`, and `km` if the file has it;
        one row a pair. Where both directions are given, the longer one counts. NaN where a cell is blank:
        what that means for a pair is for the rules to say, as for a journey that is not in the table.
    problems : tuple of Problem
        Everything that is wrong.
    warnings : tuple of str
        What had to be assumed.
    """

    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()


def read_previous(path: Path, file: str, teams: Collection[str]) -> PreviousPairs:
    """Read the pairs of an earlier round.

    Parameters
    ----------
    path : pathlib.Path
        A `pairs.csv`, or any table with the columns `team_a` and `team_b`.
    file : str
        Its name for messages.
    teams : collection of str
        Teams of this round; others are only warned of, because teams come and go.

    Returns
    -------
    PreviousPairs
        Pairs, problems and warnings.

    Raises
    ------
    FileAccessError
        If the file cannot be read.
    """
    draft = draft_table(path, file=file)
    if draft.table is None:
        return PreviousPairs(problems=draft.problems)
    sheet = Sheet.of_frame(draft.table.frame, draft.table.rows, file)
    ends = _ends(sheet, "the teams of earlier pairs")
    unknown = sorted({team for end in ends for team in end if team} - set(teams))
    warnings = [*draft.table.warnings]
    if unknown and teams:
        listed = ", ".join(f"'{team}'" for team in unknown[:_NAMED])
        more = f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
        warnings.append(f"{file}: not among the teams of this round: {listed}{more}.")
    pairs = tuple(sorted({(min(end), max(end)) for end in ends}))
    problems = (*draft.problems, *_outside_misfits(sheet, draft.table))
    return PreviousPairs(pairs, problems, tuple(warnings))


def read_travel(path: Path, file: str, teams: Collection[str]) -> TravelTable:
    """Read a table of journeys.

    Parameters
    ----------
    path : pathlib.Path
        A table with the columns `team_a`, `team_b`, `minutes`, and `km` if distances are to come from it.
    file : str
        Its name for messages.
    teams : collection of str
        All ids of the teams' table; any other is a problem.

    Returns
    -------
    TravelTable
        Journeys, problems and warnings.

    Raises
    ------
    FileAccessError
        If the file cannot be read.
    """
    draft = draft_table(path, file=file)
    if draft.table is None:
        return TravelTable(problems=draft.problems)
    sheet = Sheet.of_frame(draft.table.frame, draft.table.rows, file)
    ends = team_pairs(sheet, "the two teams of a journey", teams)
    measures = ["minutes", *(["km"] if "km" in sheet.columns else [])]
    lengths = {
        measure: _lengths(sheet, measure) for measure in measures if sheet.has(measure, "travel times")
    }
    _check_given_once(sheet)
    problems = (*draft.problems, *_outside_misfits(sheet, draft.table))
    if problems:
        return TravelTable(problems=problems)
    frame = pd.DataFrame(
        {"team_a": [min(end) for end in ends], "team_b": [max(end) for end in ends], **lengths}
    )
    longest = frame.groupby(["team_a", "team_b"], as_index=False, sort=True).max()
    return TravelTable(longest, warnings=draft.table.warnings)


def team_pairs(sheet: Sheet, role: str, teams: Collection[str]) -> list[tuple[str, str]]:
    """Read the columns ``team_a`` and ``team_b``; what is wrong with them is noted as problems of the sheet.

    Parameters
    ----------
    sheet : Sheet
        The table.
    role : str
        What the two columns name, for messages.
    teams : collection of str
        The teams that may be named; if there are none, any may.

    Returns
    -------
    list of (str, str)
        The two teams of each row that names two.
    """
    ends = _ends(sheet, role)
    _check_teams_known(sheet, teams)
    return ends


def _ends(sheet: Sheet, role: str) -> list[tuple[str, str]]:
    found = [sheet.has(column, role) for column in ("team_a", "team_b")]
    if not all(found):
        return []
    for column in ("team_a", "team_b"):
        sheet.complain_where(sheet.blank(column), "the team is blank", column=column, expected="a team id")
    ends = list(zip(sheet.columns["team_a"], sheet.columns["team_b"], strict=True))
    for position, (team, partner) in enumerate(ends):
        if team and team == partner:
            sheet.complain("is paired with itself", column="team_b", position=position)
    return [end for end in ends if all(end)]


def _check_teams_known(sheet: Sheet, teams: Collection[str]) -> None:
    known = set(teams)
    for column in ("team_a", "team_b"):
        told: set[str] = set()
        for position, team in enumerate(sheet.columns.get(column, ())):
            if known and team and team not in known and team not in told:
                told.add(team)
                sheet.complain(
                    "is no team of this programme",
                    column=column,
                    position=position,
                    advice=did_you_mean(team, teams),
                )


def _lengths(sheet: Sheet, column: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    lengths = sheet.numbers(column)
    sheet.complain_where(lengths < 0, "is negative", column=column, expected="a number, at least 0")
    return lengths


def _outside_misfits(sheet: Sheet, table: Table) -> list[Problem]:
    """Leave out what was found in rows of the wrong length, where cells may stand in the wrong columns."""
    return [problem for problem in sheet.problems if problem.row not in table.misfits]


def _check_given_once(sheet: Sheet) -> None:
    first: dict[tuple[str, str], int] = {}
    journeys = zip(sheet.columns.get("team_a", ()), sheet.columns.get("team_b", ()), strict=False)
    for position, journey in enumerate(journeys):
        if all(journey) and first.setdefault(journey, position) != position:
            row = sheet.rows[first[journey]]
            sheet.complain(
                f"the journey from '{journey[0]}' to '{journey[1]}' is already given on row {row}",
                column="team_b",
                position=position,
                quote=False,
            )
