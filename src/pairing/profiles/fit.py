"""Fit the mean and the between-team covariance by restricted maximum likelihood.

The covariance is Σ = F F' with a square factor F, so that every step stays inside the cone of covariances
and may come to rest on its boundary (indicators that move as one, or not at all). Newton's method on F
converges quadratically there too, where expectation-maximisation needs hundreds of steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import SolverError
from pairing.profiles.heterogeneity import moment_variance, weighted_mean
from pairing.profiles.likelihood import Evidence, Likelihood, restricted_likelihood

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

#: The last step is the one that promises less log-likelihood than this.
PROMISE_TOLERANCE = 1e-12
MAX_ITERATIONS = 500
_RISE_TOLERANCE = 1e-6
_MAX_HALVINGS = 40


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted mean and covariance.

    Parameters
    ----------
    mean : ndarray of float, shape (K,)
        Means, in the indicators' own units.
    covariance : ndarray of float, shape (K, K)
        Between-team covariance, in the units multiplied.
    log_likelihood : float
        Restricted log-likelihood at the solution.
    n_iterations : int
        Newton steps taken.
    """

    mean: Array
    covariance: Array
    log_likelihood: float
    n_iterations: int


def fit_covariance(values: Array, variances: Array) -> Fit:
    """Fit the normal model of true values between teams by restricted maximum likelihood.

    Parameters
    ----------
    values, variances : ndarray of float, shape (n, K)
        Estimates and sampling variances above 0; NaN where missing. Every indicator must vary by more than
        its sampling errors (Cochran's Q above its degrees of freedom).

    Returns
    -------
    Fit
        The solution, in the indicators' own units.

    Raises
    ------
    SolverError
        If the steps do not come to rest.

    Notes
    -----
    The steps are taken on values about their weighted mean in units of the moment estimate of their SD. The
    result depends neither on the order of the teams nor on the indicators' units and zero points, apart from
    the rounding of the values themselves. One year of data cannot tell lasting differences from that year's:
    both are in the covariance.

    References
    ----------
    .. [1] Lindley and Smith (1972), "Bayes estimates for the linear model", JRSS B 34(1).
    .. [2] Efron and Morris (1975), "Data analysis using Stein's estimator and its generalizations",
       JASA 70(350).

    Examples
    --------
    >>> values = np.array([[0.1], [0.2], [0.6], [0.5]])
    >>> fit = fit_covariance(values, np.full((4, 1), 0.01))
    >>> fit.mean.round(4), fit.covariance.round(4)
    (array([0.35]), array([[0.0467]]))
    """
    columns = list(zip(values.T, variances.T, strict=True))
    centre = np.array([weighted_mean(*column) for column in columns])
    scale = np.sqrt([moment_variance(*column) for column in columns])
    evidence = Evidence.of((values - centre) / scale, variances / scale**2)
    factor, likelihood, n_iterations = _climb(np.eye(scale.size), evidence)
    correlated = factor @ factor.T
    n_values = np.sum(~np.isnan(values), axis=0)
    return Fit(
        mean=centre + scale * likelihood.mean,
        covariance=np.outer(scale, scale) * (correlated + correlated.T) / 2,
        log_likelihood=likelihood.value - float((n_values - 1) @ np.log(scale)),
        n_iterations=n_iterations,
    )


def _climb(factor: Array, evidence: Evidence) -> tuple[Array, Likelihood, int]:
    """Take Newton steps from a factor to the top; give it, the likelihood there, and the steps taken."""
    here = restricted_likelihood(factor @ factor.T, evidence)
    for iteration in range(1, MAX_ITERATIONS + 1):
        step, promise = _newton_step(factor, here)
        if promise >= PROMISE_TOLERANCE:
            factor, here = _go(factor, step, promise, here, evidence)
            continue
        factor, here = _arrive(factor + step, evidence)
        woken = _wake(factor, here)
        if woken is factor:
            return factor, here, iteration
        factor, here = _arrive(woken, evidence)
    raise SolverError(f"the fit did not settle in {MAX_ITERATIONS} steps")


def _arrive(factor: Array, evidence: Evidence) -> tuple[Array, Likelihood]:
    return factor, restricted_likelihood(factor @ factor.T, evidence)


def _newton_step(factor: Array, here: Likelihood) -> tuple[Array, float]:
    """Give the step on the factor and the log-likelihood that it promises.

    Directions that curve upwards are followed uphill with their curvature's sign turned.
    """
    k = factor.shape[0]
    basis = here.whitening()
    seen, root = here.seen_from(basis), np.linalg.solve(basis, factor).astype(np.float64)
    slope, identity = seen.gradient(), np.eye(k)
    half = np.kron(identity, root).reshape(k, k, k * k)
    spread = (half + half.transpose(1, 0, 2)).reshape(k * k, k * k)
    hessian = spread.T @ seen.curvature() @ spread + 2 * np.kron(slope, identity)
    bends, directions = np.linalg.eigh(hessian - np.linalg.norm(hessian) * _turns(root))
    slopes = directions.T @ (2 * slope @ root).ravel()
    bends = np.maximum(np.abs(bends), 1e-12 * np.abs(bends).max())
    lengths = slopes / bends
    return basis @ (directions @ lengths).reshape(k, k), 0.5 * float(slopes @ lengths)


def _turns(factor: Array) -> Array:
    """Give the square of the directions that only turn the factor, and leave the covariance as it is.

    Taken off the curvature, it keeps steps from wandering where neither slope nor curvature holds them.
    """
    k = factor.shape[0]
    right = np.kron(factor, np.eye(k)).reshape(k, k, k, k)
    turns = (right - right.transpose(0, 1, 3, 2)).reshape(k * k, k * k)
    return turns @ turns.T


def _go(
    factor: Array, step: Array, promise: float, here: Likelihood, evidence: Evidence
) -> tuple[Array, Likelihood]:
    """Go along the step as far as the likelihood rises enough; halve it until it does."""
    length = min(1.0, 1.5 * float(np.linalg.norm(factor)) / float(np.linalg.norm(step)))
    rounding = 1e-8 * (1 + abs(here.value))
    for _ in range(_MAX_HALVINGS):
        moved, there = _arrive(factor + length * step, evidence)
        if there.value >= here.value + 0.1 * length * promise - rounding:
            return moved, there
        length /= 2
    raise SolverError("the fit found no way up although it is not at the top")


def _wake(factor: Array, here: Likelihood) -> Array:
    """Give the factor back as it is, or with a push in a direction that died although the slope there rises.

    The slope in the factor is in proportion to the factor: what is zero cannot grow by itself.
    """
    basis = here.whitening()
    rises, directions = np.linalg.eigh(here.seen_from(basis).gradient())
    if rises[-1] <= _RISE_TOLERANCE:
        return factor
    idle = np.linalg.svd(factor)[2][-1]
    return factor + 0.1 * np.outer(basis @ directions[:, -1], idle)
