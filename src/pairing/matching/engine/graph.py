"""The engine's view of a graph: doubled weights, and for each vertex the arcs that leave it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_SAFE = 2**61


@dataclass(frozen=True, eq=False)
class DoubledGraph:
    """A graph whose weights include the bonus and are doubled, so that every dual is a whole number.

    Make one with :func:`doubled_graph`.

    Parameters
    ----------
    n_vertices : int
        Vertices are numbered from 0.
    tails, heads : ndarray of int64, shape (2 m,)
        Ends of the arcs, two for each edge, sorted by tail and then by head.
    weights : ndarray of int64, or of Python integers where 64 bits might not do, shape (2 m,)
        Doubled weights, all positive.
    """

    n_vertices: int
    tails: NDArray[np.int64] = field(repr=False)
    heads: NDArray[np.int64] = field(repr=False)
    weights: NDArray[Any] = field(repr=False)

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Where the arcs of each vertex begin, with the end appended; shape (n + 1,)."""
        return np.searchsorted(self.tails, np.arange(self.n_vertices + 1)).astype(np.int64)

    def arcs(self, vertex: int) -> Iterator[tuple[int, int]]:
        """Give head and doubled weight of every arc that leaves a vertex, as Python integers."""
        starts, heads, weights = self._lists
        piece = slice(starts[vertex], starts[vertex + 1])
        return zip(heads[piece], weights[piece], strict=True)

    @cached_property
    def _lists(self) -> tuple[list[int], list[int], list[int]]:
        """All arcs as Python integers: turned into these vertex by vertex, they take six times as long."""
        return self.starts.tolist(), self.heads.tolist(), self.weights.tolist()


def doubled_graph(
    n_vertices: int,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    weights: NDArray[Any],
    bonus: int,
) -> DoubledGraph:
    """Add the bonus, double the weights, and leave out the edges that are then worth nothing.

    Parameters
    ----------
    n_vertices : int
        Number of vertices.
    first, second : ndarray of int64, shape (m,)
        Edges, each once.
    weights : ndarray of int64, or of Python integers, shape (m,)
        Their weights.
    bonus : int
        Constant to add to every weight.

    Returns
    -------
    DoubledGraph
        The graph for the engine.
    """
    heaviest = max(int(weights.max(initial=0)), -int(weights.min(initial=0))) + bonus
    doubled = 2 * ((weights if heaviest < _SAFE else weights.astype(object)) + bonus)
    useful = np.flatnonzero(doubled > 0)
    low, high, values = first[useful], second[useful], doubled[useful]
    tails, heads = np.concatenate([low, high]), np.concatenate([high, low])
    order = np.argsort(tails * n_vertices + heads)
    return DoubledGraph(n_vertices, tails[order], heads[order], np.concatenate([values, values])[order])
