"""No pair is worth more than its ceiling, and few are worth much less."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings, strategies as st
from scipy.special import erf, erfcx

from pairing.pairs import VALUE_SCALE, PairModel, Preferences
from pairing.pairs.ceiling import BEND, FOLDED, MOST_ABOVE, ValueCeiling
from pairing.profiles import estimate_profiles
from pairing.rules import RuleSet
from tests.conftest import synthetic_cohort


def test_the_bound_on_folded_normals_holds_everywhere() -> None:
    """Between the bounds at 400,000 means from 0 to 38 SD, where the tail is the smallest double."""
    mean = np.concatenate([np.linspace(0.0, 8.0, 300_001), np.linspace(8.0, 38.0, 100_001)])
    density = np.exp(-(mean**2) / 2.0) / np.sqrt(2.0 * np.pi)
    tail = 2.0 * (density - mean * 0.5 * np.exp(-(mean**2) / 2.0) * erfcx(mean / np.sqrt(2.0)))
    squared_beyond = 2.0 * mean * tail + tail**2  # without the cancellation of E|X|² − μ²
    bound = FOLDED * (1.0 + BEND * mean**2) ** -8
    assert (squared_beyond <= bound * (1.0 + 1e-12)).all()
    folded = np.sqrt(FOLDED) * np.exp(-(mean**2) / 2.0) + mean * erf(mean / np.sqrt(2.0))
    excess = np.sqrt(mean**2 + bound) - folded
    assert 0.9 * MOST_ABOVE < excess.max() <= MOST_ABOVE


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    shrink=st.sampled_from([0.0, 1e-12, 1.0, 1e3]),
    stretch=st.sampled_from([1.0, 1e-6, 1e3]),
    travel=st.sampled_from([0.0, 0.05, 20.0]),
    unequal=st.sampled_from([0.0, 0.3, 50.0]),
    gap=st.sampled_from([0.0, 1.0]),
)
def test_no_value_is_above_its_ceiling(
    seed: int, shrink: float, stretch: float, travel: float, unequal: float, gap: float
) -> None:
    """With hardly any and with huge uncertainty, with strong preferences, and for values of any size."""
    cohort = synthetic_cohort(20, seed)
    profiles = estimate_profiles(cohort)
    profiles = replace(profiles, mean=profiles.mean * stretch, covariance=profiles.covariance * shrink)
    model = PairModel(cohort, profiles, RuleSet(), Preferences(travel, unequal, gap))
    first, second = np.triu_indices(20, 1)
    ceiling = ValueCeiling(model)
    values = model.integers(first, second) / VALUE_SCALE
    ceilings = ceiling.of(first, second).astype(np.float64) + ceiling.slack
    assert (values <= ceilings).all()
    assert (values <= ceiling.highest).all()
    assert (values >= ceiling.lowest).all()


def test_ceilings_are_close_to_the_values() -> None:
    """Within half a hundredth of an SD, on ordinary profiles: most pairs are passed over by them alone."""
    cohort = synthetic_cohort(60, 3)
    model = PairModel(cohort, estimate_profiles(cohort), RuleSet(), Preferences())
    first, second = np.triu_indices(60, 1)
    excess = ValueCeiling(model).of(first, second) - model.integers(first, second) / VALUE_SCALE
    assert 0.0 < excess.mean() < 0.003
    assert excess.max() < 0.006
