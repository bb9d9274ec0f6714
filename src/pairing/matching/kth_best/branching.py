"""Parts of all matchings: those that hold some pairs and avoid others, and what they can be worth at most.

Nothing here solves anything, so that a ranking can be checked with the same few functions that made it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.matching.problem import MatchingProblem
from pairing.matching.proof.slack import EdgeSlack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pairing.matching.proof.certificate import Certificate

    Indices = NDArray[np.int64]

Pair = tuple[int, int]


def with_spares(problem: MatchingProblem, n_spare: int) -> MatchingProblem:
    """Add vertices that keep others company at no value, so that nobody is left alone.

    Parameters
    ----------
    problem : MatchingProblem
        A graph whose matchings leave at least `n_spare` vertices alone.
    n_spare : int
        How many vertices to add, numbered after the others.

    Returns
    -------
    MatchingProblem
        The graph in which every added vertex is joined to every old one with weight 0.

    Notes
    -----
    If the largest matchings leave exactly `n_spare` vertices alone, they are the perfect matchings of the
    new graph without the pairs of spare vertices. The duals of a perfect matching say much more of what
    a change costs: with one vertex left alone, and it may be almost any, nearly all vertices lie in nested
    odd sets, along which every pair can be avoided at no cost by the duals.

    Examples
    --------
    >>> with_spares(MatchingProblem(3, [0, 1], [1, 2], [5, 7]), 1).second.tolist()
    [1, 3, 2, 3, 3]
    """
    old = np.arange(problem.n_vertices)
    spare = problem.n_vertices + np.arange(n_spare)
    return MatchingProblem(
        problem.n_vertices + n_spare,
        np.concatenate([problem.first, np.tile(old, n_spare)]),
        np.concatenate([problem.second, np.repeat(spare, old.size)]),
        np.concatenate([problem.weights, np.zeros(n_spare * old.size, dtype=np.int64)]),
    )


def restricted(problem: MatchingProblem, held: Sequence[Pair], avoided: Sequence[Pair]) -> MatchingProblem:
    """Give the graph that is left when some pairs are settled and others ruled out.

    Parameters
    ----------
    problem : MatchingProblem
        The graph.
    held : sequence of (int, int)
        Disjoint pairs; their vertices stay, without edges.
    avoided : sequence of (int, int)
        Pairs to leave out, the smaller vertex first.

    Returns
    -------
    MatchingProblem
        With the same numbers of the vertices.

    Examples
    --------
    >>> square = MatchingProblem(4, [0, 1, 2, 0], [1, 2, 3, 3], [3, 8, 4, 2])
    >>> restricted(square, [], [(1, 2)]).n_edges, restricted(square, [(0, 1)], []).second.tolist()
    (3, [3])
    """
    settled = np.zeros(problem.n_vertices, dtype=np.bool_)
    settled[np.array(held, dtype=np.int64).reshape(-1)] = True
    ends = np.array(avoided, dtype=np.int64).reshape(-1, 2)
    names = problem.first * problem.n_vertices + problem.second
    ruled_out = np.isin(names, ends[:, 0] * problem.n_vertices + ends[:, 1])
    kept = ~(settled[problem.first] | settled[problem.second] | ruled_out)
    return MatchingProblem(
        problem.n_vertices, problem.first[kept], problem.second[kept], problem.weights[kept]
    )


def least_losses(problem: MatchingProblem, pairs: Indices, certificate: Certificate) -> list[int | None]:
    """Bound from below what it costs to do without each pair of a best matching, from its duals alone.

    Parameters
    ----------
    problem : MatchingProblem
        The graph.
    pairs : ndarray of int, shape (p, 2)
        A matching of the greatest weight that covers every vertex that has an edge.
    certificate : Certificate
        Duals that prove that.

    Returns
    -------
    list of int or None, length p
        By how much every matching that covers the same vertices without the pair weighs less, at least;
        None where the pair is one end's only edge, so that there is no such matching.

    Notes
    -----
    Let y be the duals of vertices and z those of odd sets, for doubled weights. The slack of an edge is
    s(e) = y(u) + y(v) + Σ_{S ⊇ e} z(S) − 2 w(e) ≥ 0. Adding this up over a matching M' that covers every
    vertex that M covers, and |M' ∩ S| ≤ (|S| − 1)/2 for the odd sets,

        2 w(M') = Σ_v y(v) + Σ_S z(S) |M' ∩ S| − Σ_{e in M'} s(e) ≤ 2 w(M) − Σ_{e in M'} s(e),

    since M meets the bound exactly. If M' avoids the pair (u, v), it covers u and v by two *other* edges,
    and these are different, as the pair is the only edge that has both ends. Hence

        2 w(M') ≤ 2 w(M) − (least slack of another edge at u) − (least slack of another edge at v),

    and half of that, rounded up, is lost at least, because weights are whole numbers. (A constant added to
    every weight to make pairs count is the same on both sides: M and M' have as many pairs.)

    Examples
    --------
    >>> from pairing.matching import solve
    >>> square = MatchingProblem(4, [0, 1, 2, 0], [1, 2, 3, 3], [3, 8, 4, 2])
    >>> least_losses(square, solve(square).pairs(), solve(square).certificate)
    [3, 3]
    """
    slack = EdgeSlack(certificate).of(problem.first, problem.second, problem.weights)
    partner = np.full(problem.n_vertices, -1)
    partner[pairs[:, 0]], partner[pairs[:, 1]] = pairs[:, 1], pairs[:, 0]
    others = partner[problem.first] != problem.second
    beyond = int(slack.max(initial=0)) + 1
    least: NDArray[Any] = np.full(problem.n_vertices, beyond, dtype=slack.dtype)
    for ends in (problem.first, problem.second):
        np.minimum.at(least, ends[others], slack[others])
    at_ends = [(least[one], least[other]) for one, other in pairs.tolist()]
    return [None if beyond in both else -(-(int(both[0]) + int(both[1])) // 2) for both in at_ends]


def weights_by_pair(problem: MatchingProblem) -> dict[Pair, int]:
    """Give the weight of each edge by its two ends, the smaller first."""
    ends = zip(problem.first.tolist(), problem.second.tolist(), strict=True)
    return dict(zip(ends, problem.weights.tolist(), strict=True))


def partner_of(n_vertices: int, held: tuple[Pair, ...], pairs: Indices) -> Indices:
    """Put the pairs that a part holds and those of its best matching together; spare vertices drop out."""
    rows = np.concatenate([np.array(held, dtype=np.int64).reshape(-1, 2), pairs])
    rows = rows[rows[:, 1] < n_vertices]
    partner = np.full(n_vertices, -1)
    partner[rows[:, 0]], partner[rows[:, 1]] = rows[:, 1], rows[:, 0]
    partner.setflags(write=False)
    return partner
