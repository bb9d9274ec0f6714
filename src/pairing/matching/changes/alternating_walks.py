"""Alternating walks around a best matching: the shortest ones, and paths on the way to a cycle."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.matching.proof.slack import EdgeSlack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.matching.problem import MatchingProblem
    from pairing.matching.solution import MatchingSolution

    Indices = NDArray[np.int64]
    Edge = tuple[int, int]

_FAR = 2**61
"""Longer than any walk; the sum of two such lengths still fits into 64 bits."""


@dataclass(frozen=True, eq=False)
class AlternatingWalks:
    """Shortest alternating walks between all vertices, all of which have partners.

    Node x < n stands for "x is without its partner", node n for "the last vertex of the walk stays so".

    Parameters
    ----------
    slack : ndarray, shape (n, n)
        Slack of each edge outside the best matching; far where there is none.
    length : ndarray, shape (n + 1, n + 1)
        Length of the shortest walk.
    before : ndarray of int32, shape (n + 1, n + 1)
        The node before the last one of each walk.
    far : int
        More than any length.
    """

    slack: NDArray[Any]
    length: NDArray[Any]
    before: NDArray[np.int32]
    far: int

    @classmethod
    def of(cls, problem: MatchingProblem, best: MatchingSolution) -> AlternatingWalks:
        """Find them by the slacks of what certifies the best matching."""
        n, partner = problem.n_vertices, np.asarray(best.partner)
        slack, far = _slack_matrix(problem, best)
        length = np.full((n + 1, n + 1), far, dtype=slack.dtype)
        length[:n, partner] = slack
        length[:n, n] = np.array(best.certificate.vertex_duals, dtype=slack.dtype)
        np.fill_diagonal(length, 0)
        before = np.repeat(np.arange(n + 1, dtype=np.int32)[:, None], n + 1, axis=1)
        _shorten(length, before, n)
        return cls(slack, length, before, far)

    def nodes(self, start: int, end: int) -> list[int]:
        """The nodes of the shortest walk, from start to end."""
        nodes = [end]
        while nodes[-1] != start:
            nodes.append(int(self.before[start, nodes[-1]]))
        return nodes[::-1]


def _slack_matrix(problem: MatchingProblem, best: MatchingSolution) -> tuple[NDArray[Any], int]:
    """Slack of each edge outside the best matching, in a type in which no sum overflows; and what is far."""
    n, partner = problem.n_vertices, np.asarray(best.partner)
    slack = EdgeSlack(best.certificate).of(problem.first, problem.second, problem.weights)
    outside = partner[problem.first] != problem.second
    first, second, slack = problem.first[outside], problem.second[outside], slack[outside]
    largest = max([0, *map(abs, best.certificate.vertex_duals), int(slack.max(initial=0))])
    longest = largest * (n + 2)
    far = max(_FAR, longest + 1)
    matrix = np.full((n, n), far, dtype=np.int64 if longest < _FAR else object)
    matrix[first, second] = matrix[second, first] = slack
    return matrix, far


def _shorten(length: NDArray[Any], before: NDArray[np.int32], n_through: int) -> None:
    """Find all shortest walks, in place. SciPy's are in floating point, which does not hold all lengths."""
    for through in range(n_through):
        detour = length[:, through, None] + length[None, through, :]
        shorter = detour < length
        length[shorter] = detour[shorter]
        before[shorter] = np.broadcast_to(before[through], before.shape)[shorter]


class PathsBegun:
    """Alternating paths from the partner of one end of an edge, on the way to the partner of the other.

    Parameters
    ----------
    walks : AlternatingWalks
        What is still to come of a path is at least as long as the shortest walk.
    partner : ndarray of int, shape (n,)
        The partner of each vertex.
    edge : (int, int)
        The edge that closes the cycle.
    limit : int
        Paths that come to more are not followed.
    """

    def __init__(self, walks: AlternatingWalks, partner: Indices, edge: Edge, limit: int) -> None:
        self._slack, self._partner = walks.slack, partner
        self._limit = limit
        self._last = int(partner[edge[1]])
        self._rest = walks.length[partner, edge[1]]  # of the shortest walk once a vertex has been joined
        start, so_far = int(partner[edge[0]]), int(walks.slack[edge])
        bound = so_far + int(walks.length[start, edge[1]])
        # Of each: the bound, the vertex without a partner, the length so far, and the pairs formed.
        self.waiting: list[tuple[int, int, int, tuple[Edge, ...]]] = [(bound, start, so_far, ())]
        self._ends = {*edge, start}

    @property
    def bound(self) -> int:
        """No path that is still to be found is shorter."""
        return self.waiting[0][0]

    def step(self) -> tuple[Edge, ...] | None:
        """Take up the most promising path: give the pairs that it forms if it has arrived, else go on."""
        _, here, so_far, joined = heapq.heappop(self.waiting)
        if joined and joined[-1][1] == self._last:
            return joined
        passed = self._ends.union(*joined, (int(self._partner[other]) for _, other in joined))
        bounds = so_far + self._slack[here] + self._rest
        for other in np.flatnonzero(bounds <= self._limit).tolist():
            if other not in passed:
                entry = (int(bounds[other]), int(self._partner[other]))
                length = so_far + int(self._slack[here, other])
                heapq.heappush(self.waiting, (*entry, length, (*joined, (here, other))))
        return None
