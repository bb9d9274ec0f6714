"""Late joiners: rows of a table of their own, or teams of the programme's table that did not take part."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pairing.cohort import draft_cohort, with_joiners
from pairing.cohort.nearest import did_you_mean
from pairing.cohort.sheet import Sheet
from pairing.errors import InputDataError, Problem
from pairing.files.flow import read_recruitment
from pairing.files.long import in_rows_of_teams
from pairing.files.tables import draft_table, read_table

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pairing.cohort import Cohort
    from pairing.files.loaded_programme import LoadedProgramme
    from pairing.files.records import Table

_TABLE_ENDINGS = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm"})


@dataclass(frozen=True, eq=False)
class Joiners:
    """The teams that join.

    Parameters
    ----------
    cohort : Cohort or None
        Who they are and what was observed of them; None if nobody joins.
    table : pandas.DataFrame
        The programme's table as text, with the rows of the joiners in it.
    admitted : tuple of str
        Ids of those that were in the table before and did not take part.
    warnings : tuple of str
        What a person should know, as sentences.
    """

    cohort: Cohort | None
    table: pd.DataFrame
    admitted: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all joiners."""
        return () if self.cohort is None else self.cohort.ids


def read_joiners(loaded: LoadedProgramme, additions: Sequence[str], fitted: Collection[str]) -> Joiners:
    """Read the teams that join a programme.

    Parameters
    ----------
    loaded : LoadedProgramme
        The programme so far.
    additions : sequence of str
        Paths of tables with the columns of the programme's own, holding the joiners' rows; or ids of teams
        that are in the programme's table and do not take part.
    fitted : collection of str
        The teams that the parameters of the profiles were fitted to; their rows stay as they are.

    Returns
    -------
    Joiners

    Raises
    ------
    InputDataError
        With every problem of what is added: an unknown team, a team that takes part already, missing columns,
        broken rows with their file, row and column.
    FileAccessError
        If a table cannot be read.
    """
    teams = loaded.programme.teams
    whole = read_table(loaded.path.parent / teams.file, sheet=teams.sheet)
    reader = _JoinerReader(loaded, whole, frozenset(fitted))
    for addition in additions:
        if _is_table(addition):
            reader.add_table(Path(addition))
        else:
            reader.add_listed(addition)
    return reader.result()


def _is_table(addition: str) -> bool:
    return Path(addition).suffix.lower() in _TABLE_ENDINGS or Path(addition).is_file()


class _JoinerReader:
    """Reads what is added, one after the other, and collects what is wrong with it."""

    def __init__(self, loaded: LoadedProgramme, whole: Table, fitted: frozenset[str]) -> None:
        self.loaded, self.fitted = loaded, fitted
        self.teams = loaded.programme.teams
        self.label = self.teams.file
        self.indicators = tuple(each.to_indicator() for each in loaded.programme.indicators)
        self.whole, self.frame = whole, whole.frame
        self.listed = dict.fromkeys(cell for cell in whole.cells(self.teams.id) if cell)
        self.cohorts: list[Cohort] = []
        self.admitted: list[str] = []
        self.problems: list[Problem] = []
        self.warnings: list[str] = []

    def result(self) -> Joiners:
        if self.problems:
            raise InputDataError(dict.fromkeys(self.problems))
        cohort = None
        for joiners in self.cohorts:
            cohort = joiners if cohort is None else with_joiners(cohort, joiners)
        return Joiners(cohort, self.frame, tuple(self.admitted), tuple(dict.fromkeys(self.warnings)))

    def add_listed(self, team: str) -> None:
        """A team that is in the table and was excluded."""
        problem = self._fault_of_listed(team)
        if problem is not None:
            self.problems.append(problem)
            return
        self.admitted.append(team)
        self._draft(self.whole, self.label, [team])

    def add_table(self, path: Path) -> None:
        """A table of joiners."""
        draft = draft_table(path)
        self.problems += draft.problems
        if draft.table is None:
            return
        table = self._with_columns_of_the_programme(draft.table)
        if table is None:
            return
        self.warnings += table.warnings
        joining = list(dict.fromkeys(cell for cell in table.cells(self.teams.id) if cell))
        if not joining:
            self.problems.append(Problem("there are no teams", path.name, column=self.teams.id))
        self.problems += [problem for team in joining if (problem := self._fault_of_joiner(team, table))]
        self._check_stages(table)
        self.admitted += [team for team in joining if team in self.listed]
        self._draft(table, path.name, joining)
        earlier = self.frame[~self.frame[self.teams.id].str.strip().isin(joining)]
        self.frame = pd.concat([earlier, table.frame[list(self.frame.columns)]], ignore_index=True)

    def _fault_of_listed(self, team: str) -> Problem | None:
        takes_part = self.loaded.cohort.ids
        if team not in self.listed:
            others = [other for other in self.listed if other not in takes_part]
            advice = (
                did_you_mean(team, others) or "Give the id of a team in the table, or a table of joiners."
            )
            return Problem("is neither a table nor a team of the table", value=team, advice=advice)
        if team in takes_part:
            return Problem("takes part already", value=team)
        if team not in self.teams.exclude:
            message = "does not take part, by its status in the table"
            advice = "Give a table with the team's row and its new status."
            return Problem(message, value=team, advice=advice)
        return None

    def _fault_of_joiner(self, team: str, table: Table) -> Problem | None:
        row = table.rows[table.cells(self.teams.id).index(team)]
        if team in self.loaded.cohort.ids:
            message, advice = "takes part already", "Take the row out, or give the joiner another id."
        elif team in self.fitted:
            message = "took part before, and its row is in the table already"
            advice = "To let it take part again, give its id in place of the table."
        else:
            return None
        return Problem(message, table.path.name, row, self.teams.id, team, advice=advice)

    def _with_columns_of_the_programme(self, table: Table) -> Table | None:
        """The joiners' table in the programme's columns; None if it lacks one."""
        lacking = [name for name in self.whole.columns if name not in table.columns]
        others = [name for name in table.columns if name not in self.whole.columns]
        self.problems += [
            Problem(
                "there is no such column; joiners need those of the programme's table",
                table.path.name,
                column=name,
                advice=did_you_mean(name, others),
            )
            for name in lacking
        ]
        if others and not lacking:
            passed_over = (
                f"{table.path.name}: the programme's table has no such columns, so they are passed over"
            )
            self.warnings.append(f"{passed_over}: {', '.join(others)}.")
        return None if lacking else table

    def _check_stages(self, table: Table) -> None:
        """Joiners whose status keeps them out would vanish without a word."""
        if self.teams.status is None or self.teams.status not in table.columns:
            return
        recruitment = read_recruitment(Sheet.of_frame(table.frame, table.rows, table.path.name), self.teams)
        self.problems += recruitment.problems
        cells = table.cells(self.teams.id)
        self.problems += [
            Problem(
                "joins, and its status keeps it out",
                table.path.name,
                table.rows[cells.index(team)],
                self.teams.status,
                table.cells(self.teams.status)[cells.index(team)],
                expected=self.teams.stages[-1],
            )
            for team in recruitment.not_reached
        ]

    def _draft(self, table: Table, label: str, joining: Collection[str]) -> None:
        """Check the rows of some teams and make a cohort of each, because their spread is no matter here."""
        wide = in_rows_of_teams(table, self.teams.layout, self.teams.id, self.indicators, label)
        self.problems += wide.problems
        if not wide.usable:
            return
        ids = dict.fromkeys(str(cell).strip() for cell in wide.frame[self.teams.id])
        for joiner in joining:
            read = draft_cohort(
                wide.frame,
                self.teams.columns(),
                wide.indicators,
                exclude=[team for team in ids if team and team != joiner],
                file=label,
                rows=wide.rows,
                fewest=1,
            )
            self.problems += [wide.traced(problem) for problem in read.problems]
            self.warnings += read.warnings
            if read.cohort is not None:
                self.cohorts.append(read.cohort)
