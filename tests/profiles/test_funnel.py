"""Funnels by hand, by the binomial distribution, and by simulation; what cannot be drawn is refused."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from pairing import InputDataError, SettingsError, estimate_profiles, load_audit
from pairing.cohort import Cohort, Indicator, Observations
from pairing.profiles.funnel import funnel
from pairing.profiles.funnel_limits import exact_limits

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from pairing.profiles.funnel import Overdispersion


def cohort_of(
    values: ArrayLike,
    *,
    patients: ArrayLike | None = None,
    errors: ArrayLike | None = None,
    higher_is_better: bool = True,
) -> Cohort:
    """A cohort with one indicator."""
    n, blank = len(values), np.full((len(values), 1), np.nan)
    if errors is None:
        indicator = Indicator("k", denominator="n", higher_is_better=higher_is_better)
    else:
        indicator = Indicator("k", standard_error="se", unit="number", higher_is_better=higher_is_better)
    ids = tuple(f"T{number:04d}" for number in range(n))
    observed = Observations(
        np.reshape(values, (n, 1)),
        blank if patients is None else np.reshape(patients, (n, 1)).astype(float),
        blank if errors is None else np.reshape(errors, (n, 1)),
        blank,
    )
    return Cohort(ids, ids, (indicator,), observed)


def test_without_overdispersion_limits_are_those_of_the_binomial() -> None:
    patients = np.array([20, 50, 100, 200])
    result = funnel(cohort_of([0.2, 0.3, 0.3, 0.25], patients=patients), "k", overdispersion=None)
    assert result.standard == pytest.approx((4 + 15 + 30 + 50) / 370)
    assert result.sizes.tolist() == patients.tolist()
    for limit in result.limits:
        low, high = result.bounds(result.sizes, limit)
        assert np.array_equal(low, exact_limits(patients.astype(float), result.standard, (1 - limit) / 2))
        assert np.array_equal(high, exact_limits(patients.astype(float), result.standard, (1 + limit) / 2))


def test_normal_limits_by_hand() -> None:
    values, errors = [9.0, 14.0, 10.0, 7.0], [1.0, 2.0, 1.0, 2.0]
    none = funnel(cohort_of(values, errors=errors), "k", overdispersion=None, limits=[0.95])
    assert none.standard == pytest.approx((9 + 14 / 4 + 10 + 7 / 4) / 2.5)
    low, high = none.bounds(np.array([0.25]), 0.95)
    assert (low[0], high[0]) == pytest.approx((none.standard - 1.959964 * 2, none.standard + 1.959964 * 2))
    wider = funnel(cohort_of(values, errors=errors), "k", overdispersion="multiplicative", limits=[0.95])
    assert wider.phi > 1
    assert wider.bounds(np.array([0.25]), 0.95)[1][0] == pytest.approx(
        none.standard + 1.959964 * 2 * math.sqrt(wider.phi)
    )
    additive = funnel(cohort_of(values, errors=errors), "k", overdispersion="additive", limits=[0.95])
    assert additive.bounds(np.array([0.25]), 0.95)[1][0] == pytest.approx(
        none.standard + 1.959964 * math.sqrt(4 + additive.tau**2)
    )


def test_limits_never_get_narrower_than_chance() -> None:
    values = np.full(20, 0.3)
    values[0] = 0.31
    cohort = cohort_of(values, patients=np.full(20, 100))
    result = funnel(cohort, "k", overdispersion="multiplicative")
    assert result.phi < 1
    assert result.bounds(np.array([100.0]), 0.95)[1][0] == pytest.approx(
        result.standard + 1.959964 * math.sqrt(result.standard * (1 - result.standard) / 100)
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_chance_alone_keeps_the_stated_share_inside_exact_limits(seed: int) -> None:
    rng = np.random.default_rng(seed)
    patients = rng.integers(50, 400, 4000)
    cohort = cohort_of(rng.binomial(patients, 0.3) / patients, patients=patients)
    result = funnel(cohort, "k", overdispersion=None)
    assert result.outside(0.95).mean() == pytest.approx(0.05, abs=0.0125)
    assert result.outside(0.998).mean() == pytest.approx(0.002, abs=0.0025)
    assert result.phi == pytest.approx(1.0, abs=0.08)


@pytest.mark.parametrize(
    ("kind", "seed"), [("additive", 3), ("additive", 4), ("multiplicative", 5), ("multiplicative", 6)]
)
def test_overdispersed_limits_keep_the_stated_share_inside(kind: Overdispersion, seed: int) -> None:
    rng = np.random.default_rng(seed)
    errors = rng.uniform(0.5, 1.5, 4000)
    spread = np.sqrt(errors**2 + 4.0) if kind == "additive" else 2.0 * errors
    cohort = cohort_of(10 + spread * rng.standard_normal(4000), errors=errors)
    result = funnel(cohort, "k", overdispersion=kind)
    assert result.outside(0.95).mean() == pytest.approx(0.05, abs=0.015)
    assert result.outside(0.998).mean() == pytest.approx(0.002, abs=0.003)
    ignored = funnel(cohort, "k", overdispersion=None)
    assert ignored.outside(0.95).mean() > 0.25
    if kind == "additive":
        assert result.tau == pytest.approx(2.0, rel=0.12)
    else:
        assert result.phi == pytest.approx(4.0, rel=0.08)


def test_without_the_correction_limits_would_be_too_narrow() -> None:
    # The figure in the notes of funnel(): 89% inside 95% limits.
    assert 2 * stats.norm.cdf(stats.norm.ppf(0.975) * math.sqrt(0.678655)) - 1 == pytest.approx(
        0.89, abs=0.005
    )


def test_lower_is_better_keeps_the_direction_of_the_table() -> None:
    values, patients = [0.1, 0.3, 0.9], [100, 100, 100]
    up = funnel(cohort_of(values, patients=patients), "k")
    down = funnel(cohort_of(values, patients=patients, higher_is_better=False), "k")
    assert down.values.tolist() == up.values.tolist() == values
    assert down.standard == up.standard


def test_profiles_and_cohort_say_the_same() -> None:
    cohort = load_audit()
    both = [
        funnel(source, "nsclc_resection_adj").to_frame() for source in (cohort, estimate_profiles(cohort))
    ]
    assert both[0].equals(both[1])


def test_teams_without_a_result_are_left_out_and_the_rest_is_told() -> None:
    cohort = load_audit()
    number = [each.column for each in cohort.indicators].index("sclc_chemotherapy_adj")
    known = ~np.isnan(cohort.observations.values[:, number])
    result = funnel(cohort, "sclc_chemotherapy_adj")
    assert len(result.ids) == int(known.sum()) < len(cohort)
    table = result.to_frame()
    assert (table["outside_95"] != "").sum() == result.outside(0.95).sum()
    assert f"Outside the 95% limits: {int(result.outside(0.95).sum())} teams" in result.summary()
    json.dumps(result.to_dict(), allow_nan=False)


def test_every_wrong_setting_is_told() -> None:
    with pytest.raises(SettingsError) as raised:
        funnel(load_audit(), "nsclc_resection_adj", limits=[0.0, 95], overdispersion="some")
    assert [problem.value for problem in raised.value.problems] == ["0.0", "95", "some"]
    with pytest.raises(SettingsError, match="standard of a rate"):
        funnel(load_audit(), "nsclc_resection_adj", standard=20)
    with pytest.raises(InputDataError, match="nsclc_resection_adj"):
        funnel(load_audit(), "nsclc_resection_ad")
    with pytest.raises(InputDataError, match="fewer than two results"):
        funnel(cohort_of([0.5, np.nan], patients=[10, 10]), "k")
