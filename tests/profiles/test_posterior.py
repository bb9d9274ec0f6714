"""Posterior means and covariances against the textbook."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from pairing.cohort import Cohort
from pairing.profiles import estimate_profiles
from pairing.profiles.measurements import measure
from pairing.profiles.posterior import posterior

Maker = Callable[..., Cohort]


def test_one_indicator_shrinks_by_its_reliability(normal_cohort: Maker) -> None:
    """The textbook: m = B (y − μ)/τ and V = 1 − B with B = τ²/(τ² + s²)."""
    cohort = normal_cohort([[1.0], [4.0], [9.0], [12.0]], [[0.5], [1.0], [1.0], [2.0]])
    profiles = estimate_profiles(cohort)
    tau2 = profiles.model.covariance[0, 0]
    share = tau2 / (tau2 + np.array([0.25, 1.0, 1.0, 4.0]))
    deviation = (np.array([1.0, 4.0, 9.0, 12.0]) - profiles.model.mean[0]) / np.sqrt(tau2)
    assert profiles.mean[:, 0] == pytest.approx(share * deviation)
    assert profiles.covariance[:, 0, 0] == pytest.approx(1 - share)


def test_every_team_equals_conditioning_a_dense_normal(drawn_cohort: Maker) -> None:
    """Condition the joint normal of (true values, observed values) on what was observed."""
    cohort = drawn_cohort(6, 30, 4, missing=0.35)
    profiles = estimate_profiles(cohort)
    model, seen = profiles.model, measure(cohort)
    for row in range(30):
        known = np.flatnonzero(~np.isnan(seen.values[row]))
        total = model.covariance[np.ix_(known, known)] + np.diag(seen.variances[row, known])
        gain = model.covariance[:, known] @ np.linalg.inv(total)
        mean = gain @ (seen.values[row, known] - model.mean[known])
        left = model.covariance - gain @ model.covariance[known]
        assert profiles.mean[row] == pytest.approx(mean / model.sd, abs=1e-10)
        assert profiles.covariance[row] == pytest.approx(left / np.outer(model.sd, model.sd), abs=1e-10)


def test_a_team_without_observations_is_the_average_team(drawn_cohort: Maker, normal_cohort: Maker) -> None:
    """Mean 0 and the whole correlation matrix."""
    base = measure(drawn_cohort(7, 30, 2))
    values = np.vstack([base.values, [[np.nan, np.nan]]])
    profiles = estimate_profiles(normal_cohort(values, np.vstack([np.sqrt(base.variances), [[1, 1]]])))
    sd = profiles.model.sd
    assert profiles.mean[-1].tolist() == [0.0, 0.0]
    assert profiles.covariance[-1] == pytest.approx(profiles.model.covariance / np.outer(sd, sd))


def test_posterior_is_calibrated(normal_cohort: Maker) -> None:
    """Standardised errors of 20,000 drawn teams have mean 0 and variance 1 in every direction."""
    rng = np.random.default_rng(9)
    covariance = np.array([[1.0, 0.5], [0.5, 1.0]])
    true = rng.multivariate_normal([0, 0], covariance, size=20_000)
    errors = 0.7 * np.exp(0.4 * rng.normal(size=(20_000, 2)))
    values = true + errors * rng.normal(size=(20_000, 2))
    values[rng.random((20_000, 2)) < 0.3] = np.nan
    profiles = estimate_profiles(normal_cohort(values, errors))
    off = (true - profiles.model.mean) / profiles.model.sd - profiles.mean
    for direction in ([1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [1.0, -1.0]):
        spread = np.einsum("a,nab,b->n", direction, profiles.covariance, direction)
        standardised = off @ direction / np.sqrt(spread)
        assert np.mean(standardised) == pytest.approx(0.0, abs=0.03)
        assert np.var(standardised) == pytest.approx(1.0, abs=0.04)


def test_indicators_that_are_not_usable_are_worth_nothing(drawn_cohort: Maker) -> None:
    """Zero mean, zero variance, zero covariance with the others."""
    cohort = drawn_cohort(2, 40, 3)
    model = estimate_profiles(cohort).model
    covariance = model.covariance.copy()
    covariance[1] = covariance[:, 1] = 0
    model = dataclasses.replace(model, usable=(True, False, True), covariance=covariance)
    mean, spread = posterior(measure(cohort), model)
    assert not mean[:, 1].any()
    assert not spread[:, 1].any()
    assert not spread[:, :, 1].any()
    assert mean[:, [0, 2]].any()


def test_covariances_are_symmetric_and_never_negative(drawn_cohort: Maker) -> None:
    """Even with collinear indicators of great precision."""
    profiles = estimate_profiles(drawn_cohort(1, 50, 4, rank=1, noise=0.02))
    assert np.array_equal(profiles.covariance, profiles.covariance.transpose(0, 2, 1))
    assert np.linalg.eigvalsh(profiles.covariance).min() > -1e-12
