"""Groups of three vertices, every two of which may be paired, and what a best plan with one is worth at most.

A triad counts with the least weight of its three edges. Whatever the triad, the duals of the whole graph
bound what the rest of the graph can be worth without it, so that most triads need no look at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.matching.proof.odd_sets import odd_set_forest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from pairing.matching.problem import MatchingProblem
    from pairing.matching.proof.certificate import Certificate
    from pairing.matching.proof.witness import Witness

    Integers = NDArray[np.int64]

Triad = tuple[int, int, int]
_SAFE = 2**61


@dataclass(frozen=True, eq=False)
class TriadBlock:
    """Triads with their values.

    Parameters
    ----------
    vertices : ndarray of int64, shape (m, 3)
        Ascending in each row, and row by row.
    value : ndarray of int64 or of Python integers, shape (m,)
        The least weight of the three edges.
    """

    vertices: Integers
    value: NDArray[Any]


def triad_blocks(problem: MatchingProblem) -> Iterator[TriadBlock]:
    """Give every triad of a graph once, in pieces of those with the same first vertex.

    Parameters
    ----------
    problem : MatchingProblem
        The graph.

    Yields
    ------
    TriadBlock

    Examples
    --------
    >>> from pairing.matching import MatchingProblem
    >>> square = MatchingProblem(4, [0, 1, 2, 0, 0], [1, 2, 3, 3, 2], [5, 6, 7, 8, 4])
    >>> [(block.vertices.tolist(), block.value.tolist()) for block in triad_blocks(square)]
    [([[0, 1, 2], [0, 2, 3]], [4, 4])]
    """
    starts = np.searchsorted(problem.first, np.arange(problem.n_vertices + 1))
    keys = problem.first * problem.n_vertices + problem.second
    for vertex in range(problem.n_vertices):
        piece = slice(starts[vertex], starts[vertex + 1])
        heads, weights = problem.second[piece], problem.weights[piece]
        one, other = np.triu_indices(heads.size, 1)
        wanted = heads[one] * problem.n_vertices + heads[other]
        at = np.minimum(np.searchsorted(keys, wanted), max(keys.size - 1, 0))
        closed = np.flatnonzero(keys[at] == wanted) if keys.size else np.zeros(0, np.int64)
        one, other, third = one[closed], other[closed], problem.weights[at[closed]]
        if closed.size:
            first = np.full(closed.size, vertex)
            value = np.minimum(np.minimum(weights[one], weights[other]), third)
            yield TriadBlock(np.column_stack([first, heads[one], heads[other]]), value)


class TriadBounds:
    """Upper bounds on the score of the best plan with each triad: bonus times pairs, plus weights.

    Parameters
    ----------
    problem : MatchingProblem
        The graph.
    certificate : Certificate
        Duals that cover every edge of the whole graph.
    witness : Witness
        Why the whole graph leaves vertices alone.

    Notes
    -----
    Without the vertices of a triad the duals still cover every edge of the rest, so that it scores at most
    the bound of the whole graph less the three vertex duals, and less the dual of every odd set that holds
    two or three of them: (s - 1)/2 pairs fit into a set of s vertices, and one fewer once two are gone. Of
    nested sets, those that hold at least two of three vertices are the ones around the closest two.

    Each barrier vertex that is left can serve one odd part that is left; a part that loses an even number
    of vertices stays odd. This bounds the pairs where the duals, being halves, are too weak.
    """

    def __init__(self, problem: MatchingProblem, certificate: Certificate, witness: Witness) -> None:
        self._bonus = certificate.cardinality_bonus
        self._witness = witness
        self._heaviest = max(int(problem.weights.max(initial=0)), 0)
        self._forest = odd_set_forest(
            certificate.innermost_set, certificate.set_parent, certificate.set_duals, exact=True
        )
        self._doubled = doubled_bound(certificate)
        large = self._doubled >= _SAFE or max(certificate.vertex_duals, default=0) >= _SAFE
        self._duals: NDArray[Any] = np.array(certificate.vertex_duals, dtype=object if large else np.int64)
        self._part = np.full(problem.n_vertices, -1)
        for number, part in enumerate(witness.odd_parts):
            self._part[list(part)] = number
        self._in_barrier = np.zeros(problem.n_vertices, dtype=np.int64)
        self._in_barrier[list(witness.barrier)] = 1

    def of(self, block: TriadBlock) -> NDArray[Any]:
        """Bound the score of the best plan with each triad of a block, shape (m,)."""
        weights = self._by_duals(block.vertices)
        pairs = self._pairs(block.vertices).astype(object)
        by_pairs = self._bonus * pairs + (pairs + 1) * self._heaviest
        bound: NDArray[Any] = np.minimum(weights + block.value, by_pairs)
        return bound

    def _by_duals(self, vertices: Integers) -> NDArray[Any]:
        common = [
            self._forest.common_sums(vertices[:, one], vertices[:, other]).astype(self._duals.dtype)
            for one, other in ((0, 1), (0, 2), (1, 2))
        ]
        innermost = np.maximum(np.maximum(common[0], common[1]), common[2])
        bound: NDArray[Any] = (self._doubled - self._duals[vertices].sum(axis=1) - innermost) // 2
        return bound

    def _pairs(self, vertices: Integers) -> Integers:
        """Most pairs of the rest of the graph."""
        part = self._part[vertices]
        barrier = len(self._witness.barrier) - self._in_barrier[vertices].sum(axis=1)
        n_odd = len(self._witness.odd_parts) - _odd_losses(part)
        unmatched = np.maximum(n_odd - barrier, 0)
        most: Integers = (self._part.size - 3 - unmatched) // 2
        return most


def _odd_losses(part: Integers) -> Integers:
    """How many parts lose an odd number of vertices to each triad; -1 stands for no part."""
    one, two, three = np.sort(part, axis=1).T
    alone = (one >= 0).astype(np.int64) + (two >= 0) + (three >= 0)
    first_pair, second_pair = (one == two) & (one >= 0), (two == three) & (two >= 0)
    # Two of a part cancel; three of a part count once.
    losses: Integers = alone - 2 * (first_pair | second_pair)
    return losses


def doubled_bound(certificate: Certificate) -> int:
    """Twice the score that the duals prove no matching to exceed."""
    from pairing.matching.proof.clauses import set_sizes

    sets = zip(certificate.set_duals, set_sizes(certificate), strict=True)
    return sum(certificate.vertex_duals) + sum(dual * (size // 2) for dual, size in sets)


def without(problem: MatchingProblem, triad: Triad) -> MatchingProblem:
    """The graph without the edges at the three vertices; the numbers of the vertices stay."""
    from pairing.matching.problem import MatchingProblem as Problem

    kept = np.flatnonzero(~(np.isin(problem.first, triad) | np.isin(problem.second, triad)))
    return Problem(problem.n_vertices, problem.first[kept], problem.second[kept], problem.weights[kept])
