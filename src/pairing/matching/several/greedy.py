"""Rounds planned one after the other: what one would do without planning ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.matching.problem import MatchingProblem
from pairing.matching.solving import solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pairs = NDArray[np.int64]


def greedy_rounds(problem: MatchingProblem, n_rounds: int) -> tuple[Pairs, ...]:
    """Give each round the best pairing that the rounds before it have left.

    Parameters
    ----------
    problem : MatchingProblem
        Permitted edges and their weights.
    n_rounds : int
        How many rounds.

    Returns
    -------
    tuple of ndarray of int64, each of shape (k, 2)
        The pairs of each round. With an odd number of vertices the one that rests is another one in every
        round, if that leaves every round full.

    Examples
    --------
    >>> path = MatchingProblem(4, [0, 1, 2], [1, 2, 3], [3, 8, 4])
    >>> [pairs.tolist() for pairs in greedy_rounds(path, 2)]
    [[[0, 1], [2, 3]], [[1, 2]]]
    """
    if problem.n_vertices % 2 == 1:
        rotated = _one_after_the_other(_with_resting_place(problem), n_rounds)
        if all(2 * len(pairs) == problem.n_vertices + 1 for pairs in rotated):
            return tuple(pairs[pairs[:, 1] < problem.n_vertices] for pairs in rotated)
    return tuple(_one_after_the_other(problem, n_rounds))


def _with_resting_place(problem: MatchingProblem) -> MatchingProblem:
    """One more vertex, whose partner rests; as no pair is repeated, nobody rests twice."""
    n = problem.n_vertices
    return MatchingProblem(
        n + 1,
        np.concatenate([problem.first, np.arange(n)]),
        np.concatenate([problem.second, np.full(n, n)]),
        np.concatenate([problem.weights, np.zeros(n, problem.weights.dtype)]),
    )


def _one_after_the_other(problem: MatchingProblem, n_rounds: int) -> list[Pairs]:
    rounds = []
    for _ in range(n_rounds):
        pairs = solve(problem).pairs()
        rounds.append(pairs)
        used = np.isin(
            problem.first * problem.n_vertices + problem.second,
            pairs[:, 0] * problem.n_vertices + pairs[:, 1],
        )
        problem = MatchingProblem(
            problem.n_vertices, problem.first[~used], problem.second[~used], problem.weights[~used]
        )
    return rounds
