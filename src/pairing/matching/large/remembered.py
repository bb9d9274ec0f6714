"""Edges of a stream that are near to being heavy, remembered from pass to pass.

Prices of vertices change little from one round to the next. An edge that was far from heavy under the
prices of an earlier pass is far from heavy still, unless the price of one of its ends has fallen below what
that pass allowed for; only the edges of such vertices are looked up again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.matching.candidates import BestPerVertex, merged_edges, nearest_edges
from pairing.matching.edge_source import EdgeSource, HeavyEdges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from pairing.matching.problem import EdgeBlock

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]

REMEMBERED_EACH = 40
"""Edges that a pass remembers, for each vertex and on average."""

VERTICES_SAMPLED = 48
"""Vertices whose edges tell how far a pass has to reach to remember so many."""

MOST_REMEMBERED = 3
"""How many times as many as wanted may be remembered, until only the heaviest are kept."""

FEW = 0.2
"""Share of the vertices up to which their edges alone are looked up again, and not all."""


class RememberedEdges(EdgeSource):
    """A stream of edges with a memory; see the module's text.

    Parameters
    ----------
    stream : EdgeSource
        All permitted edges.
    n_each : int
        Edges to remember for each vertex, on average.

    Attributes
    ----------
    n_priced : int
        Edges that were looked at, over all passes; for comparison between versions and machines.
    n_passes : int
        Passes over the whole stream.
    """

    def __init__(self, stream: EdgeSource, *, n_each: int = REMEMBERED_EACH) -> None:
        self.n_vertices = stream.n_vertices
        self.n_priced = self.n_passes = 0
        self._stream = stream
        self._n_each = n_each
        self._all = True
        self._edges: EdgeBlock = merged_edges(stream.n_vertices, [])
        self._reach = np.full(stream.n_vertices, np.inf)

    @property
    def n_edges(self) -> int:
        """Number of edges of the stream."""
        return self._stream.n_edges

    def blocks(self) -> Iterable[EdgeBlock]:
        """Give every edge of the stream."""
        return self._stream.blocks()

    def weight_range(self) -> tuple[int, int]:
        """Give two whole numbers between which every weight lies."""
        return self._stream.weight_range()

    def candidates(self, n_each: int) -> EdgeBlock:
        """Choose edges to begin with."""
        return self._stream.candidates(n_each)

    def prices(self) -> Floats | None:
        """Guess what each vertex will be worth."""
        return self._stream.prices()

    def look_up(self, first: Integers, second: Integers) -> NDArray[Any]:
        """Look up the weights of some of the edges."""
        return self._stream.look_up(first, second)

    def heavy(self, floors: Floats, vertices: Integers | None = None) -> Iterator[HeavyEdges]:
        """Find the edges that weigh more than the floors of their two ends together.

        Where more are heavy than can be remembered, only the heaviest at each vertex are given.
        """
        if vertices is not None:
            yield from self._stream.heavy(floors, vertices)
            return
        self._extend(floors)
        first, second, weights = self._edges
        heavy = np.flatnonzero(weights > floors[first] + floors[second])
        yield HeavyEdges(self.n_edges, first[heavy], second[heavy], weights[heavy], self._all)

    def all_heavy(self, floors: Floats) -> Iterator[HeavyEdges]:
        """Find the edges that weigh more than the floors of their two ends, without remembering any."""
        self.n_passes += 1
        for piece in self._stream.all_heavy(floors):
            self.n_priced += piece.n_edges
            yield piece

    def nearest(self, floors: Floats, n_each: int) -> EdgeBlock:
        """Choose the edges that weigh most in comparison with the floors of their two ends.

        Only remembered ones: fewer at a vertex than were asked for, where fewer are near to being heavy.
        """
        self._extend(floors)
        return nearest_edges(self._edges, floors, n_each)

    def _extend(self, floors: Floats) -> None:
        """Look up what the memory does not cover."""
        low = np.flatnonzero(floors < self._reach)
        if low.size == 0:
            return
        margin = self._margin(floors)
        if low.size > FEW * self.n_vertices:
            self._forget()
            self._reach = floors - margin
            self.n_passes += 1
            pieces = self._stream.heavy(self._reach)
        else:
            self._reach[low] = floors[low] - margin
            pieces = self._stream.heavy(self._reach, low)
        self._remember(pieces, floors)

    def _forget(self) -> None:
        self._edges = merged_edges(self.n_vertices, [])

    def _remember(self, pieces: Iterable[HeavyEdges], floors: Floats) -> None:
        """Take in what was found, or, if that is too much, the heaviest at each vertex for this once."""
        found = [self._edges]
        n_found = self._edges[0].size
        best: BestPerVertex | None = None
        for piece in pieces:
            self.n_priced += piece.n_edges
            found.append((piece.first, piece.second, piece.weights))
            n_found += piece.first.size
            if n_found > MOST_REMEMBERED * self._n_each * (self.n_vertices + 1000):
                best = best or BestPerVertex(self.n_vertices, self._n_each)
                for block in found:
                    self._add(best, block, floors)
                found, n_found = [], 0
        if best is None:
            self._all = True
            self._edges = merged_edges(self.n_vertices, found)
            return
        for block in found:
            self._add(best, block, floors)
        first, second = np.divmod(best.kept(), self.n_vertices)
        self._edges = first, second, self._stream.look_up(first, second)
        self._reach = np.full(self.n_vertices, np.inf)
        self._all = False

    def _add(self, best: BestPerVertex, edges: EdgeBlock, floors: Floats) -> None:
        first, second, weights = edges
        excess = weights - floors[first] - floors[second]
        for ends in (first, second):
            best.add(ends, excess, first * self.n_vertices + second)

    def _margin(self, floors: Floats) -> float:
        """How much lower than asked to look, so as to remember about as many edges as wanted."""
        step = max(1, self.n_vertices // VERTICES_SAMPLED)
        sampled = np.arange(step // 2, self.n_vertices, step)
        short = [np.zeros(0)]
        for piece in self._stream.heavy(np.full(self.n_vertices, -np.inf), sampled):
            self.n_priced += piece.n_edges
            short.append(floors[piece.first] + floors[piece.second] - piece.weights)
        ascending = np.sort(np.concatenate(short))
        wanted = sampled.size * self._n_each
        if wanted >= ascending.size:
            return np.inf
        return max(0.0, float(ascending[wanted]) / 2.0)
