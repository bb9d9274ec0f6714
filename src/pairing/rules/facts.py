"""What rules and values may know of teams and pairs; each quantity of a pair is computed once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from pairing.geography import great_circle_km

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from numpy.typing import NDArray

    from pairing.cohort import Cohort
    from pairing.profiles import Profiles
    from pairing.rules.travel import TravelTable

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

Fact = TypeVar("Fact")


@dataclass(frozen=True, eq=False)
class TeamFacts:
    """Everything that a rule may ask of a team.

    Parameters
    ----------
    cohort : Cohort
        The teams, in their fixed order.
    level : ndarray of float, shape (n,)
        Overall level of each team, in between-team SD of an indicator.
    travel : TravelTable, optional
        Journeys between the teams.
    """

    cohort: Cohort
    level: Floats
    travel: TravelTable | None = None
    unknown: Floats = field(init=False, repr=False)
    _once: dict[Hashable, Any] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        unknown = np.full(len(self.cohort), np.nan)
        unknown.setflags(write=False)
        object.__setattr__(self, "unknown", unknown)

    @classmethod
    def of(cls, cohort: Cohort, profiles: Profiles, travel: TravelTable | None = None) -> TeamFacts:
        """Facts of a cohort with its profiles."""
        return cls(cohort, profiles.level, travel)

    @property
    def size(self) -> Floats:
        """Sizes of the teams, NaN where unknown."""
        return self.unknown if self.cohort.size is None else self.cohort.size

    @property
    def latitude(self) -> Floats:
        """Latitudes in degrees, NaN where unknown."""
        return self.unknown if self.cohort.latitude is None else self.cohort.latitude

    @property
    def longitude(self) -> Floats:
        """Longitudes in degrees, NaN where unknown."""
        return self.unknown if self.cohort.longitude is None else self.cohort.longitude

    @property
    def has_table_distances(self) -> bool:
        """Whether distances come from the travel table instead of the coordinates."""
        return self.travel is not None and self.travel.km is not None

    def once(self, name: Hashable, make: Callable[[], Fact]) -> Fact:
        """Give what was made under this name, and make it only if it is asked for the first time.

        Parameters
        ----------
        name : hashable
            Name of something that follows from the teams alone, so that it never changes.
        make : callable
            Makes it.
        """
        if name not in self._once:
            self._once[name] = make()
        made: Fact = self._once[name]
        return made

    def pairs(self, first: Indices, second: Indices) -> PairBlock:
        """A block of pairs, by the positions of their teams."""
        return PairBlock(self, np.asarray(first, np.int64), np.asarray(second, np.int64))


@dataclass(frozen=True, eq=False)
class PairBlock:
    """A list of pairs of teams, with what is between them.

    Parameters
    ----------
    facts : TeamFacts
        The teams.
    first, second : ndarray of int, shape (m,)
        Positions of the two teams of each pair, the smaller one first.
    """

    facts: TeamFacts
    first: Indices
    second: Indices

    def __len__(self) -> int:
        return len(self.first)

    def names(self, at: int) -> tuple[str, str]:
        """Ids of the two teams of one pair."""
        ids = self.facts.cohort.ids
        return ids[self.first[at]], ids[self.second[at]]

    @cached_property
    def distance_km(self) -> Floats:
        """Kilometres by the travel table if it has them, else along the great circle."""
        travel = self.facts.travel
        if travel is not None and travel.km is not None:
            return travel.look_up(travel.km, self.first, self.second)
        return great_circle_km(self.facts.latitude, self.facts.longitude, self.first, self.second)

    @cached_property
    def travel_minutes(self) -> Floats:
        """Minutes by the travel table; NaN without one."""
        travel = self.facts.travel
        if travel is None:
            return np.full(len(self), np.nan)
        return travel.look_up(travel.minutes, self.first, self.second)

    @cached_property
    def size_ratio(self) -> Floats:
        """Size of the larger team over that of the smaller one, at least 1."""
        first, second = self.facts.size[self.first], self.facts.size[self.second]
        return np.maximum(first, second) / np.minimum(first, second)

    @cached_property
    def level_gap(self) -> Floats:
        """Absolute difference of the overall levels, in between-team SD of an indicator."""
        return np.abs(self.facts.level[self.first] - self.facts.level[self.second])
