"""Before any linear programme is solved: the edges that are likely to be used, and a first bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.matching.engine.fractional import fractional_start
from pairing.matching.engine.graph import doubled_graph
from pairing.matching.large.pricing import CANDIDATES_EACH, SOLVED_AT_ONCE
from pairing.matching.problem import MatchingProblem
from pairing.matching.several.bound import Duals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.matching.several.colouring import Edge
    from pairing.matching.several.union import UnionProblem

    Integers = NDArray[np.int64]


def likely_edges(problem: UnionProblem, known: list[list[Edge]] | None) -> Integers:
    """Choose the edges that the linear programme begins with: all, if there are few.

    Parameters
    ----------
    problem : UnionProblem
        The edges and what is asked of them.
    known : list of list of (int, int), optional
        Rounds that are known; their edges are among those chosen.

    Returns
    -------
    ndarray of int64
        Positions, ascending.
    """
    if problem.first.size <= SOLVED_AT_ONCE:
        return np.arange(problem.first.size)
    whole = MatchingProblem(problem.n_vertices, problem.first, problem.second, problem.weights)
    first, second, _ = whole.candidates(CANDIDATES_EACH)
    used = tuple(edge for matching in known or () for edge in matching)
    return np.union1d(problem.positions_of(first, second), problem.positions(used)).astype(np.int64)


def first_duals(problem: UnionProblem, likely: Integers, parts: int) -> Duals:
    """Take the prices of the best single round, in which pairs may be halved, for those of every round.

    Parameters
    ----------
    problem : UnionProblem
        The edges and what is asked of them.
    likely : ndarray of int64
        Positions of edges to find the prices by. What others are worth beyond them counts in the bound.
    parts : int
        An even number of parts of a unit of weight.

    Returns
    -------
    Duals
        They prove about as much as that as many rounds as there are, each the best one, would be worth.
    """
    chosen = likely[problem.weights[likely] > 0]
    first, second, weights = problem.first[chosen], problem.second[chosen], problem.weights[chosen]
    graph = doubled_graph(problem.n_vertices, first, second, weights, 0)
    return Duals(tuple(int(dual) * (parts // 2) for dual in fractional_start(graph).duals))
