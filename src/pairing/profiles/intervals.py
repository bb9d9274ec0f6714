"""What a published rate leaves open: its 95% interval, in the indicator's own unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.cohort import Cohort, Indicator
    from pairing.profiles.profiles import Profiles

    Array = NDArray[np.float64]

Z_95 = 1.959963984540054
"""Quantile of the standard normal distribution with 2.5% above it."""


def wilson_interval(rate: Array, patients: Array) -> tuple[Array, Array]:
    """Give the 95% interval of proportions by Wilson's score method.

    Parameters
    ----------
    rate : ndarray of float, shape (m,)
        Proportions between 0 and 1; NaN where unknown.
    patients : ndarray of float, shape (m,)
        Patients behind them, not necessarily whole.

    Returns
    -------
    tuple of ndarray of float, shape (m,)
        Lower and upper limits, within 0 and 1 even for rates of 0 or 1 and few patients.

    References
    ----------
    Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22(158).

    Examples
    --------
    >>> low, high = wilson_interval(np.array([0.0, 0.5]), np.array([9.0, 40.0]))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.352], [0.299, 0.648])
    """
    squared = Z_95**2
    centre = (rate + squared / (2 * patients)) / (1 + squared / patients)
    spread = rate * (1 - rate) / patients + squared / (4 * patients**2)
    half = Z_95 * np.sqrt(spread) / (1 + squared / patients)
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)


def rate_intervals(cohort: Cohort, profiles: Profiles) -> tuple[Array, Array]:
    """Give the 95% interval of every observed value.

    Parameters
    ----------
    cohort : Cohort
        The teams.
    profiles : Profiles
        Their profiles, whose sampling variances are used.

    Returns
    -------
    tuple of ndarray of float, shape (n, K)
        Lower and upper limits in the unit of the cohort's observations (proportions between 0 and 1); NaN
        where nothing was observed.

    Notes
    -----
    A proportion has Wilson's interval on its patients, divided by the dispersion if one is set. A rate that
    is adjusted for case mix, and a value with a standard error of its own, has value ± 1.96 standard errors
    as the profiles use them (see :func:`pairing.profiles.measurements.measure`), cut off at 0 and 1 if it is
    a rate.
    """
    measured, seen = profiles.measurements, cohort.observations
    values = np.where(measured.observed, seen.values, np.nan)
    half = Z_95 * np.sqrt(measured.variances)
    low, high = values - half, values + half
    for number, indicator in enumerate(cohort.indicators):
        if indicator.unit != "number":
            low[:, number] = np.maximum(low[:, number], 0.0)
            high[:, number] = np.minimum(high[:, number], 1.0)
        raw = _is_plain(indicator, seen.unadjusted[:, number])
        patients = seen.denominators[raw, number] / profiles.model.dispersion
        low[raw, number], high[raw, number] = wilson_interval(values[raw, number], patients)
    return low, high


def _is_plain(indicator: Indicator, unadjusted: Array) -> NDArray[np.bool_]:
    """Which values are proportions of their patients and nothing else."""
    if indicator.denominator is None or indicator.unadjusted is not None:
        return np.zeros(len(unadjusted), np.bool_)
    return np.ones(len(unadjusted), np.bool_)
