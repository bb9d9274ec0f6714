"""From a statistic over all draws to p-values and exact intervals, without a grid.

Draw s does not speak against the effect tau if its statistic |a_s - tau b_s| is at least the observed
|a - tau|. As |b_s| <= 1 these effects are an interval around the estimate. The p-value of tau is the weight
of the intervals that cover it, and the confidence interval holds the effects with a p-value above alpha.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.inference.plan import Alternative
    from pairing.inference.statistic import Line

_TIE = 1e-12


def covered_effects(
    line: Line, alternative: Alternative = "two-sided"
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the effects that each draw does not speak against.

    Parameters
    ----------
    line : Line
        The statistic.
    alternative : {"two-sided", "greater", "less"}
        Direction.

    Returns
    -------
    tuple of two ndarray of float, shape (S,)
        Lower and upper ends, infinite where there is none. Draws with |b| = 1 (the observed one, and its
        complement where arms are equal) and draws without a statistic cover the whole line.
    """
    a, b, t = line.intercepts, line.slopes, line.estimate
    with np.errstate(divide="ignore", invalid="ignore"):
        same_side = (t - a) / (1 - b)
        other_side = (t + a) / (1 + b)
    observed = np.isnan(a) | (b >= 1 - _TIE)
    endless = np.full(len(a), np.inf)
    if alternative == "greater":
        return np.where(observed, -np.inf, same_side), endless
    if alternative == "less":
        return -endless, np.where(observed, np.inf, same_side)
    everywhere = observed | (b <= -1 + _TIE)
    low = np.where(everywhere, -np.inf, np.minimum(same_side, other_side))
    high = np.where(everywhere, np.inf, np.maximum(same_side, other_side))
    return low, high


def p_value_of(
    statistics: NDArray[np.float64],
    observed: float,
    weights: NDArray[np.float64],
    alternative: Alternative,
    tolerance: float,
) -> float:
    """Give the probability of a statistic at least as extreme as the observed one.

    Parameters
    ----------
    statistics : ndarray of float, shape (S,)
        Statistic of every draw; NaN counts as extreme.
    observed : float
        The observed statistic.
    weights : ndarray of float, shape (S,)
        Probabilities.
    alternative : {"two-sided", "greater", "less"}
        What is extreme.
    tolerance : float
        Statistics this little below the observed one count as ties.

    Returns
    -------
    float
        Above 0 whenever the observed draw is among the draws.
    """
    extreme = extremeness(statistics, alternative)
    threshold = float(extremeness(np.array([observed]), alternative)[0]) - tolerance
    return without_rounding(float(weights[extreme >= threshold].sum()))


def without_rounding(probability: float) -> float:
    """Round to 14 digits, so that three draws of ten are .3 and not a little more.

    Examples
    --------
    >>> without_rounding(0.1 + 0.1 + 0.1)
    0.3
    """
    return min(1.0, float(f"{probability:.14g}"))


def extremeness(statistics: NDArray[np.float64], alternative: Alternative) -> NDArray[np.float64]:
    """Turn statistics into numbers that are larger the more extreme they are; NaN becomes infinite."""
    signed = {"two-sided": np.abs(statistics), "greater": statistics, "less": -statistics}[alternative]
    return np.where(np.isnan(signed), np.inf, signed)


def confidence_limits(
    line: Line, weights: NDArray[np.float64], alpha: float, alternative: Alternative = "two-sided"
) -> tuple[float, float]:
    """Give the limits of the effects with a p-value above `alpha`.

    Parameters
    ----------
    line : Line
        The statistic.
    weights : ndarray of float, shape (S,)
        Probability of every draw.
    alpha : float
        Significance level.
    alternative : {"two-sided", "greater", "less"}
        Direction.

    Returns
    -------
    tuple of two float
        Lower and upper limit; infinite where the draws cannot exclude any effect on that side.

    Notes
    -----
    Below the estimate, the p-value of tau is the weight of the draws whose lower end is at most tau. The
    lower limit is therefore the alpha quantile (not alpha/2) of the lower ends; likewise above.
    """
    low, high = covered_effects(line, alternative)
    return _first_above(low, weights, alpha), -_first_above(-high, weights, alpha)


def _first_above(ends: NDArray[np.float64], weights: NDArray[np.float64], alpha: float) -> float:
    order = np.argsort(ends, kind="stable")
    reached = np.cumsum(weights[order]) > alpha + _TIE
    # The weights sum to 1, but rounding may leave them below an alpha that is almost 1.
    place = int(np.argmax(reached)) if reached.any() else len(ends) - 1
    return float(ends[order[place]])
