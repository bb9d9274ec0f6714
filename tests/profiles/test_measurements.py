"""Sampling variances, directions, capped rates."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from pairing.cohort import Cohort
from pairing.errors import InputDataError, SettingsError
from pairing.profiles.measurements import adjusted_variances, measure, pooled_proportion

Maker = Callable[..., Cohort]


def test_variance_uses_the_pooled_proportion_never_the_own(rate_cohort: Maker) -> None:
    """A team with 0 of 10 has the pooled variance over 10."""
    found = measure(rate_cohort([[0.0], [0.5]], [[10], [30]]))
    assert found.pooled == pytest.approx([0.375])
    assert found.variances == pytest.approx(np.array([[0.375 * 0.625 / 10], [0.375 * 0.625 / 30]]))


def test_adjusted_variance_by_hand() -> None:
    """With raw .3, adjusted .2, pooled .25: e = .375, variance (2/3)² e(1 − e)/n."""
    found = adjusted_variances(np.array([0.2]), np.array([0.3]), np.array([50.0]), 0.25)
    assert found == pytest.approx([(2 / 3) ** 2 * 0.375 * 0.625 / 50])


@pytest.mark.parametrize(
    ("adjusted", "raw"), [(0.0, 0.0), (0.0, 0.3), (0.3, 0.0), (0.5, 1.0), (0.4, np.nan), (1.0, 0.9)]
)
def test_adjusted_variance_falls_back_to_the_pooled_one(adjusted: float, raw: float) -> None:
    """Where the expected rate cannot be recovered, or the value is capped, the pooled rate speaks."""
    found = adjusted_variances(np.array([adjusted]), np.array([raw]), np.array([20.0]), 0.6)
    assert found == pytest.approx([0.6 * 0.4 / 20])


def test_pooled_rate_of_adjusted_indicators_is_the_unadjusted_one(rate_cohort: Maker) -> None:
    """Indirect standardisation is about the raw rate; teams without one give their adjusted rate."""
    cohort = rate_cohort([[0.5], [0.4]], [[10], [30]], unadjusted=[[0.7], [np.nan]])
    assert measure(cohort).pooled == pytest.approx([(7 + 12) / 40])


def test_pooled_proportion_without_any_rate_is_unknown() -> None:
    """No team, no proportion."""
    assert np.isnan(pooled_proportion(np.array([np.nan]), np.array([10.0])))


@pytest.mark.parametrize("policy", ["keep", "missing"])
def test_capped_rates_are_flagged_and_treated_as_asked(rate_cohort: Maker, policy: str) -> None:
    """Adjusted exactly 1 with another raw rate is capped; 1 with raw 1 is not."""
    rates, raw = [[1.0], [1.0], [0.5]], [[0.9], [1.0], [0.5]]
    found = measure(rate_cohort(rates, 20, unadjusted=raw, capped=policy))
    missing = policy == "missing"
    assert found.capped.ravel().tolist() == [True, False, False]
    assert np.isnan(found.values.ravel()).tolist() == [missing, False, False]
    assert np.isnan(found.variances.ravel()).tolist() == [missing, False, False]


def test_lower_is_better_turns_the_sign_of_values_only(rate_cohort: Maker) -> None:
    """The pooled proportion stays one."""
    plain = measure(rate_cohort([[0.2], [0.4]], 10))
    turned = measure(rate_cohort([[0.2], [0.4]], 10, higher_is_better=False))
    assert turned.values.ravel().tolist() == [-0.2, -0.4]
    assert turned.pooled == pytest.approx(plain.pooled)
    assert turned.variances == pytest.approx(plain.variances)


def test_given_standard_errors_are_used_and_dispersion_multiplies_variances(normal_cohort: Maker) -> None:
    """s² is the squared standard error times the dispersion."""
    found = measure(normal_cohort([[1.0], [3.0], [np.nan]], [[0.5], [0.2], [np.nan]]), dispersion=2.0)
    assert found.variances.ravel()[:2] == pytest.approx([0.5, 0.08])
    assert np.isnan(found.variances[2, 0])
    assert np.isnan(found.pooled).all()


def test_no_standard_error_is_believed_below_a_hundredth_of_the_spread(normal_cohort: Maker) -> None:
    """A standard error of 1e-9 counts as SD/100."""
    found = measure(normal_cohort([[1.0], [3.0]], [[1e-9], [0.5]]))
    assert found.variances.ravel() == pytest.approx([1e-4, 0.25])


def test_values_without_usable_spread_are_refused_all_at_once(rate_cohort: Maker) -> None:
    """Every value without patients is named."""
    with pytest.raises(InputDataError) as caught:
        measure(rate_cohort([[0.2], [0.3], [0.4]], [[0.0], [np.nan], [5.0]]))
    assert len(caught.value.problems) == 2
    assert "T00000" in str(caught.value)
    assert "T00001" in str(caught.value)


@pytest.mark.parametrize(("value", "error"), [(1e200, 1.0), (1.0, 1e200), (1.0, np.inf)])
def test_figures_that_would_overflow_are_refused(normal_cohort: Maker, value: float, error: float) -> None:
    """They are typing errors, and named as such."""
    with pytest.raises(InputDataError, match="T00001"):
        measure(normal_cohort([[0.5], [value]], [[1.0], [error]]))


def test_errors_whose_squares_would_vanish_are_refused(normal_cohort: Maker) -> None:
    """A standard error of 1e-160 has a variance of 0 in floating point; the advice is a smaller unit."""
    with pytest.raises(InputDataError, match=r"T00001.*at least 1e-152.*smaller unit"):
        measure(normal_cohort([[0.0], [1e-160]], [[1.0], [1e-160]]))


def test_an_adjustment_beyond_all_bounds_falls_back_to_the_pooled_variance() -> None:
    """A raw rate of 1e-200 adjusted to .5 would have an infinite variance."""
    found = adjusted_variances(np.array([0.5]), np.array([1e-200]), np.array([20.0]), 0.4)
    assert found == pytest.approx([0.4 * 0.6 / 20])


def test_measurements_are_shown_in_one_line(normal_cohort: Maker) -> None:
    """No arrays."""
    shown = repr(measure(normal_cohort([[1.0], [3.0], [np.nan]], [[0.5], [0.2], [np.nan]])))
    assert shown == "Measurements(3 teams, 1 indicators, 2 values)"


@pytest.mark.parametrize("dispersion", [0.0, -1.0, np.nan, np.inf])
def test_impossible_dispersions_are_refused(rate_cohort: Maker, dispersion: float) -> None:
    """Only finite numbers above 0 can multiply a variance."""
    with pytest.raises(SettingsError, match="dispersion"):
        measure(rate_cohort([[0.2], [0.3]], 10), dispersion=dispersion)
