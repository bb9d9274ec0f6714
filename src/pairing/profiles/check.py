"""Prove anew that stored parameters solve the model's equations.

This is the textbook written down team by team, on purpose without the fast code that fitted the model: slow,
plain, and able to disagree. It needs the likelihood's slope only, for parameters that no slope leads away
from are a solution whoever found them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
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
    the average team's total covariance, so that the tolerance means the same for every unit. A stored mean
    may be off by the distance between two floating-point numbers there: no program could store it better.
    """
    columns = tuple(indicator.column for indicator in cohort.indicators)
    if columns != model.indicators:
        return ModelCheck(
            (f"The stored model is for other indicators: {', '.join(model.indicators)}.",), math.inf
        )
    measurements = measure(cohort, dispersion=model.dispersion)
    with np.errstate(over="ignore", invalid="ignore"):
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
        typical = math.sqrt(np.median(variances)) if len(variances) else 1.0
        if not usable and abs(model.mean[number] - mean) > FIGURE_TOLERANCE * typical + 2 * math.ulp(mean):
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
    try:
        return _check_equations(values, variances, model, chosen)
    except np.linalg.LinAlgError:
        return math.inf, ["The parameters do not solve the model's equations: they are beyond all bounds."]


def _check_equations(
    values: Array, variances: Array, model: ProfileModel, chosen: NDArray[np.intp]
) -> tuple[float, list[str]]:
    mean, covariance = model.mean[chosen], model.covariance[np.ix_(chosen, chosen)]
    unit = np.sqrt(np.diag(covariance) + np.nanmedian(variances, axis=0))
    solution = _Solution((values - mean) / unit, variances / unit**2, covariance / np.outer(unit, unit))
    names = [model.indicators[k] for k in chosen]
    residual, failures = _judge_mean(solution, np.spacing(np.abs(mean)) / unit, names)
    solution = solution.about_best_mean()
    residual_of_covariance, failures_of_covariance = _judge_covariance(solution, names)
    failures += failures_of_covariance
    change_of_unit = float((np.sum(~np.isnan(values), axis=0) - 1) @ np.log(unit))
    likelihood, told = solution.log_likelihood(), model.log_likelihood + change_of_unit
    if not _same(told, likelihood, LIKELIHOOD_TOLERANCE):
        failures.append(
            f"The restricted log-likelihood is {likelihood - change_of_unit}, not {model.log_likelihood}."
        )
    return max(residual, residual_of_covariance), failures


@dataclass(frozen=True, eq=False)
class _Solution:
    """Deviations from the stored means, and the stored covariance, all in units of order 1.

    Original units could overflow, and values far from zero would lose their last digits in every sum.
    """

    deviations: Array
    variances: Array
    covariance: Array

    def slope_of_mean(self) -> Array:
        """Give the slope in the mean (K,), one team after another."""
        slope = np.zeros(len(self.covariance))
        for precision, deviation in self._teams:
            slope += precision @ deviation
        return slope

    @cached_property
    def information(self) -> Array:
        """Inverse (K, K) of the best mean's sampling covariance."""
        total: Array = np.zeros_like(self.covariance)
        for precision, _ in self._teams:
            total += precision
        return total

    def about_best_mean(self) -> _Solution:
        """Give the same with the deviations from the best mean for this covariance.

        The restricted likelihood is about the covariance alone, whatever the stored mean.
        """
        step = np.linalg.solve(self.information, self.slope_of_mean())
        return replace(self, deviations=self.deviations - step)

    def slope_of_covariance(self) -> Array:
        """Give the slope in the covariance (K, K), one team after another."""
        slope: Array = np.zeros_like(self.covariance)
        covariance_of_mean = np.linalg.inv(self.information)
        for precision, deviation in self._teams:
            pull = precision @ deviation
            slope += np.outer(pull, pull) - precision + precision @ covariance_of_mean @ precision
        return slope / 2

    def yardstick(self) -> Array:
        """Give a root (K, K) of the average team's total covariance, by which slopes are measured."""
        return np.linalg.cholesky(len(self.deviations) * np.linalg.inv(self.information))

    def log_likelihood(self) -> float:
        """Give the restricted log-likelihood, one team after another."""
        information = self.information
        total, freedom = 0.0, -len(information)
        for (precision, deviation), raw in zip(self._teams, self.deviations, strict=True):
            seen = ~np.isnan(raw)
            freedom += int(seen.sum())
            total += float(deviation @ precision @ deviation)
            total -= float(np.linalg.slogdet(precision[np.ix_(seen, seen)])[1])
        total += float(np.linalg.slogdet(information)[1]) + freedom * math.log(2 * math.pi)
        return -total / 2

    @cached_property
    def _teams(self) -> list[tuple[Array, Array]]:
        """Each team's precision (K, K) and deviation (K,), zero where not observed."""
        teams = []
        for deviations, variances in zip(self.deviations, self.variances, strict=True):
            seen = np.flatnonzero(~np.isnan(deviations))
            precision, deviation = np.zeros_like(self.covariance), np.zeros(len(self.covariance))
            total = self.covariance[np.ix_(seen, seen)] + np.diag(variances[seen])
            precision[np.ix_(seen, seen)] = np.linalg.inv(total)
            deviation[seen] = deviations[seen]
            teams.append((precision, deviation))
        return teams


def _judge_mean(solution: _Solution, rounding: Array, names: list[str]) -> tuple[float, list[str]]:
    """Judge the slope that is left in the mean beyond what its rounding (K,) explains."""
    root = solution.yardstick()
    slope = np.abs(root.T @ solution.slope_of_mean())
    explained = np.abs(root.T) @ np.abs(solution.information) @ rounding
    left = np.maximum(slope - explained, 0.0)
    worst = int(np.argmax(left))
    if left[worst] <= SCORE_TOLERANCE:
        return float(left[worst]), []
    sentence = f"The means do not solve the model's equations: slope {left[worst]:.1e} at '{names[worst]}'."
    return float(left[worst]), [sentence]


def _judge_covariance(solution: _Solution, names: list[str]) -> tuple[float, list[str]]:
    root = solution.yardstick()
    of_covariance = root.T @ solution.slope_of_covariance() @ root
    inverse = np.linalg.inv(root)
    along = np.abs(of_covariance @ inverse @ solution.covariance @ inverse.T)
    upwards = max(float(np.linalg.eigvalsh(of_covariance)[-1]), 0.0)
    failures = []
    if not along.max() <= SCORE_TOLERANCE:
        row, column = np.unravel_index(int(np.argmax(along)), along.shape)
        failures.append(
            f"The covariance does not solve the model's equations: slope {along.max():.1e} at '{names[row]}' "
            f"with '{names[column]}'."
        )
    if not upwards <= RISE_TOLERANCE:
        failures.append(f"A larger covariance would fit better: slope {upwards:.1e}.")
    return max(float(along.max()), upwards), failures


def _plain_cochran(values: Array, variances: Array) -> tuple[float, int, float]:
    """Cochran's Q, its degrees of freedom, and the mean that it is about."""
    freedom = max(len(values) - 1, 0)
    if not len(values):
        return 0.0, freedom, 0.0
    start = float(np.median(values))
    if not all(variances > 0):
        return 0.0, freedom, start + math.fsum(values - start) / len(values)
    weights = variances.min() / variances
    shift = math.fsum((values - start) * weights) / math.fsum(weights)
    q = math.fsum((((values - start) - shift) / np.sqrt(variances)) ** 2)
    return (q if freedom else 0.0), freedom, start + shift


def _same(stored: float, computed: float, tolerance: float = FIGURE_TOLERANCE) -> bool:
    """Whether two figures agree but for rounding; NaN agrees with NaN."""
    if math.isnan(stored) or math.isnan(computed):
        return math.isnan(stored) and math.isnan(computed)
    return abs(stored - computed) <= tolerance * (1 + abs(computed))
