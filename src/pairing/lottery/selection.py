"""Subsets of fixed size, by the million: from random numbers, from their rank, and as numbers.

The two functions that make subsets walk through the units once and decide for all draws at the same time,
so that a draw can never have a wrong number of units.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_WORD = 2.0**32
_NUMBERS_PER_BLOCK = 2**21
NUMBERS_IN_CACHE = 2**16
"""A block of so many numbers stays in the processor's cache while it is used twice."""


def select_at_random(numbers: NDArray[np.uint32], n_drawn: int) -> NDArray[np.bool_]:
    """Turn random 32-bit numbers into subsets of equal size, each as likely as any other.

    Parameters
    ----------
    numbers : ndarray of uint32, shape (n_units, n)
        Independent uniform numbers, one column a draw.
    n_drawn : int
        Units in each subset.

    Returns
    -------
    ndarray of bool, shape (n_units, n)
        Exactly `n_drawn` true values in each column.

    Notes
    -----
    Selection sampling (Fan, Muller and Rezucha 1962; Knuth's Algorithm S): unit j is taken with
    probability (still needed) / (still to come). The comparison is exact; each step's probability is a
    multiple of 2**-32.

    Examples
    --------
    >>> select_at_random(np.array([[0], [2**32 - 1], [7]], dtype=np.uint32), 1).ravel().tolist()
    [True, False, False]
    """
    n_units, n = numbers.shape
    taken = np.empty((n_units, n), dtype=np.bool_)
    needed = np.full(n, float(n_drawn))
    scaled = np.empty(n)
    for unit in range(n_units):
        np.multiply(numbers[unit], (n_units - unit) / _WORD, out=scaled)
        np.less(scaled, needed, out=taken[unit])
        needed -= taken[unit]
    return taken


def select_by_rank(ranks: NDArray[np.int64], n_units: int, n_drawn: int) -> NDArray[np.bool_]:
    """List subsets by their place in the alphabetical order, rank 0 being the first `n_drawn` units.

    Parameters
    ----------
    ranks : ndarray of int64, shape (n,)
        Ranks from 0 to C(n_units, n_drawn) - 1, which must be below 2**63.
    n_units, n_drawn : int
        Size of the whole and of each subset.

    Returns
    -------
    ndarray of bool, shape (n_units, n)
        One column a rank.

    Examples
    --------
    >>> select_by_rank(np.arange(3), 3, 2).T.astype(int).tolist()
    [[1, 1, 0], [1, 0, 1], [0, 1, 1]]
    """
    taken = np.empty((n_units, len(ranks)), dtype=np.bool_)
    needed = np.full(len(ranks), n_drawn, dtype=np.int64)
    rest = np.array(ranks, dtype=np.int64)
    for unit in range(n_units):
        to_come = n_units - unit - 1
        with_unit = np.array([0] + [math.comb(to_come, need - 1) for need in range(1, n_drawn + 1)])[needed]
        np.less(rest, with_unit, out=taken[unit])
        rest -= np.where(taken[unit], 0, with_unit)
        needed -= taken[unit]
    return taken


def number_blocks(
    draws: NDArray[np.bool_], numbers: int = _NUMBERS_PER_BLOCK
) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Turn draws, shape (S, m), into 0.0 and 1.0, a bounded number of rows at a time.

    Parameters
    ----------
    draws : ndarray of bool, shape (S, m)
        Draws.
    numbers : int
        About so many at a time. Sums that are not of whole numbers differ in the last digits by it.

    Yields
    ------
    tuple of (slice, ndarray of float)
        The rows, and their numbers.
    """
    n_rows = max(1, numbers // draws.shape[1])
    for start in range(0, len(draws), n_rows):
        rows = slice(start, start + n_rows)
        yield rows, draws[rows].astype(np.float64)
