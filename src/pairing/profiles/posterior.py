"""What each team's indicators probably are, given the model and what was observed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.profiles.likelihood import Evidence, precisions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.profiles.measurements import Measurements
    from pairing.profiles.model import ProfileModel

    Array = NDArray[np.float64]


def posterior(measurements: Measurements, model: ProfileModel) -> tuple[Array, Array]:
    """Give posterior means and covariances in units of the between-team SD.

    Parameters
    ----------
    measurements : Measurements
        Estimates and sampling variances of n teams on K indicators.
    model : ProfileModel
        The fitted parameters.

    Returns
    -------
    mean : ndarray of float, shape (n, K)
        Posterior means, 0 = the average team, positive = better; 0 for indicators that are not usable.
    covariance : ndarray of float, shape (n, K, K)
        Posterior covariances; rows and columns of zeros for indicators that are not usable.

    Notes
    -----
    The parameters are taken as known. A team without any observation is given the average team's mean and
    the whole variance between teams.

    References
    ----------
    .. [1] Efron and Morris (1975), "Data analysis using Stein's estimator and its generalizations",
       JASA 70(350).
    """
    n, k = measurements.values.shape
    mean, covariance = np.zeros((n, k)), np.zeros((n, k, k))
    usable = np.flatnonzero(model.usable)
    if usable.size:
        sd = model.sd[usable]
        evidence = Evidence.of(
            (measurements.values[:, usable] - model.mean[usable]) / sd,
            measurements.variances[:, usable] / sd**2,
        )
        correlation = model.covariance[np.ix_(usable, usable)] / np.outer(sd, sd)
        mean[:, usable], covariance[:, usable[:, None], usable] = _shrink(correlation, evidence)
    return mean, covariance


def _shrink(correlation: Array, evidence: Evidence) -> tuple[Array, Array]:
    """Weigh each team's observations against the spread of teams.

    The covariance is put together from two squares, so that rounding cannot make a variance negative.
    """
    weight = correlation @ precisions(correlation, evidence)
    variances, directions = np.linalg.eigh(correlation)
    root = directions * np.sqrt(np.maximum(variances, 0.0))
    mean = np.einsum("nab,nb->na", weight, evidence.values)
    between = root - weight @ root
    sampling = weight * np.sqrt(evidence.variances)[:, None, :]
    covariance = between @ between.transpose(0, 2, 1) + sampling @ sampling.transpose(0, 2, 1)
    return mean, 0.5 * (covariance + covariance.transpose(0, 2, 1))
