"""Soft preferences: what a pair's value loses for travel, unequal size or a gap in level."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import Problem, SettingsError
from pairing.wording import shortened

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.rules import PairBlock

    Floats = NDArray[np.float64]

LARGEST_WEIGHT = 100.0
"""A preference of a hundred SD of gain already outweighs any gain there is."""


@dataclass(frozen=True)
class Preferences:
    """What is taken off a pair's expected reciprocal gain, in units of gain (between-team SD).

    Parameters
    ----------
    travel_per_100_km : float
        Taken off for each 100 km between the two teams.
    size_difference : float
        Taken off for each unit of ``|log(size ratio)|``; a team twice as large costs 0.69 of it.
    level_gap : float
        Taken off for each SD between the overall levels.

    Raises
    ------
    SettingsError
        If a weight is below 0 or above `LARGEST_WEIGHT`.

    Examples
    --------
    >>> Preferences(travel_per_100_km=0.05).active
    ('travel_per_100_km',)
    """

    travel_per_100_km: float = 0.0
    size_difference: float = 0.0
    level_gap: float = 0.0

    def __post_init__(self) -> None:
        wrong = [name for name, weight in asdict(self).items() if not 0 <= weight <= LARGEST_WEIGHT]
        if wrong:
            raise SettingsError(
                Problem(
                    "is out of range",
                    column=f"objective.preferences.{name}",
                    value=str(getattr(self, name)),
                    expected=f"a number from 0 to {LARGEST_WEIGHT:g}",
                )
                for name in wrong
            )

    @property
    def active(self) -> tuple[str, ...]:
        """Names of the preferences with a weight."""
        return tuple(name for name, weight in asdict(self).items() if weight > 0)

    def penalty(self, pairs: PairBlock) -> Floats:
        """What is taken off the value of each pair, shape (m,); NaN where the data for it are missing."""
        total = np.zeros(len(pairs))
        if self.travel_per_100_km:
            total += self.travel_per_100_km * pairs.distance_km / 100.0
        if self.size_difference:
            total += self.size_difference * np.log(pairs.size_ratio)
        if self.level_gap:
            total += self.level_gap * pairs.level_gap
        return total

    def problems(self, pairs: PairBlock) -> list[Problem]:
        """Pairs among those given whose penalty cannot be computed, in one problem."""
        unknown = np.flatnonzero(np.isnan(self.penalty(pairs)))
        if len(unknown) == 0:
            return []
        names = ["–".join(pairs.names(int(at))) for at in unknown[:11]]
        listed = shortened(names) if len(unknown) <= 10 else ", ".join(names[:10]) + " and others"
        return [
            Problem(
                f"needs the distance and size of every permitted pair, and {len(unknown)} lack one: {listed}",
                column="objective.preferences",
                advice="Give the missing sizes or coordinates, or take the preference out.",
            )
        ]
