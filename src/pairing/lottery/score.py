"""The balance score of a draw: how far the two arms are apart, in one number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import Problem, SettingsError
from pairing.lottery.selection import NUMBERS_IN_CACHE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.lottery.covariates import Covariates
    from pairing.lottery.design import Design

_WHOLE_BITS = 52
_FEWEST_ROWS = 64


@dataclass(frozen=True, eq=False)
class BalanceScore:
    """Score draws by the weighted squares of their standardised differences between arms.

    B = sum over covariates k of weight_k (mean_T x_k - mean_C x_k)² / sd_k², the arms' means being taken
    within strata and averaged over strata when there are several. Make one with :func:`balance_score`.

    Parameters
    ----------
    parts : ndarray of float, shape (K, m)
        Whole numbers: what each unit adds to a difference when it is drawn, times `scales`.
    scales : ndarray of float, shape (K, 1)
        Powers of two.
    expected : float
        Mean score of the unconstrained design, exact.

    Notes
    -----
    The parts are rounded to whole numbers so small that every sum of them is exact in double precision.
    Scores are therefore the same to the last bit on every machine and for every size of block, and a
    published pool can be rebuilt. The rounding is of the order of 1e-15 standard deviations.

    References
    ----------
    Raab GM, Butcher I (2001). Balance in cluster randomized trials. Statistics in Medicine 20, 351-365.
    """

    parts: NDArray[np.float64]
    scales: NDArray[np.float64]
    expected: float

    def of_columns(self, taken: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Score draws given as columns, shape (m, n).

        Returns
        -------
        ndarray of float, shape (n,)
            Scores, 0 for perfect balance.
        """
        # Some units at a time: of many units all numbers together would not stay in the cache.
        n_rows = max(_FEWEST_ROWS, NUMBERS_IN_CACHE // max(1, taken.shape[1]))
        differences = np.zeros((len(self.parts), taken.shape[1]))
        for start in range(0, len(taken), n_rows):
            rows = slice(start, start + n_rows)
            differences += self.parts[:, rows] @ taken[rows].astype(np.float64)
        differences /= self.scales
        differences *= differences
        total = np.zeros(differences.shape[1])
        for square in differences:
            total += square
        return total

    def of_draws(self, draws: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Score draws given as rows, shape (n, m)."""
        return self.of_columns(draws.T)


def stratum_weights(design: Design) -> NDArray[np.float64]:
    """Give what a drawn unit's value counts in the difference between arms, shape (m,).

    With one stratum this is 1/n_T + 1/n_C. With several, differences within strata are averaged by the
    strata's sizes, which keeps the difference unbiased when chances differ between strata.
    """
    weights = np.empty(design.n_units)
    for stratum, drawn in zip(design.strata, design.drawn, strict=True):
        size = len(stratum)
        weights[list(stratum)] = size / design.n_units * (1 / drawn + 1 / (size - drawn))
    return weights


def balance_score(covariates: Covariates, design: Design) -> BalanceScore:
    """Prepare the balance score of a design.

    Parameters
    ----------
    covariates : Covariates
        Covariates of the design's units, in its order.
    design : Design
        The unconstrained design.

    Returns
    -------
    BalanceScore

    Raises
    ------
    SettingsError
        If the units do not correspond, or no draw differs from another in any covariate.
    """
    if len(covariates.matrix) != design.n_units:
        raise SettingsError(
            [Problem(f"covariates of {len(covariates.matrix)} units for a design of {design.n_units}")]
        )
    parts = _parts(covariates, design)
    bounds = np.abs(parts).sum(axis=1, keepdims=True)
    used = bounds[:, 0] > 0
    if not used.any():
        raise SettingsError(
            [Problem("no covariate differs between the units of a stratum, so every draw is as balanced")]
        )
    parts, bounds = parts[used], bounds[used]
    scales = np.exp2(_WHOLE_BITS - 1 - np.ceil(np.log2(bounds)))
    return BalanceScore(np.rint(parts * scales), scales, _expected(parts, design))


def _parts(covariates: Covariates, design: Design) -> NDArray[np.float64]:
    """Give each unit's contribution to each standardised, weighted difference, shape (K, m)."""
    centred = np.array(covariates.matrix)
    for stratum in design.strata:
        units = list(stratum)
        centred[units] -= centred[units].mean(axis=0)
    # What centring leaves of a constant is rounding error, which would otherwise be balanced as if real.
    centred[np.abs(centred) < 1e-12 * np.abs(covariates.matrix).max(axis=0)] = 0.0
    per_unit = np.sqrt(covariates.weights) / covariates.sd * stratum_weights(design)[:, None]
    return np.ascontiguousarray((centred * per_unit).T)


def _expected(parts: NDArray[np.float64], design: Design) -> float:
    """Give the mean score under the unconstrained design: the variance of a sum without replacement."""
    mean = 0.0
    for stratum, drawn in zip(design.strata, design.drawn, strict=True):
        size = len(stratum)
        spread = parts[:, list(stratum)].var(axis=1, ddof=1).sum()
        mean += drawn * (1 - drawn / size) * spread
    return float(mean)
