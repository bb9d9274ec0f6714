"""Which edges some duals do not cover: all counted, the worst few at each vertex picked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.matching.candidates import best_per_vertex, in_doubles, merged_edges
from pairing.matching.proof.floors import floors_of
from pairing.matching.proof.slack import EdgeSlack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from pairing.matching.edge_source import EdgeSource, HeavyEdges
    from pairing.matching.problem import EdgeBlock, Integers
    from pairing.matching.proof.certificate import Certificate

ADDED_EACH = 6


@dataclass(frozen=True, eq=False)
class ViolatedEdges:
    """What the edges say of some duals.

    Attributes
    ----------
    n_violated : int
        Edges that are not covered, among those that were seen.
    raises : list of int, or None
        What would have to be added to the dual of each vertex for all edges to be covered; None if not all
        violated edges were seen, and then some were.
    worst : (first, second, weights)
        The worst of them at each vertex, each once, in ascending order.
    """

    n_violated: int
    raises: list[int] | None
    worst: EdgeBlock


def violated_edges(
    certificate: Certificate, source: EdgeSource, check_time: Callable[[], None]
) -> ViolatedEdges:
    """Find the edges that the duals do not cover.

    Parameters
    ----------
    certificate : Certificate
        The duals.
    source : EdgeSource
        All edges.
    check_time : callable
        Called now and then; may raise.

    Returns
    -------
    ViolatedEdges
        How many there are, what would cover them, and the worst.
    """
    floors = floors_of(certificate)
    found = violated_among(source.heavy(floors), certificate, check_time)
    if found.n_violated == 0 and found.raises is None:  # odd sets cover the heaviest, perhaps not all others
        found = violated_among(source.all_heavy(floors), certificate, check_time)
    return found


def violated_among(
    pieces: Iterable[HeavyEdges], certificate: Certificate, check_time: Callable[[], None]
) -> ViolatedEdges:
    """Find the edges that the duals do not cover among some.

    Parameters
    ----------
    pieces : iterable of HeavyEdges
        Edges, each once.
    certificate : Certificate
        The duals.
    check_time : callable
        Called for each piece; may raise.
    """
    n_vertices = certificate.n_vertices
    slack = EdgeSlack(certificate)
    shortfalls = np.zeros(n_vertices, dtype=object)
    n_violated, seen_all = 0, True
    found: list[EdgeBlock] = []
    for piece in pieces:
        check_time()
        first, second, weights = piece.first, piece.second, piece.weights
        seen_all &= piece.are_all
        violated, slacks = slack.violations(first, second, weights)
        n_violated += violated.size
        worst = np.zeros(n_vertices, dtype=slacks.dtype)
        for ends in (first[violated], second[violated]):
            np.maximum.at(worst, ends, -slacks)
        shortfalls = np.maximum(shortfalls, worst.astype(object))
        chosen = violated[_worst_at_each_end(first[violated], second[violated], slacks)]
        found.append((first[chosen], second[chosen], weights[chosen]))
    # Each end of an edge is raised by half of its own worst, so that no edge is left uncovered.
    raises = [(shortfall + 1) // 2 for shortfall in shortfalls.tolist()] if seen_all else None
    return ViolatedEdges(n_violated, raises, merged_edges(n_vertices, found))


def _worst_at_each_end(first: Integers, second: Integers, slacks: NDArray[Any]) -> NDArray[np.intp]:
    ends = np.concatenate([first, second])
    shortfall = np.tile(-in_doubles(slacks), 2)
    picked = best_per_vertex(ends, shortfall, ADDED_EACH)
    return np.unique(picked % max(first.size, 1))
