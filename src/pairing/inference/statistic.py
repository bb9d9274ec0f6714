"""Test statistics, as functions of the draw and of the effect that is subtracted.

Under the hypothesis that the intervention adds tau to every unit drawn, subtracting tau from the units
that were drawn gives outcomes that do not depend on the draw. Every statistic here is linear in the
outcomes, so for draw s it is a_s - tau b_s, with two numbers that are computed once. Scaled so that the
observed draw has b = 1, its a is the estimate, and |b_s| <= 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InputDataError, Problem
from pairing.lottery.selection import number_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.inference.reference import Reference

_NOTHING = 1e-9
DIMENSIONS_NEEDED = 2
"""What adjusting has to leave of the units: one dimension for the arm, and one to compare it with."""


@dataclass(frozen=True, eq=False)
class Line:
    """A statistic over all draws, as a line in the effect: a - tau b.

    Parameters
    ----------
    estimate : float
        The observed statistic, in units of the outcome.
    intercepts, slopes : ndarray of float, shape (S,)
        a and b of each draw; NaN where the statistic is undefined because an arm is empty.
    tolerance : float
        Statistics closer than this are ties.
    """

    estimate: float
    intercepts: NDArray[np.float64]
    slopes: NDArray[np.float64]
    tolerance: float


def difference_in_means(reference: Reference, outcome: NDArray[np.float64]) -> Line:
    """Prepare the difference in means, intervention minus control.

    Parameters
    ----------
    reference : Reference
        Draws of m units.
    outcome : ndarray of float, shape (m,)
        Outcome of every unit.

    Returns
    -------
    Line

    Notes
    -----
    With several strata, differences within strata are averaged by the strata's sizes. A stratum counts only
    in draws in which it has units in both arms.
    """
    centred = outcome - outcome.mean()
    values = np.column_stack([centred, reference.observed])
    estimate = stratified_differences(reference.observed[None, :], values, reference.strata)[0, 0]
    if np.isnan(estimate):
        raise InputDataError([Problem("no stratum has an outcome in both arms")])
    both = stratified_differences(reference.draws, values, reference.strata)
    return Line(float(estimate), both[:, 0], both[:, 1], _tolerance(outcome))


def adjusted_difference(
    reference: Reference, outcome: NDArray[np.float64], covariates: NDArray[np.float64]
) -> Line:
    """Prepare the difference adjusted for baseline covariates by least squares.

    Parameters
    ----------
    reference : Reference
        Draws of m units.
    outcome : ndarray of float, shape (m,)
        Outcome of every unit.
    covariates : ndarray of float, shape (m, K)
        Covariates of every unit.

    Returns
    -------
    Line
        Its estimate is the coefficient of the arm in the regression of the outcome on arm, strata and
        covariates.

    Raises
    ------
    InputDataError
        If covariates and strata leave nothing of the allocation or of the outcome to compare.

    Notes
    -----
    With M the matrix that takes residuals from strata and covariates, the statistic of draw s is
    z_s' M (y - tau z_obs) / sqrt(z_s' M z_s). The plain difference of residuals would be attenuated.
    """
    basis = _orthonormal(reference.strata, covariates)
    centred = outcome - outcome.mean()
    treated = reference.observed.astype(np.float64)
    left_of_outcome = centred - basis @ (basis.T @ centred)
    left_of_arm = treated - basis @ (basis.T @ treated)
    scale = float(left_of_arm @ left_of_arm)
    if len(outcome) - basis.shape[1] < DIMENSIONS_NEEDED or scale <= _NOTHING:
        raise InputDataError(
            [Problem(f"{covariates.shape[1]} covariates leave nothing to compare in {len(outcome)} units")]
        )
    columns = np.column_stack([left_of_outcome, left_of_arm, basis])
    parts = np.empty((len(reference.draws), 2))
    for rows, block in number_blocks(reference.draws):
        products = block @ columns
        norm = block.sum(axis=1) - (products[:, 2:] ** 2).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            scaled = products[:, :2] / np.sqrt(norm * scale)[:, None]
        parts[rows] = np.where((norm > _NOTHING)[:, None], scaled, np.nan)
    estimate = float(treated @ left_of_outcome) / scale
    return Line(estimate, parts[:, 0], parts[:, 1], _tolerance(outcome))


def dimensions_left(strata: NDArray[np.intp], covariates: NDArray[np.float64]) -> int:
    """Give how many dimensions strata, shape (m,), and covariates, shape (m, K), leave of m units.

    Examples
    --------
    >>> dimensions_left(np.zeros(5, dtype=int), np.arange(5.0)[:, None])
    3
    """
    return len(strata) - int(_orthonormal(strata, covariates).shape[1])


def studentised_differences(
    draws: NDArray[np.bool_], outcome: NDArray[np.float64], strata: NDArray[np.intp]
) -> NDArray[np.float64] | None:
    """Divide each draw's difference in means by its standard error.

    Parameters
    ----------
    draws : ndarray of bool, shape (S, m)
        Draws.
    outcome : ndarray of float, shape (m,)
        Outcome of every unit.
    strata : ndarray of int, shape (m,)
        Stratum of every unit.

    Returns
    -------
    ndarray of float, shape (S,), or None
        None if an arm of a stratum has a single unit, which leaves no variance to estimate. Pairs are the
        exception: if every stratum has two units, the differences within them are the sample. Infinite
        where the standard error is 0 and the difference is not; NaN where an arm is empty.
    """
    centred = outcome - outcome.mean()
    if _all_pairs(strata):
        return _paired_t(draws, outcome, strata)
    values = np.column_stack([centred, centred**2])
    differences, variance = np.zeros(len(draws)), np.zeros(len(draws))
    for stratum in np.unique(strata):
        units = strata == stratum
        share = units.sum() / len(strata)
        counts, sums = _arm_sums(draws[:, units], values[units])
        if (counts.min(axis=0) < 2).any() and len(np.unique(counts[:, 0])) == 1:
            return None
        with np.errstate(divide="ignore", invalid="ignore"):
            means = sums / counts[:, :, None]
            spread = (sums[:, :, 1] - counts * means[:, :, 0] ** 2) / (counts - 1)
            variance += share**2 * (np.maximum(spread, 0.0) / counts).sum(axis=1)
        differences += share * (means[:, 0, 0] - means[:, 1, 0])
    return _ratio(differences, variance, _tolerance(outcome))


def stratified_differences(
    draws: NDArray[np.bool_], values: NDArray[np.float64], strata: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Give the difference in means of every draw and column.

    Parameters
    ----------
    draws : ndarray of bool, shape (S, m)
        Draws.
    values : ndarray of float, shape (m, J)
        Columns to compare.
    strata : ndarray of int, shape (m,)
        Stratum of every unit.

    Returns
    -------
    ndarray of float, shape (S, J)
        Differences within strata, averaged by size over the strata with units in both arms; NaN where
        there is none.
    """
    _, number = np.unique(strata, return_inverse=True)
    member = np.eye(number.max() + 1)[number]
    sizes, totals = member.sum(axis=0), member.T @ values
    differences = np.empty((len(draws), values.shape[1]))
    for rows, block in number_blocks(draws):
        counts = block @ member
        both = (counts > 0) & (counts < sizes)
        weights = np.where(both, sizes, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            weights /= weights.sum(axis=1, keepdims=True)
            for column in range(values.shape[1]):
                sums = block @ (member * values[:, column, None])
                within = sums / counts - (totals[:, column] - sums) / (sizes - counts)
                differences[rows, column] = (weights * np.where(both, within, 0.0)).sum(axis=1)
    return differences


def _arm_sums(
    draws: NDArray[np.bool_], values: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give counts, shape (S, 2), and sums, shape (S, 2, J), of the two arms."""
    treated = np.vstack([block @ values for _, block in number_blocks(draws)])
    n_treated = draws.sum(axis=1).astype(np.float64)
    counts = np.column_stack([n_treated, draws.shape[1] - n_treated])
    return counts, np.stack([treated, values.sum(axis=0) - treated], axis=1)


def _paired_t(
    draws: NDArray[np.bool_], outcome: NDArray[np.float64], strata: NDArray[np.intp]
) -> NDArray[np.float64] | None:
    pairs = np.argsort(strata, kind="stable").reshape(-1, 2)
    if len(pairs) < 2:
        return None
    gap = outcome[pairs[:, 0]] - outcome[pairs[:, 1]]
    signed = np.where(draws[:, pairs[:, 0]], gap, -gap)
    variance = signed.var(axis=1, ddof=1) / len(pairs)
    return _ratio(signed.mean(axis=1), variance, _tolerance(outcome))


def _ratio(
    differences: NDArray[np.float64], variance: NDArray[np.float64], tolerance: float
) -> NDArray[np.float64]:
    error = np.sqrt(variance)
    none = error <= tolerance
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = differences / np.where(none, 1.0, error)
    extreme = np.where(np.abs(differences) <= tolerance, 0.0, np.copysign(np.inf, differences))
    return np.where(none, extreme, ratios)


def _all_pairs(strata: NDArray[np.intp]) -> bool:
    _, counts = np.unique(strata, return_counts=True)
    return len(counts) > 1 and bool((counts == 2).all())


def _orthonormal(strata: NDArray[np.intp], covariates: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give an orthonormal basis of the span of strata and covariates, shape (m, rank)."""
    _, number = np.unique(strata, return_inverse=True)
    member = np.eye(number.max() + 1)[number]
    spread = covariates.std(axis=0)
    scaled = (covariates - covariates.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    left, sizes, _ = np.linalg.svd(np.column_stack([member, scaled]), full_matrices=False)
    return np.asarray(left[:, sizes > 1e-10 * sizes[0]])


def _tolerance(outcome: NDArray[np.float64]) -> float:
    """Allow for rounding of the statistics, and of outcomes far from 0."""
    spread, size = float(np.ptp(outcome)), float(np.abs(outcome).max())
    return 1e-9 * spread + 16 * float(np.finfo(np.float64).eps) * size
