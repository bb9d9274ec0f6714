"""From a table to a cohort: everything is checked, and everything that is wrong is told at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pairing.cohort.arguments import check_arguments
from pairing.cohort.cohort import Cohort, Observations
from pairing.cohort.coordinates import read_coordinates
from pairing.cohort.identity import FEWEST_TEAMS, eligible_positions
from pairing.cohort.rates import IndicatorColumns, read_indicator
from pairing.cohort.sheet import Sheet
from pairing.cohort.team_columns import TeamColumns, with_one_purpose_a_column
from pairing.errors import InputDataError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pairing.cohort.indicator import Indicator

_HEADER_ROWS = 1


@dataclass(frozen=True)
class CohortDraft:
    """What came of reading a table.

    Parameters
    ----------
    cohort : Cohort or None
        The cohort; None if there is any problem.
    problems : tuple of Problem
        Everything that is wrong.
    warnings : tuple of str
        What a person should know and the program can live with, as sentences.
    """

    cohort: Cohort | None
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]


def cohort_from_frame(
    frame: pd.DataFrame,
    *,
    id: str,  # noqa: A002  # the key of the settings file, and the word that users know
    name: str | None = None,
    size: str | None = None,
    latitude: str | None = None,
    longitude: str | None = None,
    attributes: Sequence[str] = (),
    contact: str | None = None,
    indicators: Sequence[Indicator] = (),
    exclude: Sequence[str] = (),
) -> Cohort:
    """Make a cohort from a data frame with one row a team.

    Parameters
    ----------
    frame : pandas.DataFrame
        Numbers or text; it is not changed. The ids may be its index, if that has the name `id`.
    id : str
        Column with the teams' ids.
    name, size : str, optional
        Columns with the teams' names and sizes.
    latitude, longitude : str, optional
        Columns with WGS84 degrees; both or neither.
    attributes : sequence of str
        Columns with categories.
    contact : str, optional
        Column that says whom to write to.
    indicators : sequence of Indicator
        The audit measures.
    exclude : sequence of str
        Ids of teams that do not take part.

    Returns
    -------
    Cohort
        Teams in the order of their ids as text, whatever the order of the rows.

    Raises
    ------
    InputDataError
        With every problem of the table. Rows are counted as a spreadsheet does: the first team is on row 2.
    SettingsError
        If an argument is not of the type that it should be.

    See Also
    --------
    draft_cohort : The same without raising.

    Examples
    --------
    >>> import pandas as pd
    >>> from pairing.cohort import Indicator, cohort_from_frame
    >>> frame = pd.DataFrame({
    ...     "team": ["B", "A"], "resection": [0.2, 0.3], "resection_n": [100, 80], "patients": [210, 190],
    ... })
    >>> cohort = cohort_from_frame(
    ...     frame, id="team", size="patients",
    ...     indicators=[Indicator("resection", denominator="resection_n")],
    ... )
    >>> cohort.ids, cohort.observations.values[:, 0].tolist()
    (('A', 'B'), [0.3, 0.2])
    """
    named = {"id": id, "name": name, "size": size, "latitude": latitude, "longitude": longitude}
    named |= {"contact": contact}
    check_arguments(frame, named, attributes=attributes, indicators=indicators, exclude=exclude)
    columns = TeamColumns(id, name, size, latitude, longitude, tuple(attributes), contact)
    draft = draft_cohort(frame, columns, tuple(indicators), exclude=tuple(exclude))
    if draft.cohort is None:
        raise InputDataError(draft.problems)
    return draft.cohort


def draft_cohort(
    frame: pd.DataFrame,
    columns: TeamColumns,
    indicators: Sequence[Indicator],
    *,
    exclude: Sequence[str] = (),
    file: str | None = None,
    rows: Sequence[int] | None = None,
    fewest: int = FEWEST_TEAMS,
) -> CohortDraft:
    """Read a table of teams and collect every problem; nothing is raised for bad data.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a team, numbers or text; it is not changed.
    columns : TeamColumns
        Which columns say who the teams are.
    indicators : sequence of Indicator
        The audit measures.
    exclude : sequence of str
        Ids of teams that do not take part; nothing but their ids is checked.
    file : str, optional
        Name of the file for messages.
    rows : sequence of int, optional
        Row of each team as a spreadsheet counts it; 2, 3, ... if not given.
    fewest : int
        How many teams there have to be.

    Returns
    -------
    CohortDraft
        The cohort if nothing is wrong, the problems, and the warnings.

    Examples
    --------
    >>> draft = draft_cohort(pd.DataFrame({"team": ["A", "A"]}), TeamColumns("team"), [])
    >>> draft.problems[0].row, draft.problems[0].message
    (3, 'is already used on row 2')
    """
    frame = _with_index_as_column(frame, columns.id)
    repeated = [str(name) for name, count in Counter(frame.columns).items() if count > 1]
    if repeated:
        problems = [Problem("several columns have this name", file, column=name) for name in repeated]
        return CohortDraft(None, tuple(problems), ())
    first = _HEADER_ROWS + 1
    all_rows = range(first, first + len(frame)) if rows is None else rows
    sheet = Sheet.of_frame(frame, all_rows, file)
    if not len(sheet):
        sheet.complain("there are no teams", expected="a row of column names and one row a team")
        return CohortDraft(None, tuple(sheet.problems), ())
    _warn_of_blanks_around_ids(sheet, frame, columns.id)
    cohort = _read_cohort(sheet, columns, indicators, exclude, fewest)
    return CohortDraft(None if sheet.problems else cohort, tuple(sheet.problems), tuple(sheet.warnings))


def _with_index_as_column(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    in_index = name in frame.index.names and name not in frame.columns
    return frame.reset_index() if in_index else frame


def _warn_of_blanks_around_ids(sheet: Sheet, frame: pd.DataFrame, column: str) -> None:
    if column not in frame.columns:
        return
    padded = [
        row
        for row, cell in zip(sheet.rows, frame[column], strict=True)
        if isinstance(cell, str) and cell != cell.strip() and cell.strip()
    ]
    if padded:
        others = f" and {len(padded) - 1} more" if len(padded) > 1 else ""
        sheet.warnings.append(
            f"Column '{column}': blanks around the id on row {padded[0]}{others} were removed."
        )


def _read_cohort(
    sheet: Sheet,
    columns: TeamColumns,
    indicators: Sequence[Indicator],
    exclude: Sequence[str],
    fewest: int,
) -> Cohort | None:
    if not sheet.has(columns.id, "the id"):
        # Without a header every other column would be missing too: one problem says it.
        positions = () if sheet.header_looks_like_data() else tuple(range(len(sheet)))
    else:
        positions = eligible_positions(sheet, columns.id, exclude, fewest=fewest)
    if not positions:
        return None
    teams = sheet.only(positions)
    columns = with_one_purpose_a_column(teams, columns)
    size = _read_size(teams, columns.size)
    places = read_coordinates(teams, columns.latitude, columns.longitude)
    read = [read_indicator(teams, indicator) for indicator in indicators]
    _check_repeated_indicators(teams, indicators)
    _check_attributes(teams, columns.attributes)
    known = columns.contact is not None and teams.has(columns.contact, "the contact")
    names = _read_names(teams, columns)
    if teams.problems:
        return None
    ids = teams.columns[columns.id]
    return Cohort(
        ids=ids,
        names=names,
        indicators=tuple(indicators),
        observations=_observations(read, len(teams)),
        size=size,
        latitude=places[0] if places else None,
        longitude=places[1] if places else None,
        table=pd.DataFrame(
            dict(teams.columns), index=pd.Index(ids, name=columns.id, dtype=object), dtype=object
        ),
        contact=columns.contact if known else None,
    )


def _read_size(teams: Sheet, column: str | None) -> NDArray[np.float64] | None:
    if column is None or not teams.has(column, "the size"):
        return None
    size = teams.numbers(column)
    teams.complain_where(size <= 0, "is not a size", column=column, expected="a number above 0")
    return size


def _read_names(teams: Sheet, columns: TeamColumns) -> tuple[str, ...]:
    ids = teams.columns.get(columns.id, ())
    if columns.name is None or not teams.has(columns.name, "the name"):
        return ids
    return tuple(name or team for name, team in zip(teams.columns[columns.name], ids, strict=False))


def _check_repeated_indicators(teams: Sheet, indicators: Sequence[Indicator]) -> None:
    counts = Counter(indicator.column for indicator in indicators)
    for column, count in counts.items():
        if count > 1:
            teams.complain(f"{count} indicators are read from this column", column=column, expected="one")


def _check_attributes(teams: Sheet, attributes: Sequence[str]) -> None:
    for column in attributes:
        if teams.has(column, "an attribute"):
            _warn_of_near_equal_categories(teams, column)


def _warn_of_near_equal_categories(teams: Sheet, column: str) -> None:
    spellings: dict[str, set[str]] = {}
    for cell in teams.columns[column]:
        spellings.setdefault(" ".join(cell.casefold().split()), set()).add(cell)
    for different in spellings.values():
        if len(different) > 1:
            listed = " and ".join(f"'{cell}'" for cell in sorted(different))
            teams.warnings.append(f"Column '{column}': {listed} are read as different values.")


def _observations(read: Sequence[IndicatorColumns], n_teams: int) -> Observations:
    def stacked(name: str) -> NDArray[np.float64]:
        columns = [getattr(indicator, name) for indicator in read]
        return np.column_stack(columns) if columns else np.empty((n_teams, 0))

    return Observations(
        stacked("values"), stacked("denominators"), stacked("standard_errors"), stacked("unadjusted")
    )
