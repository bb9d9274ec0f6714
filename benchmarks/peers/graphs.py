"""Families of graphs to match: synthetic, each made from a size and a seed alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

UNITS = 1_000_000
"""Whole numbers a unit of value: few enough digits for every engine here."""


@dataclass(frozen=True, eq=False)
class Graph:
    """A graph with whole-number weights.

    Parameters
    ----------
    n : int
        Vertices.
    first, second : ndarray of int64, shape (E,)
        The two ends of each edge, ``first < second``, in alphabetical order.
    weights : ndarray of int64, shape (E,)
        At least 0.
    """

    n: int
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    weights: NDArray[np.int64]


def programme(n: int, seed: int) -> Graph:
    """Teams like those of the audit under the rules of the demo, some 24% of all pairs permitted."""
    from simulated_cohort import simulated_cohort

    from pairing import Different, MaxDistance, MaxLevelGap, MaxSizeRatio, MinDistance, RuleSet
    from pairing.pairs import PairModel, PairTable, Preferences
    from pairing.profiles import estimate_profiles

    rules = [
        MinDistance(50),
        MaxDistance(300),
        MaxSizeRatio(2),
        MaxLevelGap(0.5),
        Different("cancer_alliance"),
    ]
    cohort = simulated_cohort(n, seed)
    table = PairTable.build(
        PairModel(cohort, estimate_profiles(cohort), RuleSet(tuple(rules)), Preferences())
    )
    return Graph(n, table.first, table.second, np.maximum(table.integers // (10**9 // UNITS), 0))


def every_pair(n: int, seed: int) -> Graph:
    """All pairs permitted, values of random profiles."""
    first, second = np.triu_indices(n, 1)
    return Graph(n, first, second, _gain(_profiles(n, seed), first, second))


def one_in_twenty(n: int, seed: int) -> Graph:
    """A random 5% of all pairs, values of random profiles."""
    first, second = np.triu_indices(n, 1)
    chosen = np.random.default_rng([seed, n, 1]).random(len(first)) < 0.05
    first, second = first[chosen], second[chosen]
    return Graph(n, first, second, _gain(_profiles(n, seed), first, second))


def spread_evenly(n: int, seed: int) -> Graph:
    """Teams all over a square country; those neither too near nor too far may meet."""
    return _by_distance(np.random.default_rng([seed, n, 2]).random((n, 2)) * 500, n, seed)


def in_towns(n: int, seed: int) -> Graph:
    """Teams crowded in ten towns: most near pairs are banned, many others look the same."""
    rng = np.random.default_rng([seed, n, 3])
    towns = rng.random((10, 2)) * 500
    return _by_distance(towns[rng.integers(0, 10, n)] + rng.normal(0, 10, (n, 2)), n, seed)


def whole_percentages(n: int, seed: int) -> Graph:
    """Values that are whole percentages, so that masses of plans tie."""
    graph = programme(n, seed)
    return Graph(n, graph.first, graph.second, graph.weights * 100 // UNITS)


def four_values(n: int, seed: int) -> Graph:
    """All pairs, values 0 to 3."""
    first, second = np.triu_indices(n, 1)
    return Graph(n, first, second, np.random.default_rng([seed, n, 4]).integers(0, 4, len(first)))


def nearly_infeasible(n: int, seed: int) -> Graph:
    """Three or so permitted partners a team: some teams have to stay without one."""
    rng = np.random.default_rng([seed, n, 5])
    ends = np.sort(rng.integers(0, n, (3 * n // 2, 2)), axis=1)
    ends = np.unique(ends[ends[:, 0] < ends[:, 1]], axis=0)
    first, second = ends[:, 0], ends[:, 1]
    return Graph(n, first, second, _gain(_profiles(n, seed), first, second))


FAMILIES: dict[str, Callable[[int, int], Graph]] = {
    "programme": programme,
    "every pair": every_pair,
    "one pair in twenty": one_in_twenty,
    "spread evenly": spread_evenly,
    "in towns": in_towns,
    "whole percentages": whole_percentages,
    "four values": four_values,
    "nearly infeasible": nearly_infeasible,
}


def _profiles(n: int, seed: int) -> NDArray[np.float64]:
    return np.random.default_rng([seed, n]).normal(size=(n, 7))


def _gain(
    profiles: NDArray[np.float64], first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The reciprocal gain of known profiles, half of contrast minus dominance, in whole numbers."""
    contrast, dominance = np.zeros(len(first)), np.zeros(len(first))
    for column in profiles.T:
        difference = column[second] - column[first]
        contrast += np.abs(difference)
        dominance += difference
    gain = (contrast - np.abs(dominance)) / (2 * profiles.shape[1])
    return np.floor(gain * UNITS).astype(np.int64)


def _by_distance(places: NDArray[np.float64], n: int, seed: int) -> Graph:
    first, second = np.triu_indices(n, 1)
    km = np.hypot(*(places[first] - places[second]).T)
    permitted = (km >= 50) & (km <= 200)
    first, second = first[permitted], second[permitted]
    return Graph(n, first, second, _gain(_profiles(n, seed), first, second))
