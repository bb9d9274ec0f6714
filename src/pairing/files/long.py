"""Long tables (one row for each team and indicator) made wide (one row for each team)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import pandas as pd

from pairing.cohort.nearest import did_you_mean
from pairing.errors import Problem
from pairing.files.undeclared import warn_of_undeclared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pairing.cohort import Indicator
    from pairing.files.records import Table

_INDICATOR, _VALUE = "indicator", "value"
_ROLES = ("denominator", "standard_error", "unadjusted")

Place = tuple[int, str]


@dataclass(frozen=True, eq=False)
class WideTable:
    """A table with one row a team, and where each of its cells came from.

    Parameters
    ----------
    frame : pandas.DataFrame
        Text cells.
    rows : tuple of int
        First row of each team in the file.
    indicators : tuple of Indicator
        The indicators, with the columns of this table.
    problems : tuple of Problem
        What is wrong with the long table's shape.
    origins : mapping of (int, str) to (int, str)
        Row and column in the file for row and column of this table, where they differ.
    usable : bool
        False if the long table lacks a column without which it cannot be made wide.
    warnings : tuple of str
        What of the long table is passed over.
    """

    frame: pd.DataFrame
    rows: tuple[int, ...]
    indicators: tuple[Indicator, ...]
    problems: tuple[Problem, ...] = ()
    origins: Mapping[Place, Place] = field(default_factory=dict)
    usable: bool = True
    warnings: tuple[str, ...] = ()

    def traced(self, problem: Problem) -> Problem:
        """Give a problem of this table the row and column of the file."""
        if problem.row is None or problem.column is None:
            return problem
        row, column = self.origins.get((problem.row, problem.column), (problem.row, problem.column))
        return replace(problem, row=row, column=column)


def is_long(columns: Sequence[str], indicators: Sequence[Indicator]) -> bool:
    """Tell whether a table is long: it has columns `indicator` and `value`, and none of the indicators' own.

    Parameters
    ----------
    columns : sequence of str
        Names of the table's columns.
    indicators : sequence of Indicator
        The indicators of the settings.

    Returns
    -------
    bool
        Whether to widen the table.

    Examples
    --------
    >>> from pairing.cohort import Indicator
    >>> is_long(["team", "indicator", "value"], [Indicator("resection", denominator="denominator")])
    True
    """
    has_both = {_INDICATOR, _VALUE} <= {name.casefold() for name in columns}
    return has_both and not any(indicator.column in columns for indicator in indicators)


def in_rows_of_teams(
    table: Table,
    layout: Literal["auto", "wide", "long"],
    id_column: str,
    indicators: Sequence[Indicator],
    file: str,
) -> WideTable:
    """Give a table with one row a team, whatever its layout.

    Parameters
    ----------
    table : Table
        The table, wide or long.
    layout : {"auto", "wide", "long"}
        What the settings say of it; "auto" for the look of its columns.
    id_column, indicators, file
        As for :func:`widen`.

    Returns
    -------
    WideTable
        The table itself if it is wide.
    """
    if layout == "long" or (layout == "auto" and is_long(table.columns, indicators)):
        return widen(table, id_column, indicators, file)
    return WideTable(table.frame, table.rows, tuple(indicators))


def widen(table: Table, id_column: str, indicators: Sequence[Indicator], file: str) -> WideTable:
    """Make a long table wide.

    The column `indicator` names the indicators as the settings do, and `value` holds their values. A
    denominator, standard error or unadjusted rate stands in the column that the settings name, or else in the
    column `denominator`, `standard_error` or `unadjusted`. All other columns are facts about teams, and must
    not contradict each other.

    Parameters
    ----------
    table : Table
        The long table.
    id_column : str
        Column with the teams' ids.
    indicators : sequence of Indicator
        The indicators of the settings.
    file : str
        Name of the file for messages.

    Returns
    -------
    WideTable
        One row a team in the order of their first rows, and the problems found on the way.
    """
    needed = {id_column: "the id", _INDICATOR: "the indicators' names", _VALUE: "their values"}
    found = {name: _find(table, name) for name in needed}
    missing = [name for name, column in found.items() if column is None]
    if missing:
        problems = [_missing_column(name, needed[name], table, file) for name in missing]
        return WideTable(table.frame, table.rows, tuple(indicators), tuple(problems), usable=False)
    return _Widening(table, id_column, indicators, file).result()


def _find(table: Table, name: str) -> str | None:
    if name in table.columns:
        return name
    return next((column for column in table.columns if column.casefold() == name), None)


def _missing_column(name: str, role: str, table: Table, file: str) -> Problem:
    message = f"there is no such column; a long table needs it for {role}"
    return Problem(message, file, column=name, advice=did_you_mean(name, table.columns))


def _renamed(indicator: Indicator, names: Mapping[str, str]) -> Indicator:
    return replace(
        indicator,
        denominator=names.get("denominator"),
        standard_error=names.get("standard_error"),
        unadjusted=names.get("unadjusted"),
    )


class _Widening:
    """The work of widening one table; what is wrong is collected."""

    def __init__(self, table: Table, id_column: str, indicators: Sequence[Indicator], file: str) -> None:
        self.table, self.file, self.id_column = table, file, id_column
        self.declared = tuple(indicators)
        self.cells = {column: table.cells(column) for column in table.columns}
        self.indicator_column = _find(table, _INDICATOR) or _INDICATOR
        self.value_column = _find(table, _VALUE) or _VALUE
        self.problems: list[Problem] = []
        self.origins: dict[Place, Place] = {}
        self.team_places: dict[str, list[int]] = {}
        for place, team in enumerate(self.cells[id_column]):
            self._note_team(team, place)

    def result(self) -> WideTable:
        places = self._indicator_places()
        sources = [self._sources(indicator) for indicator in self.declared]
        wide = {column: self._fact(column) for column in self._fact_columns(sources)}
        indicators = []
        for indicator, source in zip(self.declared, sources, strict=True):
            self._check_known(indicator, places)
            names = {role: self._wide_name(indicator, column) for role, column in source.items()}
            wide[indicator.column] = self._spread(
                indicator.column, indicator.column, self.value_column, places
            )
            for role, column in source.items():
                if column in self.cells or _find(self.table, role):
                    read_from = column if column in self.cells else _find(self.table, role) or role
                    wide[names[role]] = self._spread(indicator.column, names[role], read_from, places)
            indicators.append(_renamed(indicator, names))
        rows = tuple(self.table.rows[team_places[0]] for team_places in self.team_places.values())
        return WideTable(
            pd.DataFrame(wide, dtype=object),
            rows,
            tuple(indicators),
            tuple(self.problems),
            self.origins,
            warnings=tuple(self._warnings(places)),
        )

    def _warnings(self, places: Mapping[tuple[str, str], int]) -> list[str]:
        rows = {key: self.table.rows[place] for key, place in places.items()}
        declared = [indicator.column for indicator in self.declared]
        return warn_of_undeclared(rows, declared, self.indicator_column, self.file)

    def _note_team(self, team: str, place: int) -> None:
        if team:
            self.team_places.setdefault(team, []).append(place)
        else:
            self._complain("the id is blank", place, self.id_column)

    def _indicator_places(self) -> dict[tuple[str, str], int]:
        places: dict[tuple[str, str], int] = {}
        for place, name in enumerate(self.cells[self.indicator_column]):
            team = self.cells[self.id_column][place]
            if not name:
                self._complain("the indicator is blank", place, self.indicator_column)
            elif (team, name) in places:
                row = self.table.rows[places[team, name]]
                self._complain(
                    f"is already given for team '{team}' on row {row}", place, self.indicator_column
                )
            elif team:
                places[team, name] = place
        return places

    def _sources(self, indicator: Indicator) -> dict[str, str]:
        named = {role: getattr(indicator, role) for role in _ROLES}
        return {role: column for role, column in named.items() if column is not None}

    def _fact_columns(self, sources: Sequence[Mapping[str, str]]) -> list[str]:
        read = {
            self.indicator_column,
            self.value_column,
            *(_find(self.table, role) or role for role in _ROLES),
        }
        for source in sources:
            read.update(source.values())
        return [column for column in self.table.columns if column not in read]

    def _wide_name(self, indicator: Indicator, column: str) -> str:
        # Several indicators may share a column of the long table; each gets its own in the wide one.
        return f"{indicator.column} {column}" if column in self.cells else column

    def _fact(self, column: str) -> list[str]:
        return [self._one_fact(column, team, places) for team, places in self.team_places.items()]

    def _one_fact(self, column: str, team: str, places: Sequence[int]) -> str:
        given = [place for place in places if self.cells[column][place]]
        if not given:
            return ""
        fact = self.cells[column][given[0]]
        for place in given[1:]:
            if self.cells[column][place] != fact:
                row = self.table.rows[given[0]]
                self._complain(
                    f"contradicts '{fact}' on row {row}: both are about team '{team}'", place, column
                )
        return fact

    def _spread(
        self, indicator: str, wide_column: str, column: str, places: Mapping[tuple[str, str], int]
    ) -> list[str]:
        texts = []
        for team, team_places in self.team_places.items():
            place = places.get((team, indicator))
            texts.append(self.cells[column][place] if place is not None else "")
            if place is not None:
                first_row = self.table.rows[team_places[0]]
                self.origins[first_row, wide_column] = (self.table.rows[place], column)
        return texts

    def _check_known(self, indicator: Indicator, places: Mapping[tuple[str, str], int]) -> None:
        known = dict.fromkeys(name for _, name in places)
        if indicator.column not in known:
            self.problems.append(
                Problem(
                    f"no row has the indicator '{indicator.column}'",
                    self.file,
                    column=self.indicator_column,
                    advice=did_you_mean(indicator.column, known),
                )
            )

    def _complain(self, message: str, place: int, column: str) -> None:
        value = self.cells[column][place] or None
        self.problems.append(Problem(message, self.file, self.table.rows[place], column, value))
