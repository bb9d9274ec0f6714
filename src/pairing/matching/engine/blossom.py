"""The exact engine: a fractional start, then one blossom search for each vertex still without a partner."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from pairing.matching.engine.blossoms import Blossoms
from pairing.matching.engine.fractional import fractional_start
from pairing.matching.engine.search import BlossomSearch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pairing.matching.engine.graph import DoubledGraph


@dataclass(frozen=True, eq=False)
class DualSolution:
    """A matching of the greatest weight and the duals that prove it, in units of doubled weights.

    Parameters
    ----------
    partner : list of int, length n
        Partner of each vertex, -1 for none.
    vertex_duals, innermost_set, set_parent, set_duals : list of int
        As in :class:`~pairing.matching.proof.certificate.Certificate`.
    n_searches : int
        Blossom searches that were needed.
    blossoms : Blossoms, optional
        Where the search has left off.
    """

    partner: list[int]
    vertex_duals: list[int]
    innermost_set: list[int]
    set_parent: list[int]
    set_duals: list[int]
    n_searches: int
    blossoms: Blossoms | None = field(default=None, repr=False)


class Engine(Protocol):
    """Anything that solves a maximum weight matching exactly and gives its duals."""

    def __call__(self, graph: DoubledGraph, near: Sequence[int] | None = None) -> DualSolution:
        """Find a matching of the greatest weight, with duals that prove it; `near` are nearly right ones."""
        ...


def blossom_engine(graph: DoubledGraph, near: Sequence[int] | None = None) -> DualSolution:
    """Find a matching of the greatest weight, with duals that prove it.

    Parameters
    ----------
    graph : DoubledGraph
        The graph.
    near : sequence of int, length n, optional
        Duals that are nearly right, to save time.

    Returns
    -------
    DualSolution
        The matching and its duals.

    Notes
    -----
    The fractional start leaves one vertex without a partner for each odd cycle of half pairs, usually a
    handful. Each search takes time that depends on the tree it grows, not on the graph.
    """
    start = fractional_start(graph, near)
    return _searched(graph, Blossoms(start.partner), start.duals)


def with_larger_bonus(found: DualSolution, graph: DoubledGraph, more: int) -> DualSolution | None:
    """Go on from the best matching of the same edges, once each weighs more.

    Parameters
    ----------
    found : DualSolution
        The matching and its duals before. It is used up: its blossoms change.
    graph : DoubledGraph
        The edges with the larger bonus, all of which had a positive weight before.
    more : int
        By how much the bonus has grown.

    Returns
    -------
    DualSolution or None
        The best matching now; None if it is not known where the search has left off.

    Notes
    -----
    If each vertex pays half of what its edges weigh more, all edges are covered as before. Only vertices
    without a partner pay too much then, and blossoms as large as they have grown spare them most of the way.
    """
    if found.blossoms is None:
        return None
    return _searched(graph, found.blossoms, [dual + more for dual in found.vertex_duals])


def with_vertex_taken(
    found: DualSolution, graph: DoubledGraph, vertex: int, taker: int
) -> DualSolution | None:
    """Go on from the best matching once a vertex is taken, so that the others have to do without it.

    Parameters
    ----------
    found : DualSolution
        The matching and its duals before, which stay as they are.
    graph : DoubledGraph
        The edges, all of which the duals cover.
    vertex : int
        The vertex.
    taker : int
        A vertex without edges or partner. It takes the other one for its partner.

    Returns
    -------
    DualSolution or None
        The best matching of all other vertices, with the taker and the vertex as a pair of its own; None if
        it is not known where the search has left off.

    Notes
    -----
    The taker has a single edge, to the vertex, which weighs more than any other edge can make up for and is
    covered exactly: one search finds the best matching that has it.
    """
    if found.blossoms is None:
        return None
    blossoms, duals = found.blossoms.copy(), list(found.vertex_duals)
    heaviest = int(graph.weights.max(initial=0))
    weight = 4 * (max(duals) + heaviest + sum(found.set_duals) + 1)
    duals[taker] = weight - duals[vertex]
    BlossomSearch(_WithTaker(graph, vertex, taker, weight), blossoms, duals).run(taker)
    return _dual_solution(blossoms, duals, found.n_searches + 1)


class _WithTaker:
    """A graph with one arc more, from a vertex that has no other.

    No search needs the way back: the vertex is reached from the taker, or the taker as its partner.
    """

    def __init__(self, graph: DoubledGraph, vertex: int, taker: int, weight: int) -> None:
        self._graph, self._taker, self._arc = graph, taker, (vertex, weight)

    def arcs(self, vertex: int) -> Iterator[tuple[int, int]]:
        return iter((self._arc,)) if vertex == self._taker else self._graph.arcs(vertex)


def _searched(graph: DoubledGraph, blossoms: Blossoms, duals: list[int]) -> DualSolution:
    """Search from every vertex without a partner that pays for one."""
    search = BlossomSearch(graph, blossoms, duals)
    n_searches = 0
    for vertex in range(graph.n_vertices):
        if blossoms.partner[vertex] < 0 and duals[vertex] > 0:
            search.run(vertex)
            n_searches += 1
    return _dual_solution(blossoms, duals, n_searches)


def _dual_solution(blossoms: Blossoms, duals: list[int], n_searches: int) -> DualSolution:
    """Number the blossoms with a positive dual, outer before inner, and leave out those worth nothing."""
    innermost = [-1] * blossoms.n_vertices
    parents: list[int] = []
    set_duals: list[int] = []
    waiting = [(blossom, -1) for blossom in reversed(blossoms.outermost_blossoms())]
    while waiting:
        blossom, around = waiting.pop()
        if blossom < blossoms.n_vertices:
            innermost[blossom] = around
            continue
        if blossoms.dual[blossom] > 0:
            parents.append(around)
            set_duals.append(blossoms.dual[blossom])
            around = len(parents) - 1
        waiting.extend((member, around) for member in reversed(blossoms.members[blossom]))
    partner = list(blossoms.partner)
    return DualSolution(partner, duals, innermost, parents, set_duals, n_searches, blossoms)
