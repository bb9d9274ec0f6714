"""What duals allow an edge to weigh, shared out to its two ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.matching.proof.clauses import set_sizes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.matching.proof.certificate import Certificate

    Floats = NDArray[np.float64]

_EXACT_IN_DOUBLES = 2**50


def floors_of(certificate: Certificate) -> Floats:
    """Share out to the two ends of an edge what a certificate allows it to weigh.

    Parameters
    ----------
    certificate : Certificate
        Duals whose indices are in range and whose forest has no cycle.

    Returns
    -------
    ndarray of float, shape (n,)
        An edge that weighs no more than the floors of its ends is covered; one that weighs more may be
        covered all the same, by odd sets. Minus infinity throughout where doubles cannot tell.

    Notes
    -----
    Where some vertices must stay alone, an odd set may hold nearly all others, and its dual matters for
    nearly every edge. So an odd set with more than half of the vertices gives half of its dual to each
    vertex inside and takes as much from each one outside: right for edges inside and across, and too little
    for the few that lie outside. All are quarters of whole numbers below 2**50, so their sums are exact and
    the masses of edges that are just covered, where values tie, are not taken for heavy ones.
    """
    shares = [dual - certificate.cardinality_bonus for dual in certificate.vertex_duals]
    if max(map(abs, [*shares, sum(certificate.set_duals)]), default=0) > _EXACT_IN_DOUBLES:
        return np.full(len(shares), -np.inf)
    floors = np.array(shares, dtype=np.float64) / 2.0
    sizes = set_sizes(certificate)
    large = [index for index, size in enumerate(sizes) if 2 * size > certificate.n_vertices]
    around = _large_around(certificate, large)
    depth = sum(certificate.set_duals[index] for index in large)
    return floors + (around - depth / 2.0) / 2.0


def _large_around(certificate: Certificate, large: list[int]) -> Floats:
    """Sum for each vertex the duals of the large sets around it; large sets hold one another."""
    parent, duals, chosen = certificate.set_parent, certificate.set_duals, set(large)
    sums: dict[int, int] = {-1: 0}
    for start in (*large, *certificate.innermost_set):
        path = []
        index = start
        while index not in sums:
            path.append(index)
            index = parent[index]
        for inner in reversed(path):
            sums[inner] = sums[parent[inner]] + (duals[inner] if inner in chosen else 0)
    return np.array([sums[index] for index in certificate.innermost_set], dtype=np.float64)
