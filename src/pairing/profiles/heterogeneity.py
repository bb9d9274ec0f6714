"""Do teams differ on an indicator by more than chance? Cochran's Q."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtrc

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Differences count as real when chance alone would do this well no more often.
SIGNIFICANCE = 0.05


@dataclass(frozen=True)
class Heterogeneity:
    """Cochran's test of no differences between teams on one indicator.

    Parameters
    ----------
    q : float
        Sum of squared standardised deviations from the weighted mean.
    degrees_of_freedom : int
        Teams observed, less one; 0 if fewer than two.
    p_value : float
        Chance of a larger `q` if all teams were the same; 1 without degrees of freedom.
    """

    q: float
    degrees_of_freedom: int
    p_value: float

    @property
    def is_real(self) -> bool:
        """Whether the teams differ by more than chance explains."""
        return self.p_value <= SIGNIFICANCE

    def to_dict(self) -> dict[str, float | int]:
        """Give the facts as a JSON-safe dictionary."""
        return {"q": self.q, "degrees_of_freedom": self.degrees_of_freedom, "p_value": self.p_value}


def cochran_q(values: NDArray[np.float64], variances: NDArray[np.float64]) -> Heterogeneity:
    """Test whether teams differ on one indicator by more than their sampling errors.

    Parameters
    ----------
    values, variances : ndarray of float, shape (n,)
        Estimates and sampling variances; NaN where missing.

    Returns
    -------
    Heterogeneity
        Without spread in the sampling (a pooled proportion of 0 or 1) `q` is 0: no team can be told from
        another.

    References
    ----------
    .. [1] Cochran (1954), "The Combination of Estimates from Different Experiments", Biometrics 10(1).

    Examples
    --------
    >>> test = cochran_q(np.array([0.1, 0.2, 0.6]), np.array([0.01, 0.01, 0.01]))
    >>> round(test.q, 6), test.degrees_of_freedom, round(test.p_value, 6), test.is_real
    (14.0, 2, 0.000912, True)
    """
    known = ~np.isnan(values)
    freedom = max(int(known.sum()) - 1, 0)
    if freedom == 0 or not np.all(variances[known] > 0):
        return Heterogeneity(0.0, freedom, 1.0)
    _, deviations = _deviations(values[known], variances[known])
    q = float(np.sum((deviations / np.sqrt(variances[known])) ** 2))
    return Heterogeneity(q, freedom, float(chdtrc(freedom, q)))


def weighted_mean(values: NDArray[np.float64], variances: NDArray[np.float64]) -> float:
    """Give the mean weighted by precision; a plain mean without sampling spread, 0 without values.

    Parameters
    ----------
    values, variances : ndarray of float, shape (n,)
        Estimates and sampling variances; NaN where missing.

    Returns
    -------
    float
        The mean that Cochran's Q measures deviations from.
    """
    known = ~np.isnan(values)
    if not known.any():
        return 0.0
    mean, _ = _deviations(values[known], variances[known])
    return mean


def moment_variance(values: NDArray[np.float64], variances: NDArray[np.float64]) -> float:
    """Give the between-team variance by the method of moments; 0 if `q` is below its expectation.

    Parameters
    ----------
    values, variances : ndarray of float, shape (n,)
        Estimates and sampling variances; NaN where missing.

    Returns
    -------
    float
        Between-team variance, in the unit squared.

    References
    ----------
    .. [1] DerSimonian and Laird (1986), "Meta-analysis in clinical trials", Controlled Clinical Trials 7(3).

    Examples
    --------
    >>> round(moment_variance(np.array([0.1, 0.2, 0.6]), np.array([0.01, 0.01, 0.01])), 4)
    0.06
    """
    test = cochran_q(values, variances)
    if test.q <= test.degrees_of_freedom:
        return 0.0
    known = variances[~np.isnan(values)]
    precision = _relative_precision(known)
    scale = precision.sum() - np.sum(precision**2) / precision.sum()
    return float((test.q - test.degrees_of_freedom) / scale * known.min())


def _deviations(
    values: NDArray[np.float64], variances: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """Give the mean weighted by precision, and the deviations from it.

    Both are worked out about the median: of values like 1,000,000.3 the sums would keep few digits. The
    deviations are exact even where the mean itself falls between two floating-point numbers.
    """
    median = float(np.median(values))
    from_median = values - median
    precision = _relative_precision(variances)
    shift = float(from_median @ precision / precision.sum())
    return median + shift, from_median - shift


def _relative_precision(variances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give 1/s² in units of the greatest one, so that none overflows; all 1 without sampling spread."""
    least = float(variances.min())
    return least / variances if least > 0 else np.ones_like(variances)
