"""What it costs to hold one edge, or to do without it: the best matching so bound."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InputDataError, Problem
from pairing.matching.changes.remainders import Remainder, Remainders
from pairing.matching.proof.slack import EdgeSlack

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pairing.matching.edge_source import EdgeSource
    from pairing.matching.solution import MatchingSolution

    Indices = NDArray[np.int64]


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


class ForcedEdges:
    """Prices of holding and avoiding edges, for as many of them as are asked for.

    Parameters
    ----------
    problem : EdgeSource
        Permitted edges and their weights.
    best : MatchingSolution
        The best matching of the problem, in the mode that is kept here.

    Notes
    -----
    An edge is held by the best matching of what remains without its two ends; see
    :class:`~pairing.matching.changes.remainders.Remainders`. The search for what remains without one vertex
    serves all edges of that vertex.
    """

    def __init__(self, problem: EdgeSource, best: MatchingSolution) -> None:
        self._best = best
        self._slack = EdgeSlack(best.certificate)
        self._remainders = Remainders(problem, best)
        self._alone: Remainder | None = None

    @property
    def n_searches(self) -> int:
        """Searches for what remains without a vertex or two, so far."""
        return self._remainders.n_searches

    def hold(self, edge: tuple[int, int], *, weight: int | None = None) -> BoundMatching:
        """Find the best matching that holds an edge; see :func:`hold_edge`."""
        low, high = min(edge), max(edge)
        if weight is None:
            weight = self._weight_of(low, high)
        rest = self._remainders.further(self._without(low), high)
        return self._held((low, high), weight, rest)

    def avoid(self, edge: tuple[int, int]) -> BoundMatching:
        """Find the best matching without an edge; see :func:`avoid_edge`."""
        low, high = min(edge), max(edge)
        if self._best.partner[low] != high:
            return self._bound(
                (low, high), np.array(self._best.partner), self._best.n_pairs, self._best.total
            )
        # Either the lower end stays alone, or another edge of it is held: the cheapest one.
        alone = self._without(low)
        cheapest = [*self._by_price(low, 1, unit=1)]
        if cheapest and cheapest[0][0] <= self._remainders.lost_alone(alone):
            held = cheapest[0][2]
            return self._bound(
                (low, high), np.array(held.partner), self._best.n_pairs - held.n_pairs_lost, held.total
            )
        return self._bound((low, high), alone.partner.copy(), alone.n_pairs, alone.total)

    def cheapest(
        self, vertex: int, n_wanted: int | None, *, progress: Callable[[int, int], None] | None = None
    ) -> tuple[BoundMatching, ...]:
        """Find the edges of one vertex that cost least to hold; see :func:`cheapest_held_edges`."""
        priced = self._by_price(vertex, n_wanted, unit=self._remainders.stretch, progress=progress)
        return tuple(held for _, _, held in priced)

    def _by_price(
        self,
        vertex: int,
        n_wanted: int | None,
        *,
        unit: int,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[tuple[int, int, BoundMatching]]:
        """Price the edges of a vertex outside the best matching until the cheapest are known.

        In units of one, the price tells how many pairs change, too; in units of the stretch it does not.
        """
        waiting = self._bounds(vertex, unit)
        wanted = len(waiting) if n_wanted is None else min(n_wanted, len(waiting))
        heapq.heapify(waiting)
        priced: list[tuple[int, int, BoundMatching]] = []
        while len(priced) < wanted or (wanted and waiting and waiting[0][:2] < priced[wanted - 1][:2]):
            _, other, weight = heapq.heappop(waiting)
            rest = self._remainders.further(self._without(vertex), other)
            held = self._held((min(vertex, other), max(vertex, other)), weight, rest)
            priced.append((self._remainders.lost(rest, weight) // unit, other, held))
            priced.sort(key=lambda row: row[:2])
            if progress is not None:
                known = [row for row in priced[:wanted] if not waiting or row[:2] < waiting[0][:2]]
                progress(len(known), wanted)
        return priced[:wanted]

    def _bounds(self, vertex: int, unit: int) -> list[tuple[int, int, int]]:
        """A lower bound of the price of each edge of a vertex outside the best matching; its end, its weight.

        One bound is half of its slack, the other comes from the duals of what remains without the vertex.
        """
        ends, weights = self._remainders.edges_at(vertex)
        outside = ends != self._best.partner[vertex]
        ends, weights = ends[outside], weights[outside]
        slacks = self._slack.of(np.minimum(ends, vertex), np.maximum(ends, vertex), weights).tolist()
        alone, stretch = self._without(vertex), self._remainders.stretch
        bounds = []
        for other, weight, slack in zip(ends.tolist(), weights.tolist(), slacks, strict=True):
            by_slack = stretch * -(-slack // 2)
            least = max(by_slack, self._remainders.least_lost(alone, other, weight))
            bounds.append((least // unit, other, weight))
        return bounds

    def _without(self, vertex: int) -> Remainder:
        if self._alone is None or self._alone.without != (vertex,):
            self._alone = self._remainders.without(vertex)
        return self._alone

    def _weight_of(self, low: int, high: int) -> int:
        ends, weights = self._remainders.edges_at(low)
        at = np.flatnonzero(ends == high)
        if at.size == 0:
            raise InputDataError([Problem(f"the problem has no edge between {low} and {high}")])
        return int(weights[at[0]])

    def _held(self, edge: tuple[int, int], weight: int, rest: Remainder) -> BoundMatching:
        partner = rest.partner.copy()
        partner[edge[0]], partner[edge[1]] = edge[1], edge[0]
        return self._bound(edge, partner, rest.n_pairs + 1, rest.total + weight)

    def _bound(self, edge: tuple[int, int], partner: Indices, n_pairs: int, total: int) -> BoundMatching:
        partner.setflags(write=False)
        return BoundMatching(edge, partner, total, self._best.n_pairs - n_pairs, self._best.total - total)


def hold_edge(
    problem: EdgeSource, best: MatchingSolution, edge: tuple[int, int], *, weight: int | None = None
) -> BoundMatching:
    """Find the best matching that holds an edge.

    Parameters
    ----------
    problem : EdgeSource
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
    >>> from pairing.matching import MatchingProblem, solve
    >>> path = MatchingProblem(4, [0, 1, 2], [1, 2, 3], [3, 8, 4])
    >>> held = hold_edge(path, solve(path), (1, 2))
    >>> held.n_pairs_lost, held.weight_lost
    (1, -1)
    """
    return ForcedEdges(problem, best).hold(edge, weight=weight)


def avoid_edge(problem: EdgeSource, best: MatchingSolution, edge: tuple[int, int]) -> BoundMatching:
    """Find the best matching without an edge.

    Parameters
    ----------
    problem : EdgeSource
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
    >>> from pairing.matching import MatchingProblem, solve
    >>> square = MatchingProblem(4, [0, 1, 2, 0], [1, 2, 3, 3], [3, 8, 4, 2])
    >>> avoid_edge(square, solve(square), (1, 2)).weight_lost
    3
    """
    return ForcedEdges(problem, best).avoid(edge)


def cheapest_held_edges(
    problem: EdgeSource,
    best: MatchingSolution,
    vertex: int,
    n_wanted: int | None,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[BoundMatching, ...]:
    """Find the edges of one vertex, outside the best matching, that cost least to hold.

    Parameters
    ----------
    problem : EdgeSource
        Permitted edges and their weights.
    best : MatchingSolution
        The best matching of the problem with its certificate.
    vertex : int
        The vertex.
    n_wanted : int, optional
        How many edges; None for all.
    progress : callable, optional
        Called after each edge that is held with the number of those that are certain to be among the
        cheapest, and with the number that are wanted.

    Returns
    -------
    tuple of BoundMatching
        The cheapest first: fewest pairs lost, then least weight lost, then the smaller other end. Each price
        is exact.

    Notes
    -----
    Only so many edges are held as it takes to be sure. Let y be the duals for doubled weights,
    with the bonus b a pair, of a certificate that proves the total W of n pairs. A matching M satisfies

        2 (w(M) + b |M|) = Σ_{e in M} (cover of e by y − slack of e) ≤ 2 (W + b n) − Σ_{e in M} slack of e,

    for the covers of its edges add up to at most the proven bound. With an edge e in M, the price
    (W + b n) − (w(M) + b |M|) is therefore at least half the slack of e. A second bound comes from the duals
    that prove the best matching without the vertex: what its other end counts for there is lost, too. Edges
    are held in the order of the greater bound until that of the next one is no less than the price of the
    last one wanted.

    Examples
    --------
    >>> from pairing.matching import MatchingProblem, solve
    >>> square = MatchingProblem(4, [0, 1, 2, 0, 0], [1, 2, 3, 3, 2], [3, 8, 4, 2, 1])
    >>> cheapest_held_edges(square, solve(square), 0, 1)[0].edge
    (0, 1)
    """
    return ForcedEdges(problem, best).cheapest(vertex, n_wanted, progress=progress)
