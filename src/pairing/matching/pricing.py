"""Solve on candidate edges, price every other edge against the duals, add the violated ones, repeat.

When no edge is violated the duals cover the whole graph, so the proof does too, although the engine has
seen only a small part of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.matching.candidates import best_per_vertex, in_doubles, merged_edges
from pairing.matching.certificate import Certificate
from pairing.matching.floors import floors_of
from pairing.matching.graph import doubled_graph
from pairing.matching.slack import EdgeSlack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from pairing.matching.blossom import DualSolution, Engine
    from pairing.matching.edge_source import EdgeSource
    from pairing.matching.problem import EdgeBlock, EdgeEnds, Integers

CANDIDATES_EACH = 12
ADDED_EACH = 6
SOLVED_AT_ONCE = 5_000


@dataclass(frozen=True)
class Progress:
    """Where the search for the best matching stands after a round.

    Parameters
    ----------
    round_number : int
        Rounds done, from 1.
    n_candidates : int
        Edges that the engine has seen.
    n_violated : int
        Edges that it has not seen and that could improve the matching; 0 means proven.
    n_pairs : int
        Pairs in the best matching on the candidates.
    total : int
        Its total weight.
    bound : int
        No matching with so many pairs weighs more. Where cardinality comes first, each further pair that
        is not ruled out yet counts with the bonus.
    """

    round_number: int
    n_candidates: int
    n_violated: int
    n_pairs: int
    total: int
    bound: int


@dataclass(frozen=True, eq=False)
class PricedSolution:
    """A matching, proven over all edges of its source.

    Parameters
    ----------
    partner : list of int, length n
        Partner of each vertex, -1 for none.
    total : int
        Sum of the weights of the pairs, without the bonus.
    certificate : Certificate
        Duals that cover every edge.
    candidates : (first, second), each ndarray of int64
        Ends of the edges that the engine has seen.
    n_rounds, n_searches : int
        How much work it was.
    """

    partner: list[int]
    total: int
    certificate: Certificate
    candidates: EdgeEnds
    n_rounds: int
    n_searches: int


def solve_by_pricing(
    source: EdgeSource,
    bonus: int,
    engine: Engine,
    *,
    progress: Callable[[Progress], None] | None = None,
    n_each: int = CANDIDATES_EACH,
    solved_at_once: int = SOLVED_AT_ONCE,
    start: EdgeEnds | None = None,
    in_two_steps: bool = False,
) -> PricedSolution:
    """Find a matching of the greatest weight, bonus included, over all edges of a source.

    Parameters
    ----------
    source : EdgeSource
        All permitted edges.
    bonus : int
        Constant that is added to every weight, to make pairs count.
    engine : Engine
        What solves the candidates exactly.
    progress : callable, optional
        Called after every round.
    n_each : int
        Candidates that each vertex starts with.
    solved_at_once : int
        With at most so many edges all of them are candidates.
    start : (first, second), each ndarray of int64, optional
        Ends of the edges to begin with instead, as when a similar problem has been solved.
    in_two_steps : bool
        Begin with a bonus that makes pairs count as much as weights do, and no more, if there are more edges
        than are solved at once. A vertex without a partner then does not upset the prices of all others.

    Returns
    -------
    PricedSolution
        The matching and its certificate.

    Notes
    -----
    Every round adds at least one edge that the engine has not seen, so the rounds come to an end.
    """
    n_vertices = source.n_vertices
    if start is not None:
        candidates = _edges_between(source, start)
    elif source.n_edges > solved_at_once:
        candidates = source.candidates(n_each)
    else:
        candidates = merged_edges(n_vertices, list(source.blocks()))
    easy = in_two_steps and source.n_edges > solved_at_once
    current = min(bonus, _easy_bonus(candidates)) if easy else bonus
    near = _guess(source, current)
    n_rounds = n_searches = 0
    while True:
        answer = engine(doubled_graph(n_vertices, *candidates, current), near)
        near = answer.vertex_duals
        certificate = _certificate(answer, current)
        pricing = _price(certificate, source)
        n_rounds += 1
        n_searches += answer.n_searches
        total = _total(answer.partner, candidates)
        if progress is not None:
            n_pairs = sum(partner >= 0 for partner in answer.partner) // 2
            bound = total + (pricing.shortfall + 1) // 2
            progress(Progress(n_rounds, candidates[0].size, pricing.n_violated, n_pairs, total, bound))
        candidates = merged_edges(n_vertices, [candidates, pricing.worst])
        if pricing.n_violated:
            continue
        if current < bonus and -1 not in answer.partner:
            certificate, current = _with_bonus(certificate, bonus), bonus
        if current == bonus:
            return PricedSolution(answer.partner, total, certificate, candidates[:2], n_rounds, n_searches)
        near = [dual + bonus - current for dual in near]
        current = bonus


def _guess(source: EdgeSource, bonus: int) -> Sequence[int] | None:
    prices = source.prices()
    return None if prices is None else [2 * int(price) + bonus for price in prices.tolist()]


def _easy_bonus(edges: EdgeBlock) -> int:
    """Twice as much as weights differ."""
    weights = edges[2]
    return 2 * (int(weights.max(initial=0)) - int(weights.min(initial=0))) + 1


def _with_bonus(certificate: Certificate, bonus: int) -> Certificate:
    """The proof of a perfect matching for another bonus: each vertex pays half of the difference."""
    more = bonus - certificate.cardinality_bonus
    return replace(
        certificate,
        cardinality_bonus=bonus,
        vertex_duals=tuple(dual + more for dual in certificate.vertex_duals),
    )


def _edges_between(source: EdgeSource, ends: EdgeEnds) -> EdgeBlock:
    """Look up the edges between given ends."""
    n_vertices = source.n_vertices
    wanted = ends[0] * n_vertices + ends[1]
    found: list[EdgeBlock] = []
    for first, second, weights in source.blocks():
        chosen = np.isin(first * n_vertices + second, wanted)
        found.append((first[chosen], second[chosen], weights[chosen]))
    return merged_edges(n_vertices, found)


def _certificate(answer: DualSolution, bonus: int) -> Certificate:
    return Certificate(
        n_vertices=len(answer.partner),
        cardinality_bonus=bonus,
        vertex_duals=tuple(answer.vertex_duals),
        innermost_set=tuple(answer.innermost_set),
        set_parent=tuple(answer.set_parent),
        set_duals=tuple(answer.set_duals),
    )


@dataclass(frozen=True, eq=False)
class _Pricing:
    """How far duals are from covering every edge: the doubled weight that vertex duals lack, in all."""

    n_violated: int
    shortfall: int
    worst: EdgeBlock


def _price(certificate: Certificate, source: EdgeSource) -> _Pricing:
    """Find the edges that the duals do not cover, and pick the worst few at each vertex."""
    n_vertices = certificate.n_vertices
    slack = EdgeSlack(certificate)
    floors = floors_of(certificate)
    raises = np.zeros(n_vertices, dtype=object)
    n_violated = 0
    found: list[EdgeBlock] = []
    for _, first, second, weights in source.heavy(floors):
        violated, slacks = slack.violations(first, second, weights)
        n_violated += violated.size
        np.maximum.at(raises, first[violated], -slacks.astype(object))
        chosen = violated[_worst_at_each_end(first[violated], second[violated], slacks)]
        found.append((first[chosen], second[chosen], weights[chosen]))
    return _Pricing(n_violated, sum(raises.tolist()), merged_edges(n_vertices, found))


def _worst_at_each_end(first: Integers, second: Integers, slacks: NDArray[Any]) -> NDArray[np.intp]:
    ends = np.concatenate([first, second])
    shortfall = np.tile(-in_doubles(slacks), 2)
    picked = best_per_vertex(ends, shortfall, ADDED_EACH)
    return np.unique(picked % max(first.size, 1))


def _total(partner: list[int], edges: EdgeBlock) -> int:
    first, second, weights = edges
    paired = np.asarray(partner, dtype=np.int64)[first] == second
    return sum(weights[paired].tolist())
