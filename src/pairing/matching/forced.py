"""What it costs to hold one edge, or to do without it: the best matching so bound, solved anew."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.errors import InputDataError, Problem
from pairing.matching.problem import MatchingProblem
from pairing.matching.slack import EdgeSlack
from pairing.matching.solving import solve

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from pairing.matching.problem import Mode
    from pairing.matching.solution import MatchingSolution

    Indices = NDArray[np.int64]

_SAFE = 2**61


@dataclass(frozen=True, eq=False)
class BoundMatching:
    """The best matching that holds a certain edge, or avoids it, and what that costs.

    Parameters
    ----------
    edge : tuple of int
        The edge, the smaller vertex first.
    partner : ndarray of int64, shape (n,)
        Partner of each vertex, -1 for none. Of all matchings as good as this one, it shares the most edges
        with the best matching.
    total : int
        Sum of the weights of its pairs.
    n_pairs_lost : int
        How many more pairs the best matching has.
    weight_lost : int
        By how much the best matching weighs more. With fewer pairs than the best one this can be below 0.
    """

    edge: tuple[int, int]
    partner: Indices = field(repr=False)
    total: int
    n_pairs_lost: int
    weight_lost: int


def hold_edge(
    problem: MatchingProblem, best: MatchingSolution, edge: tuple[int, int], *, weight: int | None = None
) -> BoundMatching:
    """Find the best matching that holds an edge.

    Parameters
    ----------
    problem : MatchingProblem
        Permitted edges and their weights.
    best : MatchingSolution
        The best matching of the problem, in the mode that is kept here.
    edge : tuple of int
        The two ends.
    weight : int, optional
        Weight of the edge if the problem does not have it.

    Returns
    -------
    BoundMatching
        The edge together with the best matching of all other vertices.

    Raises
    ------
    InputDataError
        If the problem does not have the edge and `weight` is not given.

    Examples
    --------
    >>> path = MatchingProblem(4, [0, 1, 2], [1, 2, 3], [3, 8, 4])
    >>> held = hold_edge(path, solve(path), (1, 2))
    >>> held.n_pairs_lost, held.weight_lost
    (1, -1)
    """
    low, high = min(edge), max(edge)
    if weight is None:
        weight = _weight_of(problem, low, high)
    ends = np.array([low, high])
    apart = ~(np.isin(problem.first, ends) | np.isin(problem.second, ends))
    partner = _keeping_most(problem, apart, best)
    total = _total(problem, partner) + weight
    partner[low], partner[high] = high, low
    return _bound(best, (low, high), partner, total)


def avoid_edge(problem: MatchingProblem, best: MatchingSolution, edge: tuple[int, int]) -> BoundMatching:
    """Find the best matching without an edge.

    Parameters
    ----------
    problem : MatchingProblem
        Permitted edges and their weights.
    best : MatchingSolution
        The best matching of the problem, in the mode that is kept here.
    edge : tuple of int
        The two ends.

    Returns
    -------
    BoundMatching
        The best matching of the graph without the edge.

    Examples
    --------
    >>> square = MatchingProblem(4, [0, 1, 2, 0], [1, 2, 3, 3], [3, 8, 4, 2])
    >>> avoid_edge(square, solve(square), (1, 2)).weight_lost
    3
    """
    low, high = min(edge), max(edge)
    others = ~((problem.first == low) & (problem.second == high))
    partner = _keeping_most(problem, others, best)
    return _bound(best, (low, high), partner, _total(problem, partner))


def cheapest_held_edges(
    problem: MatchingProblem,
    best: MatchingSolution,
    vertex: int,
    n_wanted: int | None,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[BoundMatching, ...]:
    """Find the edges of one vertex, outside the best matching, that cost least to hold.

    Parameters
    ----------
    problem : MatchingProblem
        Permitted edges and their weights.
    best : MatchingSolution
        The best matching of the problem with its certificate.
    vertex : int
        The vertex.
    n_wanted : int, optional
        How many edges; None for all.
    progress : callable, optional
        Called after each edge with the number held so far, and the number that there is to hold at most.

    Returns
    -------
    tuple of BoundMatching
        The cheapest first: fewest pairs lost, then least weight lost, then the smaller other end. Each price
        is exact.

    Notes
    -----
    Only so many problems are solved anew as it takes to be sure. Let y be the duals for doubled weights,
    with the bonus b a pair, of a certificate that proves the total W of n pairs. A matching M satisfies

        2 (w(M) + b |M|) = Σ_{e in M} (cover of e by y − slack of e) ≤ 2 (W + b n) − Σ_{e in M} slack of e,

    for the covers of its edges add up to at most the proven bound. With an edge e in M, the price
    (W + b n) − (w(M) + b |M|) is therefore at least half the slack of e. Edges are solved in the order of
    that bound until the bound of the next one is no less than the price of the last one wanted.

    Examples
    --------
    >>> square = MatchingProblem(4, [0, 1, 2, 0, 0], [1, 2, 3, 3, 2], [3, 8, 4, 2, 1])
    >>> cheapest_held_edges(square, solve(square), 0, 1)[0].edge
    (0, 1)
    """
    others, bounds = _bounds(problem, best, vertex)
    wanted = len(others) if n_wanted is None else min(n_wanted, len(others))
    waiting = list(zip(bounds, others, strict=True))
    heapq.heapify(waiting)
    priced: list[tuple[int, int, BoundMatching]] = []
    while len(priced) < wanted or (wanted and waiting and waiting[0] < priced[wanted - 1][:2]):
        _, other = heapq.heappop(waiting)
        held = hold_edge(problem, best, (vertex, other))
        priced.append((_price(best, held), other, held))
        priced.sort(key=lambda row: row[:2])
        if progress is not None:
            progress(len(priced), len(others))
    return tuple(held for _, _, held in priced[:wanted])


def _bounds(
    problem: MatchingProblem, best: MatchingSolution, vertex: int
) -> tuple[Sequence[int], Sequence[int]]:
    """Other ends of the vertex's edges outside the best matching, and a lower bound of each one's price."""
    rows = np.flatnonzero((problem.first == vertex) | (problem.second == vertex))
    rows = rows[best.partner[problem.first[rows]] != problem.second[rows]]
    first, second = problem.first[rows], problem.second[rows]
    slack = EdgeSlack(best.certificate).of(first, second, problem.weights[rows])
    return (first + second - vertex).tolist(), [-(-each // 2) for each in slack.tolist()]


def _price(best: MatchingSolution, bound: BoundMatching) -> int:
    """What is lost in weight and pairs, in one number that puts pairs first where the mode does."""
    return best.certificate.cardinality_bonus * bound.n_pairs_lost + bound.weight_lost


def _weight_of(problem: MatchingProblem, low: int, high: int) -> int:
    at = np.flatnonzero((problem.first == low) & (problem.second == high))
    if at.size == 0:
        raise InputDataError([Problem(f"the problem has no edge between {low} and {high}")])
    return int(problem.weights[at[0]])


def _keeping_most(problem: MatchingProblem, rows: NDArray[np.bool_], best: MatchingSolution) -> Indices:
    """Solve with some of the edges; among equals, the matching that shares most with the best one.

    Weights are stretched by more than a matching has edges, and an edge of the best matching gets one unit
    on top: never enough to outweigh a difference in weight.
    """
    first, second, weights = problem.first[rows], problem.second[rows], problem.weights[rows]
    stretch = problem.n_vertices // 2 + 1
    heaviest = max(int(weights.max(initial=0)), -int(weights.min(initial=0)))
    exact: NDArray[Any] = weights if (heaviest + 1) * stretch < _SAFE else weights.astype(object)
    stretched = exact * stretch + (best.partner[first] == second)
    mode: Mode = "max-value" if best.mode == "max-value" else "max-cardinality"
    return np.array(solve(MatchingProblem(problem.n_vertices, first, second, stretched), mode).partner)


def _total(problem: MatchingProblem, partner: Indices) -> int:
    return sum(problem.weights[partner[problem.first] == problem.second].tolist())


def _bound(best: MatchingSolution, edge: tuple[int, int], partner: Indices, total: int) -> BoundMatching:
    partner.setflags(write=False)
    n_pairs = int(np.count_nonzero(partner >= 0)) // 2
    return BoundMatching(edge, partner, total, best.n_pairs - n_pairs, best.total - total)
