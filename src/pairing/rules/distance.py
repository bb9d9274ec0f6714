"""Rules on where two teams are: not neighbours, and not too far to visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from pairing.errors import Problem
from pairing.geography import distance_to_nearest
from pairing.rules.base import Rule, missing_values, require_number
from pairing.wording import against, shortened

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.rules.facts import PairBlock, TeamFacts

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]


class _DistanceRule(Rule):
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

    def __post_init__(self) -> None:
        require_number(self.key, self.km, least=0)

    def slack(self, pairs: PairBlock) -> Floats:
        """Kilometres above the limit."""
        return pairs.distance_km - self.km

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

    def slack(self, pairs: PairBlock) -> Floats:
        """Kilometres below the limit."""
        return self.km - pairs.distance_km

    def sentence(self, pairs: PairBlock, at: int) -> str:
        """For example "412 km apart; at most 300 km allowed"."""
        value, limit = against(pairs.distance_km[at], self.km)
        return f"{value} km apart; at most {limit} km allowed"


@dataclass(frozen=True)
class MaxTravel(Rule):
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

    def slack(self, pairs: PairBlock) -> Floats:
        """Minutes below the limit."""
        return self.minutes - pairs.travel_minutes

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
    unit: ClassVar[str] = "ranks"

    def __post_init__(self) -> None:
        require_number(self.key, self.k, least=1)

    def slack(self, pairs: PairBlock) -> Floats:
        """Ranks beyond the k-th nearest, of the closer of the two views."""
        rank = np.minimum(
            _neighbour_rank(pairs, pairs.first, pairs.second),
            _neighbour_rank(pairs, pairs.second, pairs.first),
        )
        return rank - (self.k + 1)

    def verdict(self, pairs: PairBlock) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """The same as the sign of the slack, without ranking every team."""
        if pairs.facts.has_table_distances:
            return super().verdict(pairs)
        radius = distance_to_nearest(pairs.facts.latitude, pairs.facts.longitude, self.k)
        distance = pairs.distance_km
        near = (distance <= radius[pairs.first]) | (distance <= radius[pairs.second])
        return near, np.isnan(distance)

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
