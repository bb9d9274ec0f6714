"""Weights under which a fairest matching is a heaviest one, so that the ordinary certificate proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LARGEST = 2**62


def leximin_weights(values: NDArray[np.int64], pair_values: NDArray[np.int64]) -> NDArray[Any]:
    """Weigh edges so that a matching outweighs a given one if and only if it is fairer.

    Of two matchings with as many pairs, the fairer one is that whose worst pair is worth more; if these are
    equal, whose second worst pair is worth more; and so on (leximin).

    Parameters
    ----------
    values : ndarray of int64, shape (m,)
        Value of each permitted edge.
    pair_values : ndarray of int64, shape (k,)
        Values of the pairs of the given matching.

    Returns
    -------
    ndarray of int64, or of Python integers where 64 bits do not do, shape (m,)
        One weight an edge, none above 0. Among matchings with k pairs, those that are fairer than the
        given one weigh more, those that are as fair weigh as much, and the others weigh less.

    Notes
    -----
    Let u_1 < ... < u_r be the different values of the given pairs, n_j the number of pairs worth u_j, and
    R_j the number of those worth more. An edge worth exactly u_j costs c_j, one worth more than u_j but
    less than u_{j+1} costs 1 + S_j (below u_1: 1 + S_0), where S_j = n_{j+1} c_{j+1} + ... + n_r c_r, and
    one above u_r costs nothing. From the top down, c_r = 1 and c_j = R_j (1 + S_j) + 2.

    A rival agrees with the given matching in its worst pairs up to some place; let u_j be what the given
    matching has there. If the rival has less there, it pays for a pair between two of the values, which
    alone costs more than all that the given matching still has to pay, or for a pair too many at some u_i,
    which costs more than all pairs above u_i together. If it has more there, it lacks d >= 1 pairs at u_j,
    and what it has instead, at most d + R_j pairs that cost 1 + S_j at most, is cheaper: (d + R_j)(1 + S_j)
    < d c_j + S_j. So the weights order matchings as leximin does, against this one. The numbers have about
    log2(k!) bits when all values differ, and the fewer the more pairs are tied.

    Examples
    --------
    >>> values = np.array([1, 3, 4, 4, 9])
    >>> leximin_weights(values, np.array([3, 4])).tolist()
    [-6, -4, -1, -1, 0]
    """
    levels, counts = np.unique(pair_values, return_counts=True)
    costs = np.array(_costs(counts.tolist()), dtype=object)
    if costs[0] < _LARGEST:
        costs = costs.astype(np.int64)
    at_least, above = (np.searchsorted(levels, values, side=side) for side in ("left", "right"))
    weights: NDArray[Any] = -costs[at_least + above]
    return weights


def _costs(counts: list[int]) -> list[int]:
    """Cost of an edge below the first level, at it, between it and the next, ..., above the last level."""
    costs = [0]
    n_above, cost_above = 0, 0
    for count in reversed(counts):
        at_level = n_above * costs[-1] + 2 if n_above else 1
        n_above += count
        cost_above += count * at_level
        costs += [at_level, cost_above + 1]
    return costs[::-1]
