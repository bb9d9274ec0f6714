"""Covariates by the names that people give them: profiles, level, size, location, or columns of the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.cohort.cells import CellFault, read_number
from pairing.cohort.nearest import did_you_mean
from pairing.errors import InputDataError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from pairing.cohort import Cohort
    from pairing.profiles import Profiles

    Column = NDArray[np.float64] | NDArray[np.object_]

PROFILES, LEVEL, SIZE, LOCATION = "profiles", "level", "size", "location"
COORDINATES = "latitude", "longitude"
PREFIX = "profile."
_LABELS = {"size": "Size", "latitude": "Latitude", "longitude": "Longitude", "level": "Overall level"}
DIGITS = 9
"""Decimals of posterior means that are used, so that a maths library's last digit decides nothing."""


@dataclass(frozen=True, eq=False)
class TeamCovariates:
    """Columns of covariates for the teams of a cohort.

    Parameters
    ----------
    columns : dict of str to ndarray, shape (n,)
        Numbers (NaN where missing) or text ("" where missing), in the order of the cohort.
    members : dict of str to tuple of str
        The columns that each given name stands for.
    """

    columns: dict[str, Column]
    members: dict[str, tuple[str, ...]]

    def rows(self, positions: Sequence[int]) -> dict[str, Column]:
        """Give the columns for some of the teams, in the given order."""
        return {name: column[list(positions)] for name, column in self.columns.items()}

    def weights(self, given: Mapping[str, float], key: str) -> dict[str, float]:
        """Turn weights of given names into weights of columns; a column's own weight counts first.

        Raises
        ------
        InputDataError
            If a weight is for no covariate.
        """
        known = [*self.members, *self.columns]
        unknown = [
            Problem("is not balanced on", column=key, value=name, advice=did_you_mean(name, known))
            for name in given
            if name not in known
        ]
        if unknown:
            raise InputDataError(unknown)
        shared = {
            column: given[name] for name in self.members if name in given for column in self.members[name]
        }
        return shared | {name: weight for name, weight in given.items() if name in self.columns}


def covariate_label(name: str, indicators: Mapping[str, str]) -> str:
    """Name a covariate for people.

    Parameters
    ----------
    name : str
        The covariate, as in `balance.csv`.
    indicators : mapping of str to str
        Labels of the indicators, by column.

    Returns
    -------
    str
        The label of the indicator that a profile is of; a usual word; else the name as it is.

    Examples
    --------
    >>> labels = {"nsclc": "Surgical resection, NSCLC"}
    >>> [covariate_label(name, labels) for name in ("profile.nsclc", "size", "region=North")]
    ['Surgical resection, NSCLC', 'Size', 'region=North']
    """
    if name.startswith(PREFIX):
        return indicators.get(name.removeprefix(PREFIX), name)
    return _LABELS.get(name, name)


def named_covariates(
    names: Sequence[str], cohort: Cohort, profiles: Profiles, key: str = "lottery.balance_on"
) -> TeamCovariates:
    """Find the covariates that names stand for.

    Parameters
    ----------
    names : sequence of str
        "profiles" (posterior means of all usable indicators), "profile.<column>" (of one), "level", "size",
        "location" (latitude and longitude, whatever their columns are called), or a column of the table,
        which is numeric if every cell that is not blank is a number, and a category otherwise. "latitude" and
        "longitude" mean the declared coordinates where there are some, so that the names of the columns that
        are made here can be given back.
    cohort : Cohort
        The teams.
    profiles : Profiles
        Their profiles.
    key : str
        The setting that names them, for messages.

    Returns
    -------
    TeamCovariates

    Raises
    ------
    InputDataError
        With every name that stands for nothing; the nearest known one is suggested.

    Examples
    --------
    >>> from pairing.data import load_audit
    >>> from pairing.profiles import estimate_profiles
    >>> audit = load_audit()
    >>> list(named_covariates(["size", "location"], audit, estimate_profiles(audit)).columns)
    ['size', 'latitude', 'longitude']
    """
    finder = _Finder(cohort, profiles)
    columns: dict[str, Column] = {}
    members: dict[str, tuple[str, ...]] = {}
    problems: list[Problem] = []
    for name in names:
        found = finder.find(name)
        if isinstance(found, Problem):
            problems.append(Problem(found.message, None, None, key, name, found.expected, found.advice))
        else:
            columns |= found
            members[name] = tuple(found)
    if problems:
        raise InputDataError(problems)
    return TeamCovariates(columns, members)


def reportable_covariates(cohort: Cohort, profiles: Profiles, positions: Sequence[int]) -> dict[str, Column]:
    """Give profiles, size and location as far as they are known and differ, to be shown balanced or not."""
    finder = _Finder(cohort, profiles)
    columns: dict[str, Column] = {}
    for name in (PROFILES, SIZE, LOCATION):
        found = finder.find(name)
        columns |= {} if isinstance(found, Problem) else found
    chosen = {name: column[list(positions)].astype(np.float64) for name, column in columns.items()}
    return {
        name: values for name, values in chosen.items() if np.isfinite(values).all() and np.ptp(values) > 0
    }


class _Finder:
    """Looks up one name after the other."""

    def __init__(self, cohort: Cohort, profiles: Profiles) -> None:
        self.cohort, self.profiles = cohort, profiles

    def find(self, name: str) -> dict[str, Column] | Problem:
        if name == PROFILES:
            return self._profiles()
        if name.startswith(PREFIX):
            return self._profile(name)
        if name == LEVEL:
            return {LEVEL: self.profiles.level.round(DIGITS)}
        if name == SIZE:
            size = self.cohort.size
            return (
                Problem("no sizes are declared", advice="Declare teams.size.")
                if size is None
                else {SIZE: size}
            )
        if name == LOCATION:
            return self._location()
        coordinates = self._coordinates()
        return {name: coordinates[name]} if name in coordinates else self._column(name)

    def _profiles(self) -> dict[str, Column]:
        return {
            PREFIX + indicator.column: self.profiles.mean[:, place].round(DIGITS)
            for place, indicator in enumerate(self.profiles.indicators)
            if self.profiles.model.usable[place]
        }

    def _profile(self, name: str) -> dict[str, Column] | Problem:
        usable = self._profiles()
        if name in usable:
            return {name: usable[name]}
        if name.removeprefix(PREFIX) in (indicator.column for indicator in self.profiles.indicators):
            return Problem("shows no real differences between teams, so there is nothing to balance")
        return Problem("is no profile", advice=did_you_mean(name, usable))

    def _location(self) -> dict[str, Column] | Problem:
        coordinates = self._coordinates()
        if not coordinates:
            return Problem(
                "no coordinates are declared", advice="Declare teams.latitude and teams.longitude."
            )
        return coordinates

    def _coordinates(self) -> dict[str, Column]:
        latitude, longitude = self.cohort.latitude, self.cohort.longitude
        if latitude is None or longitude is None:
            return {}
        return dict(zip(COORDINATES, (latitude, longitude), strict=True))

    def _column(self, name: str) -> dict[str, Column] | Problem:
        known = [str(column) for column in self.cohort.table.columns]
        if name not in known:
            groups = [PROFILES, LEVEL, SIZE, LOCATION, *self._profiles()]
            return Problem(
                "is no covariate",
                expected=f"{PROFILES}, {PREFIX}<indicator>, {LEVEL}, {SIZE}, {LOCATION} or a table's column",
                advice=did_you_mean(name, [*groups, *known]),
            )
        cells = self.cohort.text(name)
        numbers = [np.nan if cell is None else read_number(cell) for cell in cells]
        if any(isinstance(number, CellFault) for number in numbers):
            return {name: np.array([cell or "" for cell in cells], dtype=object)}
        return {name: np.array(numbers, dtype=np.float64)}
