"""Exact limits and dispersion by hand, and by the binomial distribution."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from pairing.profiles.funnel_limits import between_team_sd, exact_limits, winsorised_dispersion


def test_exact_limits_by_hand() -> None:
    # Ten patients at 0.2: F(0) = .10737, F(4) = .96721, F(3) = .87913.
    low, high = (exact_limits(np.array([10.0]), 0.2, tail)[0] for tail in (0.025, 0.95))
    assert low == 0.0  # 0 - (.10737 - .025)/.10737 is below 0
    assert high == pytest.approx((4 - (0.9672065 - 0.95) / (0.9672065 - 0.8791261)) / 10, abs=1e-6)


@pytest.mark.parametrize(("patients", "standard"), [(7, 0.3), (40, 0.05), (123, 0.84), (1000, 0.5)])
@pytest.mark.parametrize("tail", [0.001, 0.025, 0.975, 0.999])
def test_exact_limits_lie_between_the_steps_of_the_binomial(
    patients: int, standard: float, tail: float
) -> None:
    limit = exact_limits(np.array([patients], dtype=float), standard, tail)[0] * patients
    if limit == 0:
        assert stats.binom.cdf(0, patients, standard) >= tail
        return
    below, above = math.floor(limit), math.ceil(limit)
    steps = stats.binom.cdf([below, above], patients, standard)
    assert steps[0] <= tail + 1e-12
    assert steps[1] >= tail - 1e-12
    if above > below:
        share = (tail - steps[0]) / (steps[1] - steps[0])
        assert limit == pytest.approx(below + share, abs=1e-6)


def test_many_patients_have_nearly_normal_limits() -> None:
    n = 50_000.0
    low = exact_limits(np.array([n]), 0.3, 0.025)[0]
    assert low == pytest.approx(0.3 - 1.96 * math.sqrt(0.21 / n), abs=2e-5)


def test_dispersion_by_hand() -> None:
    z = np.array([-9.0, -2, -1, 0, 0, 0, 0, 1, 2, 9, 0.5])  # 10% and 90% quantiles: -2 and 2
    by_hand = (4 + 4 + 1 + 1 + 4 + 4 + 0.25) / 11 / 0.678655
    assert winsorised_dispersion(z) == pytest.approx(by_hand, rel=1e-5)
    assert winsorised_dispersion(z, share=0.0) == pytest.approx((81 + 4 + 1 + 1 + 4 + 81 + 0.25) / 11)


def test_one_absurd_team_changes_little() -> None:
    z = stats.norm.ppf((np.arange(100) + 0.5) / 100)
    absurd = np.append(z[:-1], 1e6)
    assert winsorised_dispersion(absurd) == pytest.approx(winsorised_dispersion(z), rel=0.02)


def test_between_team_sd_by_hand() -> None:
    errors = np.array([1.0, 1.0, 0.5])  # weights 1, 1, 4: 6 - 18/6 = 3
    assert between_team_sd(4.0, errors) == pytest.approx(math.sqrt((3 * 4 - 2) / 3))
    assert between_team_sd(0.5, errors) == 0.0
