"""Best matchings of what remains without a vertex or two, each by one search from the best of all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.errors import SolverError
from pairing.matching.candidates import merged_edges
from pairing.matching.edge_source import HeavyEdges
from pairing.matching.engine.blossom import DualSolution, blossom_engine, with_vertex_taken
from pairing.matching.engine.graph import doubled_graph
from pairing.matching.large.pricing import CANDIDATES_EACH, SOLVED_AT_ONCE
from pairing.matching.large.remembered import RememberedEdges
from pairing.matching.large.violated import ViolatedEdges, violated_among
from pairing.matching.proof.certificate import Certificate
from pairing.matching.proof.clauses import set_sizes
from pairing.matching.proof.floors import floors_of
from pairing.matching.solving import cardinality_bonus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from pairing.matching.edge_source import EdgeSource
    from pairing.matching.problem import EdgeBlock
    from pairing.matching.solution import MatchingSolution

    Indices = NDArray[np.int64]
    Floats = NDArray[np.float64]

_SAFE = 2**61

_TAKERS = 2
"""Vertices that are taken out at a time, at most."""


@dataclass(frozen=True, eq=False)
class Remainder:
    """The best matching of the vertices that remain; of equals, one that shares most edges with that of all.

    Parameters
    ----------
    without : tuple of int
        The vertices that are taken out.
    partner : ndarray of int64, shape (n,)
        Partner of each vertex, -1 for none.
    n_pairs : int
        How many pairs it has.
    total : int
        Sum of the weights of its pairs.
    n_shared : int
        How many of its pairs are pairs of the best matching of all.
    found : DualSolution
        The matching with its duals, for stretched weights.
    """

    without: tuple[int, ...]
    partner: Indices = field(repr=False)
    n_pairs: int
    total: int
    n_shared: int
    found: DualSolution = field(repr=False)


class Remainders:
    """The best matching of a graph, and those of what remains without a vertex or two.

    Parameters
    ----------
    source : EdgeSource
        All permitted edges. They are never all held at once.
    best : MatchingSolution
        The best matching, in the mode that is kept here.

    Attributes
    ----------
    bonus : int
        What a pair counts beside its weight: more than weights can make up for, or nothing in mode
        "max-value".
    stretch : int
        By how much weights are stretched, more than a matching has edges, so that one unit on top of the
        edges of the best matching decides among equals, and never outweighs a difference in weight.
    n_searches : int
        Searches for what remains, so far.

    Notes
    -----
    The best matching with its duals and blossoms is found once, on few edges: those that its certificate
    covers most narrowly. Each remainder goes on from there. Its duals are held against all edges; what they
    do not cover joins the few, and the search is done again. In the end they prove it: they cover every edge,
    and without the duals of the vertices that are taken out, they add up to twice its weight.
    """

    def __init__(self, source: EdgeSource, best: MatchingSolution) -> None:
        self.n_vertices, self.best = source.n_vertices, best
        self.bonus = 0
        if best.mode != "max-value":
            self.bonus = max(best.certificate.cardinality_bonus, cardinality_bonus(source))
        self.stretch = self.n_vertices // 2 + 1
        self.n_searches = 0
        self._source = source
        edges = _all_edges(source)
        self._has_all = edges is not None
        if edges is None:
            self._source = RememberedEdges(source)
            edges = _narrowly_covered(self._source, best)
        self._use(self._stretched(*edges))
        self.whole = self._remainder((), self._proven(self._engine))

    def without(self, *vertices: int) -> Remainder:
        """Take out one vertex or two."""
        return self.further(self.whole, *vertices)

    def further(self, remainder: Remainder, *vertices: int) -> Remainder:
        """Take more vertices out of what remains."""
        for vertex in vertices:
            remainder = self._without(remainder, vertex)
        return remainder

    def edges_at(self, vertex: int) -> tuple[Indices, NDArray[Any]]:
        """The other ends of all edges of a vertex, ascending, and their weights."""
        anything, asked = np.full(self.n_vertices, -np.inf), np.array([vertex], dtype=np.int64)
        pieces = list(self._source.heavy(anything, asked))
        ends = np.concatenate(
            [np.empty(0, np.int64), *(piece.first + piece.second - vertex for piece in pieces)]
        )
        order = np.argsort(ends)
        return ends[order], np.concatenate([ends[:0], *(piece.weights for piece in pieces)])[order]

    def lost(self, remainder: Remainder, weight: int) -> int:
        """What is lost, stretched, if an edge that is no pair of the best matching joins what remains."""
        return self._worth(self.whole) - self._worth(remainder) - self._of_edge(weight)

    def lost_alone(self, remainder: Remainder) -> int:
        """What is lost, stretched, if the vertices that are taken out stay alone."""
        return self._worth(self.whole) - self._worth(remainder)

    def least_lost(self, remainder: Remainder, vertex: int, weight: int) -> int:
        """A lower bound of what is lost once that edge has taken one vertex more, by the duals so far."""
        return self.lost(remainder, weight) + (remainder.found.vertex_duals[vertex] + 1) // 2

    def _worth(self, remainder: Remainder) -> int:
        pairs = self.bonus * remainder.n_pairs
        return self.stretch * (remainder.total + pairs) + remainder.n_shared

    def _of_edge(self, weight: int) -> int:
        return self.stretch * (weight + self.bonus)

    def _use(self, edges: EdgeBlock) -> None:
        """Search among these edges from now on; their weights are stretched."""
        self._edges = edges
        self._graph = doubled_graph(self.n_vertices + _TAKERS, *edges, self.stretch * self.bonus)

    def _engine(self) -> DualSolution:
        duals = self.best.certificate.vertex_duals
        more = self.bonus - self.best.certificate.cardinality_bonus
        near = [self.stretch * (dual + more) + 1 for dual in duals]
        return blossom_engine(self._graph, [*near, *[0] * _TAKERS])

    def _without(self, remainder: Remainder, vertex: int) -> Remainder:
        taker = self.n_vertices + len(remainder.without)

        def search() -> DualSolution:
            self.n_searches += 1
            found = with_vertex_taken(remainder.found, self._graph, vertex, taker)
            if found is None:
                raise SolverError("the engine does not tell where its search has left off")
            return found

        return self._remainder((*remainder.without, vertex), self._proven(search))

    def _proven(self, search: Callable[[], DualSolution]) -> DualSolution:
        """Search until the duals cover every edge."""
        while True:
            found = search()
            if self._has_all:
                return found
            uncovered = self._uncovered(self._certificate(found))
            if uncovered.n_violated == 0:
                return found
            self._use(merged_edges(self.n_vertices, [self._edges, uncovered.worst]))

    def _certificate(self, found: DualSolution) -> Certificate:
        return Certificate(
            self.n_vertices,
            self.stretch * self.bonus,
            tuple(found.vertex_duals[: self.n_vertices]),
            tuple(found.innermost_set[: self.n_vertices]),
            tuple(found.set_parent),
            tuple(found.set_duals),
        )

    def _uncovered(self, certificate: Certificate) -> ViolatedEdges:
        floors = _floors(certificate, self.stretch)
        uncovered = self._among(self._source.heavy(floors), certificate)
        if uncovered.n_violated == 0 and uncovered.raises is None:  # only the heaviest were remembered
            uncovered = self._among(self._source.all_heavy(floors), certificate)
        return uncovered

    def _among(self, pieces: Iterable[HeavyEdges], certificate: Certificate) -> ViolatedEdges:
        stretched = (
            HeavyEdges(piece.n_edges, *self._stretched(*piece[1:4]), piece.are_all) for piece in pieces
        )
        return violated_among(stretched, certificate, lambda: None)

    def _stretched(self, first: Indices, second: Indices, weights: NDArray[Any]) -> EdgeBlock:
        heaviest = max(int(weights.max(initial=0)), -int(weights.min(initial=0)))
        exact = weights if (heaviest + 1) * self.stretch < _SAFE else weights.astype(object)
        return first, second, exact * self.stretch + (np.asarray(self.best.partner)[first] == second)

    def _remainder(self, without: tuple[int, ...], found: DualSolution) -> Remainder:
        partner = np.array(found.partner[: self.n_vertices], dtype=np.int64)
        partner[partner >= self.n_vertices] = -1
        first, second, weights = self._edges
        chosen = np.flatnonzero(partner[first] == second)
        n_shared = int(np.count_nonzero(np.asarray(self.best.partner)[first[chosen]] == second[chosen]))
        stretched = sum(weights[chosen].tolist())
        remainder = Remainder(
            without, partner, len(chosen), (stretched - n_shared) // self.stretch, n_shared, found
        )
        self._require_proof(remainder)
        return remainder

    def _require_proof(self, remainder: Remainder) -> None:
        """Hold the duals of the vertices that remain against the weight of the matching."""
        found = remainder.found
        sizes = set_sizes(self._certificate(found))
        doubled = sum(found.vertex_duals[: self.n_vertices])
        doubled -= sum(found.vertex_duals[vertex] for vertex in remainder.without)
        doubled += sum(dual * (size // 2) for dual, size in zip(found.set_duals, sizes, strict=True))
        if doubled != 2 * self._worth(remainder):
            raise SolverError("the duals do not prove what remains without a vertex")


def _all_edges(source: EdgeSource) -> EdgeBlock | None:
    """All edges, where they are few, or longer than the comparisons with which some are chosen; or None."""
    first = next(iter(source.blocks()), None) if _is_held(source) else None
    if source.n_edges > SOLVED_AT_ONCE and (first is None or first[2].dtype != object):
        return None
    return merged_edges(source.n_vertices, list(source.blocks()))


def _is_held(source: EdgeSource) -> bool:
    from pairing.matching.problem import MatchingProblem

    return isinstance(source, MatchingProblem)


def _narrowly_covered(source: EdgeSource, best: MatchingSolution) -> EdgeBlock:
    """The pairs of the best matching, and the edges that its certificate covers most narrowly."""
    floors = floors_of(best.certificate)
    near = source.nearest(floors, CANDIDATES_EACH) if np.isfinite(floors).all() else None
    near = source.candidates(CANDIDATES_EACH) if near is None else near
    partner = np.asarray(best.partner)
    first = np.flatnonzero(partner > np.arange(len(partner)))
    pairs = first, partner[first], source.look_up(first, partner[first])
    return merged_edges(source.n_vertices, [near, pairs])


def _floors(certificate: Certificate, stretch: int) -> Floats:
    """What duals for stretched weights allow an edge to weigh, in units of weight, or a little less.

    Duals are rounded down. The floors of vertices outside a large odd set are less by what is inside, which
    rounding makes too little of: by at most a quarter of a unit for each set.
    """
    rounded = Certificate(
        certificate.n_vertices,
        certificate.cardinality_bonus // stretch,
        tuple(dual // stretch for dual in certificate.vertex_duals),
        certificate.innermost_set,
        certificate.set_parent,
        tuple(dual // stretch for dual in certificate.set_duals),
    )
    return floors_of(rounded) - (1.0 + len(certificate.set_duals) / 4.0)
