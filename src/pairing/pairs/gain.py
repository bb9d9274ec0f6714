"""What two teams can learn from each other, in closed form under the posterior of their profiles.

With weights w and the difference of two profiles Δ = θ_second − θ_first, the first team can learn
``Σ w max(0, Δ)`` from the second, the second ``Σ w max(0, −Δ)`` from the first. The reciprocal gain is the
smaller of the two, ``½ (Σ w |Δ| − |Σ w Δ|)``: half of contrast minus dominance. Each term is a folded normal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.profiles import Profiles

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]


def expected_absolute(mean: Floats, variance: Floats) -> Floats:
    """Expectation of the absolute value of a normal variable.

    Parameters
    ----------
    mean, variance : ndarray of float, any common shape
        Parameters of the normal distribution; a variance of 0 stands for a constant.

    Returns
    -------
    ndarray of float
        ``σ √(2/π) exp(−μ²/2σ²) + μ (1 − 2Φ(−μ/σ))``, the mean of the folded normal distribution [1]_.

    References
    ----------
    .. [1] Leone, Nelson and Nottingham (1961), "The folded normal distribution", Technometrics 3(4).

    Examples
    --------
    >>> expected_absolute(np.array([0.0, -2.0]), np.array([1.0, 0.0])).round(4).tolist()
    [0.7979, 2.0]
    """
    from scipy.special import erf

    deviation = np.sqrt(variance)
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = mean / (deviation * np.sqrt(2.0))
        folded = deviation * np.sqrt(2.0 / np.pi) * np.exp(-(scaled**2)) + mean * erf(scaled)
    return np.where(deviation > 0.0, folded, np.abs(mean))


@dataclass(frozen=True, eq=False)
class Gains:
    """Expected gains of a list of pairs, in units of the between-team SD of an indicator.

    Parameters
    ----------
    reciprocal : ndarray of float, shape (m,)
        What each of the two can at least learn from the other, ``E[min(g_first, g_second)]``.
    first, second : ndarray of float, shape (m,)
        What the first team can learn from the second, and the second from the first.
    """

    reciprocal: Floats
    first: Floats
    second: Floats


def expected_gains(
    mean: Floats, covariance: Floats, weights: Floats, first: Indices, second: Indices
) -> Gains:
    """Exact posterior expectations of the reciprocal and the two directional gains.

    Parameters
    ----------
    mean : ndarray of float, shape (n, K)
        Posterior means of the profiles, in between-team SD, higher is better.
    covariance : ndarray of float, shape (n, K, K)
        Posterior covariances. Their off-diagonal elements matter: without them dominance, and with it the
        reciprocal gain, would be wrong.
    weights : ndarray of float, shape (K,)
        Weights of the indicators, at least 0, summing to 1.
    first, second : ndarray of int, shape (m,)
        Positions of the two teams of each pair.

    Returns
    -------
    Gains
        Three arrays of shape (m,).

    Notes
    -----
    ``E[r] = ½ (Σ w E|Δ| − E|Σ w Δ|)`` needs K + 1 folded normals a pair and no simulation. By Jensen's
    inequality ``E[r] ≤ min(E[g_first], E[g_second])``.

    Examples
    --------
    Two teams, each one SD ahead on one of two indicators, without uncertainty:

    >>> gains = expected_gains(np.array([[1.0, 0.0], [0.0, 1.0]]), np.zeros((2, 2, 2)), np.array([0.5, 0.5]),
    ...                        np.array([0]), np.array([1]))
    >>> float(gains.reciprocal[0]), float(gains.first[0])
    (0.5, 0.5)
    """
    variances = np.einsum("nkk->nk", covariance)
    level, spread = mean @ weights, level_variance(covariance, weights)
    contrast = np.zeros(len(first))
    for k in np.flatnonzero(weights):
        difference = mean[second, k] - mean[first, k]
        contrast += weights[k] * expected_absolute(difference, variances[first, k] + variances[second, k])
    level_difference = level[second] - level[first]
    dominance = expected_absolute(level_difference, spread[first] + spread[second])
    return Gains(
        reciprocal=0.5 * (contrast - dominance),
        first=0.5 * (contrast + level_difference),
        second=0.5 * (contrast - level_difference),
    )


def level_variance(covariance: Floats, weights: Floats) -> Floats:
    """Posterior variance of each team's level ``Σ w θ``, shape (n,), from covariances of shape (n, K, K)."""
    variance: Floats = np.einsum("k,nkl,l->n", weights, covariance, weights)
    return np.maximum(variance, 0.0)  # rounding can leave a singular covariance a hair below 0


def gains_between(profiles: Profiles, first: Indices, second: Indices) -> Gains:
    """Expected gains of pairs of teams of a set of profiles; see :func:`expected_gains`."""
    return expected_gains(profiles.mean, profiles.covariance, profiles.weights, first, second)


def expected_reciprocal_gain(
    mean: Floats, covariance: Floats, weights: Floats, first: Indices, second: Indices
) -> Floats:
    """Expected reciprocal gain alone, shape (m,); see :func:`expected_gains`."""
    return expected_gains(mean, covariance, weights, first, second).reciprocal


def probability_level_gap_exceeds(
    cap: float, level: Floats, variance: Floats, first: Indices, second: Indices
) -> Floats:
    """Posterior probability that the true gap in overall level of each pair exceeds a cap.

    Parameters
    ----------
    cap : float
        Largest wanted gap, in between-team SD of an indicator.
    level, variance : ndarray of float, shape (n,)
        Posterior mean and variance of each team's level.
    first, second : ndarray of int, shape (m,)
        Positions of the two teams of each pair.

    Returns
    -------
    ndarray of float, shape (m,)
        Probabilities; 0 or 1 where nothing is uncertain.

    Examples
    --------
    >>> p = probability_level_gap_exceeds(0.5, np.zeros(2), np.full(2, 0.125), np.array([0]), np.array([1]))
    >>> round(float(p[0]), 3)
    0.317
    """
    from scipy.special import ndtr

    gap = level[second] - level[first]
    deviation = np.sqrt(variance[first] + variance[second])
    with np.errstate(divide="ignore", invalid="ignore"):
        outside = ndtr((-cap - gap) / deviation) + ndtr((gap - cap) / deviation)
    return np.where(deviation > 0.0, outside, (np.abs(gap) > cap).astype(np.float64))
