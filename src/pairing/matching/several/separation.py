"""Inequalities that a fractional choice of edges violates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.matching.several.cut_tree import least_cuts
from pairing.matching.several.union import Cut, UnionProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Flags = NDArray[np.bool_]

TINY = 1e-6
"""Below this a number of the linear programme is taken for 0."""

_VIOLATED = 1e-4
"""An inequality is worth adding if it is violated by more than this."""


class Separator:
    """Finds violated inequalities for one choice of edges after the other.

    Parameters
    ----------
    problem : UnionProblem
        The edges.

    Notes
    -----
    What a vertex lacks of its full number of edges goes to one more vertex, so that all degrees are equal.
    Odd sets are then odd cuts of less than the number of rounds, and blossoms are odd cuts of less than 1
    where the capacity of an edge is its distance from a whole number; both are among the cuts of a cut tree.

    References
    ----------
    .. [1] Padberg and Rao (1982), "Odd minimum cut-sets and b-matchings", Math. Oper. Res. 7.
    .. [2] Letchford, Reinelt and Theis (2008), "Odd minimum cut sets and b-matchings revisited", SIAM J.
       Discrete Math. 22.
    """

    def __init__(self, problem: UnionProblem) -> None:
        self.problem = problem

    def cheap(self, chosen: Floats) -> list[Cut]:
        """Look at connected pieces, and if that finds nothing at cuts inside those of fractional edges."""
        found = [*self._blossoms(chosen, self._pieces(chosen, fractional=True))]
        found += self._odd_sets(chosen, self._pieces(chosen))
        found = found or [*self._blossoms(chosen, self._inside_pieces(chosen))]
        return list(dict.fromkeys(found))

    def thorough(self, chosen: Floats) -> list[Cut]:
        """Find a violated odd set if there is any."""
        first, second, capacity = self._with_lacking(np.flatnonzero(chosen > TINY), chosen)
        sides = least_cuts(self.problem.n_vertices + 1, first, second, capacity)
        return list(dict.fromkeys(self._odd_sets(chosen, (side[1:] for side in sides))))

    def _lacking(self, chosen: Floats) -> Floats:
        problem = self.problem
        degree = np.bincount(problem.first, chosen, problem.n_vertices)
        degree += np.bincount(problem.second, chosen, problem.n_vertices)
        lacking = problem.n_rounds - degree
        return np.where(lacking > TINY, lacking, 0.0)

    def _with_lacking(self, edges: Integers, capacity: Floats) -> tuple[Integers, Integers, Floats]:
        """Edges among vertices numbered from 1, and from the extra vertex 0 to those that lack some."""
        problem = self.problem
        lacking = self._lacking(capacity)
        short = np.flatnonzero(lacking > 0)
        first = np.concatenate([problem.first[edges] + 1, np.zeros(short.size, np.int64)])
        second = np.concatenate([problem.second[edges] + 1, short + 1])
        return first, second, np.concatenate([capacity[edges], lacking[short]])

    def _pieces(self, chosen: Floats, *, fractional: bool = False) -> Iterator[Flags]:
        used = chosen > TINY
        for piece in _components(
            self.problem, np.flatnonzero(used & (chosen < 1 - TINY) if fractional else used)
        ):
            if piece.size > 1:
                side = np.zeros(self.problem.n_vertices, dtype=np.bool_)
                side[piece] = True
                yield side

    def _odd_sets(self, chosen: Floats, sides: Iterable[Flags]) -> Iterator[Cut]:
        problem = self.problem
        for side in sides:
            vertices = np.flatnonzero(side)
            if vertices.size % 2 == 0 or vertices.size < 3:
                continue
            inside = side[problem.first] & side[problem.second]
            cut = Cut("odd set", tuple(vertices.tolist()))
            if chosen[inside].sum() > cut.limit(problem.n_rounds) + _VIOLATED:
                yield cut

    def _blossoms(self, chosen: Floats, sides: Iterable[Flags]) -> Iterator[Cut]:
        for side in sides:
            cut = self._blossom(side, chosen)
            if cut is not None:
                yield cut

    def _inside_pieces(self, chosen: Floats) -> Iterator[Flags]:
        """The least cuts inside each piece that hangs together by fractional edges."""
        problem, lacking = self.problem, self._lacking(chosen)
        fractional = np.flatnonzero((chosen > TINY) & (chosen < 1 - TINY))
        for whole in self._pieces(chosen, fractional=True):
            piece = np.flatnonzero(whole)
            number = np.full(problem.n_vertices, -1)
            number[piece] = np.arange(1, piece.size + 1)
            edges = fractional[number[problem.first[fractional]] > 0]
            short = piece[lacking[piece] > 0]
            first = np.concatenate([number[problem.first[edges]], np.zeros(short.size, np.int64)])
            second = np.concatenate([number[problem.second[edges]], number[short]])
            capacity = np.concatenate([np.minimum(chosen[edges], 1 - chosen[edges]), lacking[short]])
            for inner in least_cuts(piece.size + 1, first, second, capacity):
                side = np.zeros(problem.n_vertices, dtype=np.bool_)
                side[piece[inner[1:]]] = True
                yield side

    def _blossom(self, side: Flags, chosen: Floats) -> Cut | None:
        """The strongest blossom inequality around a set of vertices, if it is violated."""
        problem = self.problem
        size = int(side.sum())
        leaving = np.flatnonzero(side[problem.first] != side[problem.second])
        teeth = chosen[leaving] > 0.5
        if (problem.n_rounds * size + int(teeth.sum())) % 2 == 0:
            if leaving.size == 0:
                return None
            swapped = int(np.argmin(np.abs(1 - 2 * chosen[leaving])))
            teeth[swapped] = not teeth[swapped]
        inside = side[problem.first] & side[problem.second]
        limit = (problem.n_rounds * size + int(teeth.sum())) // 2
        if chosen[inside].sum() + chosen[leaving[teeth]].sum() <= limit + _VIOLATED:
            return None
        edges = leaving[teeth]
        ends = zip(problem.first[edges].tolist(), problem.second[edges].tolist(), strict=True)
        return Cut("blossom", tuple(np.flatnonzero(side).tolist()), tuple(ends))


def _components(problem: UnionProblem, edges: Integers) -> list[Integers]:
    """Vertices that hang together by some edges, piece by piece; single vertices too."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    n = problem.n_vertices
    ends = problem.first[edges], problem.second[edges]
    _, label = connected_components(coo_matrix((np.ones(edges.size), ends), shape=(n, n)), directed=False)
    order = np.argsort(label, kind="stable")
    borders = np.flatnonzero(np.diff(label[order])) + 1
    return [piece.astype(np.int64) for piece in np.split(order, borders)]
