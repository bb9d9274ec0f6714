"""The closed form of the expected gains."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray

from pairing.pairs.gain import (
    expected_absolute,
    expected_gains,
    level_variance,
    probability_level_gap_exceeds,
)

FIRST, SECOND = np.array([0]), np.array([1])


def simulated(
    mean: NDArray[np.float64], covariance: NDArray[np.float64], weights: NDArray[np.float64], seed: int
) -> dict[str, NDArray[np.float64]]:
    """Gains of the first two teams in 400,000 draws of their profiles."""
    rng = np.random.default_rng(seed)
    theta = [rng.multivariate_normal(mean[team], covariance[team], 400_000) for team in (0, 1)]
    difference = theta[1] - theta[0]
    first = np.maximum(difference, 0.0) @ weights
    second = np.maximum(-difference, 0.0) @ weights
    return {
        "first": first,
        "second": second,
        "reciprocal": np.minimum(first, second),
        "gap": np.abs(difference @ weights),
    }


def random_posterior(seed: int, n_indicators: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Means and full covariances of two teams."""
    rng = np.random.default_rng(seed)
    roots = rng.standard_normal((2, n_indicators, n_indicators)) * 0.4
    return rng.standard_normal((2, n_indicators)), roots @ roots.transpose(0, 2, 1)


@pytest.mark.parametrize("seed", range(5))
def test_closed_form_equals_simulation(seed: int) -> None:
    """Every expectation lies within four standard errors of a simulation with correlated indicators."""
    mean, covariance = random_posterior(seed, 4)
    weights = np.array([0.4, 0.3, 0.2, 0.1])
    exact = expected_gains(mean, covariance, weights, FIRST, SECOND)
    draws = simulated(mean, covariance, weights, seed)
    for name in ("first", "second", "reciprocal"):
        error = draws[name].std() / np.sqrt(len(draws[name]))
        assert abs(float(getattr(exact, name)[0]) - draws[name].mean()) < 4 * error


def test_dominance_needs_the_covariance_between_indicators() -> None:
    """Leaving out the correlation of the posterior would change the reciprocal gain."""
    mean = np.zeros((2, 2))
    correlated = np.tile(np.array([[0.5, 0.3], [0.3, 0.5]]), (2, 1, 1))
    independent = correlated * np.eye(2)
    weights = np.array([0.5, 0.5])
    full, diagonal = (
        expected_gains(mean, covariance, weights, FIRST, SECOND).reciprocal[0]
        for covariance in (correlated, independent)
    )
    assert full < 0.75 * diagonal


def test_good_with_bad_has_nothing_to_gain() -> None:
    """A team that is better on everything learns nothing, however large the contrast."""
    mean = np.array([[2.0, 2.0, 2.0], [-2.0, -2.0, -2.0]])
    gains = expected_gains(mean, np.zeros((2, 3, 3)), np.full(3, 1 / 3), FIRST, SECOND)
    assert gains.reciprocal[0] == pytest.approx(0.0, abs=1e-15)
    assert gains.first[0] == pytest.approx(0.0, abs=1e-15)
    assert gains.second[0] == pytest.approx(4.0)


def test_one_indicator_has_no_reciprocal_gain() -> None:
    """With a single weighted indicator only one of the two can learn."""
    mean, covariance = random_posterior(3, 3)
    gains = expected_gains(mean, covariance, np.array([0.0, 1.0, 0.0]), FIRST, SECOND)
    assert gains.reciprocal[0] == pytest.approx(0.0, abs=1e-15)


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 10_000), n_indicators=st.integers(1, 6))
def test_reciprocal_gain_is_bounded_and_symmetric(seed: int, n_indicators: int) -> None:
    """E[r] is at most the smaller directional gain, at least 0, and does not depend on who comes first."""
    mean, covariance = random_posterior(seed, n_indicators)
    weights = np.full(n_indicators, 1 / n_indicators)
    there = expected_gains(mean, covariance, weights, FIRST, SECOND)
    back = expected_gains(mean, covariance, weights, SECOND, FIRST)
    assert -1e-12 <= there.reciprocal[0] <= min(there.first[0], there.second[0]) + 1e-12
    assert there.reciprocal[0] == pytest.approx(back.reciprocal[0], abs=1e-12)
    assert there.first[0] == pytest.approx(back.second[0], abs=1e-12)


def test_expected_absolute_equals_quadrature() -> None:
    """The folded normal mean equals numerical integration, and the limit of no variance is exact."""
    from scipy.integrate import quad
    from scipy.stats import norm

    for mean, sd in [(0.0, 1.0), (0.7, 0.2), (-3.0, 2.0), (5.0, 0.01)]:
        integral = (
            sum(
                quad(lambda x, m=mean, s=sd: abs(x) * norm.pdf(x, m, s), low, high)[0]
                for low, high in ((mean - 12 * sd, min(0.0, mean)), (min(0.0, mean), max(0.0, mean)))
            )
            + quad(lambda x, m=mean, s=sd: abs(x) * norm.pdf(x, m, s), max(0.0, mean), mean + 12 * sd)[0]
        )
        assert expected_absolute(np.array([mean]), np.array([sd**2]))[0] == pytest.approx(integral, rel=1e-6)
    assert expected_absolute(np.array([-0.3]), np.array([0.0]))[0] == 0.3


def test_probability_of_a_level_gap_equals_simulation() -> None:
    """P(true gap > cap) agrees with drawing the profiles."""
    mean, covariance = random_posterior(8, 3)
    weights = np.array([0.5, 0.3, 0.2])
    spread = level_variance(covariance, weights)
    exact = probability_level_gap_exceeds(0.4, mean @ weights, spread, FIRST, SECOND)[0]
    assert exact == pytest.approx((simulated(mean, covariance, weights, 8)["gap"] > 0.4).mean(), abs=0.004)


def test_probability_without_uncertainty_is_certain() -> None:
    """Known levels give a probability of 0 or 1."""
    level, none = np.array([0.0, 0.6]), np.zeros(2)
    assert probability_level_gap_exceeds(0.5, level, none, FIRST, SECOND)[0] == 1.0
    assert probability_level_gap_exceeds(0.7, level, none, FIRST, SECOND)[0] == 0.0
