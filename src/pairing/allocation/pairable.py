"""Whether a set of teams can be paired with each other under the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.matching import MatchingProblem, solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Indices = NDArray[np.int64]


class PairableSets:
    """Tells which sets of teams have a perfect matching among the permitted pairs.

    Parameters
    ----------
    n_teams : int
        Number of teams.
    first, second : ndarray of int, shape (E,)
        The two teams of every permitted pair.

    Notes
    -----
    Most sets are settled by giving each team in turn a partner, those with the fewest choices first. The
    exact engine decides the others.

    Examples
    --------
    >>> chain = PairableSets(4, np.array([0, 1, 2]), np.array([1, 2, 3]))
    >>> chain((0, 1, 2, 3)), chain((0, 1)), chain((0, 2))
    (True, True, False)
    """

    def __init__(self, n_teams: int, first: Indices, second: Indices) -> None:
        self._partners = [0] * n_teams
        for a, b in zip(first.tolist(), second.tolist(), strict=True):
            self._partners[a] |= 1 << b
            self._partners[b] |= 1 << a

    def __call__(self, teams: tuple[int, ...]) -> bool:
        """Tell whether these teams, by position, can be paired with each other."""
        inside = sum(1 << team for team in teams)
        choices = {team: self._partners[team] & inside for team in teams}
        if len(teams) % 2 or not all(choices.values()):
            return False
        return _pairs_greedily(choices) or _pairs_exactly(teams, choices)


def _pairs_greedily(choices: dict[int, int]) -> bool:
    """Pair whoever has the fewest choices with the partner who has the fewest; true if that works out."""
    left = dict(choices)
    while left:
        team = min(left, key=lambda one: left[one].bit_count())
        partners = [other for other in left if left[team] >> other & 1]
        if not partners:
            return False
        partner = min(partners, key=lambda one: left[one].bit_count())
        gone = ~(1 << team | 1 << partner)
        left = {one: mask & gone for one, mask in left.items() if one not in (team, partner)}
    return True


def _pairs_exactly(teams: tuple[int, ...], choices: dict[int, int]) -> bool:
    ends = [
        (here, there)
        for here, team in enumerate(teams)
        for there, other in enumerate(teams)
        if here < there and choices[team] >> other & 1
    ]
    first, second = np.array(ends, dtype=np.int64).T
    problem = MatchingProblem(len(teams), first, second, np.zeros(len(ends), dtype=np.int64))
    return len(solve(problem, "max-cardinality").unmatched) == 0
