"""Orthant probabilities against known values and simulation, and the same for everybody."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from pairing.cohort import Cohort
from pairing.pairs.dominance import ACCURACY, orthant_probability, probability_neither_dominates
from pairing.profiles import estimate_profiles

MakeCohort = Callable[..., Cohort]


def test_equal_correlation_of_one_half_is_known() -> None:
    """P(all K components above 0) is 1/(K + 1)."""
    for k in range(1, 8):
        covariance = 0.5 * (np.eye(k) + np.ones((k, k)))
        assert orthant_probability(np.zeros(k), covariance) == pytest.approx(1 / (k + 1), abs=ACCURACY)


@pytest.mark.parametrize("seed", range(4))
def test_orthants_agree_with_simulation(seed: int) -> None:
    """Any mean and covariance, singular ones too: within four standard errors of a million draws."""
    rng = np.random.default_rng(seed)
    root = rng.standard_normal((5, 3 if seed == 3 else 6))
    mean, covariance = rng.standard_normal(5), root @ root.T
    draws = mean + rng.standard_normal((1_000_000, root.shape[1])) @ root.T
    simulated = float((draws >= 0).all(axis=1).mean())
    error = 4 * np.sqrt(max(simulated, 1e-6) / 1e6) + ACCURACY
    assert orthant_probability(mean, covariance) == pytest.approx(simulated, abs=error)


def test_what_is_certain_is_certain() -> None:
    """Components without variance count by their sign, and a hopeless one decides at once."""
    covariance = np.diag([0.0, 1.0])
    assert orthant_probability(np.array([1.0, 0.0]), covariance) == 0.5
    assert orthant_probability(np.array([-1.0, 0.0]), covariance) == 0.0
    assert orthant_probability(np.array([1.0]), np.zeros((1, 1))) == 1.0
    assert orthant_probability(np.array([-9.0, 0.0]), np.eye(2)) < 1e-18


def test_neither_dominates_agrees_with_draws_from_the_posterior(make_cohort: MakeCohort) -> None:
    """The share of draws in which each team is better somewhere, on what counts only."""
    cohort = make_cohort(30, seed=4)
    profiles = estimate_profiles(cohort)
    usable = np.flatnonzero(profiles.model.usable)
    rng = np.random.default_rng(0)
    for first, second in [(0, 1), (2, 9), (5, 6)]:
        covariance = profiles.covariance[first] + profiles.covariance[second]
        mean = profiles.mean[second] - profiles.mean[first]
        draws = rng.multivariate_normal(mean[usable], covariance[np.ix_(usable, usable)], 400_000)
        dominated = (draws >= 0).all(axis=1) | (draws <= 0).all(axis=1)
        found = probability_neither_dominates(profiles, first, second)
        assert found == pytest.approx(1 - dominated.mean(), abs=0.004)
        assert found == probability_neither_dominates(profiles, second, first)
