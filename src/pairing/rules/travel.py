"""A table of journeys between teams, as the user gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InputDataError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class TravelTable:
    """Journeys between pairs of teams, looked up by the teams' positions.

    Make one with :meth:`from_frame`.

    Parameters
    ----------
    n_teams : int
        Number of teams in the cohort.
    keys : ndarray of int, shape (m,)
        ``smaller position * n_teams + larger position`` of each journey, ascending.
    minutes : ndarray of float, shape (m,)
        Travel time; NaN where the table has none.
    km : ndarray of float, shape (m,), optional
        Distance by the table. Where given it takes the place of the great-circle distance.
    """

    n_teams: int
    keys: Indices
    minutes: Floats
    km: Floats | None = None

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, ids: Sequence[str]) -> TravelTable:
        """Read a table with the columns ``team_a``, ``team_b``, ``minutes`` and, optionally, ``km``.

        Parameters
        ----------
        frame : pandas.DataFrame
            One row a journey. Where both directions are given, the longer one counts. Teams that are not
            in the cohort are passed over.
        ids : sequence of str
            The cohort's ids, in its order.

        Returns
        -------
        TravelTable

        Raises
        ------
        InputDataError
            If a column is missing, or a value is not a finite number of at least 0.

        Examples
        --------
        >>> import pandas as pd
        >>> journeys = pd.DataFrame({"team_a": ["A", "B"], "team_b": ["B", "A"], "minutes": [50, 55]})
        >>> TravelTable.from_frame(journeys, ["A", "B"]).minutes.tolist()
        [55.0]
        """
        _require_columns(frame)
        position = {team: index for index, team in enumerate(ids)}
        first = frame["team_a"].astype(str).map(position)
        second = frame["team_b"].astype(str).map(position)
        known = (first.notna() & second.notna() & (first != second)).to_numpy()
        ends = np.column_stack([first[known], second[known]]).astype(np.int64).reshape(-1, 2)
        keys, row = np.unique(ends.min(axis=1) * len(ids) + ends.max(axis=1), return_inverse=True)
        columns = {
            name: _longest(_numbers(frame, name)[known], row, len(keys))
            for name in ("minutes", "km")
            if name in frame.columns
        }
        return cls(len(ids), keys, columns["minutes"], columns.get("km"))

    def for_teams(self, before: Sequence[str], after: Sequence[str]) -> TravelTable:
        """The same journeys for another cohort; a team that the table did not know has none.

        Parameters
        ----------
        before : sequence of str
            Ids of the cohort that the table is for.
        after : sequence of str
            Ids of the cohort that it shall be for, in its order.

        Returns
        -------
        TravelTable

        Examples
        --------
        >>> table = TravelTable(3, np.array([1, 5]), np.array([50.0, 70.0]))  # A-B and B-C
        >>> table.for_teams(["A", "B", "C"], ["B", "C"]).keys.tolist()
        [1]
        """
        place = {team: index for index, team in enumerate(after)}
        position = np.array([place.get(team, -1) for team in before], dtype=np.int64)
        ends = np.column_stack([position[self.keys // self.n_teams], position[self.keys % self.n_teams]])
        known = np.flatnonzero((ends >= 0).all(axis=1))
        keys = ends[known].min(axis=1) * len(after) + ends[known].max(axis=1)
        order = np.argsort(keys)
        rows = known[order]
        km = None if self.km is None else self.km[rows]
        return TravelTable(len(after), keys[order], self.minutes[rows], km)

    def look_up(self, values: Floats, first: Indices, second: Indices) -> Floats:
        """Values of this table (`minutes` or `km`) for pairs of positions; NaN for pairs it does not have."""
        wanted = np.minimum(first, second) * self.n_teams + np.maximum(first, second)
        if len(self.keys) == 0:
            return np.full(len(wanted), np.nan)
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where(self.keys[at] == wanted, values[at], np.nan)


def _require_columns(frame: pd.DataFrame) -> None:
    missing = [name for name in ("team_a", "team_b", "minutes") if name not in frame.columns]
    if missing:
        raise InputDataError(
            Problem("is missing from the travel table", column=name, expected="team_a, team_b, minutes")
            for name in missing
        )


def _numbers(frame: pd.DataFrame, column: str) -> Floats:
    import pandas as pd

    text = frame[column].replace("", np.nan)
    values = pd.to_numeric(text, errors="coerce").to_numpy(np.float64)
    wrong = text.notna().to_numpy() & ~(np.isfinite(values) & (values >= 0))
    if wrong.any():
        raise InputDataError(
            Problem(
                "is not a usable travel figure",
                row=int(row) + 2,
                column=column,
                value=str(text.iloc[row]),
                expected="a finite number, at least 0",
            )
            for row in np.flatnonzero(wrong)
        )
    return values


def _longest(values: Floats, group: Indices, n_groups: int) -> Floats:
    """Largest known value of each group; NaN for a group without any."""
    longest = np.full(n_groups, -np.inf)
    known = np.isfinite(values)
    np.maximum.at(longest, group[known], values[known])
    return np.where(np.isfinite(longest), longest, np.nan)
