"""All permitted edges of a graph, which need never be held at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from pairing.matching.problem import EdgeBlock

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]


class HeavyEdges(NamedTuple):
    """Some of the edges of a stretch: all that can be heavier than what their ends allow for.

    Attributes
    ----------
    n_edges : int
        Edges in the stretch, heavy or not.
    first, second : ndarray of int64, shape (m,)
        Ends of those that may be heavy.
    weights : ndarray of int64, or of Python integers, shape (m,)
        Their weights.
    are_all : bool
        Whether these are all heavy edges of the stretch; else the heaviest at each vertex.
    """

    n_edges: int
    first: Integers
    second: Integers
    weights: NDArray[Any]
    are_all: bool = True


class EdgeSource(ABC):
    """All permitted edges of a graph, in pieces.

    Attributes
    ----------
    n_vertices : int
        Vertices are numbered from 0.
    """

    n_vertices: int

    @property
    @abstractmethod
    def n_edges(self) -> int:
        """Number of edges in all pieces."""

    @abstractmethod
    def blocks(self) -> Iterable[EdgeBlock]:
        """Give every edge once, with first < second; a fresh start at each call."""

    def weight_range(self) -> tuple[int, int]:
        """Give two whole numbers between which every weight lies, 0 included."""
        lowest = highest = 0
        for _, _, weights in self.blocks():
            lowest = min(lowest, int(weights.min(initial=0)))
            highest = max(highest, int(weights.max(initial=0)))
        return lowest, highest

    def candidates(self, n_each: int) -> EdgeBlock:
        """Choose edges to begin with, some `n_each` at each vertex, in ascending order."""
        from pairing.matching.candidates import candidate_edges

        return candidate_edges(self, n_each)

    def prices(self) -> Floats | None:
        """Guess for each vertex its part in the weight of the edges that will matter; None for no guess."""
        return None

    def look_up(self, first: Integers, second: Integers) -> NDArray[Any]:
        """Look up the weights of some of the edges, given in ascending order."""
        wanted = first * self.n_vertices + second
        found = [np.zeros(0, dtype=np.int64)]
        for one, other, weights in self.blocks():
            found.append(weights[np.isin(one * self.n_vertices + other, wanted)])
        return np.concatenate(found)

    def heavy(self, floors: Floats, vertices: Integers | None = None) -> Iterator[HeavyEdges]:
        """Find the edges that weigh more than the floors of their two ends together.

        Parameters
        ----------
        floors : ndarray of float, shape (n,)
            In units of weight; minus infinity asks for every edge.
        vertices : ndarray of int64, optional
            Look only at the edges of these vertices; an edge between two of them may come twice.

        Yields
        ------
        HeavyEdges
            Every edge heavier than its floors, perhaps with others.
        """
        asked = None if vertices is None else np.isin(np.arange(self.n_vertices), vertices)
        for first, second, weights in self.blocks():
            if asked is not None:
                chosen = asked[first] | asked[second]
                first, second, weights = first[chosen], second[chosen], weights[chosen]
            if weights.dtype == object:
                yield HeavyEdges(first.size, first, second, weights)
                continue
            heavy = np.flatnonzero(weights > floors[first] + floors[second])  # quicker to take by than a mask
            yield HeavyEdges(first.size, first[heavy], second[heavy], weights[heavy])

    def all_heavy(self, floors: Floats) -> Iterator[HeavyEdges]:
        """Find the edges that weigh more than the floors of their two ends, and leave out none of them."""
        return self.heavy(floors)

    def nearest(self, floors: Floats, n_each: int) -> EdgeBlock:
        """Choose the edges that weigh most in comparison with the floors of their two ends.

        Parameters
        ----------
        floors : ndarray of float, shape (n,)
            In units of weight.
        n_each : int
            Edges to choose at each vertex.

        Returns
        -------
        first, second, weights : ndarray of int64, or of Python integers, shape (m,)
            The chosen edges, each once, in ascending order.
        """
        from pairing.matching.candidates import merged_edges, nearest_edges

        chosen: list[EdgeBlock] = []
        for block in self.blocks():
            chosen.append(nearest_edges(block, floors, n_each))
            if len(chosen) > 1:
                chosen = [nearest_edges(merged_edges(self.n_vertices, chosen), floors, n_each)]
        return merged_edges(self.n_vertices, chosen)
