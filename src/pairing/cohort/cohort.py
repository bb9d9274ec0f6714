"""The cohort: validated teams in a fixed order, with what was observed of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pairing.cohort.cells import CellFault, read_number
from pairing.cohort.nearest import did_you_mean
from pairing.errors import InputDataError, Problem
from pairing.shown import show_result, show_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from pairing.cohort.indicator import Indicator


@dataclass(frozen=True, eq=False)
class Observations:
    """What the audit observed, one row a team and one column an indicator; NaN where it did not.

    Parameters
    ----------
    values : ndarray of float, shape (n, K)
        Values in the indicator's own direction; proportions between 0 and 1 whatever the table's unit.
    denominators : ndarray of float, shape (n, K)
        Patients behind each value; NaN for indicators with standard errors, and where the value is NaN.
    standard_errors : ndarray of float, shape (n, K)
        Standard errors given with the data; NaN for indicators with denominators, and where the value is NaN.
    unadjusted : ndarray of float, shape (n, K)
        Unadjusted rates; NaN for indicators without, and where the value is NaN.
    """

    values: NDArray[np.float64]
    denominators: NDArray[np.float64]
    standard_errors: NDArray[np.float64]
    unadjusted: NDArray[np.float64]

    def __post_init__(self) -> None:
        for name in ("values", "denominators", "standard_errors", "unadjusted"):
            object.__setattr__(self, name, _read_only(getattr(self, name)))

    def rows(self, positions: NDArray[np.intp]) -> Observations:
        """Give the observations of some teams.

        Parameters
        ----------
        positions : ndarray of int, shape (m,)
            Their rows.

        Returns
        -------
        Observations
            Arrays of shape (m, K).
        """
        return Observations(
            self.values[positions],
            self.denominators[positions],
            self.standard_errors[positions],
            self.unadjusted[positions],
        )


@dataclass(frozen=True, eq=False)
class Cohort:
    """All teams of a run, validated, sorted by id as text, and immutable.

    Make one with :func:`pairing.cohort.build.cohort_from_frame`.

    Parameters
    ----------
    ids : tuple of str
        Team ids, unique and in ascending order as text.
    names : tuple of str
        What people call the teams; the id where no name is known.
    indicators : tuple of Indicator, length K
        The indicators, in the order of the settings.
    observations : Observations
        Arrays of shape (n, K) in the order of `ids` and `indicators`.
    size : ndarray of float, shape (n,), optional
        Size of each team (patients a year, say); NaN where unknown.
    latitude, longitude : ndarray of float, shape (n,), optional
        WGS84 degrees; NaN where unknown.
    table : pandas.DataFrame
        Every column of the input as text, indexed by id, for rules and reports that name a column. A copy
        is kept.
    contact : str, optional
        The column of the table that says whom to write to.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    observations: Observations
    size: NDArray[np.float64] | None = None
    latitude: NDArray[np.float64] | None = None
    longitude: NDArray[np.float64] | None = None
    table: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    contact: str | None = None

    def __post_init__(self) -> None:
        for name in ("size", "latitude", "longitude"):
            array = getattr(self, name)
            if array is not None:
                object.__setattr__(self, name, _read_only(array))
        object.__setattr__(self, "table", self.table.copy())

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        return f"<Cohort: {len(self)} teams, {len(self.indicators)} indicators>"

    def text(self, column: str) -> tuple[str | None, ...]:
        """Give a column of the table as text.

        Parameters
        ----------
        column : str
            Its name.

        Returns
        -------
        tuple of (str or None), length n
            None where the cell is empty.

        Raises
        ------
        InputDataError
            If there is no such column; the nearest is suggested.
        """
        if column not in self.table.columns:
            known = [str(name) for name in self.table.columns]
            advice = did_you_mean(column, known)
            raise InputDataError([Problem("there is no such column", column=column, advice=advice)])
        return tuple(str(cell) if cell else None for cell in self.table[column])

    def number(self, column: str) -> NDArray[np.float64]:
        """Give a column of the table as numbers.

        Parameters
        ----------
        column : str
            Its name.

        Returns
        -------
        ndarray of float, shape (n,)
            NaN where the cell is empty.

        Raises
        ------
        InputDataError
            If there is no such column, or with every cell that is not a number.
        """
        numbers, problems = np.full(len(self), np.nan), []
        for position, cell in enumerate(self.text(column)):
            number = read_number(cell) if cell is not None else np.nan
            if isinstance(number, CellFault):
                message = f"{number.message} (team '{self.ids[position]}')"
                problems.append(Problem(message, column=column, value=cell, advice=number.advice))
            else:
                numbers[position] = number
        if problems:
            raise InputDataError(problems)
        return numbers

    def subset(self, ids: Iterable[str]) -> Cohort:
        """Make the cohort of some of the teams.

        Parameters
        ----------
        ids : iterable of str
            Teams to keep, in any order.

        Returns
        -------
        Cohort
            The same facts about fewer teams.

        Raises
        ------
        InputDataError
            If an id is unknown; the nearest is suggested.
        """
        chosen = set(ids)
        unknown = sorted(chosen.difference(self.ids))
        if unknown:
            raise InputDataError(
                Problem(f"there is no team '{team}'", advice=did_you_mean(team, self.ids)) for team in unknown
            )
        kept = np.array([position for position, team in enumerate(self.ids) if team in chosen], dtype=np.intp)
        return Cohort(
            ids=tuple(self.ids[position] for position in kept),
            names=tuple(self.names[position] for position in kept),
            indicators=self.indicators,
            observations=self.observations.rows(kept),
            size=None if self.size is None else self.size[kept],
            latitude=None if self.latitude is None else self.latitude[kept],
            longitude=None if self.longitude is None else self.longitude[kept],
            table=self.table.iloc[kept] if len(self.table) else self.table,
            contact=self.contact,
        )

    def to_frame(self) -> pd.DataFrame:
        """Give the teams as a data frame with one row a team.

        Returns
        -------
        pandas.DataFrame
            Columns `team`, `name`, then `size`, `latitude` and `longitude` if known, then one column for each
            indicator with the observed values (proportions between 0 and 1).
        """
        facts: dict[str, object] = {"team": list(self.ids), "name": list(self.names)}
        for name in ("size", "latitude", "longitude"):
            if getattr(self, name) is not None:
                facts[name] = getattr(self, name)
        frame = pd.DataFrame(facts)
        observed = self.observations
        for column, indicator in enumerate(self.indicators):
            frame[indicator.column] = observed.values[:, column]  # noqa: PD011  # our own array, not a Series
        return frame

    def summary(self) -> str:
        """Say in a few lines who is in the cohort.

        Returns
        -------
        str
            Number of teams, their sizes and places, and how many have each indicator.
        """
        lines = [f"{len(self)} teams, {len(self.indicators)} indicators"]
        if self.size is not None and np.isfinite(self.size).any():
            lowest, middle, highest = np.nanquantile(self.size, [0, 0.5, 1])
            lines.append(f"size {lowest:,.0f} to {highest:,.0f}, median {middle:,.0f}")
        if self.latitude is not None:
            lines.append(f"{np.isfinite(self.latitude).sum()} teams with a place")
        n_observed = np.isfinite(self.observations.values).sum(axis=0)
        lines += [
            f"{indicator.title}: {n} teams" for indicator, n in zip(self.indicators, n_observed, strict=True)
        ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return show_result("Cohort", self.summary(), show_table(self.to_frame(), "The teams"))


def _read_only(values: object) -> NDArray[np.float64]:
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array
