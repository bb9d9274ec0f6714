"""Whether declared chances can be reached by any weights on the kept draws, by linear programming."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import SolverError
from pairing.lottery.errors import ImpossibleLotteryError
from pairing.wording import counted, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

_ZERO = 1e-9


def attainable_draws(
    draws: NDArray[np.bool_], chances: NDArray[np.float64], units: Sequence[str]
) -> NDArray[np.intp]:
    """Find the draws that have a positive weight in some lottery with the declared chances.

    Parameters
    ----------
    draws : ndarray of bool, shape (S, m)
        The kept draws.
    chances : ndarray of float, shape (m,)
        Declared chances.
    units : sequence of str, length m
        Names, for the error message.

    Returns
    -------
    ndarray of int, shape (at most S,)
        Places of those draws, ascending; never empty.

    Raises
    ------
    ImpossibleLotteryError
        If the chances are outside the hull of the draws. It names the units.

    Notes
    -----
    One linear programme finds all of them: maximise the sum of y subject to y <= w, 0 <= y <= 1, where w
    is any multiple of a lottery with the declared chances. At the optimum y_s is 1 for every draw that can
    have a positive weight, and 0 for the others.
    """
    from scipy.sparse import csr_array, hstack

    n, m = draws.shape
    centred = csr_array(draws.T.astype(np.float64) - chances[:, None])
    # w = y + z with y capped at 1 and z at least 0: two columns a draw, one row a unit.
    solution = _minimised(
        np.concatenate([-np.ones(n), np.zeros(n)]),
        csr_array(hstack([centred, centred])),
        np.zeros(m),
        np.concatenate([np.ones(n), np.full(n, np.inf)]),
    )
    usable = np.flatnonzero(solution[:n] > 0.5)
    if len(usable) == 0:
        raise_unattainable(draws, chances, units)
    return usable


def raise_unattainable(draws: NDArray[np.bool_], chances: NDArray[np.float64], units: Sequence[str]) -> None:
    """Refuse, naming the units whose chances stay furthest from the declared ones.

    Raises
    ------
    ImpossibleLotteryError
        Always.
    """
    reached = nearest_chances(draws, chances)
    order = _furthest(reached, chances)
    sentences = [f"{units[u]} (declared {chances[u]:.4g}, at best {reached[u]:.4g})" for u in order]
    raise ImpossibleLotteryError(
        f"The {counted(len(draws), 'kept draw')} cannot give every unit its declared chance. Weighing them "
        f"as well as possible misses it for {shortened(sentences)}. Keep a larger share of the candidates, "
        "draw more of them, or balance on fewer covariates.",
        [units[u] for u in order],
    )


def raise_not_reached(
    draws: NDArray[np.bool_],
    chances: NDArray[np.float64],
    units: Sequence[str],
    reached: NDArray[np.float64],
    *,
    proven: bool,
) -> None:
    """Refuse a pool too large for a linear programme, by the chances that its last weights gave.

    Raises
    ------
    ImpossibleLotteryError
        Always.
    """
    absent = [units[u] for u in np.flatnonzero(~draws.any(axis=0)).tolist()]
    if absent:
        raise ImpossibleLotteryError(
            f"None of the {counted(len(draws), 'kept draw')} draws {shortened(absent)}: no tickets give "
            "every unit its chance. Keep a larger share of the candidates, or balance on fewer covariates.",
            absent,
        )
    order = _furthest(reached, chances)
    sentences = [f"{units[u]} (declared {chances[u]:.4g}, reached {reached[u]:.4g})" for u in order]
    verb = "cannot give" if proven else "were not found to give"
    raise ImpossibleLotteryError(
        f"The {counted(len(draws), 'kept draw')} {verb} every unit its declared chance. The last weights "
        f"tried miss it most for {shortened(sentences)}. Keep a larger share of the candidates, draw more of "
        "them, or balance on fewer covariates.",
        [units[u] for u in order],
    )


def _furthest(reached: NDArray[np.float64], chances: NDArray[np.float64]) -> NDArray[np.intp]:
    """Units whose chance is missed, from the one that is furthest off."""
    off = np.flatnonzero(np.abs(reached - chances) > _ZERO)
    return off[np.argsort(-np.abs(reached - chances)[off], kind="stable")]


def nearest_chances(draws: NDArray[np.bool_], chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the attainable chances with the least total absolute distance to the declared ones, shape (m,)."""
    from scipy.sparse import csr_array, hstack, vstack

    n, m = draws.shape
    per_unit = hstack([csr_array(draws.T.astype(np.float64)), csr_array(np.eye(m)), csr_array(-np.eye(m))])
    total = csr_array(np.concatenate([np.ones(n), np.zeros(2 * m)])[None, :])
    solution = _minimised(
        np.concatenate([np.zeros(n), np.ones(2 * m)]),
        csr_array(vstack([per_unit, total])),
        np.append(chances, 1.0),
        np.full(n + 2 * m, np.inf),
    )
    return np.asarray(draws.T @ solution[:n], dtype=np.float64)


def _minimised(
    cost: NDArray[np.float64],
    rows: csr_array[np.float64],
    right: NDArray[np.float64],
    upper: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Minimise a linear function of non-negative variables under equations."""
    from scipy.optimize import linprog

    bounds = np.column_stack([np.zeros(len(cost)), upper])
    solution = linprog(cost, A_eq=rows, b_eq=right, bounds=bounds, method="highs")  # type: ignore[call-overload] # its stubs know no sparse matrix
    if solution.status != 0:
        raise SolverError(f"The linear programme for equal chances stopped: {solution.message}")
    return np.asarray(solution.x, dtype=np.float64)
