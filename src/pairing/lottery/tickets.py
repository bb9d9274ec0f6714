"""Tickets: how often each kept draw goes into the urn, so that every unit's chance is the declared one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import SolverError
from pairing.lottery.hull import attainable_draws, raise_not_reached
from pairing.lottery.selection import NUMBERS_IN_CACHE, number_blocks
from pairing.lottery.telling import untold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from pairing.lottery.telling import Tell

N_TICKETS = 10**12
_STEPS = 200
_CLOSE = 1e-13
_ROUNDING = 1e-13
_CLOSE_ENOUGH = 1e-10
_TOO_FAR = 1e-7
_DENSE = 400
_LEFT_OVER = 1e-6
_DIGITS = 13
_IMPOSSIBLE = -1e-6
_LARGEST_PROGRAMME = 10_000_000
"""Numbers in a pool for which a linear programme of all draws is solved: 25,000 draws of 400 units."""


def weights_for_chances(
    draws: NDArray[np.bool_],
    chances: NDArray[np.float64],
    units: Sequence[str],
    progress: Tell | None = None,
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
    progress : callable, optional
        Told how many digits of the chances are right.

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
    Newton's method minimises log sum exp(theta'(z_s - p)), which weights with the chances p would keep at 0
    or above: a value below 0 proves that there are none. For pools beyond the linear programme that is the
    proof; it names the units that the last weights were furthest from.

    References
    ----------
    Chen XH, Dempster AP, Liu JS (1994). Weighted finite population sampling to maximize entropy.
    Biometrika 81, 457-469. Hainmueller J (2012). Entropy balancing for causal effects. Political
    Analysis 20, 25-46.
    """
    tell = untold if progress is None else progress
    weights, error, level = _entropy_balanced(draws, chances, tell)
    if error <= _CLOSE_ENOUGH:
        return weights
    if draws.size > _LARGEST_PROGRAMME:
        raise_not_reached(draws, chances, units, _mean(draws, weights), proven=level < _IMPOSSIBLE)
    usable = attainable_draws(draws, chances, units)
    weights = np.zeros(len(draws))
    weights[usable], error, _ = _entropy_balanced(draws[usable], chances, tell)
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
    draws: NDArray[np.bool_], chances: NDArray[np.float64], tell: Tell
) -> tuple[NDArray[np.float64], float, float]:
    """Tilt by damped Newton steps; give the weights, the largest error of the chances, and the dual."""
    theta = np.zeros(draws.shape[1])
    weights, level = _tilted(draws, chances, theta)
    error, stalled = np.inf, False
    for _ in range(_STEPS):
        gradient = _mean(draws, weights) - chances
        previous, error = error, float(np.abs(gradient).max())
        tell("Making every chance equal, digits", min(_DIGITS, _digits(error)), _DIGITS)
        if error <= _CLOSE or (stalled and error >= previous) or level < _IMPOSSIBLE:
            break
        step = _newton_step(draws, weights, gradient + chances, gradient)
        theta, weights, lower = _search_along(draws, chances, theta, step, level, float(gradient @ step))
        stalled = lower > level - _ROUNDING
        level = lower
    return weights, float(np.abs(_mean(draws, weights) - chances).max()), level


def _digits(error: float) -> int:
    return max(0, int(-math.log10(max(error, _CLOSE))))


def _blocks(draws: NDArray[np.bool_]) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Blocks of the size with which the tickets of fewer units were published, or ones that are quicker."""
    return number_blocks(draws) if draws.shape[1] <= _DENSE else number_blocks(draws, NUMBERS_IN_CACHE)


def _tilted(
    draws: NDArray[np.bool_], chances: NDArray[np.float64], theta: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Give the tilted weights, and the logarithm of their sum before scaling: the dual to be minimised."""
    exponents = np.concatenate([block @ theta for _, block in _blocks(draws)]) - chances @ theta
    top = exponents.max()
    raw = np.exp(exponents - top)
    total = raw.sum()
    return raw / total, float(top + np.log(total))


def _mean(draws: NDArray[np.bool_], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the chances that these weights make, shape (m,)."""
    chances = np.zeros(draws.shape[1])
    for rows, block in _blocks(draws):
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
    for rows, block in _blocks(draws):
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
        # Newton's next step makes good what this one leaves.
        if size <= _LEFT_OVER * start:
            break
        image = ridge * direction - mean * float(mean @ direction)
        for rows, block in _blocks(draws):
            image += (weights[rows] * (block @ direction)) @ block
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
