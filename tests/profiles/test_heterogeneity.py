"""Cochran's Q and the moment estimate."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from pairing.profiles.heterogeneity import cochran_q, moment_variance, weighted_mean


def test_q_by_hand_with_unequal_variances_and_a_gap() -> None:
    """Weights 1/s², deviations from the weighted mean, the missing team not counted."""
    values, variances = np.array([1.0, np.nan, 3.0, 6.0]), np.array([1.0, np.nan, 0.5, 0.25])
    mean = (1 + 6 + 24) / 7
    q = (1 - mean) ** 2 + 2 * (3 - mean) ** 2 + 4 * (6 - mean) ** 2
    found = cochran_q(values, variances)
    assert weighted_mean(values, variances) == pytest.approx(mean)
    assert found.q == pytest.approx(q)
    assert found.degrees_of_freedom == 2
    assert found.p_value == pytest.approx(stats.chi2.sf(q, 2))


@pytest.mark.parametrize("values", [[], [np.nan], [0.4], [0.4, np.nan]])
def test_fewer_than_two_teams_never_differ(values: list[float]) -> None:
    """Without degrees of freedom p is 1."""
    found = cochran_q(np.array(values), np.full(len(values), 0.1))
    assert (found.q, found.degrees_of_freedom, found.p_value) == (0.0, 0, 1.0)


def test_teams_that_all_have_the_event_never_differ() -> None:
    """A pooled proportion of 1 has no sampling spread and no differences."""
    found = cochran_q(np.ones(5), np.zeros(5))
    assert (found.q, found.p_value) == (0.0, 1.0)
    assert not found.is_real


@pytest.mark.parametrize(("shift", "scale"), [(2.0**49, 1.0), (0.0, 1e-150), (0.0, 1e99)], ids=str)
def test_neither_shift_nor_unit_changes_q(shift: float, scale: float) -> None:
    """Eighths stay exact under the shift, so Q must stay too."""
    rng = np.random.default_rng(6)
    values, variances = np.round(8 * rng.normal(size=30)) / 8, 0.01 * np.exp(rng.normal(size=30))
    plain = cochran_q(values, variances)
    moved = (values + shift) * scale, variances * scale**2
    assert cochran_q(*moved).q == pytest.approx(plain.q, rel=1e-12)
    assert moment_variance(*moved) / scale**2 == pytest.approx(moment_variance(values, variances), rel=1e-12)
    assert weighted_mean(*moved) / scale - shift == pytest.approx(
        weighted_mean(values, variances), abs=1e-12 + np.spacing(shift)
    )


def test_p_values_are_uniform_without_differences() -> None:
    """Under the null about 5% of cohorts look different, 4,000 draws, seed 3."""
    rng = np.random.default_rng(3)
    variances = np.exp(rng.normal(size=12))
    draws = rng.normal(size=(4000, 12)) * np.sqrt(variances)
    share = np.mean([cochran_q(row, variances).is_real for row in draws])
    assert share == pytest.approx(0.05, abs=0.011)


def test_moment_variance_is_zero_below_expectation_and_known_when_errors_are_equal() -> None:
    """With equal s² the estimate is the sample variance less s²."""
    values = np.array([1.0, 2.0, 4.0, 9.0])
    assert moment_variance(values, np.full(4, 0.5)) == pytest.approx(values.var(ddof=1) - 0.5)
    assert moment_variance(values, np.full(4, 1e3)) == 0.0
