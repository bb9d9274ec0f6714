"""Several outcomes at once: p-values that hold for the whole family."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.inference.inversion import extremeness, without_rounding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pairing.inference.plan import Alternative
    from pairing.inference.statistic import Line


def family_p_values(
    lines: Sequence[Line], weights: NDArray[np.float64], alternative: Alternative
) -> NDArray[np.float64]:
    """Adjust for the number of outcomes by the step-down maxT procedure over the same draws.

    Parameters
    ----------
    lines : sequence of Line, length J
        One statistic an outcome, over the same draws.
    weights : ndarray of float, shape (S,)
        Probability of every draw.
    alternative : {"two-sided", "greater", "less"}
        Direction.

    Returns
    -------
    ndarray of float, shape (J,)
        Adjusted p-values in the order given, at least as large as the single ones.

    Notes
    -----
    Statistics are first divided by their standard deviation over the draws, so that outcomes count alike.
    The procedure controls the probability of any false claim and uses the correlation of the outcomes.

    References
    ----------
    Westfall PH, Young SS (1993). Resampling-Based Multiple Testing. Wiley. Algorithm 2.8.
    """
    columns = [_standardised(line, weights, alternative) for line in lines]
    statistics = np.column_stack([column for column, _ in columns])
    observed = np.array([value for _, value in columns])
    order = np.argsort(-observed, kind="stable")
    # From the least extreme outcome upwards: the largest statistic among this outcome and those below it.
    largest = np.maximum.accumulate(statistics[:, order[::-1]], axis=1)[:, ::-1]
    adjusted = np.array(
        [weights[largest[:, rank] >= observed[j] - 1e-9].sum() for rank, j in enumerate(order)]
    )
    p_values = np.empty(len(lines))
    p_values[order] = [without_rounding(value) for value in np.maximum.accumulate(adjusted).tolist()]
    return p_values


def _standardised(
    line: Line, weights: NDArray[np.float64], alternative: Alternative
) -> tuple[NDArray[np.float64], float]:
    finite = np.nan_to_num(line.intercepts)
    spread = float(np.sqrt(weights @ finite**2))
    scale = spread if spread > line.tolerance else 1.0
    observed = extremeness(np.array([line.estimate]), alternative)[0]
    return extremeness(line.intercepts, alternative) / scale, float(observed) / scale
