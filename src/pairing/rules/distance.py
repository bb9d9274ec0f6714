"""Rules on where two teams are: not neighbours, and not too far to visit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from pairing.errors import Problem
from pairing.geography import distance_to_nearest
from pairing.rules.base import LimitRule, missing_values, require_number
from pairing.wording import against, shortened

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.rules.facts import PairBlock, TeamFacts
    from pairing.rules.rectangle import Glance, Rectangle

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]


class _DistanceRule(LimitRule):
    """A rule that needs to know how far apart two teams are."""

    unit: ClassVar[str] = "km"

    def missing(self, facts: TeamFacts) -> list[Problem]:
        """Teams without coordinates, or journeys that the travel table does not have."""
        if facts.has_table_distances:
            return _missing_journeys(facts, self.key, "km")
        return missing_values(facts, facts.latitude + facts.longitude, self.key, "coordinates")


@dataclass(frozen=True)
class MinDistance(_DistanceRule):
    """Two teams must be at least so far apart.

    Parameters
    ----------
    km : float
        Smallest distance permitted, in kilometres.

    Raises
    ------
    SettingsError
        If `km` is negative or not finite.
    """

    km: float
    key: ClassVar[str] = "min_distance_km"
    raised_to_relax: ClassVar[bool] = False

    def __post_init__(self) -> None:
        require_number(self.key, self.km, least=0)

    @property
    def limit(self) -> float:
        """Smallest distance permitted, in kilometres."""
        return self.km

    def figure(self, pairs: PairBlock) -> Floats:
        """Kilometres between the teams."""
        return pairs.distance_km

    def glance(self, pairs: Rectangle) -> Glance | None:
        """By the angle between the two places; a travel table is looked up pair by pair."""
        return None if pairs.facts.has_table_distances else pairs.nearer(self.km)

    def with_limit(self, limit: float) -> MinDistance:
        """The same rule with another limit."""
        return replace(self, km=limit)

    @property
    def statement(self) -> str:
        """For example "the teams are at least 60 km apart"."""
        return f"the teams are at least {self.km:.12g} km apart"

    def sentence(self, pairs: PairBlock, at: int) -> str:
        """For example "38 km apart; at least 60 km required"."""
        value, limit = against(pairs.distance_km[at], self.km)
        return f"{value} km apart; at least {limit} km required"


@dataclass(frozen=True)
class MaxDistance(_DistanceRule):
    """Two teams must be at most so far apart.

    Parameters
    ----------
    km : float
        Largest distance permitted, in kilometres.

    Raises
    ------
    SettingsError
        If `km` is not above 0 or not finite.
    """

    km: float
    key: ClassVar[str] = "max_distance_km"

    def __post_init__(self) -> None:
        require_number(self.key, self.km, least=0, strictly=True)

    @property
    def limit(self) -> float:
        """Largest distance permitted, in kilometres."""
        return self.km

    def figure(self, pairs: PairBlock) -> Floats:
        """Kilometres between the teams."""
        return pairs.distance_km

    def glance(self, pairs: Rectangle) -> Glance | None:
        """By the angle between the two places; a travel table is looked up pair by pair."""
        return None if pairs.facts.has_table_distances else pairs.farther(self.km)

    def with_limit(self, limit: float) -> MaxDistance:
        """The same rule with another limit."""
        return replace(self, km=limit)

    @property
    def statement(self) -> str:
        """For example "the teams are at most 300 km apart"."""
        return f"the teams are at most {self.km:.12g} km apart"

    def sentence(self, pairs: PairBlock, at: int) -> str:
        """For example "412 km apart; at most 300 km allowed"."""
        value, limit = against(pairs.distance_km[at], self.km)
        return f"{value} km apart; at most {limit} km allowed"


@dataclass(frozen=True)
class MaxTravel(LimitRule):
    """The journey between two teams must take at most so long, by the travel table.

    Parameters
    ----------
    minutes : float
        Longest journey permitted.

    Raises
    ------
    SettingsError
        If `minutes` is not above 0 or not finite.
    """

    minutes: float
    key: ClassVar[str] = "max_travel_minutes"
    unit: ClassVar[str] = "minutes"

    def __post_init__(self) -> None:
        require_number(self.key, self.minutes, least=0, strictly=True)

    @property
    def limit(self) -> float:
        """Longest journey permitted, in minutes."""
        return self.minutes

    def figure(self, pairs: PairBlock) -> Floats:
        """Minutes between the teams."""
        return pairs.travel_minutes

    def with_limit(self, limit: float) -> MaxTravel:
        """The same rule with another limit."""
        return replace(self, minutes=limit)

    @property
    def statement(self) -> str:
        """For example "the journey takes at most 180 minutes"."""
        return f"the journey takes at most {self.minutes:.12g} minutes"

    def sentence(self, pairs: PairBlock, at: int) -> str:
        """For example "245 minutes apart; at most 180 minutes allowed"."""
        value, limit = against(pairs.travel_minutes[at], self.minutes)
        return f"{value} minutes apart; at most {limit} minutes allowed"

    def problems(self, facts: TeamFacts) -> list[Problem]:
        """A missing travel table."""
        if facts.travel is not None:
            return []
        return [
            Problem(
                "needs a travel table, and none is given",
                column=f"rules.{self.key}",
                advice="Name a file with the columns team_a, team_b, minutes as travel_table in [rules].",
            )
        ]

    def missing(self, facts: TeamFacts) -> list[Problem]:
        """Journeys that the travel table does not have."""
        return [] if facts.travel is None else _missing_journeys(facts, self.key, "minutes")


@dataclass(frozen=True)
class NotNearest(_DistanceRule):
    """Neither team may be among the other's k nearest; this works in London and in Cornwall alike.

    Teams at the same distance as the k-th nearest count as nearest too.

    Parameters
    ----------
    k : int
        How many nearest teams are barred, at least 1.

    Raises
    ------
    SettingsError
        If `k` is below 1.
    """

    k: int
    key: ClassVar[str] = "not_nearest"
    judges_by_all_teams: ClassVar[bool] = True
    unit: ClassVar[str] = "ranks"
    raised_to_relax: ClassVar[bool] = False
    whole_limit: ClassVar[bool] = True

    def __post_init__(self) -> None:
        require_number(self.key, self.k, least=1)

    @property
    def limit(self) -> float:
        """How many nearest teams are barred."""
        return self.k

    def figure(self, pairs: PairBlock) -> Floats:
        """How many teams are strictly closer to one of the two than the other; the closer of both views."""
        rank = np.minimum(
            _neighbour_rank(pairs, pairs.first, pairs.second),
            _neighbour_rank(pairs, pairs.second, pairs.first),
        )
        return rank - 1

    def with_limit(self, limit: float) -> NotNearest | None:
        """The same rule for another number of nearest teams; None for 0."""
        return replace(self, k=int(limit)) if limit >= 1 else None

    def verdict(self, pairs: PairBlock) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """The same as the sign of the slack, without ranking every team."""
        if pairs.facts.has_table_distances:
            return super().verdict(pairs)
        radius = self._radius_km(pairs.facts)
        distance = pairs.distance_km
        near = (distance <= radius[pairs.first]) | (distance <= radius[pairs.second])
        return near, np.isnan(distance)

    @property
    def statement(self) -> str:
        """For example "neither team is among the other's 5 nearest teams"."""
        if self.k == 1:
            return "neither team is the other's nearest one"
        return f"neither team is among the other's {self.k} nearest teams"

    def glance(self, pairs: Rectangle) -> Glance | None:
        """By the distance of each team to its k-th nearest; a travel table is looked up pair by pair."""
        return None if pairs.facts.has_table_distances else pairs.close_to(self._radius_km(pairs.facts))

    def _radius_km(self, facts: TeamFacts) -> Floats:
        return facts.once(
            f"distance to nearest {self.k}",
            lambda: distance_to_nearest(facts.latitude, facts.longitude, self.k),
        )

    def sentence(self, pairs: PairBlock, at: int) -> str:
        """For example "R1K is among the 5 nearest teams of R0A (rank 2, 12 km)"."""
        here, there = pairs.names(at)
        one = _single(pairs, at)
        rank = _neighbour_rank(one, one.first, one.second)[0]
        if rank > self.k:
            here, there = there, here
            rank = _neighbour_rank(one, one.second, one.first)[0]
        nearest = "the nearest team" if self.k == 1 else f"among the {self.k} nearest teams"
        return f"{there} is {nearest} of {here} (rank {rank:.0f}, {one.distance_km[0]:.0f} km)"


def _single(pairs: PairBlock, at: int) -> PairBlock:
    return pairs.facts.pairs(pairs.first[at : at + 1], pairs.second[at : at + 1])


def _neighbour_rank(pairs: PairBlock, origin: Indices, other: Indices) -> Floats:
    """Rank of `other` among the neighbours of `origin`: 1 + how many are strictly closer; NaN if unknown."""
    n_teams = len(pairs.facts.cohort)
    ranks = np.empty(len(origin))
    everyone = np.arange(n_teams)
    order = np.argsort(origin, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(origin[order])) + 1):
        if len(rows) == 0:
            continue
        here = origin[rows[0]]
        around = pairs.facts.pairs(np.minimum(here, everyone), np.maximum(here, everyone)).distance_km
        to_others = np.sort(np.delete(around, here))
        distance = around[other[rows]]
        ranks[rows] = np.where(np.isnan(distance), np.nan, 1 + np.searchsorted(to_others, distance, "left"))
    return ranks


def _missing_journeys(facts: TeamFacts, key: str, column: str) -> list[Problem]:
    first, second = np.triu_indices(len(facts.cohort), 1)
    block = facts.pairs(first, second)
    unknown = np.flatnonzero(np.isnan(block.travel_minutes if column == "minutes" else block.distance_km))
    if len(unknown) == 0:
        return []
    examples = ["–".join(block.names(int(at))) for at in unknown[:11]]
    names = shortened(examples) if len(unknown) <= 10 else ", ".join(examples[:10]) + " and others"
    return [
        Problem(
            f"needs the {column} of every pair, and the travel table lacks {len(unknown)} of {len(block)}: "
            + names,
            column=f"rules.{key}",
            advice='Add the journeys, or set missing = "ban" or "permit" in [rules].',
        )
    ]
