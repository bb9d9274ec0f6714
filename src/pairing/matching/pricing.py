"""Solve on candidate edges, price every other edge against the duals, add the violated ones, repeat.

When no edge is violated the duals cover the whole graph, so the proof does too, although the engine has
seen only a small part of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.matching.candidates import best_per_vertex, candidate_edges, merged_edges
from pairing.matching.certificate import Certificate
from pairing.matching.graph import doubled_graph
from pairing.matching.slack import EdgeSlack

if TYPE_CHECKING:
    from collections.abc import Callable

    from pairing.matching.blossom import DualSolution, Engine
    from pairing.matching.candidates import EdgeSource
    from pairing.matching.problem import EdgeBlock

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
    """

    round_number: int
    n_candidates: int
    n_violated: int
    n_pairs: int
    total: int


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
    n_rounds, n_searches : int
        How much work it was.
    """

    partner: list[int]
    total: int
    certificate: Certificate
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

    Returns
    -------
    PricedSolution
        The matching and its certificate.

    Notes
    -----
    Every round adds at least one edge that the engine has not seen, so the rounds come to an end.
    """
    n_vertices = source.n_vertices
    if source.n_edges > solved_at_once:
        candidates = candidate_edges(source, n_each)
    else:
        candidates = merged_edges(n_vertices, list(source.blocks()))
    n_rounds = n_searches = 0
    while True:
        answer = engine(doubled_graph(n_vertices, *candidates, bonus))
        certificate = _certificate(answer, bonus)
        n_violated, violated = _violated_edges(certificate, source)
        n_rounds += 1
        n_searches += answer.n_searches
        total = _total(answer.partner, candidates)
        if progress is not None:
            n_pairs = sum(partner >= 0 for partner in answer.partner) // 2
            progress(Progress(n_rounds, candidates[0].size, n_violated, n_pairs, total))
        if n_violated == 0:
            return PricedSolution(answer.partner, total, certificate, n_rounds, n_searches)
        candidates = merged_edges(n_vertices, [candidates, violated])


def _certificate(answer: DualSolution, bonus: int) -> Certificate:
    return Certificate(
        n_vertices=len(answer.partner),
        cardinality_bonus=bonus,
        vertex_duals=tuple(answer.vertex_duals),
        innermost_set=tuple(answer.innermost_set),
        set_parent=tuple(answer.set_parent),
        set_duals=tuple(answer.set_duals),
    )


def _violated_edges(certificate: Certificate, source: EdgeSource) -> tuple[int, EdgeBlock]:
    """Count the edges that the duals do not cover, and give the worst few at each vertex."""
    slack = EdgeSlack(certificate)
    n_violated = 0
    found: list[EdgeBlock] = []
    for first, second, weights in source.blocks():
        violated, slacks = slack.violations(first, second, weights)
        n_violated += violated.size
        low, high = first[violated], second[violated]
        shortfall = -slacks.astype(np.float64)
        worst = best_per_vertex(
            certificate.n_vertices, np.concatenate([low, high]), np.tile(shortfall, 2), ADDED_EACH
        )
        chosen = violated[np.unique(worst % max(violated.size, 1))]
        found.append((first[chosen], second[chosen], weights[chosen]))
    return n_violated, merged_edges(certificate.n_vertices, found)


def _total(partner: list[int], edges: EdgeBlock) -> int:
    first, second, weights = edges
    paired = np.asarray(partner, dtype=np.int64)[first] == second
    return sum(weights[paired].tolist())
