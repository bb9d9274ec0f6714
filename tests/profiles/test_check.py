"""The independent check accepts what was fitted and nothing else."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from pairing.cohort import Cohort
from pairing.profiles import Heterogeneity, ProfileModel, check_model, estimate_profiles

Maker = Callable[..., Cohort]
Fitted = tuple[Cohort, ProfileModel]

PAIRS = [(row, column) for row in range(7) for column in range(row, 7)]


@pytest.fixture
def fitted(audit_cohort: Maker) -> Fitted:
    """The audit's cohort and its fitted model."""
    cohort = audit_cohort()
    return cohort, estimate_profiles(cohort).model


@pytest.fixture
def with_null(rate_cohort: Maker) -> Fitted:
    """A cohort whose second of two indicators has no differences, and its model."""
    rng = np.random.default_rng(12)
    true = np.column_stack([np.clip(0.5 + 0.15 * rng.normal(size=40), 0, 1), np.full(40, 0.3)])
    patients = rng.integers(20, 90, size=(40, 2))
    cohort = rate_cohort(rng.binomial(patients, true) / patients, patients)
    model = estimate_profiles(cohort).model
    assert model.usable == (True, False)
    return cohort, model


def test_the_fitted_model_passes_with_room_to_spare(fitted: Fitted) -> None:
    """The slope left is a thousandth of what is allowed, or less."""
    check = check_model(*fitted)
    assert check.passed
    assert check.failures == ()
    assert check.score_residual < check.tolerance / 1000


@pytest.mark.parametrize("factor", [1.001, 0.999])
def test_each_changed_mean_is_caught(fitted: Fitted, factor: float) -> None:
    """One part in a thousand."""
    cohort, model = fitted
    for number in range(7):
        mean = model.mean.copy()
        mean[number] *= factor
        check = check_model(cohort, dataclasses.replace(model, mean=mean))
        assert any("means do not solve" in failure for failure in check.failures)


@pytest.mark.parametrize("factor", [1.001, 0.999])
def test_each_changed_covariance_is_caught(fitted: Fitted, factor: float) -> None:
    """One part in a thousand, of every variance and covariance."""
    cohort, model = fitted
    for row, column in PAIRS:
        covariance = model.covariance.copy()
        covariance[row, column] *= factor
        covariance[column, row] = covariance[row, column]
        check = check_model(cohort, dataclasses.replace(model, covariance=covariance))
        assert any("covariance does not solve" in failure for failure in check.failures), (row, column)


def _changed(model: ProfileModel, part: str) -> ProfileModel:
    test = model.heterogeneity[0]
    tests = {
        "q": dataclasses.replace(test, q=test.q * 1.001),
        "degrees_of_freedom": dataclasses.replace(test, degrees_of_freedom=test.degrees_of_freedom + 1),
        "p_value": dataclasses.replace(test, p_value=test.p_value + 0.001),
    }
    if part in tests:
        return dataclasses.replace(model, heterogeneity=(tests[part], *model.heterogeneity[1:]))
    changes = {
        "pooled": {"pooled": np.concatenate([[model.pooled[0] * 1.001], model.pooled[1:]])},
        "pooled lost": {"pooled": np.concatenate([[np.nan], model.pooled[1:]])},
        "log_likelihood": {"log_likelihood": model.log_likelihood * 1.001},
        "converged": {"converged": False},
        "dispersion": {"dispersion": 1.001},
        "indicators": {"indicators": (*model.indicators[1:], model.indicators[0])},
    }
    return dataclasses.replace(model, **changes[part])


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("q", "Cochran's test"),
        ("degrees_of_freedom", "Cochran's test"),
        ("p_value", "Cochran's test"),
        ("pooled", "pooled proportion"),
        ("pooled lost", "pooled proportion"),
        ("log_likelihood", "log-likelihood"),
        ("converged", "not converged"),
        ("dispersion", "solve the model's equations"),
        ("indicators", "other indicators"),
    ],
)
def test_each_other_changed_part_is_caught_and_named(fitted: Fitted, part: str, sentence: str) -> None:
    """The sentence says what is wrong."""
    cohort, model = fitted
    check = check_model(cohort, _changed(model, part))
    assert not check.passed
    assert any(sentence in failure for failure in check.failures)


def test_changed_data_are_caught(fitted: Fitted, audit_cohort: Maker) -> None:
    """The model of 120 trusts is not that of 124."""
    _, model = fitted
    assert not check_model(audit_cohort(()), model).passed


def test_an_indicator_declared_worthless_is_caught(fitted: Fitted) -> None:
    """Dropping a usable indicator leaves a slope towards more variance."""
    cohort, model = fitted
    covariance = model.covariance.copy()
    covariance[2] = covariance[:, 2] = 0
    usable = tuple(number != 2 for number in range(7))
    check = check_model(cohort, dataclasses.replace(model, covariance=covariance, usable=usable))
    assert any("larger covariance" in failure for failure in check.failures)


def test_a_null_indicator_passes_as_not_usable(with_null: Fitted) -> None:
    """Its flag, its mean, and its absence from the covariance are right."""
    assert check_model(*with_null).failures == ()


def test_a_null_indicator_declared_usable_is_caught(with_null: Fitted) -> None:
    """By the flag and by the test of heterogeneity, even when that is forged as well."""
    cohort, model = with_null
    covariance = model.covariance + np.diag([0.0, 1e-3])
    forged = dataclasses.replace(model, usable=(True, True), covariance=covariance)
    assert any("do not differ beyond chance" in failure for failure in check_model(cohort, forged).failures)
    test = Heterogeneity(90.0, 39, 0.00001)
    forged = dataclasses.replace(forged, heterogeneity=(model.heterogeneity[0], test))
    assert any("Cochran's test" in failure for failure in check_model(cohort, forged).failures)


def test_a_null_indicators_changed_mean_is_caught(with_null: Fitted) -> None:
    """It is reported to people, so it must be right."""
    cohort, model = with_null
    forged = dataclasses.replace(model, mean=model.mean * np.array([1.0, 1.001]))
    assert any("The mean of 'x1'" in failure for failure in check_model(cohort, forged).failures)


def test_a_solution_on_the_boundary_passes_and_its_neighbours_do_not(drawn_cohort: Maker) -> None:
    """Collinear indicators: the slope vanishes along the covariance, and falls everywhere else."""
    cohort = drawn_cohort(4, 60, 3, rank=1, noise=0.3)
    model = estimate_profiles(cohort).model
    correlation = model.covariance / np.outer(model.sd, model.sd)
    assert np.linalg.eigvalsh(correlation)[0] < 1e-9
    assert check_model(cohort, model).passed
    inside = dataclasses.replace(model, covariance=model.covariance + 1e-3 * np.diag(model.sd**2))
    assert not check_model(cohort, inside).passed
