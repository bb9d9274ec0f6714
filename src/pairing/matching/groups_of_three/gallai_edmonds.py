"""From a matching with as many pairs as possible to the reason why there are not more."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InputDataError, Problem
from pairing.matching.proof.witness import Witness

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.matching.problem import MatchingProblem

_FREE, _OUTER, _INNER = 0, 1, 2


def find_witness(problem: MatchingProblem, partner: NDArray[np.int64]) -> Witness:
    """Find the vertices that compete, and those for which they compete.

    Parameters
    ----------
    problem : MatchingProblem
        The graph; its weights do not matter.
    partner : ndarray of int, shape (n,)
        Partner of each vertex in a matching with as many pairs as possible, -1 for none.

    Returns
    -------
    Witness
        Odd parts: the connected sets of the vertices that some largest matching leaves out. Barrier: their
        other neighbours. Both depend on the graph alone, not on the matching.

    Raises
    ------
    InputDataError
        If a matching with more pairs exists.

    Notes
    -----
    One forest grows from all vertices without a partner at once, over edges that are in turn outside and
    inside the matching; an odd cycle shrinks into one set. The time is almost linear in the edges.

    References
    ----------
    Edmonds (1965), "Paths, trees, and flowers", Canadian Journal of Mathematics 17; Gallai (1964),
    "Maximale Systeme unabhängiger Kanten", Magyar Tud. Akad. Mat. Kutató Int. Közl. 9.

    Examples
    --------
    >>> from pairing.matching import MatchingProblem, solve
    >>> star = MatchingProblem(4, [0, 0, 0], [1, 2, 3], [1, 1, 1])
    >>> witness = find_witness(star, solve(star).partner)
    >>> witness.barrier, witness.odd_parts, witness.n_unmatched
    ((0,), ((1,), (2,), (3,)), 2)
    """
    forest = _Forest(_neighbours(problem), partner.tolist())
    forest.grow()
    parts: dict[int, list[int]] = {}
    for vertex in range(problem.n_vertices):
        base = forest.base(vertex)
        if forest.label[base] == _OUTER:
            parts.setdefault(base, []).append(vertex)
    barrier = [vertex for vertex in range(problem.n_vertices) if forest.is_inner(vertex)]
    return Witness(problem.n_vertices, tuple(barrier), tuple(sorted(map(tuple, parts.values()))))


def _neighbours(problem: MatchingProblem) -> list[list[int]]:
    tails = np.concatenate([problem.first, problem.second])
    heads = np.concatenate([problem.second, problem.first])
    order = np.argsort(tails, kind="stable")
    ends = np.searchsorted(tails[order], np.arange(1, problem.n_vertices))
    return [part.tolist() for part in np.split(heads[order], ends)] if problem.n_vertices else []


class _Forest:
    """Trees from every vertex without a partner; the vertices of a shrunken set share a base."""

    def __init__(self, neighbours: list[list[int]], partner: list[int]) -> None:
        self.label = [_OUTER if other < 0 else _FREE for other in partner]
        self._neighbours, self._partner = neighbours, partner
        self._above = list(range(len(partner)))  # towards the base of a vertex's set
        self._entry = [-1] * len(partner)  # from an inner vertex to the outer one that reached it
        self._waiting = deque(vertex for vertex, other in enumerate(partner) if other < 0)

    def base(self, vertex: int) -> int:
        """The one vertex of a set that is matched outside of it, if at all."""
        above = self._above
        while above[vertex] != vertex:
            above[vertex] = above[above[vertex]]
            vertex = above[vertex]
        return vertex

    def is_inner(self, vertex: int) -> bool:
        """Whether a vertex was reached at an odd distance only."""
        return self.label[vertex] == _INNER and self._above[vertex] == vertex

    def grow(self) -> None:
        """Follow every edge from every outer vertex."""
        while self._waiting:
            vertex = self._waiting.popleft()
            for other in self._neighbours[vertex]:
                if self.label[other] == _FREE:
                    self._extend(vertex, other)
                elif self.label[self.base(other)] == _OUTER and self.base(other) != self.base(vertex):
                    self._shrink(vertex, other)

    def _extend(self, vertex: int, other: int) -> None:
        self.label[other], self._entry[other] = _INNER, vertex
        following = self._partner[other]
        self.label[following] = _OUTER
        self._waiting.append(following)

    def _shrink(self, one: int, other: int) -> None:
        """Make one set of the odd cycle that an edge between two outer sets closes."""
        apex = self._common_base(one, other)
        for vertex in (one, other):
            base = self.base(vertex)
            while base != apex:
                inner = self._partner[base]
                self._above[base] = self._above[inner] = apex
                self._waiting.append(inner)  # it is now at an even distance too
                base = self.base(self._entry[inner])

    def _common_base(self, one: int, other: int) -> int:
        """Climb from both in turn, so that the time depends on the cycle and not on the tree."""
        seen: set[int] = set()
        current, waiting = self.base(one), self.base(other)
        while current >= 0:
            if current in seen:
                return current
            seen.add(current)
            inner = self._partner[current]
            current = -1 if inner < 0 else self.base(self._entry[inner])
            if waiting >= 0:
                current, waiting = waiting, current
        raise InputDataError([Problem("the matching does not have as many pairs as possible")])
