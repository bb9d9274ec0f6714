"""One place that scores pairs: gain, preferences and rules, for any list of pairs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InputDataError, Problem
from pairing.pairs.gain import Gains, gains_between
from pairing.rules import TeamFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from pairing.cohort import Cohort
    from pairing.pairs.preferences import Preferences
    from pairing.profiles import Profiles
    from pairing.rules import PairBlock, RuleSet, TravelTable

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

VALUE_DIGITS = 9
"""Decimals of a pair's value; its integer, in units of 10^-9, is what the engine works on."""

VALUE_SCALE: int = 10**VALUE_DIGITS
"""Units of the integer in one between-team SD."""

LARGEST_VALUE = 1e5
"""Largest value of a pair, in between-team SD: sums of integers over any plan then fit into 64 bits."""

PAIRS_PER_BLOCK = 1 << 18


@dataclass(frozen=True, eq=False)
class ScoredPairs:
    """Value and bans of a list of pairs.

    Parameters
    ----------
    pairs : PairBlock
        The pairs, with their distance, size ratio and level gap.
    gains : Gains
        Expected gains in between-team SD.
    integers : ndarray of int, shape (m,)
        The value in units of ``1 / VALUE_SCALE``: expected reciprocal gain minus preferences.
    banned : ndarray of bool, shape (m, number of rules)
        Which rule bans which pair.
    """

    pairs: PairBlock
    gains: Gains
    integers: Indices
    banned: NDArray[np.bool_]

    @cached_property
    def permitted(self) -> NDArray[np.bool_]:
        """Which pairs no rule bans, shape (m,)."""
        return np.logical_not(self.banned.any(axis=1))

    @property
    def value(self) -> Floats:
        """The value of each pair, shape (m,), with `VALUE_DIGITS` decimals."""
        return self.integers / VALUE_SCALE


@dataclass(frozen=True, eq=False)
class PairModel:
    """How any pair of a cohort is valued and judged.

    Parameters
    ----------
    cohort : Cohort
        The teams.
    profiles : Profiles
        Their profiles, in the same order.
    rules : RuleSet
        The hard rules.
    preferences : Preferences
        The soft ones.
    travel : TravelTable, optional
        Journeys between the teams.
    """

    cohort: Cohort
    profiles: Profiles
    rules: RuleSet
    preferences: Preferences
    travel: TravelTable | None = None

    @cached_property
    def facts(self) -> TeamFacts:
        """What rules may know of the teams."""
        return TeamFacts.of(self.cohort, self.profiles, self.travel)

    @property
    def n_pairs(self) -> int:
        """Number of pairs of different teams, permitted or not."""
        return len(self.cohort) * (len(self.cohort) - 1) // 2

    def score(self, first: Indices, second: Indices) -> ScoredPairs:
        """Score a list of pairs.

        Parameters
        ----------
        first, second : ndarray of int, shape (m,)
            Positions of the two teams of each pair, the smaller one first.

        Returns
        -------
        ScoredPairs
            Pairs whose preferences lack data get the value of their gain alone; for a permitted pair that is
            refused beforehand (:meth:`Preferences.problems`).
        """
        block = self.facts.pairs(first, second)
        gains = gains_between(self.profiles, block.first, block.second)
        return ScoredPairs(block, gains, self._integers(gains, block), self.rules.bans(block))

    def integers(self, first: Indices, second: Indices) -> Indices:
        """Value of each pair in units of ``1 / VALUE_SCALE``, shape (m,), as in :meth:`score`."""
        block = self.facts.pairs(first, second)
        return self._integers(gains_between(self.profiles, first, second), block)

    def _integers(self, gains: Gains, block: PairBlock) -> Indices:
        value = gains.reciprocal - np.nan_to_num(self.preferences.penalty(block))
        _refuse_huge(value)
        return np.rint(value * VALUE_SCALE).astype(np.int64)

    def score_all(self, pairs_per_block: int = PAIRS_PER_BLOCK) -> Iterator[ScoredPairs]:
        """Score every pair, block by block, in ascending order of the first and then the second team."""
        for first, second in upper_triangle(len(self.cohort), pairs_per_block):
            yield self.score(first, second)


def _refuse_huge(value: Floats) -> None:
    if np.abs(value).max(initial=0.0) > LARGEST_VALUE:
        raise InputDataError(
            [
                Problem(
                    f"a pair would be worth {float(np.abs(value).max()):.3g} SD, which no gain can be",
                    expected=f"at most {LARGEST_VALUE:g}",
                    advice="Look at the distances of the travel table and at [objective] preferences.",
                )
            ]
        )


def upper_triangle(n: int, pairs_per_block: int) -> Iterator[tuple[Indices, Indices]]:
    """All pairs of positions below n, the smaller one first, in blocks of whole rows.

    Parameters
    ----------
    n : int
        Number of teams.
    pairs_per_block : int
        A block ends with the row in which it reaches this many pairs.

    Yields
    ------
    tuple of ndarray of int
        First and second positions.

    Examples
    --------
    >>> [(a.tolist(), b.tolist()) for a, b in upper_triangle(3, 2)]
    [([0, 0], [1, 2]), ([1], [2])]
    """
    start = 0
    while start < n - 1:
        stop, count = start, 0
        while stop < n - 1 and count < pairs_per_block:
            count += n - 1 - stop
            stop += 1
        rows = np.arange(start, stop)
        first = np.repeat(rows, n - 1 - rows)
        yield first, np.concatenate([np.arange(row + 1, n) for row in rows])
        start = stop
