"""The statistics behind a funnel: exact limits of a proportion, and how much results vary beyond chance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

WINSORISED = 0.1
"""Share of the z-scores at either end that are pulled in before overdispersion is measured."""


def exact_limits(sizes: Array, standard: float, tail: float) -> Array:
    """Give the quantile of a binomial proportion, interpolated between its steps.

    Parameters
    ----------
    sizes : ndarray of float, shape (m,)
        Numbers of patients, whole and at least 1.
    standard : float
        The true proportion.
    tail : float
        Probability below the limit.

    Returns
    -------
    ndarray of float, shape (m,)
        With r the smallest count whose cumulative probability F(r) reaches `tail`: r − (F(r) − tail)/(F(r)
        − F(r − 1)), over n; at least 0.

    References
    ----------
    Spiegelhalter (2005), Statistics in Medicine 24(8), appendix A.1.1.

    Examples
    --------
    Of 2 patients at a proportion of one half, F(0) = 1/4 and F(1) = 3/4: the median is half a step below 1.

    >>> exact_limits(np.array([2.0]), 0.5, 0.5).tolist()
    [0.25]
    """
    from scipy.stats import binom

    counts = np.maximum(np.rint(sizes), 1.0)
    count = binom.ppf(tail, counts, standard)
    reached = binom.cdf(count, counts, standard)
    step = reached - binom.cdf(count - 1, counts, standard)
    limits: Array = np.clip((count - (reached - tail) / step) / counts, 0.0, 1.0)
    return limits


def winsorised_dispersion(z: Array, share: float = WINSORISED) -> float:
    """Measure how much z-scores vary, with the ends pulled in; 1 if they are standard normal.

    Parameters
    ----------
    z : ndarray of float, shape (n,)
        Standardised differences from the standard.
    share : float
        Share at either end that is set to the quantile there.

    Returns
    -------
    float
        Mean square over what it is for the standard normal distribution.

    Examples
    --------
    >>> winsorised_dispersion(np.array([-1.0, 1.0, -1.0, 1.0]), share=0.0)
    1.0
    """
    low, high = np.quantile(z, [share, 1 - share])
    return float(np.mean(np.clip(z, low, high) ** 2)) / _normal_mean_square(share)


def between_team_sd(phi: float, standard_errors: Array) -> float:
    """Give the standard deviation between teams that explains a dispersion, by the method of moments.

    Parameters
    ----------
    phi : float
        Mean square of the z-scores.
    standard_errors : ndarray of float, shape (n,)
        Of the results.

    Returns
    -------
    float
        √ of (nφ − (n − 1)) / (Σw − Σw²/Σw) with w one over the squared standard error; 0 where that is
        negative.

    Examples
    --------
    >>> between_team_sd(3.0, np.ones(4))
    1.7320508075688772
    """
    weights = 1.0 / standard_errors**2
    n = len(weights)
    free = float(weights.sum() - (weights**2).sum() / weights.sum())
    return math.sqrt(max(0.0, n * phi - (n - 1)) / free)


def _normal_mean_square(share: float) -> float:
    """Mean square of a standard normal variable that is clipped at its quantiles."""
    if share == 0:
        return 1.0
    from scipy.special import ndtri

    cut = -float(ndtri(share))
    density = math.exp(-(cut**2) / 2) / math.sqrt(2 * math.pi)
    return (1 - 2 * share) - 2 * cut * density + 2 * share * cut**2
