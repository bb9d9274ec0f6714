"""The fit: known answers, other optimisers, hard cases, invariances."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray
from scipy import optimize

from pairing.cohort import Cohort, Indicator, Observations
from pairing.errors import SolverError
from pairing.profiles import check_model, estimate_profiles, fit
from pairing.profiles.fit import fit_covariance
from pairing.profiles.likelihood import Evidence, restricted_likelihood
from pairing.profiles.measurements import measure

Maker = Callable[..., Cohort]
Floats = NDArray[np.float64]


def _restricted_of_one(variance: float, y: Floats, s2: Floats) -> float:
    """The textbook restricted log-likelihood of a random-effects meta-analysis, constants included."""
    weight = 1 / (variance + s2)
    mean = np.sum(weight * y) / np.sum(weight)
    return -0.5 * (
        (len(y) - 1) * np.log(2 * np.pi)
        - np.sum(np.log(weight))
        + np.log(np.sum(weight))
        + np.sum(weight * (y - mean) ** 2)
    )


@pytest.mark.parametrize("seed", range(5))
def test_one_indicator_equals_a_one_dimensional_search(seed: int) -> None:
    """K = 1 is the random-effects meta-analysis by restricted maximum likelihood."""
    rng = np.random.default_rng(seed)
    s2 = np.exp(rng.normal(size=15))
    y = 3 + 2 * rng.normal(size=15) + np.sqrt(s2) * rng.normal(size=15)
    found = fit_covariance(y[:, None], s2[:, None])
    best = optimize.minimize_scalar(
        lambda log_v: -_restricted_of_one(np.exp(log_v), y, s2),
        bounds=(-5, 5),
        method="bounded",
        options={"xatol": 1e-9},
    )
    assert found.covariance[0, 0] == pytest.approx(np.exp(best.x), rel=1e-5)
    assert found.log_likelihood == pytest.approx(-best.fun, rel=1e-10)


def test_equal_variances_have_a_closed_form() -> None:
    """Without missing values and with equal s², the fit is the sample covariance less s²."""
    rng = np.random.default_rng(11)
    values = rng.multivariate_normal([1.0, 2.0], [[4.0, 1.5], [1.5, 2.0]], size=40)
    found = fit_covariance(values, np.full((40, 2), 0.3))
    assert found.covariance == pytest.approx(np.cov(values.T) - 0.3 * np.eye(2), rel=1e-9)
    assert found.mean == pytest.approx(values.mean(axis=0))


@pytest.mark.parametrize("seed", range(4))
def test_no_other_optimiser_finds_a_higher_likelihood(seed: int, drawn_cohort: Maker) -> None:
    """A quasi-Newton search on a triangular factor from two starts, with missing values."""
    measured = measure(drawn_cohort(seed, 25, 3, noise=0.7, missing=0.2))
    found = fit_covariance(measured.values, measured.variances)
    evidence = Evidence.of(measured.values, measured.variances)
    lower = np.tril_indices(3)

    def worse(entries: Floats) -> float:
        factor = np.zeros((3, 3))
        factor[lower] = entries
        return -restricted_likelihood(factor @ factor.T, evidence).value

    spread = np.nanstd(measured.values, axis=0)
    near = found.covariance + 1e-6 * np.diag(spread**2)  # the fit itself may be singular
    for start in (np.diag(spread)[lower], np.linalg.cholesky(near)[lower] * 1.3):
        other = optimize.minimize(worse, start, method="L-BFGS-B", options={"ftol": 1e-14, "maxiter": 2000})
        assert found.log_likelihood >= -other.fun - 1e-8
    assert found.log_likelihood == pytest.approx(-other.fun, abs=1e-5)


def test_known_parameters_are_recovered(drawn_cohort: Maker) -> None:
    """20,000 teams with a third missing: within a few hundredths of the truth."""
    true = np.array([[1.0, 0.6, -0.3], [0.6, 2.0, 0.2], [-0.3, 0.2, 0.5]])
    measured = measure(drawn_cohort(5, 20_000, 3, covariance=true, missing=0.33))
    found = fit_covariance(measured.values, measured.variances)
    assert found.covariance == pytest.approx(true, abs=0.06)
    assert found.mean == pytest.approx(np.zeros(3), abs=0.04)


def test_missing_at_random_equals_a_huge_sampling_variance(drawn_cohort: Maker) -> None:
    """Leaving a value out is the limit of not trusting it."""
    measured = measure(drawn_cohort(8, 30, 3, missing=0.25))
    values, variances = measured.values, measured.variances
    gone = np.isnan(values)
    left_out = fit_covariance(values, variances)
    distrusted = fit_covariance(np.where(gone, 0.0, values), np.where(gone, 1e9, variances))
    assert distrusted.covariance == pytest.approx(left_out.covariance, rel=1e-6)
    assert distrusted.mean == pytest.approx(left_out.mean, rel=1e-5, abs=1e-7)


def test_order_and_units_do_not_matter(audit_cohort: Maker) -> None:
    """Teams shuffled, indicators shuffled, units changed: the same fit."""
    measured = measure(audit_cohort())
    rng = np.random.default_rng(4)
    teams, columns = rng.permutation(len(measured.values)), rng.permutation(7)
    units = 10.0 ** rng.integers(-6, 7, size=7)
    plain = fit_covariance(measured.values, measured.variances)
    moved = fit_covariance(
        (measured.values * units)[teams][:, columns], (measured.variances * units**2)[teams][:, columns]
    )
    back = np.empty((7, 7))
    back[np.ix_(columns, columns)] = moved.covariance
    assert back / np.outer(units, units) == pytest.approx(plain.covariance, rel=1e-8)
    assert moved.mean / units[columns] == pytest.approx(plain.mean[columns], rel=1e-10)


def test_the_same_input_gives_the_same_bits(audit_cohort: Maker) -> None:
    """Nothing random in the fit."""
    first, second = (estimate_profiles(audit_cohort()).model for _ in range(2))
    assert first.to_dict() == second.to_dict()


@pytest.mark.parametrize(("exclude", "n"), [((), 124), (("RBV", "REN", "RGM", "RPY"), 120)])
def test_the_bundled_audit_converges_in_few_steps(
    audit_cohort: Maker, exclude: tuple[str, ...], n: int
) -> None:
    """With and without the specialist centres; a plain EM takes 200 to 850 steps."""
    cohort = audit_cohort(exclude)
    profiles = estimate_profiles(cohort)
    assert len(cohort) == n
    assert profiles.model.n_iterations <= 20
    assert all(profiles.model.usable)
    assert check_model(cohort, profiles.model).score_residual < 1e-9


@pytest.mark.parametrize(
    "shape",
    [
        {"n": 5, "k": 7, "noise": 0.3},
        {"n": 5, "k": 1, "noise": 0.2},
        {"n": 2, "k": 3, "noise": 0.05},
        {"n": 120, "k": 6, "rank": 1, "noise": 0.3},
        {"n": 60, "k": 5, "rank": 2, "noise": 0.05},
        {"n": 60, "k": 4, "noise": 0.4, "missing": 0.8},
        {"n": 40, "k": 8, "noise": 1.0, "spread": 2.0, "missing": 0.5},
        {"n": 80, "k": 3, "noise": 1e-6, "rank": 1},
        {"n": 5, "k": 5, "noise": 0.01, "spread": 1.0, "missing": 0.2},
    ],
    ids=str,
)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_hard_cohorts_are_solved_and_proven(drawn_cohort: Maker, shape: dict[str, float], seed: int) -> None:
    """Few teams, collinear indicators, directions without variance, heavy gaps, absurd precision."""
    cohort = drawn_cohort(seed, **shape)
    check = check_model(cohort, estimate_profiles(cohort).model)
    assert check.failures == ()


def test_copies_of_an_indicator_go_together(normal_cohort: Maker) -> None:
    """Two columns that measure the same thing have correlation 1 and a singular covariance."""
    rng = np.random.default_rng(2)
    true = rng.normal(size=(100, 1))
    cohort = normal_cohort(true + 0.2 * rng.normal(size=(100, 2)), 0.2)
    model = estimate_profiles(cohort).model
    assert model.covariance[0, 1] / np.prod(model.sd) == pytest.approx(1.0, abs=0.01)
    assert check_model(cohort, model).passed


def test_a_variance_that_the_fit_finds_to_be_zero_is_not_used(normal_cohort: Maker) -> None:
    """Imprecise teams scatter more than chance, but ten precise ones agree: no variance between teams."""
    values = np.concatenate([np.zeros(10), np.tile([1.3, -1.3], 20)])[:, None]
    errors = np.concatenate([np.full(10, 0.05), np.ones(40)])[:, None]
    cohort = normal_cohort(values, errors)
    profiles = estimate_profiles(cohort)
    assert profiles.model.heterogeneity[0].is_real
    assert profiles.model.usable == (False,)
    assert not profiles.covariance.any()
    assert check_model(cohort, profiles.model).failures == ()
    assert any("no variance between teams left" in note for note in profiles.notes)


def test_a_variance_that_only_precise_teams_can_see_is_kept(normal_cohort: Maker) -> None:
    """Eight precise teams differ by far less than the typical standard error of the other twelve."""
    values = 0.01 * np.random.default_rng(7).normal(size=(20, 1))
    cohort = normal_cohort(values, np.where(np.arange(20) < 8, 0.001, 100.0)[:, None])
    model = estimate_profiles(cohort).model
    assert model.usable == (True,)
    assert model.sd == pytest.approx(values[:8].std(ddof=1), rel=0.05)
    assert check_model(cohort, model).failures == ()


@settings(max_examples=80, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    n=st.integers(2, 40),
    k=st.integers(1, 6),
    noise=st.sampled_from([0.1, 0.3, 1.0, 2.0]),
    missing=st.sampled_from([0.0, 0.2, 0.5]),
)
def test_every_cohort_is_solved_and_proven(seed: int, n: int, k: int, noise: float, missing: float) -> None:
    """Whatever the shape, the stored parameters pass the independent check."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(k, int(rng.integers(1, k + 1))))
    values = rng.normal(size=(n, root.shape[1])) @ root.T
    errors = noise * np.exp(0.5 * rng.normal(size=(n, k)))
    values += errors * rng.normal(size=(n, k))
    values[rng.random((n, k)) < missing] = np.nan
    ids, blank = tuple(f"T{row:03d}" for row in range(n)), np.full((n, k), np.nan)
    indicators = tuple(Indicator(f"x{j}", standard_error=f"s{j}", unit="number") for j in range(k))
    cohort = Cohort(ids, ids, indicators, Observations(values, blank, errors, blank))
    assert check_model(cohort, estimate_profiles(cohort).model).failures == ()


def test_six_thousand_teams_take_seconds(drawn_cohort: Maker) -> None:
    """6,000 teams by 8 indicators, a tenth missing: about 1 s on one core, the bound is generous."""
    cohort = drawn_cohort(1, 6000, 8, missing=0.1)
    start = time.perf_counter()
    model = estimate_profiles(cohort).model
    assert time.perf_counter() - start < 15
    assert check_model(cohort, model).failures == ()


def test_a_dead_direction_is_woken(drawn_cohort: Maker) -> None:
    """From a start with no variance in one direction the fit arrives at the same top."""
    measured = measure(drawn_cohort(3, 60, 3))
    evidence = Evidence.of(measured.values, measured.variances)
    whole, _, _ = fit._climb(np.eye(3), evidence)
    woken, _, _ = fit._climb(np.diag([1.0, 1.0, 0.0]), evidence)
    assert woken @ woken.T == pytest.approx(whole @ whole.T, abs=1e-8)


def test_a_fit_that_does_not_settle_says_so(monkeypatch: pytest.MonkeyPatch, audit_cohort: Maker) -> None:
    """With one step allowed the audit is an error, never a half-fitted model."""
    monkeypatch.setattr(fit, "MAX_ITERATIONS", 1)
    with pytest.raises(SolverError, match="did not settle"):
        estimate_profiles(audit_cohort())


def test_a_failed_fit_says_which_indicators_and_what_to_try(
    monkeypatch: pytest.MonkeyPatch, normal_cohort: Maker
) -> None:
    """The fitted indicators, not the one without differences, and the widest range of standard errors."""
    rng = np.random.default_rng(1)
    errors = np.full((20, 3), 0.2)
    errors[4, 1], errors[7, 1] = 0.01, 50.0
    values = np.column_stack([rng.normal(size=(20, 2)), 0.1 * rng.normal(size=20)])
    monkeypatch.setattr(fit, "MAX_ITERATIONS", 1)
    with pytest.raises(SolverError) as caught:
        estimate_profiles(normal_cohort(values, errors))
    message = str(caught.value)
    assert "20 teams on 2 indicators ('x0', 'x1')" in message
    assert "'x1', whose standard errors range from 0.01 to 50" in message
    assert "leave out one indicator at a time" in message
