"""From what an audit published to estimates with sampling variances, all pointing the same way."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InputDataError, Problem, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from pairing.cohort import Cohort

    Array = NDArray[np.float64]


#: Figures beyond this overflow when they are squared and summed.
LARGEST_FIGURE = 1e100
#: Standard errors below this vanish when they are squared.
SMALLEST_ERROR = 1e-152
#: Smallest standard error believed, in SDs of the observed values.
FINEST_ERROR = 0.01


@dataclass(frozen=True, eq=False)
class Measurements:
    """Estimates and their sampling variances, one row a team and one column an indicator.

    Parameters
    ----------
    values : ndarray of float, shape (n, K)
        Estimates in the indicator's own unit, negated where lower is better; NaN where missing.
    variances : ndarray of float, shape (n, K)
        Sampling variances in the unit squared, after any dispersion; NaN where `values` is.
    pooled : ndarray of float, shape (K,)
        The pooled proportion behind the variances; NaN for indicators with standard errors.
    capped : ndarray of bool, shape (n, K)
        Adjusted rates of exactly 1 whose unadjusted rate is not 1.
    """

    values: Array
    variances: Array
    pooled: Array
    capped: NDArray[np.bool_]

    def __repr__(self) -> str:
        n, k = self.values.shape
        return f"Measurements({n} teams, {k} indicators, {int(self.observed.sum())} values)"

    @property
    def observed(self) -> NDArray[np.bool_]:
        """Which estimates there are, shape (n, K)."""
        return ~np.isnan(self.values)


def measure(cohort: Cohort, *, dispersion: float = 1.0, pooled: Array | None = None) -> Measurements:
    """Give every observation of a cohort its sampling variance.

    Parameters
    ----------
    cohort : Cohort
        The teams and what was observed of them.
    dispersion : float
        Every sampling variance is multiplied by it. Above 0.
    pooled : ndarray of float, shape (K,), optional
        Pooled proportions known from an earlier cohort; by default those of this one.

    Returns
    -------
    Measurements
        Estimates of shape (n, K), positive direction = better.

    Raises
    ------
    SettingsError
        If `dispersion` is not a finite number above 0.
    InputDataError
        If a value has no denominator or standard error above 0, or a figure is too large or too small to work
        with.

    Notes
    -----
    A proportion with denominator n has variance p(1 − p)/n with the *pooled* proportion p: a team's own
    rate would call 0 of 9 patients a certainty. For an adjusted rate beside its unadjusted one, indirect
    standardisation says adjusted = p · unadjusted / e with e the rate expected from the case mix, hence
    e = p · unadjusted / adjusted and the variance (adjusted/unadjusted)² e(1 − e)/n. Where e cannot be
    recovered (a rate of 0, an e of 1 or more, a missing unadjusted rate, a capped value) the pooled
    variance is used.

    No standard error is taken as smaller than a hundredth of the SD of the observed values. That changes no
    profile to speak of, and keeps a typing error of many zeros from upsetting the arithmetic.
    """
    if not (math.isfinite(dispersion) and dispersion > 0):
        raise SettingsError(
            [Problem("is not a usable dispersion", value=str(dispersion), expected="a number above 0")]
        )
    numbers = range(len(cohort.indicators))
    problems = [problem for number in numbers for problem in _problems(cohort, number)]
    if problems:
        raise InputDataError(problems)
    known = [math.nan] * len(numbers) if pooled is None else pooled.tolist()
    columns = [_measure_one(cohort, number, known[number]) for number in numbers]
    shape = (len(columns), len(cohort))
    values, variances, capped = (
        np.array([column[part] for column in columns]).reshape(shape).T for part in (0, 1, 3)
    )
    return Measurements(
        values=values,
        variances=_never_too_precise(dispersion * variances, values),
        pooled=np.array([column[2] for column in columns], dtype=np.float64),
        capped=capped.astype(bool),
    )


def pooled_proportion(rates: Array, denominators: Array) -> float:
    """Give the proportion among all patients of all teams; NaN where no team has a rate.

    Parameters
    ----------
    rates, denominators : ndarray of float, shape (n,)
        Rates between 0 and 1, NaN where missing, and the patients behind them.

    Returns
    -------
    float
        Patients with the event over all patients.

    Examples
    --------
    >>> pooled_proportion(np.array([0.5, 0.2, np.nan]), np.array([10.0, 30.0, 50.0]))
    0.275
    """
    known = ~np.isnan(rates)
    patients = float(denominators[known].sum())
    return float(rates[known] @ denominators[known]) / patients if patients > 0 else math.nan


def adjusted_variances(adjusted: Array, unadjusted: Array, denominators: Array, pooled: float) -> Array:
    """Give the sampling variances of adjusted rates.

    Parameters
    ----------
    adjusted, unadjusted, denominators : ndarray of float, shape (n,)
        Rates between 0 and 1 and the patients behind them.
    pooled : float
        The unadjusted proportion among all patients.

    Returns
    -------
    ndarray of float, shape (n,)
        (adjusted/unadjusted)² e(1 − e)/n, or pooled(1 − pooled)/n where e is not inside (0, 1).

    Examples
    --------
    >>> adjusted_variances(np.array([0.4, 0.0]), np.array([0.5, 0.0]), np.array([50.0, 50.0]), 0.4)
    array([0.0032, 0.0048])
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        expected = pooled * unadjusted / adjusted
        variances = (adjusted / unadjusted) ** 2 * expected * (1 - expected) / denominators
    recovered = (expected > 0) & (expected < 1) & np.isfinite(variances) & ~_is_capped(adjusted, unadjusted)
    return np.where(recovered, variances, pooled * (1 - pooled) / denominators)


def _measure_one(cohort: Cohort, number: int, known: float) -> tuple[Array, Array, float, NDArray[np.bool_]]:
    """Measure one indicator: values, variances, pooled proportion (unless `known`), capped."""
    indicator, seen = cohort.indicators[number], cohort.observations
    values = seen.values[:, number].copy()
    unadjusted = np.where(np.isnan(values), np.nan, seen.unadjusted[:, number])
    capped = _is_capped(values, unadjusted)
    if indicator.capped == "missing":
        values[capped] = np.nan
    if indicator.denominator is None:
        pooled, variances = math.nan, seen.standard_errors[:, number] ** 2
    else:
        denominators = seen.denominators[:, number]
        raw = np.where(np.isnan(unadjusted), values, unadjusted)
        pooled = pooled_proportion(raw, denominators) if math.isnan(known) else known
        variances = adjusted_variances(values, unadjusted, denominators, pooled)
    sign = 1.0 if indicator.higher_is_better else -1.0
    return sign * values, np.where(np.isnan(values), np.nan, variances), pooled, capped


def _is_capped(adjusted: Array, unadjusted: Array) -> NDArray[np.bool_]:
    """Say which adjusted rates were cut off at 1 by whoever adjusted them."""
    capped: NDArray[np.bool_] = (adjusted == 1) & ~np.isnan(unadjusted) & (unadjusted != 1)
    return capped


def _problems(cohort: Cohort, number: int) -> Iterator[Problem]:
    """Find figures that are too large or small to work with, and values without a denominator or error."""
    indicator, seen = cohort.indicators[number], cohort.observations
    given = seen.denominators if indicator.denominator is not None else seen.standard_errors
    values, spread = seen.values[:, number], given[:, number]
    name, column = indicator.column, indicator.denominator or indicator.standard_error
    for row in np.flatnonzero(np.abs(values) >= LARGEST_FIGURE):
        yield Problem(
            f"is too large to work with (team {cohort.ids[row]})",
            column=name,
            value=str(values[row]),
            expected=f"less than {LARGEST_FIGURE:g}",
        )
    usable = (spread > 0) & (spread < LARGEST_FIGURE)
    for row in np.flatnonzero(~np.isnan(values) & ~usable):
        yield Problem(
            f"does not tell how far team {cohort.ids[row]}'s '{name}' may be off",
            column=column,
            value=str(spread[row]),
            expected=f"a number above 0 and below {LARGEST_FIGURE:g}",
        )
    if indicator.denominator is None:
        for row in np.flatnonzero(~np.isnan(values) & usable & (spread < SMALLEST_ERROR)):
            yield Problem(
                f"is too small to work with (team {cohort.ids[row]})",
                column=column,
                value=str(spread[row]),
                expected=f"at least {SMALLEST_ERROR:g}",
                advice=f"Give '{name}' and its standard error in a smaller unit.",
            )


def _never_too_precise(variances: Array, values: Array) -> Array:
    """Raise variances to where more precision would make no difference."""
    counts = np.maximum((~np.isnan(values)).sum(axis=0), 1)
    centred = values - np.nansum(values, axis=0) / counts
    finest = FINEST_ERROR**2 * np.nansum(centred**2, axis=0) / counts
    raised: Array = np.maximum(variances, finest)
    return raised
