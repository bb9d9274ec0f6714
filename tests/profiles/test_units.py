"""Units and zero points do not matter: values a million SDs from 0, figures of 150 decimals."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from pairing.cohort import Cohort
from pairing.profiles import Profiles, check_model, estimate_profiles, profiles_from_model

Maker = Callable[..., Cohort]
Floats = NDArray[np.float64]


@pytest.fixture(autouse=True)
def _no_warnings() -> object:
    """Overflow and division by zero are failures here."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def _draw(seed: int, k: int = 2, error: float = 0.3, missing: float = 0.1) -> tuple[Floats, Floats]:
    """Values with SDs near 1 and correlated, and standard errors that differ between teams."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(60, k)) @ (np.eye(k) + 0.3)
    values[rng.random((60, k)) < missing] = np.nan
    return values, error * np.exp(0.3 * rng.normal(size=(60, k)))


def _assert_alike(moved: Profiles, plain: Profiles, tolerance: Floats | float) -> None:
    """Compare profiles, which are in between-team SDs; the tolerance is for the means."""
    assert moved.model.usable == plain.model.usable
    assert np.all(np.abs(moved.mean - plain.mean) <= tolerance)
    assert moved.covariance == pytest.approx(plain.covariance, abs=1e-12)


def test_values_around_a_million_are_fitted(normal_cohort: Maker) -> None:
    """Two indicators around 1,000,000 with SD 1 and standard error 0.3."""
    values = 1e6 + np.random.default_rng(0).normal(size=(40, 2))
    cohort = normal_cohort(values, 0.3)
    model = estimate_profiles(cohort).model
    assert model.mean == pytest.approx(values.mean(axis=0), abs=1e-9)
    assert model.covariance == pytest.approx(np.cov(values.T) - 0.09 * np.eye(2), abs=1e-9)
    assert check_model(cohort, model).failures == ()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("shift", "error"), [(1e6, 0.3), (-1e8, 0.3), (1e8, 0.1), (1e9, 0.1), (1e12, 0.3), (1e15, 0.1)]
)
def test_a_shift_changes_no_profile(normal_cohort: Maker, seed: int, shift: float, error: float) -> None:
    """Only the shifted mean is rounded: by half the distance to the next number, for all teams alike."""
    values, errors = _draw(seed, 2 + seed, error)
    moved = values + shift
    cohort = normal_cohort(moved, errors)
    profiles = estimate_profiles(cohort)
    plain = estimate_profiles(normal_cohort(moved - shift, errors))
    rounding = np.spacing(abs(shift)) / plain.model.sd.min()
    _assert_alike(profiles, plain, 1e-12 + rounding)
    assert profiles.model.log_likelihood == pytest.approx(plain.model.log_likelihood, abs=1e-9)
    assert check_model(cohort, profiles.model).failures == ()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("scale", [1e-150, 1e-100, 1e-30, 1e98])
def test_a_change_of_unit_changes_no_profile(normal_cohort: Maker, seed: int, scale: float) -> None:
    """From figures whose squares are nearly the smallest numbers to the largest that are taken."""
    values, errors = _draw(seed, 2 + seed)
    cohort = normal_cohort(values * scale, errors * scale)
    profiles = estimate_profiles(cohort)
    _assert_alike(profiles, estimate_profiles(normal_cohort(values, errors)), 1e-12)
    assert check_model(cohort, profiles.model).failures == ()
    assert np.array_equal(profiles_from_model(cohort, profiles.model).mean, profiles.mean)
    assert profiles.to_frame()["standard_error"].max() < scale * 10


def test_indicators_of_all_units_go_together(normal_cohort: Maker) -> None:
    """One around 1e-100, one around 1e80, and one that is a million SDs away from 0."""
    values, errors = _draw(5, 3)
    scale, shift = np.array([1e-100, 1e80, 1e-3]), np.array([0.0, 0.0, 1e3])
    cohort = normal_cohort(values * scale + shift, errors * scale)
    profiles = estimate_profiles(cohort)
    _assert_alike_loosely(profiles, estimate_profiles(normal_cohort(values, errors)))
    assert check_model(cohort, profiles.model).failures == ()


def _assert_alike_loosely(moved: Profiles, plain: Profiles) -> None:
    """Compare where the shift has rounded every value on its own, at about 1e-10 SDs."""
    assert moved.mean == pytest.approx(plain.mean, abs=1e-9)
    assert moved.covariance == pytest.approx(plain.covariance, abs=1e-9)


def test_a_mean_is_allowed_its_rounding_and_no_more(normal_cohort: Maker) -> None:
    """Around 1e9 the next number is 1.2e-7 away: one is passed, four are caught."""
    values, errors = _draw(1)
    cohort = normal_cohort(values + 1e9, errors)
    model = estimate_profiles(cohort).model
    near, far = (dataclasses.replace(model, mean=model.mean + n * np.spacing(1e9)) for n in (0.4, 4))
    assert check_model(cohort, near).passed
    assert any("means do not solve" in failure for failure in check_model(cohort, far).failures)


@pytest.mark.parametrize("scale", [1.0, 1e-100])
def test_the_mean_of_an_indicator_without_differences_is_checked_in_its_unit(
    normal_cohort: Maker, scale: float
) -> None:
    """A mean that is off by a tenth of a standard error is caught in any unit."""
    values = np.random.default_rng(3).normal(size=(40, 1)) * scale
    cohort = normal_cohort(values, scale * 1.2)
    model = estimate_profiles(cohort).model
    assert model.usable == (False,)
    assert check_model(cohort, model).passed
    forged = dataclasses.replace(model, mean=model.mean + 0.1 * scale)
    assert any("The mean of 'x0'" in failure for failure in check_model(cohort, forged).failures)


def test_the_mean_of_an_indicator_without_differences_is_allowed_its_rounding(normal_cohort: Maker) -> None:
    """Another maths library may round a sum to the next number, 1.2e-7 away around 1e9; not to the fifth."""
    values = 1e9 + np.random.default_rng(3).normal(size=(40, 1))
    cohort = normal_cohort(values, 1.2)
    model = estimate_profiles(cohort).model
    next_one, fifth = (dataclasses.replace(model, mean=model.mean + n * np.spacing(1e9)) for n in (1, 5))
    assert check_model(cohort, next_one).passed
    assert not check_model(cohort, fifth).passed


@pytest.mark.parametrize("scale", [1.0, 1e-100])
def test_the_likelihood_is_checked_in_units_of_order_one(normal_cohort: Maker, scale: float) -> None:
    """In a tiny unit its constant is huge, and must not excuse an error of 0.01."""
    values, errors = _draw(2)
    cohort = normal_cohort(values * scale, errors * scale)
    model = estimate_profiles(cohort).model
    forged = dataclasses.replace(model, log_likelihood=model.log_likelihood + 0.01)
    assert any("log-likelihood" in failure for failure in check_model(cohort, forged).failures)


@pytest.mark.parametrize(
    "change",
    [
        {"mean": np.array([1e308, 1.0])},
        {"mean": np.array([1e160, 1.0])},
        {"covariance": np.full((2, 2), 1e300)},
        {"covariance": np.full((2, 2), 1e30)},
        {"covariance": np.diag([1e300, 1e-300])},
    ],
    ids=str,
)
def test_absurd_parameters_are_a_finding_not_a_crash(normal_cohort: Maker, change: dict[str, Floats]) -> None:
    """Whatever is stored, the check says that it is no solution."""
    cohort = normal_cohort(*_draw(3))
    forged = dataclasses.replace(estimate_profiles(cohort).model, **change)
    assert any("solve the model's equations" in failure for failure in check_model(cohort, forged).failures)
