"""Better candidates to begin with: those that the prices of a fractional matching make look best.

The first candidates are chosen by a guess at the prices. A fractional matching of them has prices that are
nearly right, and costs little; chosen by these, the candidates hardly ever lack an edge that matters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.matching.candidates import merged_edges
from pairing.matching.engine.fractional import fractional_prices
from pairing.matching.engine.graph import doubled_graph

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pairing.matching.edge_source import EdgeSource
    from pairing.matching.problem import EdgeBlock

    Integers = NDArray[np.int64]

NEAREST_EACH = 8
"""Edges that each vertex is given, or has already, by the better prices."""

MOST_SCREENINGS = 3

FEW = 1.0
"""Heavy edges that were missing, for each vertex, up to which prices are good enough."""

LOSS = 4
"""Leaving a vertex unpaired costs so many times what the middle half of the candidates differ by."""


def screened(
    source: EdgeSource, candidates: EdgeBlock, check_time: Callable[[], None]
) -> tuple[EdgeBlock, Integers | None]:
    """Add edges to the candidates until their prices make few others look good.

    Parameters
    ----------
    source : EdgeSource
        All edges. If it has no guess at the prices, nothing is done.
    candidates : (first, second, weights)
        Edges to begin with.
    check_time : callable
        Called now and then; may raise.

    Returns
    -------
    candidates : (first, second, weights)
        These and more.
    prices : ndarray of int64, shape (n,), or None
        Twice what each vertex is worth in a pair.
    """
    rates = source.prices()
    if rates is None or candidates[2].dtype == object:
        return candidates, None
    guess = np.rint(rates).astype(np.int64)
    n_vertices = source.n_vertices
    loss = _loss(candidates, guess)
    prices = 2 * guess
    for _ in range(MOST_SCREENINGS):
        prices = fractional_prices(doubled_graph(n_vertices, *candidates, 0), prices // 2, loss)
        check_time()
        floors = prices / 2.0
        near = source.nearest(floors, NEAREST_EACH)
        n_heavy = np.count_nonzero(near[2] - floors[near[0]] - floors[near[1]] >= 1.0)
        candidates = merged_edges(n_vertices, [candidates, near])
        if n_heavy <= FEW * n_vertices:
            break
    return candidates, prices


def _loss(edges: EdgeBlock, guess: Integers) -> int:
    """More than prices are wrong by in general, so that only vertices without a chance stay unpaired."""
    first, second, weights = edges
    excess = weights - guess[first] - guess[second]
    low, high = np.quantile(excess, [0.25, 0.75]) if excess.size else (0, 0)
    return int(LOSS * (high - low)) + 1
