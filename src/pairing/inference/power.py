"""How small an effect a lottery can detect, by simulation over the lottery itself."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import Problem, SettingsError, SolverError
from pairing.inference.inversion import confidence_limits
from pairing.inference.reference import Reference, reference_draws
from pairing.inference.statistic import difference_in_means
from pairing.shown import show_result

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from pairing.inference.plan import Alternative
    from pairing.lottery import Lottery

_SIMULATIONS_PER_TASK = 50
"""Simulations that are sent to a worker together: the draws of the lottery travel with them."""


@dataclass(frozen=True, eq=False)
class Detectable:
    """The smallest effects that would have been detected, one a simulation.

    Parameters
    ----------
    effect : float
        The minimum detectable effect, in units of the outcome; infinite if the power is out of reach.
    power, alpha : float
        Probability of detecting it, and significance level.
    thresholds : ndarray of float, shape (n_simulations,)
        Ascending. In each simulation every effect above its threshold is detected.
    """

    effect: float
    power: float
    alpha: float
    thresholds: NDArray[np.float64] = field(repr=False)

    def power_at(self, effect: float) -> float:
        """Give the share of simulations in which an effect would have been detected."""
        return float(np.searchsorted(self.thresholds, effect, side="left") / len(self.thresholds))

    def summary(self) -> str:
        """Say the result in one line."""
        return (
            f"An effect of {self.effect:.3g} is detected with a probability of {self.power:g} "
            f"at significance level {self.alpha:g} ({len(self.thresholds):,} simulations)."
        )

    def _repr_html_(self) -> str:
        return show_result("Detectable effect", self.summary())


def minimum_detectable_effect(
    lottery: Lottery,
    *,
    sd: float,
    seed: int,
    pair_correlation: float = 0.0,
    power: float = 0.8,
    alpha: float = 0.05,
    alternative: Alternative = "two-sided",
    n_simulations: int = 1_000,
    n_samples: int = 1_999,
    executor: Executor | None = None,
) -> Detectable:
    """Find the effect that the randomisation test of this lottery detects with a given probability.

    Parameters
    ----------
    lottery : Lottery
        The lottery.
    sd : float
        Standard deviation of the outcome over teams, in units of the outcome.
    seed : int
        Seed of the simulation.
    pair_correlation : float
        Correlation of the outcomes of two teams of a unit. Teams paired for their contrasts may well have a
        negative one.
    power, alpha : float
        Probability of detection, and significance level.
    alternative : {"two-sided", "greater", "less"}
        Direction. Only detection in the direction of the effect counts.
    n_simulations : int
        Simulated outcomes, each with a draw of its own.
    n_samples : int
        Draws in each test, where draws are not published.
    executor : concurrent.futures.Executor, optional
        Where to run the simulations; this process if not given. The result is the same, bit for bit.

    Returns
    -------
    Detectable

    Raises
    ------
    SettingsError
        If a number is out of range.
    SolverError
        If a worker of the executor dies.

    Notes
    -----
    Outcomes without the intervention are normal; the intervention adds the same to every team. A test of the
    outcomes plus an effect rejects exactly if the effect exceeds minus the lower confidence limit of the
    outcomes alone, so one simulation serves every effect and no search is needed.

    Examples
    --------
    >>> from pairing.lottery import pair_then_draw, uniform_lottery
    >>> lottery = uniform_lottery(pair_then_draw(12, 6), [f"P{i}" for i in range(12)],
    ...                           [(f"a{i}", f"b{i}") for i in range(12)])
    >>> found = minimum_detectable_effect(lottery, sd=1.0, seed=1, n_simulations=200)
    >>> 1.0 < found.effect < 1.5
    True
    """
    spread = _unit_sd(lottery, sd, pair_correlation)
    _check(power, alpha, n_simulations)
    rng = np.random.default_rng(seed)
    observed = lottery.sample(rng, n_simulations)
    reference = reference_draws(lottery, observed[0], seed=seed, n_samples=n_samples)
    # Outcomes are symmetric, so what is detectable downwards is what is detectable upwards.
    side: Alternative = "two-sided" if alternative == "two-sided" else "greater"
    # All outcomes come from one stream before the work is divided: workers draw nothing.
    outcomes = rng.standard_normal((n_simulations, len(spread))) * spread
    thresholds = _each(partial(_thresholds, reference, alpha, side), observed, outcomes, executor)
    ordered = np.sort(thresholds)
    place = min(int(np.ceil(power * n_simulations)), n_simulations) - 1
    return Detectable(float(ordered[place]), power, alpha, ordered)


def _each(
    simulated: Callable[[NDArray[np.bool_], NDArray[np.float64]], list[float]],
    observed: NDArray[np.bool_],
    outcomes: NDArray[np.float64],
    executor: Executor | None,
) -> list[float]:
    if executor is None:
        return simulated(observed, outcomes)
    starts = range(0, len(observed), _SIMULATIONS_PER_TASK)
    parts = [slice(start, start + _SIMULATIONS_PER_TASK) for start in starts]
    try:
        found = executor.map(
            simulated, [observed[part] for part in parts], [outcomes[part] for part in parts]
        )
        return [threshold for thresholds in found for threshold in thresholds]
    except BrokenExecutor as error:
        raise SolverError("A worker process ended before its work was done. Try fewer workers.") from error


def _thresholds(
    reference: Reference,
    alpha: float,
    side: Alternative,
    observed: NDArray[np.bool_],
    outcomes: NDArray[np.float64],
) -> list[float]:
    """The smallest effect that each simulation detects, shapes (n, m) and (n, m)."""
    return [
        -confidence_limits(
            difference_in_means(_with_observed(reference, drawn), outcome), reference.weights, alpha, side
        )[0]
        for drawn, outcome in zip(observed, outcomes, strict=True)
    ]


def _with_observed(reference: Reference, observed: NDArray[np.bool_]) -> Reference:
    """Let another draw be the observed one; in a sample it takes the first place."""
    draws = reference.draws
    if not reference.exact:
        draws = draws.copy()
        draws[0] = observed
    return Reference(draws, reference.weights, observed, reference.strata, reference.exact)


def _unit_sd(lottery: Lottery, sd: float, correlation: float) -> NDArray[np.float64]:
    """Give the standard deviation of the mean of each unit's teams."""
    sizes = np.array([len(teams) for teams in lottery.members], dtype=np.float64)
    problems = []
    if not (np.isfinite(sd) and sd > 0):
        problems.append(Problem("is no standard deviation", value=str(sd), expected="above 0"))
    lowest = -1.0 / (sizes.max() - 1) if sizes.max() > 1 else -1.0
    if not lowest <= correlation <= 1:
        problems.append(
            Problem("is no possible correlation", value=str(correlation), expected=f"from {lowest:g} to 1")
        )
    if problems:
        raise SettingsError(problems)
    return np.asarray(sd * np.sqrt((1 + (sizes - 1) * correlation) / sizes))


def _check(power: float, alpha: float, n_simulations: int) -> None:
    problems = [
        Problem(f"is no {name}", value=str(value), expected="between 0 and 1")
        for name, value in (("power", power), ("significance level", alpha))
        if not 0 < value < 1
    ]
    if n_simulations < 1:
        problems.append(Problem("is no number of simulations", value=str(n_simulations)))
    if problems:
        raise SettingsError(problems)
