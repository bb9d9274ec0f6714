"""The fractional matching: good duals and most pairs, before any odd set is needed.

In the double cover of a graph, where every vertex has a left and a right copy, the best assignment is the
best matching in which pairs may be halved. SciPy finds it in floating point, in which nothing is trusted:
the duals are recovered from it in whole numbers, repaired if they do not cover every edge, and only
pairs that are exactly tight under them are kept. Rounding could therefore cost time, never the proof.

SciPy's method bids for columns in steps as small as the smallest difference between costs; where many
vertices compete for few, the number of steps is the range of the costs over that difference, and a few
vertices with a range of 10**12 keep it busy for hours. It is therefore called for costs rounded to
coarse units first, and then for what remains of them in finer and finer units.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from pairing.matching.engine.binary_places import BinaryPlaces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pairing.matching.engine.graph import DoubledGraph

_FIRST_BITS = 12
_BITS_MORE = 10

_SWEEPS_AT_LEAST = 200
_FEW_ROWS = 32
"""After so many sweeps, rows that still change are followed one by one, if they are one in so many."""


@dataclass(frozen=True, eq=False)
class StartingPoint:
    """Duals that cover every edge, and a matching of edges that they cover exactly.

    Parameters
    ----------
    duals : list of int, length n
        Dual of each vertex, at least 0.
    partner : list of int, length n
        Partner of each vertex, -1 for none.
    """

    duals: list[int]
    partner: list[int]


def fractional_start(graph: DoubledGraph, near: Sequence[int] | None = None) -> StartingPoint:
    """Find duals and pairs that need few blossom searches to become optimal.

    Parameters
    ----------
    graph : DoubledGraph
        The graph.
    near : sequence of int, length n, optional
        Duals that are nearly right, as of a graph with nearly the same edges. They save time only.

    Returns
    -------
    StartingPoint
        The best fractional matching's duals, and its whole pairs; each odd cycle of half pairs is
        turned into pairs that leave one of its vertices out.
    """
    cover = _DoubleCover(graph)
    column_of, duals = _assignment_with_duals(cover, near)
    duals = _repaired(graph, duals)
    return StartingPoint(duals.tolist(), _tight_pairs(cover, column_of, duals))


def fractional_prices(graph: DoubledGraph, guess: NDArray[np.int64], loss: int) -> NDArray[np.int64]:
    """Price the vertices by the best fractional matching in which being unpaired costs everyone as much.

    Parameters
    ----------
    graph : DoubledGraph
        The graph, without a bonus.
    guess : ndarray of int64, shape (n,)
        About what each vertex is worth in a pair, in units of weight.
    loss : int
        What it costs to leave a vertex unpaired, beyond the guess.

    Returns
    -------
    ndarray of int64, shape (n,)
        Twice the price of each vertex; no edge of the graph weighs more than its ends are priced at.

    Notes
    -----
    Where some vertices must stay alone, for want of edges, the duals of a matching of the greatest
    weight tell how much a pair is worth, not which edges are wanted: those of all others in reach are driven
    apart. Here no price is driven further from its guess than the loss, or an edge's own worth, explains.
    """
    cover = _DoubleCover(graph, 2 * guess - loss)
    prices: NDArray[np.int64] = _assignment_with_duals(cover, (2 * guess).tolist())[1]
    return prices


class _DoubleCover:
    """The arcs of a graph, and one from each vertex to itself, of weight 0 or as given, for "unpaired"."""

    def __init__(self, graph: DoubledGraph, loops: NDArray[np.int64] | int = 0) -> None:
        n_vertices = graph.n_vertices
        vertices = np.arange(n_vertices)
        places = np.searchsorted(graph.tails * n_vertices + graph.heads, vertices * (n_vertices + 1))
        self.n_vertices = n_vertices
        self.tails = np.insert(graph.tails, places, vertices)
        self.heads = np.insert(graph.heads, places, vertices)
        self.weights = np.insert(graph.weights // 2, places, loops)
        self.heaviest = int(self.weights.max(initial=0))
        self.starts = graph.starts + np.arange(n_vertices + 1)
        self.matrix = csr_array(
            (np.ones(self.heads.size), self.heads.astype(np.int32), self.starts.astype(np.int32)),
            shape=(n_vertices, n_vertices),
        )

    @cached_property
    def into(self) -> NDArray[np.intp]:
        """Where the arcs are, by head and then by tail; as many enter a vertex as leave it."""
        return np.lexsort((self.tails, self.heads))


def _assignment_with_duals(
    cover: _DoubleCover, near: Sequence[int] | None
) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Assign a head to every tail, and give the duals of the vertices for doubled weights.

    Between two levels, costs are replaced by what the potentials so far leave of them. The assignment so
    far costs less than one unit a row then, so that no arc above n of these units need be told apart, and
    one at twice as many stays above them at every finer level. Costs are kept up to there only, in 64 bits;
    the digits of the next level are all that is looked up in the numbers themselves.
    """
    costs, duals = _costs(cover, near)
    highest = int(costs.max(initial=0))
    places = BinaryPlaces(costs)
    column_of = np.arange(cover.n_vertices)
    finest = (cover.n_vertices + 1) << _BITS_MORE
    ceiling = 1 << _FIRST_BITS
    reduced = np.zeros(cover.heads.size, dtype=np.int64)
    above = highest.bit_length()
    for shift in _shifts(highest):
        reduced = (reduced << (above - shift)) + places.between(shift, above)
        capped = np.minimum(reduced, ceiling)
        column_of = _assignment(cover, capped)
        rows, columns = _potentials(cover, capped, column_of)
        reduced = np.minimum(reduced - rows[cover.tails] - columns[cover.heads], 2 * finest)
        duals = duals - ((rows + columns).astype(duals.dtype) << shift)
        above, ceiling = shift, finest
    return column_of, duals


def _costs(cover: _DoubleCover, near: Sequence[int] | None) -> tuple[NDArray[Any], NDArray[Any]]:
    """What each arc costs, at least 0, and the duals under which it costs so much.

    With duals that are nearly right, the arcs that matter cost next to nothing from the beginning.
    """
    if near is None:
        duals = np.full_like(cover.weights, cover.heaviest, shape=cover.n_vertices)
        return cover.heaviest - cover.weights, duals
    shares = np.array(near, dtype=cover.weights.dtype) // 2
    costs = shares[cover.tails] + shares[cover.heads] - cover.weights
    least = np.minimum.reduceat(costs, cover.starts[:-1])
    return costs - least[cover.tails], 2 * shares - least


def _shifts(highest: int) -> list[int]:
    """Give the binary places to leave out at each level, down to none."""
    first = max(highest.bit_length() - _FIRST_BITS, 0)
    return [*range(first, 0, -_BITS_MORE), 0]


def _assignment(cover: _DoubleCover, costs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Assign a head to every tail at the least cost; SciPy takes a cost of 0 for a missing arc."""
    cover.matrix.data = costs.astype(np.float64) + 1
    columns: NDArray[np.int64] = min_weight_full_bipartite_matching(cover.matrix)[1].astype(np.int64)
    return columns


def _potentials(
    cover: _DoubleCover, costs: NDArray[np.int64], column_of: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Recover the potentials of rows and columns by shortest paths.

    Each sweep lowers every row's potential to what its arcs allow, given that the arcs of the assignment
    stay tight. If the assignment is the best one, that settles after at most as many sweeps as rows.
    """
    chosen = costs[cover.heads == column_of[cover.tails]]
    rows = chosen // 2
    columns = np.empty_like(rows)
    left = cover.n_vertices + 1
    while left > 0:
        columns[column_of] = chosen - rows
        lowered = np.minimum.reduceat(costs - columns[cover.heads], cover.starts[:-1])
        changed = np.flatnonzero(lowered != rows)
        rows, left = lowered, left - 1
        if changed.size == 0:
            break
        if _FEW_ROWS * changed.size <= cover.n_vertices and left < cover.n_vertices - _SWEEPS_AT_LEAST:
            rows, left = _follow_few(cover, costs, column_of, rows, changed, left)
    columns[column_of] = chosen - rows
    return rows, columns


def _follow_few(
    cover: _DoubleCover,
    costs: NDArray[np.int64],
    column_of: NDArray[np.int64],
    potentials: NDArray[np.int64],
    changed: NDArray[np.int64],
    left: int,
) -> tuple[NDArray[np.int64], int]:
    """Sweep on from the few rows that have changed, until none does, many do, or no sweep is left.

    A path of thousands of rows, each of which waits for the one before, would take as many sweeps over all
    arcs.
    """
    into, starts, column = cover.into, cover.starts.tolist(), column_of.tolist()
    tails, cost = cover.tails[into].tolist(), costs[into].tolist()
    chosen = costs[cover.heads == column_of[cover.tails]].tolist()
    rows, front = potentials.tolist(), changed.tolist()
    while front and left > 0 and _FEW_ROWS * len(front) <= 2 * cover.n_vertices:
        lowered: dict[int, int] = {}
        for row in front:
            head, taken = column[row], chosen[row] - rows[row]
            for place in range(starts[head], starts[head + 1]):
                tail, value = tails[place], cost[place] - taken
                if value < lowered.get(tail, rows[tail]):
                    lowered[tail] = value
        for row, value in lowered.items():
            rows[row] = value
        front, left = list(lowered), left - 1
    return np.array(rows, dtype=np.int64), left


def _repaired(graph: DoubledGraph, duals: NDArray[Any]) -> NDArray[Any]:
    """Raise duals until none is negative and every edge is covered."""
    duals = np.maximum(duals, 0)
    shortfall = graph.weights - duals[graph.tails] - duals[graph.heads]
    short = np.flatnonzero(shortfall > 0)
    if short.size:
        raises = np.zeros_like(duals)
        np.maximum.at(raises, graph.tails[short], shortfall[short])
        duals = duals + raises
    return duals


def _tight_pairs(cover: _DoubleCover, column_of: NDArray[np.int64], duals: NDArray[Any]) -> list[int]:
    """Pair up the vertices along each cycle of the assignment, over tight edges only."""
    chosen = cover.weights[cover.heads == column_of[cover.tails]]
    tight = duals + duals[column_of] == 2 * chosen
    loops = column_of == np.arange(cover.n_vertices)
    following = np.where(tight & ~loops, column_of, -1).tolist()
    partner = [-1] * cover.n_vertices
    seen = [False] * cover.n_vertices
    for vertex in range(cover.n_vertices):
        if not seen[vertex]:
            cycle = _cycle(column_of, vertex)
            for member in cycle:
                seen[member] = True
            _pair_along(cycle, following, partner)
    return partner


def _cycle(column_of: NDArray[np.int64], start: int) -> list[int]:
    cycle = [start]
    following = int(column_of[start])
    while following != start:
        cycle.append(following)
        following = int(column_of[following])
    return cycle


def _pair_along(cycle: list[int], following: list[int], partner: list[int]) -> None:
    """Pair neighbours on a cycle; the first vertex of an odd cycle stays alone."""
    for place in range(len(cycle) % 2, len(cycle) - 1, 2):
        one, other = cycle[place], cycle[place + 1]
        if following[one] == other:
            partner[one], partner[other] = other, one
