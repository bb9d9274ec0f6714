"""Tickets: how often each kept draw goes into the urn, so that every unit's chance is the declared one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import SolverError
from pairing.lottery.hull import attainable_draws
from pairing.lottery.selection import number_blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

N_TICKETS = 10**12
_STEPS = 200
_CLOSE = 1e-13
_ROUNDING = 1e-13
_CLOSE_ENOUGH = 1e-10
_TOO_FAR = 1e-7
_DENSE = 400


def weights_for_chances(
    draws: NDArray[np.bool_], chances: NDArray[np.float64], units: Sequence[str]
) -> NDArray[np.float64]:
    """Weigh draws so that every unit's chance is the declared one, and otherwise as evenly as possible.

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
    ndarray of float, shape (S,)
        Weights that sum to 1; 0 for draws that no such lottery can use.

    Raises
    ------
    ImpossibleLotteryError
        If no weights give these chances.
    SolverError
        If there are such weights but they were not found.

    Notes
    -----
    Of all weights with the declared chances these have the greatest entropy: w_s is proportional to
    exp(sum of theta_u over the units u in draw s). Newton's method finds theta; where it converges, the
    positive weights are themselves the proof that the chances are attainable. Where it does not, a linear
    programme finds the draws that can have a positive weight, or the units whose chance is out of reach.

    References
    ----------
    Chen XH, Dempster AP, Liu JS (1994). Weighted finite population sampling to maximize entropy.
    Biometrika 81, 457-469. Hainmueller J (2012). Entropy balancing for causal effects. Political
    Analysis 20, 25-46.
    """
    weights, error = _entropy_balanced(draws, chances)
    if error <= _CLOSE_ENOUGH:
        return weights
    usable = attainable_draws(draws, chances, units)
    weights = np.zeros(len(draws))
    weights[usable], error = _entropy_balanced(draws[usable], chances)
    if error > _TOO_FAR:
        raise SolverError(f"Equal chances are possible, but weights were found only to within {error:.1g}.")
    return weights


def whole_tickets(weights: NDArray[np.float64], total: int = N_TICKETS) -> NDArray[np.int64]:
    """Turn weights into whole tickets by largest remainders.

    Parameters
    ----------
    weights : ndarray of float, shape (S,)
        Weights that sum to 1.
    total : int
        Number of tickets to hand out.

    Returns
    -------
    ndarray of int64, shape (S,)
        Tickets that sum to `total`. Equal remainders are served in the order of the draws.

    Examples
    --------
    >>> whole_tickets(np.array([0.5, 0.3, 0.2]), 7).tolist()
    [4, 2, 1]
    """
    shares = weights / weights.sum() * total
    tickets = np.floor(shares).astype(np.int64)
    left = total - int(tickets.sum())
    order = np.argsort(-(shares - tickets), kind="stable")
    tickets[order[:left]] += 1
    return np.asarray(tickets)


def effective_number(weights: NDArray[np.float64]) -> float:
    """Give the number of equally likely draws that would be as even as these: 1 / sum of squared weights."""
    shares = weights / weights.sum()
    return float(1.0 / np.dot(shares, shares))


def _entropy_balanced(
    draws: NDArray[np.bool_], chances: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Tilt by damped Newton steps; give the weights and the largest error of the chances."""
    theta = np.zeros(draws.shape[1])
    weights, level = _tilted(draws, chances, theta)
    error, stalled = np.inf, False
    for _ in range(_STEPS):
        gradient = _mean(draws, weights) - chances
        previous, error = error, float(np.abs(gradient).max())
        if error <= _CLOSE or (stalled and error >= previous):
            break
        step = _newton_step(draws, weights, gradient + chances, gradient)
        theta, weights, lower = _search_along(draws, chances, theta, step, level, float(gradient @ step))
        stalled = lower > level - _ROUNDING
        level = lower
    return weights, float(np.abs(_mean(draws, weights) - chances).max())


def _tilted(
    draws: NDArray[np.bool_], chances: NDArray[np.float64], theta: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Give the tilted weights, and the logarithm of their sum before scaling: the dual to be minimised."""
    exponents = np.concatenate([block @ theta for _, block in number_blocks(draws)]) - chances @ theta
    top = exponents.max()
    raw = np.exp(exponents - top)
    total = raw.sum()
    return raw / total, float(top + np.log(total))


def _mean(draws: NDArray[np.bool_], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the chances that these weights make, shape (m,)."""
    chances = np.zeros(draws.shape[1])
    for rows, block in number_blocks(draws):
        chances += weights[rows] @ block
    return chances


def _newton_step(
    draws: NDArray[np.bool_],
    weights: NDArray[np.float64],
    mean: NDArray[np.float64],
    gradient: NDArray[np.float64],
) -> NDArray[np.float64]:
    if len(mean) > _DENSE:
        return _conjugate_gradients(draws, weights, mean, -gradient)
    hessian = -np.outer(mean, mean)
    for rows, block in number_blocks(draws):
        hessian += (block * weights[rows, None]).T @ block
    # Arm sizes are fixed and some units may be inseparable, so the Hessian is singular by nature.
    ridge = 1e-12 * np.trace(hessian) + 1e-300
    return -np.linalg.solve(hessian + ridge * np.eye(len(hessian)), gradient)


def _conjugate_gradients(
    draws: NDArray[np.bool_],
    weights: NDArray[np.float64],
    mean: NDArray[np.float64],
    right: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Solve the Newton equation of many units without ever forming their Hessian."""
    ridge = 1e-9 * float(mean @ (1 - mean)) / len(mean)
    solution = np.zeros_like(right)
    residual, direction = right.copy(), right.copy()
    size = start = float(residual @ residual)
    for _ in range(_STEPS):
        if size <= 1e-12 * start:
            break
        along = np.concatenate([block @ direction for _, block in number_blocks(draws)])
        image = _mean(draws, weights * along) - mean * float(mean @ direction) + ridge * direction
        length = size / float(direction @ image)
        solution += length * direction
        residual -= length * image
        smaller = float(residual @ residual)
        direction = residual + smaller / size * direction
        size = smaller
    return solution


def _search_along(
    draws: NDArray[np.bool_],
    chances: NDArray[np.float64],
    theta: NDArray[np.float64],
    step: NDArray[np.float64],
    level: float,
    slope: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Halve the step until the dual falls enough."""
    length = 1.0
    while True:
        trial = theta + length * step
        weights, lower = _tilted(draws, chances, trial)
        if lower <= level + 1e-4 * length * slope + _ROUNDING or length < 1e-6:
            return trial, weights, lower
        length /= 2
