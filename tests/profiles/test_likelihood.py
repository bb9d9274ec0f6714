"""The batched likelihood against dense textbook formulae."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from pairing.profiles.likelihood import Evidence, restricted_likelihood

Floats = NDArray[np.float64]


def _draw(seed: int, n: int = 9, k: int = 3, missing: float = 0.3) -> tuple[Floats, Floats, Floats]:
    rng = np.random.default_rng(seed)
    values, variances = rng.normal(size=(n, k)), np.exp(rng.normal(size=(n, k)))
    values[rng.random((n, k)) < missing] = np.nan
    root = rng.normal(size=(k, k))
    return values, variances, root @ root.T


def _dense(values: Floats, variances: Floats, covariance: Floats) -> tuple[Floats, Floats, Floats]:
    """All observations stacked: values, their covariance, and which mean each one has."""
    n, k = values.shape
    seen = ~np.isnan(values).ravel()
    total = np.kron(np.eye(n), covariance) + np.diag(np.where(seen, variances.ravel(), 1.0))
    design = np.kron(np.ones((n, 1)), np.eye(k))
    return values.ravel()[seen], total[np.ix_(seen, seen)], design[seen]


def _dense_restricted(values: Floats, variances: Floats, covariance: Floats) -> tuple[float, Floats]:
    """Integrate the mean out: the normal density at its best mean, times the volume of its uncertainty."""
    y, total, design = _dense(values, variances, covariance)
    precision = np.linalg.inv(total)
    information = design.T @ precision @ design
    mean = np.linalg.solve(information, design.T @ precision @ y)
    profile = stats.multivariate_normal(design @ mean, total).logpdf(y)
    k = covariance.shape[0]
    return profile + k / 2 * np.log(2 * np.pi) - np.linalg.slogdet(information)[1] / 2, mean


@pytest.mark.parametrize("seed", range(6))
def test_value_and_mean_equal_the_dense_multivariate_normal(seed: int) -> None:
    """Missing indicators left out of a dense normal density give the same figure."""
    values, variances, covariance = _draw(seed)
    found = restricted_likelihood(covariance, Evidence.of(values, variances))
    value, mean = _dense_restricted(values, variances, covariance)
    assert found.value == pytest.approx(value, rel=1e-12)
    assert found.mean == pytest.approx(mean, rel=1e-10)


@pytest.mark.parametrize("seed", range(4))
def test_gradient_equals_numeric_differences(seed: int) -> None:
    """Central differences in every entry of the covariance."""
    values, variances, covariance = _draw(seed)
    evidence = Evidence.of(values, variances)
    slope = restricted_likelihood(covariance, evidence).gradient()
    step = 1e-5
    for row, column in np.ndindex(covariance.shape):
        nudge = np.zeros_like(covariance)
        nudge[row, column] += step / 2
        nudge[column, row] += step / 2
        up = restricted_likelihood(covariance + nudge, evidence).value
        down = restricted_likelihood(covariance - nudge, evidence).value
        assert slope[row, column] == pytest.approx((up - down) / (2 * step), abs=1e-7)


@pytest.mark.parametrize("seed", range(4))
def test_curvature_equals_numeric_differences_of_the_gradient(seed: int) -> None:
    """Along random symmetric directions."""
    values, variances, covariance = _draw(seed)
    evidence = Evidence.of(values, variances)
    curvature = restricted_likelihood(covariance, evidence).curvature()
    rng = np.random.default_rng(seed)
    for _ in range(5):
        direction = rng.normal(size=covariance.shape)
        direction, step = direction + direction.T, 1e-5
        up = restricted_likelihood(covariance + step * direction, evidence).gradient()
        down = restricted_likelihood(covariance - step * direction, evidence).gradient()
        numeric = np.sum(direction * (up - down)) / (2 * step)
        assert direction.ravel() @ curvature @ direction.ravel() == pytest.approx(numeric, rel=1e-5)


def test_other_coordinates_describe_the_same_point() -> None:
    """Seen from a basis, slopes are those along the basis."""
    values, variances, covariance = _draw(1)
    here = restricted_likelihood(covariance, Evidence.of(values, variances))
    basis = here.whitening()
    seen = here.seen_from(basis)
    assert seen.gradient() == pytest.approx(basis.T @ here.gradient() @ basis)
    assert seen.precision.mean(axis=0) == pytest.approx(np.eye(3))
    direction = basis @ np.diag([1.0, 2.0, 3.0]) @ basis.T
    within = np.diag([1.0, 2.0, 3.0]).ravel()
    assert within @ seen.curvature() @ within == pytest.approx(
        direction.ravel() @ here.curvature() @ direction.ravel()
    )


def test_a_team_without_any_value_changes_nothing() -> None:
    """Integrating everything out leaves a factor of 1."""
    values, variances, covariance = _draw(2)
    one = restricted_likelihood(covariance, Evidence.of(values, variances))
    more = Evidence.of(np.vstack([values, np.full((1, 3), np.nan)]), np.vstack([variances, np.ones((1, 3))]))
    assert restricted_likelihood(covariance, more).value == pytest.approx(one.value, rel=1e-14)
