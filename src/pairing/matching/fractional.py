"""The fractional matching: good duals and most pairs, before any odd set is needed.

In the double cover of a graph, where every vertex has a left and a right copy, the best assignment is the
best matching in which pairs may be halved. SciPy finds it in floating point; nothing of that is
trusted. The duals are recovered from it in whole numbers, repaired until they cover every edge, and only
pairs that are exactly tight under them are kept. Rounding can therefore cost time, never the proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.matching.graph import DoubledGraph

_EXACT_DOUBLES = 2**53
_OVERFLOWS_FROM = 2**61
_SWEEPS_IF_INEXACT = 60


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


def fractional_start(graph: DoubledGraph) -> StartingPoint:
    """Find duals and pairs that need few blossom searches to become optimal.

    Parameters
    ----------
    graph : DoubledGraph
        The graph.

    Returns
    -------
    StartingPoint
        The best fractional matching's duals, and its whole pairs; each odd cycle of half pairs is
        turned into pairs that leave one of its vertices out.
    """
    cover = _DoubleCover(graph)
    column_of = _assignment(cover)
    duals = _repaired(graph, _potentials(cover, column_of))
    return StartingPoint(duals.tolist(), _tight_pairs(cover, column_of, duals))


class _DoubleCover:
    """The arcs of a graph with one more from each vertex to itself, of weight 0, for "unpaired"."""

    def __init__(self, graph: DoubledGraph) -> None:
        n_vertices = graph.n_vertices
        loops = np.arange(n_vertices)
        places = graph.starts[1:]
        self.n_vertices = n_vertices
        self.tails = np.insert(graph.tails, places, loops)
        self.heads = np.insert(graph.heads, places, loops)
        self.weights = np.insert(graph.weights, places, 0) // 2
        self.starts = graph.starts + np.arange(n_vertices + 1)


def _assignment(cover: _DoubleCover) -> NDArray[np.int64]:
    """Assign a head to every tail, for the greatest weight as far as floating point can tell."""
    costs = (cover.weights.max(initial=0) + 1 - cover.weights).astype(np.float64)
    shape = (cover.n_vertices, cover.n_vertices)
    matrix = csr_array((costs, cover.heads.astype(np.int32), cover.starts.astype(np.int32)), shape=shape)
    matrix.sort_indices()
    columns: NDArray[np.int64] = min_weight_full_bipartite_matching(matrix)[1].astype(np.int64)
    return columns


def _chosen_weights(cover: _DoubleCover, column_of: NDArray[np.int64]) -> NDArray[Any]:
    chosen: NDArray[Any] = cover.weights[cover.heads == column_of[cover.tails]]
    return chosen


def _potentials(cover: _DoubleCover, column_of: NDArray[np.int64]) -> NDArray[Any]:
    """Recover integer duals by longest paths; they cover every edge unless the sweeps had to stop early.

    Each sweep raises every row's potential to what its arcs ask for, given that the arcs of the
    assignment stay tight. It settles if the assignment is the best one.
    """
    chosen = _chosen_weights(cover, column_of)
    rows = chosen // 2
    columns = np.empty_like(rows)
    raised: NDArray[Any]
    for _ in range(_most_sweeps(cover)):
        columns[column_of] = chosen - rows
        raised = np.maximum.reduceat(cover.weights - columns[cover.heads], cover.starts[:-1])
        settled = np.array_equal(raised, rows)
        rows = raised
        if settled or int(rows.max()) > _OVERFLOWS_FROM:
            break
    columns[column_of] = chosen - rows
    duals: NDArray[Any] = rows + columns
    return duals


def _most_sweeps(cover: _DoubleCover) -> int:
    exact = int(cover.weights.max(initial=0)) * 8 < _EXACT_DOUBLES
    return cover.n_vertices + 1 if exact else _SWEEPS_IF_INEXACT


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
    tight = duals + duals[column_of] == 2 * _chosen_weights(cover, column_of)
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
