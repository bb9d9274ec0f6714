"""What it costs to hold each of a graph's edges, for all vertices at once: little is solved anew."""

from __future__ import annotations

import heapq
import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.matching.changes.alternating_walks import AlternatingWalks, PathsBegun
from pairing.matching.changes.forced import BoundMatching, hold_edge
from pairing.matching.problem import MatchingProblem
from pairing.matching.solving import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pairing.matching.solution import MatchingSolution

    Indices = NDArray[np.int64]
    Edge = tuple[int, int]

_MOST_STEPS = 60
"""Steps of a search for one cycle before the problem is rather solved anew."""


def cheapest_held_edges_everywhere(
    problem: MatchingProblem,
    best: MatchingSolution,
    n_wanted: int,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[tuple[BoundMatching, ...], ...]:
    """Find for every vertex the edges, outside the best matching, that cost least to hold.

    Parameters
    ----------
    problem : MatchingProblem
        Permitted edges and their weights.
    best : MatchingSolution
        The best of the matchings with as many pairs as possible.
    n_wanted : int
        How many edges of each vertex.
    progress : callable, optional
        Called with the number of vertices done, and of all.

    Returns
    -------
    tuple of tuple of BoundMatching, length n
        For each vertex what :func:`pairing.matching.cheapest_held_edges` gives: the cheapest first, each
        price exact. Where several matchings with an edge are as good, it may be another of them.

    See Also
    --------
    pairing.matching.cheapest_held_edges : The same for one vertex.

    Notes
    -----
    The best matching with an edge (u, v) differs from the best of all by an alternating cycle through (u, v),
    or by a path if a pair is lost. With the slacks of a certificate, twice its price is at least the sum of
    the slacks along it. The cheapest alternating *walk* is a shortest path between the partners of u and v,
    in a graph in which a vertex without a partner takes another one, which sets that one's partner free, at
    the price of the slack; all of them come from one table of shortest paths between all vertices [1]_. Every
    path is a walk, so the length of the shortest walk is a lower bound. Where it passes no vertex twice and
    what it leads to costs just so much, the bound is the price. For the others that may be among the
    cheapest, the part of the graph is solved anew that lies on any walk short enough to matter.

    Vertices that the best matching leaves out are first given partners that count for nothing, each joined to
    all vertices, so that nothing of this depends on how the certificate tells that they are left out.

    References
    ----------
    .. [1] Floyd (1962), "Algorithm 97: shortest path", Communications of the ACM 5(6).

    Examples
    --------
    >>> from pairing.matching import MatchingProblem, solve
    >>> square = MatchingProblem(4, [0, 1, 2, 0, 0], [1, 2, 3, 3, 2], [3, 8, 4, 2, 1])
    >>> found = cheapest_held_edges_everywhere(square, solve(square), 1)
    >>> [(edges[0].edge, edges[0].weight_lost) for edges in found]
    [((0, 1), 3), ((0, 1), 3), ((2, 3), 3), ((2, 3), 3)]
    """
    prices = _Prices(problem, best)
    found = []
    for vertex in range(problem.n_vertices):
        found.append(prices.cheapest(vertex, n_wanted))
        if progress is not None:
            progress(vertex + 1, problem.n_vertices)
    return tuple(found)


def _completed(problem: MatchingProblem, best: MatchingSolution) -> tuple[MatchingProblem, MatchingSolution]:
    """The problem with further vertices that are worth nothing, so that nobody need be left out."""
    alone = np.flatnonzero(np.asarray(best.partner) < 0)
    if not alone.size:
        return problem, best
    n, n_alone = problem.n_vertices, len(alone)
    first, second = (ends.ravel() for ends in np.meshgrid(np.arange(n), np.arange(n, n + n_alone)))
    whole = MatchingProblem(
        n + n_alone,
        np.concatenate([problem.first, first]),
        np.concatenate([problem.second, second]),
        np.concatenate([problem.weights, np.zeros(len(first), problem.weights.dtype)]),
    )
    further = np.arange(n, n + n_alone)
    partner = np.concatenate([best.partner, alone])
    partner[alone] = further
    # What certifies one best matching certifies all that are as good, and this is one.
    return whole, replace(solve(whole), partner=partner)


class _Prices:
    """Prices of edges, each worked out once."""

    def __init__(self, problem: MatchingProblem, best: MatchingSolution) -> None:
        self._asked, self._answer = problem, best
        self._whole, self._best = _completed(problem, best)
        self._walks = AlternatingWalks.of(self._whole, self._best)
        self._partner = np.asarray(self._best.partner)
        self._bonus = self._best.certificate.cardinality_bonus  # bounds are in its units
        self._least_with_fewer = 2 * (self._bonus + self._best.total - _heaviest(self._whole))
        self._known: dict[Edge, BoundMatching] = {}
        self._more_than: dict[Edge, int] = {}
        edges = zip(self._whole.first.tolist(), self._whole.second.tolist(), strict=True)
        self._weight = dict(zip(edges, self._whole.weights.tolist(), strict=True))

    def cheapest(self, vertex: int, n_wanted: int) -> tuple[BoundMatching, ...]:
        """The cheapest edges of a vertex, in order."""
        bounds = self._bounds(vertex)
        others = np.flatnonzero(bounds < self._walks.far).tolist()
        wanted = min(n_wanted, len(others))
        waiting = [(-(-int(bounds[other]) // 2), other) for other in others]
        heapq.heapify(waiting)
        priced: list[tuple[int, int, BoundMatching]] = []
        put_off: list[tuple[int, int]] = []
        while waiting and wanted and (len(priced) < wanted or waiting[0] < priced[wanted - 1][:2]):
            bound, other = heapq.heappop(waiting)
            held = self._along_walks(vertex, other, bound)
            if held is None:
                put_off.append((bound, other))
            else:
                _add(priced, (self._price(held), other, held))
        for bound, other in put_off:
            last = priced[wanted - 1][:2] if len(priced) >= wanted else None
            if last is None or (bound, other) < last:
                held = self._solved(vertex, other, None if last is None else last[0])
                if held is not None:
                    _add(priced, (self._price(held), other, held))
        return tuple(held for _, _, held in priced[:wanted])

    def _bounds(self, vertex: int) -> NDArray[Any]:
        """A lower bound of twice the price of each edge of a vertex; far where there is none."""
        n, n_whole = self._asked.n_vertices, self._whole.n_vertices
        left, length = self._partner[vertex], self._walks.length
        slack = self._walks.slack[vertex, :n]
        apart = slack + length[left, n_whole] + length[self._partner[:n], n_whole]
        bounds = np.minimum(slack + length[left, :n], np.maximum(apart, self._least_with_fewer))
        return np.where(slack < self._walks.far, bounds, self._walks.far)

    def _least_apart(self, edge: Edge) -> int:
        """A lower bound of twice the price of an edge where a pair is lost for it."""
        one, other = self._partner[list(edge)]
        ways = self._walks.length[:, self._whole.n_vertices]
        return max(int(self._walks.slack[edge] + ways[one] + ways[other]), self._least_with_fewer)

    def _price(self, held: BoundMatching) -> int:
        return self._bonus * held.n_pairs_lost + held.weight_lost

    def _along_walks(self, one: int, other: int, bound: int) -> BoundMatching | None:
        """The matching that the shortest walks lead to, if they are a path and it costs just the bound."""
        edge = (min(one, other), max(one, other))
        if edge in self._known:
            return self._known[edge]
        left = [int(self._partner[end]) for end in edge]
        stays, length = self._whole.n_vertices, self._walks.length
        around = self._walks.slack[edge] + length[left[0], edge[1]] <= self._least_apart(edge)
        ends = [(left[0], edge[1])] if around else [(start, stays) for start in left]
        joined = [edge, *(pair for start, end in ends for pair in self._joined(start, end))]
        touched = [vertex for pair in joined for vertex in pair]
        if len(set(touched)) < len(touched):
            return None
        held = self._held(edge, joined)
        if self._price(held) > bound:
            return None
        self._known[edge] = held
        return held

    def _joined(self, start: int, end: int) -> list[Edge]:
        """The pairs that a walk forms."""
        nodes = self._walks.nodes(start, end)
        if end == self._whole.n_vertices:
            nodes.pop()
        return [(here, int(self._partner[there])) for here, there in itertools.pairwise(nodes)]

    def _solved(self, one: int, other: int, limit: int | None) -> BoundMatching | None:
        """The best matching with an edge, by solving what matters of the graph; None if it costs more."""
        edge = (min(one, other), max(one, other))
        if edge in self._known:
            return self._known[edge]
        if limit is not None and self._more_than.get(edge, -1) >= limit:
            return None
        held = self._found_anew(edge, limit)
        if held is None or (limit is not None and self._price(held) > limit):
            self._more_than[edge] = limit or 0
            return None
        self._known[edge] = held
        return held

    def _found_anew(self, edge: Edge, limit: int | None) -> BoundMatching | None:
        """The best matching with an edge; where it costs more than the limit perhaps another one, or None."""
        short = self._short_cycle(edge) if limit is None else None
        if short is not None:
            limit = self._price(short)
        if limit is None or self._least_apart(edge) <= 2 * limit + 1:
            return hold_edge(self._asked, self._answer, edge)
        found, told = self._searched(edge, limit)
        return found if told else self._solved_by_part(edge, self._on_short_walks(edge, 2 * limit + 1))

    def _short_cycle(self, edge: Edge) -> BoundMatching | None:
        """Some matching with an edge, so that there is a limit: one that parts one other pair, or none."""
        slack, (one, other) = self._walks.slack, self._partner[list(edge)].tolist()
        through = slack[one] + slack[self._partner, other]
        through[[*edge, one, other]] = 2 * self._walks.far
        at = int(through.argmin())
        if slack[one, other] <= through[at]:
            joined = [edge, (one, other)]
        else:
            joined = [edge, (one, at), (int(self._partner[at]), other)]
        length = min(slack[one, other], through[at])
        return self._held(edge, joined) if length < self._walks.far else None

    def _searched(self, edge: Edge, limit: int) -> tuple[BoundMatching | None, bool]:
        """Look for the cheapest cycle, the most promising path first; and whether that came to an end.

        The shortest walk from where a path has come to bounds what is still to come, and twice the price of
        a cycle is at least its length: one that costs no more than all bounds is the cheapest (Hart, Nilsson
        and Raphael 1968, "A formal basis for the heuristic determination of minimum cost paths").
        """
        cheapest: BoundMatching | None = None
        begun = PathsBegun(self._walks, self._partner, edge, 2 * limit)
        for _ in range(_MOST_STEPS):
            if not begun.waiting or (cheapest is not None and begun.bound >= 2 * self._price(cheapest)):
                return cheapest, True
            joined = begun.step()
            if joined is not None:
                held = self._held(edge, [edge, *joined])
                if cheapest is None or self._price(held) < self._price(cheapest):
                    cheapest = held
        return None, False

    def _on_short_walks(self, edge: Edge, limit: int) -> NDArray[np.bool_]:
        """Which edges lie on a walk around a cycle no longer than the limit."""
        whole, length, slack = self._whole, self._walks.length, self._walks.slack
        left, stays = self._partner[list(edge)], whole.n_vertices
        limit -= int(slack[edge])
        start, end = length[left[0], :stays], length[self._partner, edge[1]]
        there = slack[whole.first, whole.second]
        shortest = np.minimum(start[whole.first] + end[whole.second], start[whole.second] + end[whole.first])
        short: NDArray[np.bool_] = (there < self._walks.far) & (shortest + there <= limit)
        return short & ~np.isin(whole.first, edge) & ~np.isin(whole.second, edge)

    def _solved_by_part(self, edge: Edge, rows: NDArray[np.bool_]) -> BoundMatching | None:
        """Solve with some edges and the pairs at their ends; None if these vertices cannot all be paired."""
        first, second, weights = (column[rows] for column in _columns(self._whole))
        ends = np.concatenate([first, second, self._partner[list(edge)]])
        inside = np.setdiff1d(np.concatenate([ends, self._partner[ends]]), edge)
        pairs = np.array([(at, self._partner[at]) for at in inside if at < self._partner[at]], np.int64)
        kept = pairs[~np.isin(pairs, edge).any(axis=1)] if pairs.size else np.empty((0, 2), np.int64)
        own = [self._weight[at, other] for at, other in kept.tolist()]
        place = np.full(self._whole.n_vertices, -1)
        place[inside] = np.arange(len(inside))
        part = MatchingProblem(
            len(inside),
            place[np.concatenate([first, kept[:, 0]])],
            place[np.concatenate([second, kept[:, 1]])],
            np.concatenate([weights, np.array(own, dtype=weights.dtype)]),
        )
        partner = np.asarray(solve(part).partner)
        if (partner < 0).any():
            return None
        here = np.flatnonzero(partner > np.arange(len(inside)))
        joined = np.column_stack([inside[here], inside[partner[here]]]).tolist()
        return self._held(edge, [edge, *((one, other) for one, other in joined)])

    def _held(self, edge: Edge, joined: list[Edge]) -> BoundMatching:
        """The best matching once some pairs are formed, and those that they break are gone."""
        n, whole = self._asked.n_vertices, self._partner.copy()
        ends = np.array(joined, np.int64)
        left = whole[ends.ravel()]
        whole[left] = -1
        whole[ends[:, 0]], whole[ends[:, 1]] = ends[:, 1], ends[:, 0]
        partner = np.where((whole[:n] >= 0) & (whole[:n] < n), whole[:n], -1)
        partner.setflags(write=False)
        changed = np.flatnonzero(partner != self._answer.partner)
        before = self._weights_at(np.asarray(self._answer.partner), changed)
        lost = before - self._weights_at(partner, changed)
        n_pairs = int(np.count_nonzero(partner >= 0)) // 2
        return BoundMatching(edge, partner, self._answer.total - lost, self._answer.n_pairs - n_pairs, lost)

    def _weights_at(self, partner: Indices, vertices: Indices) -> int:
        others = partner[vertices].tolist()
        pairs = [(at, other) for at, other in zip(vertices.tolist(), others, strict=True) if at < other]
        return sum(self._weight[pair] for pair in pairs)


def _heaviest(problem: MatchingProblem) -> int:
    """The most that any matching weighs, however few pairs it has."""
    return solve(problem, "max-value").total


def _add(priced: list[tuple[int, int, BoundMatching]], row: tuple[int, int, BoundMatching]) -> None:
    priced.append(row)
    priced.sort(key=lambda known: known[:2])


def _columns(problem: MatchingProblem) -> tuple[Indices, Indices, NDArray[Any]]:
    return problem.first, problem.second, problem.weights
