"""Least cuts between all pairs of vertices of a small weighted graph, as a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Flags = NDArray[np.bool_]

_UNITS = 1_000_000
"""Units of the whole-number capacities in a capacity of 1."""


def least_cuts(n_vertices: int, first: Integers, second: Integers, capacity: Floats) -> list[Flags]:
    """Give the fundamental cuts of a cut tree: one of them is a least cut between any two vertices.

    Parameters
    ----------
    n_vertices : int
        Vertices are numbered from 0.
    first, second : ndarray of int64, shape (m,)
        Ends of the edges.
    capacity : ndarray of float, shape (m,)
        Capacities, at least 0; counted in millionths.

    Returns
    -------
    list of ndarray of bool, each of shape (n_vertices,)
        One side of each of the ``n_vertices - 1`` cuts, never the one with vertex 0.

    References
    ----------
    .. [1] Gusfield (1990), "Very simple methods for all pairs network flow analysis", SIAM J. Comput. 19.

    Examples
    --------
    >>> sides = least_cuts(3, np.array([0, 1]), np.array([1, 2]), np.array([2.0, 1.0]))
    >>> [side.astype(int).tolist() for side in sides]
    [[0, 1, 1], [0, 0, 1]]
    """
    if n_vertices < 2:
        return []
    network = _Network(n_vertices, first, second, capacity)
    parent = [0] * n_vertices
    for vertex in range(1, n_vertices):
        towards = parent[vertex]
        side = network.least_cut(vertex, towards)
        for other in np.flatnonzero(side).tolist():
            if other != vertex and parent[other] == towards:
                parent[other] = vertex
        if side[parent[towards]]:
            parent[vertex], parent[towards] = parent[towards], vertex
    return [_below(parent, vertex) for vertex in range(1, n_vertices)]


class _Network:
    """Undirected capacities, ready for many least cuts."""

    def __init__(self, n_vertices: int, first: Integers, second: Integers, capacity: Floats) -> None:
        from scipy.sparse import csr_array

        units = np.rint(capacity * _UNITS).astype(np.int32)
        kept = units > 0
        ends = np.concatenate([first[kept], second[kept]]), np.concatenate([second[kept], first[kept]])
        shape = n_vertices, n_vertices
        self.capacity = csr_array((np.concatenate([units[kept], units[kept]]), ends), shape=shape)
        self.capacity.sort_indices()
        self.starts, self.neighbours = self.capacity.indptr.tolist(), self.capacity.indices.tolist()

    def least_cut(self, source: int, sink: int) -> Flags:
        """The side of the source, as small as it can be."""
        from scipy.sparse.csgraph import maximum_flow

        flow = maximum_flow(self.capacity, source, sink).flow
        flow.sort_indices()
        # Every edge is there in both directions, so that the flow has the same entries as the capacities.
        left = (self.capacity.data - flow.data).tolist()
        side = np.zeros(len(self.starts) - 1, dtype=np.bool_)
        side[source] = True
        waiting = [source]
        while waiting:
            vertex = waiting.pop()
            for place in range(self.starts[vertex], self.starts[vertex + 1]):
                other = self.neighbours[place]
                if left[place] > 0 and not side[other]:
                    side[other] = True
                    waiting.append(other)
        return side


def _below(parent: list[int], vertex: int) -> Flags:
    """The vertices from which the way to the root leads through a vertex, itself among them."""
    side = np.zeros(len(parent), dtype=np.bool_)
    for start in range(len(parent)):
        at = start
        while at not in (0, vertex):
            at = parent[at]
        side[start] = at == vertex
    return side
