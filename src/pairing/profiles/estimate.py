"""Decide which indicators can be used, and fit the model on those."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import SolverError
from pairing.profiles.fit import Fit, fit_covariance
from pairing.profiles.heterogeneity import cochran_q, weighted_mean
from pairing.profiles.model import ProfileModel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.profiles.measurements import Measurements

#: A fitted variance below this share of the sampling variances' harmonic mean is none.
NEGLIGIBLE_VARIANCE = 1e-6


def estimate_model(
    measurements: Measurements, indicators: tuple[str, ...], *, dispersion: float = 1.0
) -> ProfileModel:
    """Fit the profile model to measurements.

    Parameters
    ----------
    measurements : Measurements
        Estimates and sampling variances of n teams on K indicators.
    indicators : tuple of str, length K
        Columns of the indicators.
    dispersion : float
        What the sampling variances were multiplied by; recorded in the model.

    Returns
    -------
    ProfileModel
        The fitted parameters. An indicator without real differences has neither variance nor covariance.

    Raises
    ------
    SolverError
        If the fit does not come to rest; the message names the indicators and what to try.
    """
    columns = list(zip(measurements.values.T, measurements.variances.T, strict=True))
    tests = tuple(cochran_q(*column) for column in columns)
    real = np.array([test.is_real for test in tests], dtype=bool)
    mean = np.array([weighted_mean(*column) for column in columns])
    covariance = np.zeros((mean.size, mean.size))
    try:
        fit = _fit(measurements, real)
    except SolverError as error:
        names = [name for name, is_real in zip(indicators, real, strict=True) if is_real]
        raise SolverError(_advice(error, measurements.variances[:, real], names)) from error
    covariance[np.ix_(real, real)] = fit.covariance
    usable = np.diag(covariance) > 0
    mean[usable] = fit.mean[usable[real]]
    return ProfileModel(
        indicators=indicators,
        usable=tuple(usable.tolist()),
        mean=mean,
        covariance=covariance,
        pooled=measurements.pooled,
        heterogeneity=tests,
        log_likelihood=fit.log_likelihood,
        n_iterations=fit.n_iterations,
        converged=True,
        dispersion=dispersion,
    )


def _fit(measurements: Measurements, real: NDArray[np.bool_]) -> Fit:
    """Fit the indicators on which teams differ, and clear variances that are zero but for rounding."""
    if not real.any():
        return Fit(np.zeros(0), np.zeros((0, 0)), 0.0, 0)
    values, variances = measurements.values[:, real], measurements.variances[:, real]
    fit = fit_covariance(values, variances)
    least = np.nanmin(variances, axis=0)
    typical = least / np.nanmean(least / variances, axis=0)
    kept = np.diag(fit.covariance) > NEGLIGIBLE_VARIANCE * typical
    return replace(fit, covariance=fit.covariance * np.outer(kept, kept))


def _advice(error: SolverError, variances: NDArray[np.float64], names: list[str]) -> str:
    """Say which indicators could not be fitted, and what a designer can try."""
    errors = np.sqrt(variances)
    least, greatest = np.nanmin(errors, axis=0), np.nanmax(errors, axis=0)
    worst = int(np.argmax(greatest / least))
    teams = int((~np.isnan(variances)).any(axis=1).sum())
    quoted = ", ".join(f"'{name}'" for name in names)
    return (
        f"The profiles of {teams} teams on {len(names)} indicators ({quoted}) could not be fitted: {error}. "
        f"Look first at '{names[worst]}', whose standard errors range from {least[worst]:.3g} to "
        f"{greatest[worst]:.3g}: one that is wrong by a large factor can cause this. Then look for a team "
        "that is far from all others. If all figures are right, leave out one indicator at a time."
    )
