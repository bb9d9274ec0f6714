"""Prove anew that stored parameters solve the model's equations.

This is the textbook written down team by team, on purpose without the fast code that fitted the model: slow,
plain, and able to disagree. It needs the likelihood's slope only, for parameters that no slope leads away
from are a solution whoever found them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtrc

from pairing.profiles.heterogeneity import SIGNIFICANCE
from pairing.profiles.measurements import Measurements, measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from pairing.cohort import Cohort
    from pairing.profiles.model import ProfileModel

    Array = NDArray[np.float64]

#: Largest slope allowed: log-likelihood for changing a parameter by as much as one team can be off.
SCORE_TOLERANCE = 1e-6
#: Largest slope allowed towards a variance that the solution has as zero.
RISE_TOLERANCE = 1e-5
#: Largest difference allowed between stored and recomputed figures, relative to 1 + the figure.
FIGURE_TOLERANCE = 1e-8
#: The same for the log-likelihood, a sum over all teams.
LIKELIHOOD_TOLERANCE = 1e-6


@dataclass(frozen=True)
class ModelCheck:
    """What a check of stored parameters found.

    Parameters
    ----------
    failures : tuple of str
        Every clause that fails, as a sentence. Empty if all is proven.
    score_residual : float
        Largest slope that is left, in log-likelihood for changing a parameter by as much as one team can be
        off.
    tolerance : float
        Largest one allowed.
    """

    failures: tuple[str, ...]
    score_residual: float
    tolerance: float = SCORE_TOLERANCE

    @property
    def passed(self) -> bool:
        """Whether nothing failed."""
        return not self.failures


def check_model(cohort: Cohort, model: ProfileModel) -> ModelCheck:
    """Prove that stored parameters solve the model's equations for a cohort.

    Parameters
    ----------
    cohort : Cohort
        The teams, read anew from the input.
    model : ProfileModel
        The stored parameters.

    Returns
    -------
    ModelCheck
        Failures as sentences, and the largest slope left.

    Raises
    ------
    InputDataError
        If an observation cannot be used.

    Notes
    -----
    With G the slope of the restricted log-likelihood in the covariance Σ, a solution within the cone of
    covariances, its boundary included, has GΣ = 0 and no positive eigenvalue of G. All is measured by
    the average team's total covariance, so that the tolerance means the same for every unit.
    """
    columns = tuple(indicator.column for indicator in cohort.indicators)
    if columns != model.indicators:
        return ModelCheck(
            (f"The stored model is for other indicators: {', '.join(model.indicators)}.",), math.inf
        )
    measurements = measure(cohort, dispersion=model.dispersion)
    residual, failures = _check_solution(measurements, model)
    if not model.converged:
        failures = ["The stored model is marked as not converged.", *failures]
    return ModelCheck((*_check_indicators(measurements, model), *failures), residual)


def _check_indicators(measurements: Measurements, model: ProfileModel) -> Iterator[str]:
    """Recompute pooled proportions, Cochran's test, the usable flags, and means of unusable indicators."""
    for number, name in enumerate(model.indicators):
        known = ~np.isnan(measurements.values[:, number])
        values, variances = measurements.values[known, number], measurements.variances[known, number]
        test, usable = model.heterogeneity[number], model.usable[number]
        stored, pooled = model.pooled[number], measurements.pooled[number]
        if not _same(stored, pooled):
            yield f"The pooled proportion of '{name}' is {pooled}, not {stored}."
        q, freedom, mean = _plain_cochran(values, variances)
        p_value = float(chdtrc(freedom, q)) if freedom else 1.0
        told, found = (test.q, test.degrees_of_freedom, test.p_value), (q, freedom, p_value)
        if not all(map(_same, told, found)):
            yield f"Cochran's test of '{name}' gives Q, degrees of freedom and p of {found}, not {told}."
        if usable and p_value > SIGNIFICANCE:
            yield f"'{name}' is marked as usable although its teams do not differ beyond chance."
        if not usable and not _same(model.mean[number], mean):
            yield f"The mean of '{name}' is {mean}, not {model.mean[number]}."


def _check_solution(measurements: Measurements, model: ProfileModel) -> tuple[float, list[str]]:
    """Check the slopes over every indicator whose teams differ, fitted variance or not."""
    chosen = np.flatnonzero([test.is_real for test in model.heterogeneity])
    if any(model.usable[k] and k not in chosen for k in range(len(model.usable))):
        return math.inf, ["The usable flags contradict the tests of heterogeneity."]
    if chosen.size == 0:
        return 0.0, [] if model.log_likelihood == 0 else ["The log-likelihood of nothing is 0."]
    values, variances = measurements.values[:, chosen], measurements.variances[:, chosen]
    if not np.all((variances > 0) | np.isnan(variances)):
        return math.inf, ["An indicator marked as varying has no sampling variance."]
    solution = _Solution(values, variances, model.mean[chosen], model.covariance[np.ix_(chosen, chosen)])
    residual, failures = _judge_slopes(solution, [model.indicators[k] for k in chosen])
    likelihood = solution.log_likelihood()
    if not _same(model.log_likelihood, likelihood, LIKELIHOOD_TOLERANCE):
        failures.append(f"The restricted log-likelihood is {likelihood}, not {model.log_likelihood}.")
    return residual, failures


@dataclass(frozen=True, eq=False)
class _Solution:
    """Observations and parameters in between-team SDs."""

    values: Array
    variances: Array
    mean: Array
    covariance: Array

    def slopes(self) -> tuple[Array, Array, Array]:
        """Give the slopes in the mean (K,) and the covariance (K, K), one team after another.

        The third part is the average team's total covariance (K, K), the yardstick of both.
        """
        k = self.mean.size
        of_mean, of_covariance, information = np.zeros(k), np.zeros((k, k)), np.zeros((k, k))
        precisions = []
        for values, variances in zip(self.values, self.variances, strict=True):
            precision, deviation = self._team(values, variances)
            pull = precision @ deviation
            of_mean += pull
            of_covariance += np.outer(pull, pull) - precision
            information += precision
            precisions.append(precision)
        covariance_of_mean = np.linalg.inv(information).astype(np.float64)
        for precision in precisions:
            of_covariance += precision @ covariance_of_mean @ precision
        return of_mean, of_covariance / 2, len(precisions) * covariance_of_mean

    def log_likelihood(self) -> float:
        """Give the restricted log-likelihood, one team after another."""
        total, freedom = 0.0, -self.mean.size
        information: Array = np.zeros_like(self.covariance)
        for values, variances in zip(self.values, self.variances, strict=True):
            precision, deviation = self._team(values, variances)
            seen = ~np.isnan(values)
            information += precision
            freedom += int(seen.sum())
            total += float(deviation @ precision @ deviation)
            total -= float(np.linalg.slogdet(precision[np.ix_(seen, seen)])[1])
        total += float(np.linalg.slogdet(information)[1]) + freedom * math.log(2 * math.pi)
        return -total / 2

    def _team(self, values: Array, variances: Array) -> tuple[Array, Array]:
        """One team's precision (K, K) and deviation (K,), zero where not observed."""
        seen = np.flatnonzero(~np.isnan(values))
        precision, deviation = np.zeros_like(self.covariance), np.zeros_like(self.mean)
        total = self.covariance[np.ix_(seen, seen)] + np.diag(variances[seen])
        precision[np.ix_(seen, seen)] = np.linalg.inv(total)
        deviation[seen] = values[seen] - self.mean[seen]
        return precision, deviation


def _judge_slopes(solution: _Solution, names: list[str]) -> tuple[float, list[str]]:
    of_mean, of_covariance, total = solution.slopes()
    root = np.linalg.cholesky(total)
    of_mean, of_covariance = root.T @ of_mean, root.T @ of_covariance @ root
    inverse = np.linalg.inv(root)
    along = np.abs(of_covariance @ inverse @ solution.covariance @ inverse.T)
    upwards = max(float(np.linalg.eigvalsh(of_covariance)[-1]), 0.0)
    failures = []
    if not np.abs(of_mean).max() <= SCORE_TOLERANCE:
        worst = int(np.argmax(np.abs(of_mean)))
        failures.append(
            f"The means do not solve the model's equations: slope {of_mean[worst]:.1e} at '{names[worst]}'."
        )
    if not along.max() <= SCORE_TOLERANCE:
        row, column = np.unravel_index(int(np.argmax(along)), along.shape)
        failures.append(
            f"The covariance does not solve the model's equations: slope {along.max():.1e} at '{names[row]}' "
            f"with '{names[column]}'."
        )
    if not upwards <= RISE_TOLERANCE:
        failures.append(f"A larger covariance would fit better: slope {upwards:.1e}.")
    return max(float(np.abs(of_mean).max()), float(along.max()), upwards), failures


def _plain_cochran(values: Array, variances: Array) -> tuple[float, int, float]:
    """Cochran's Q, its degrees of freedom, and the mean that it is about."""
    freedom = max(len(values) - 1, 0)
    if not len(values) or not all(variances > 0):
        return 0.0, freedom, math.fsum(values) / max(len(values), 1)
    mean = math.fsum(values / variances) / math.fsum(1 / variances)
    q = math.fsum((values - mean) ** 2 / variances)
    return (q if freedom else 0.0), freedom, mean


def _same(stored: float, computed: float, tolerance: float = FIGURE_TOLERANCE) -> bool:
    """Whether two figures agree but for rounding; NaN agrees with NaN."""
    if math.isnan(stored) or math.isnan(computed):
        return math.isnan(stored) and math.isnan(computed)
    return abs(stored - computed) <= tolerance * (1 + abs(computed))
