"""The draws that an observed one is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import Problem, SettingsError
from pairing.lottery.facts import count_in_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.lottery import Lottery


@dataclass(frozen=True, eq=False)
class Reference:
    """Draws with probabilities: all that could have happened, or a sample with the observed one.

    Parameters
    ----------
    draws : ndarray of bool, shape (S, m)
        One row a draw.
    weights : ndarray of float, shape (S,)
        Probabilities, which sum to 1. In a sample of B draws each, and the observed one, has 1/(B + 1),
        so that a p-value is (1 + b)/(1 + B) and never 0.
    observed : ndarray of bool, shape (m,)
        What was drawn.
    strata : ndarray of int, shape (m,)
        Stratum of every unit.
    exact : bool
        Whether these are all draws.
    """

    draws: NDArray[np.bool_]
    weights: NDArray[np.float64]
    observed: NDArray[np.bool_]
    strata: NDArray[np.intp]
    exact: bool

    def of_units(self, units: NDArray[np.bool_]) -> Reference:
        """Keep only some units, shape (m,); the draws and their probabilities stay."""
        if units.all():
            return self
        return Reference(
            self.draws[:, units], self.weights, self.observed[units], self.strata[units], self.exact
        )


def reference_draws(
    lottery: Lottery,
    observed: NDArray[np.bool_],
    *,
    seed: int | None = None,
    n_samples: int = 19_999,
    list_up_to: int = 200_000,
) -> Reference:
    """Collect what the lottery could have drawn instead.

    Parameters
    ----------
    lottery : Lottery
        The lottery that was drawn from.
    observed : ndarray of bool, shape (m,)
        What was drawn.
    seed : int, optional
        Seed of the sample, needed only when there are too many draws to list.
    n_samples : int
        Size of the sample.
    list_up_to : int
        Largest number of draws to list. A published pool is always used whole.

    Returns
    -------
    Reference

    Raises
    ------
    SettingsError
        If a sample is needed and there is no seed, or its size is below 1.
    """
    strata = lottery.design.stratum_of()
    if lottery.listed or lottery.n_draws <= list_up_to:
        possible = lottery.enumerate(list_up_to)
        return Reference(possible.draws, possible.weights, observed, strata, exact=True)
    if seed is None or seed < 0:
        raise SettingsError(
            [
                Problem(
                    f"{count_in_words(lottery.n_draws)} draws are too many to list, so a sample is used, "
                    "which needs a seed",
                    expected="--seed N (or seed=N) with any whole number from 0",
                )
            ]
        )
    if n_samples < 1:
        raise SettingsError([Problem("is no sample size", value=str(n_samples), expected="at least 1")])
    sample = lottery.sample(np.random.default_rng(seed), n_samples)
    draws = np.vstack([observed[None, :], sample])
    return Reference(draws, np.full(len(draws), 1 / len(draws)), observed, strata, exact=False)
