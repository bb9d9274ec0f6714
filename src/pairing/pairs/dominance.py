"""How probable it is that one of two teams has nothing to teach the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.threads import in_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.profiles import Profiles

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

ACCURACY = 1e-4
"""By how much a probability may be off: it is an integral over as many dimensions as there are indicators."""

N_POINTS = 2_048
"""Points of the integration."""

_PAIRS_AT_ONCE = 64
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97)


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
        See :func:`probabilities_neither_dominates`.
    """
    return float(probabilities_neither_dominates(profiles, np.array([first]), np.array([second]))[0])


def probabilities_neither_dominates(profiles: Profiles, first: Indices, second: Indices) -> Floats:
    """Posterior probability that each team of a pair is truly better than the other on some indicator.

    Parameters
    ----------
    profiles : Profiles
        Profiles of the teams.
    first, second : ndarray of int, shape (m,)
        Positions of the two teams of each pair.

    Returns
    -------
    ndarray of float, shape (m,)
        One minus the probability that the reciprocal gain is 0 because one team is at least as good on all
        weighted usable indicators, to within `ACCURACY`. The same for the same profiles in any run.

    Notes
    -----
    With the difference of the true profiles Δ = θ_second − θ_first, normal with mean m_second − m_first and
    covariance V_first + V_second, this is 1 − P(all Δ ≥ 0) − P(all Δ ≤ 0): two orthant probabilities.
    """
    counted = np.array(profiles.model.usable) & (profiles.weights > 0)
    difference = (profiles.mean[second] - profiles.mean[first])[:, counted]
    covariance = profiles.covariance[:, counted][:, :, counted]

    def of(rows: slice) -> Floats:
        spread = covariance[first[rows]] + covariance[second[rows]]
        ahead, behind = (orthant_probabilities(sign * difference[rows], spread) for sign in (1.0, -1.0))
        return np.clip(1.0 - ahead - behind, 0.0, 1.0)

    blocks = [slice(start, start + _PAIRS_AT_ONCE) for start in range(0, len(first), _PAIRS_AT_ONCE)]
    return np.concatenate([np.zeros(0), *in_threads(of, blocks)])


def orthant_probability(mean: Floats, covariance: Floats) -> float:
    """Probability that no component of a normal vector is below 0; see :func:`orthant_probabilities`.

    Examples
    --------
    >>> round(orthant_probability(np.zeros(2), np.array([[1.0, 0.5], [0.5, 1.0]])), 3)  # 1/4 + asin(.5)/2π
    0.333
    """
    return float(orthant_probabilities(mean[None], covariance[None])[0])


def orthant_probabilities(mean: Floats, covariance: Floats) -> Floats:
    """Probability of each of many normal vectors that no component is below 0.

    Parameters
    ----------
    mean : ndarray of float, shape (m, K)
        Means of the vectors.
    covariance : ndarray of float, shape (m, K, K)
        Their covariances, perhaps singular.

    Returns
    -------
    ndarray of float, shape (m,)
        The probabilities, to within `ACCURACY`, usually far closer.

    Notes
    -----
    Genz's transformation [1]_ to an integral over the unit cube, one component after the other, those that
    are least likely to be above 0 first; and a lattice of Richtmyer's with the tent transformation as points
    [2]_, the same for all vectors: a hundred of them take as long as SciPy takes for two.

    References
    ----------
    .. [1] Genz (1992), "Numerical computation of multivariate normal probabilities", J. Comput. Graph.
       Statist. 1(2).
    .. [2] Genz and Bretz (2009), "Computation of multivariate normal and t probabilities", Lecture Notes in
       Statistics 195, section 4.2.2.
    """
    from scipy.special import ndtr, ndtri

    mean, covariance = _least_likely_first(mean, covariance)
    n_vectors, n_components = mean.shape
    points = _lattice(max(n_components - 1, 0))
    drawn = np.zeros((n_vectors, n_components, N_POINTS))
    probability = np.ones((n_vectors, N_POINTS))
    factor = _cholesky(covariance)
    for k in range(n_components):
        centre = mean[:, k, None] + np.einsum("mj,mjp->mp", factor[:, k, :k], drawn[:, :k])
        deviation = factor[:, k, k, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            above = np.where(deviation > 0, ndtr(centre / deviation), centre >= 0)
        probability *= above
        if k + 1 < n_components:
            # A standard normal number given that the component is not below 0, from its upper tail.
            tail = np.clip(points[k] * above, 1e-300, 1.0)
            drawn[:, k] = np.maximum(-ndtri(tail), -40.0)
    mean_probability: Floats = probability.mean(axis=1)
    return mean_probability


def _least_likely_first(mean: Floats, covariance: Floats) -> tuple[Floats, Floats]:
    deviation = np.sqrt(np.einsum("mkk->mk", covariance))
    with np.errstate(divide="ignore", invalid="ignore"):
        limit = np.where(deviation > 0, mean / deviation, np.where(mean < 0, -np.inf, np.inf))
    order = np.argsort(limit, axis=1, kind="stable")
    ordered = np.take_along_axis(covariance, order[:, :, None], axis=1)
    return np.take_along_axis(mean, order, axis=1), np.take_along_axis(ordered, order[:, None], axis=2)


def _lattice(n_dimensions: int) -> Floats:
    """Points in the unit cube, shape (n_dimensions, `N_POINTS`)."""
    if n_dimensions > len(_PRIMES):
        rng = np.random.default_rng(0)  # fixed, so that the same pair always has the same figure
        return rng.random((n_dimensions, N_POINTS))
    steps = np.sqrt(np.array(_PRIMES[:n_dimensions], dtype=np.float64))
    fraction = (steps[:, None] * np.arange(1, N_POINTS + 1)) % 1.0
    points: Floats = np.abs(2.0 * fraction - 1.0)
    return points


def _cholesky(covariance: Floats) -> Floats:
    """Lower factors, with zeros where a component is determined by those before it."""
    n_components = covariance.shape[1]
    factor = np.zeros_like(covariance)
    for k in range(n_components):
        rest = covariance[:, k:, k] - np.einsum("mij,mj->mi", factor[:, k:, :k], factor[:, k, :k])
        pivot = np.where(rest[:, 0] > 1e-12 * covariance[:, k, k], np.sqrt(np.maximum(rest[:, 0], 0.0)), 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            factor[:, k:, k] = np.where(pivot[:, None] > 0, rest / pivot[:, None], 0.0)
    return factor
