"""How probable it is that one of two teams has nothing to teach the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.profiles import Profiles

    Floats = NDArray[np.float64]

ACCURACY = 1e-4
"""By how much a probability may be off: it is an integral over as many dimensions as there are indicators."""

MOST_POINTS = 200_000
"""Points of the integration, so that no pair takes long where the covariance is all but singular."""


def probability_neither_dominates(profiles: Profiles, first: int, second: int) -> float:
    """Posterior probability that each of two teams is truly better than the other on some indicator.

    Parameters
    ----------
    profiles : Profiles
        Profiles of the teams.
    first, second : int
        Positions of the two teams.

    Returns
    -------
    float
        One minus the probability that the reciprocal gain is 0 because one team is at least as good on all
        weighted usable indicators, to within `ACCURACY`. The same for the same profiles in any run.

    Notes
    -----
    With the difference of the true profiles Δ = θ_second − θ_first, normal with mean m_second − m_first and
    covariance V_first + V_second, this is 1 − P(all Δ ≥ 0) − P(all Δ ≤ 0): two orthant probabilities,
    integrated by randomised quasi-Monte Carlo [1]_ with a fixed generator.

    References
    ----------
    .. [1] Genz (1992), "Numerical computation of multivariate normal probabilities", J. Comput. Graph.
       Statist. 1(2).
    """
    counted = np.array(profiles.model.usable) & (profiles.weights > 0)
    difference = (profiles.mean[second] - profiles.mean[first])[counted]
    covariance = (profiles.covariance[first] + profiles.covariance[second])[np.ix_(counted, counted)]
    dominated = orthant_probability(difference, covariance) + orthant_probability(-difference, covariance)
    return float(np.clip(1.0 - dominated, 0.0, 1.0))


def orthant_probability(mean: Floats, covariance: Floats) -> float:
    """Probability that no component of a normal vector is below 0.

    Parameters
    ----------
    mean : ndarray of float, shape (K,)
        Mean of the vector.
    covariance : ndarray of float, shape (K, K)
        Its covariance, perhaps singular.

    Returns
    -------
    float
        The probability, to within `ACCURACY`.

    Examples
    --------
    >>> round(orthant_probability(np.zeros(2), np.array([[1.0, 0.5], [0.5, 1.0]])), 3)  # 1/4 + asin(.5)/2π
    0.333
    """
    from scipy.special import ndtr

    deviation = np.sqrt(np.diag(covariance))
    certain = deviation == 0
    if (mean[certain] < 0).any():
        return 0.0
    mean, deviation = mean[~certain], deviation[~certain]
    alone = ndtr(mean / deviation)
    if alone.size < 2 or alone.min() < ACCURACY / 2:  # no more probable than the least probable component
        return float(alone.min(initial=1.0))
    scale = np.outer(deviation, deviation)
    return _integrated(mean / deviation, covariance[np.ix_(~certain, ~certain)] / scale)


def _integrated(limits: Floats, correlation: Floats) -> float:
    from scipy.stats import multivariate_normal

    rng = np.random.default_rng(0)  # fixed, so that the same pair always has the same figure
    origin = np.zeros(len(limits))
    centred = multivariate_normal(  # type: ignore[call-overload]  # the stubs lack abseps and maxpts
        origin, correlation, allow_singular=True, seed=rng, abseps=ACCURACY, maxpts=MOST_POINTS
    )
    return float(centred.cdf(limits))
