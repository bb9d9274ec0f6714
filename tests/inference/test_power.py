"""The minimum detectable effect: against testing simulated outcomes one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pairing.errors import SettingsError
from pairing.inference import AnalysisPlan, analyse, minimum_detectable_effect
from pairing.lottery import Lottery, pair_then_draw, uniform_lottery

PAIRS = [f"P{n}" for n in range(10)]
MEMBERS = [(f"a{n}", f"b{n}") for n in range(10)]


@pytest.fixture
def ten_pairs() -> Lottery:
    """Give five of ten pairs drawn, 252 draws."""
    return uniform_lottery(pair_then_draw(10, 5), PAIRS, MEMBERS)


def test_power_equals_testing_every_simulated_outcome(ten_pairs: Lottery) -> None:
    """At the effect found, independent simulations are significant about as often as promised."""
    found = minimum_detectable_effect(ten_pairs, sd=2.0, pair_correlation=-0.3, seed=1, n_simulations=2_000)
    rng = np.random.default_rng(99)
    teams = list(ten_pairs.teams)
    hits = 0
    for _ in range(400):
        shared, own = rng.normal(size=10), rng.normal(size=(10, 2))
        # Correlation -0.3 within pairs: means have variance (1 - .3)/2, differences the rest.
        means = np.sqrt(0.35) * shared
        gaps = np.sqrt(0.65) * own[:, 0]
        outcome = 2.0 * np.column_stack([means + gaps, means - gaps]).ravel()
        drawn = ten_pairs.sample(rng, 1)[0]
        table = pd.DataFrame({"y": outcome + found.effect * np.repeat(drawn, 2)}, index=teams)
        effect = analyse(ten_pairs, [PAIRS[n] for n in np.flatnonzero(drawn)], table).effects[0]
        hits += effect.p_value <= 0.05 and effect.estimate > 0
    assert hits / 400 == pytest.approx(0.8, abs=0.075)
    assert found.power_at(found.effect * 1.001) == pytest.approx(0.8, abs=0.01)
    assert found.power_at(0.0) < 0.06


def test_one_side_detects_smaller_effects_and_both_sides_agree(ten_pairs: Lottery) -> None:
    """One-sided tests detect less than two-sided ones; upwards and downwards are the same by symmetry."""
    settings = {"sd": 1.0, "seed": 3, "n_simulations": 600}
    both, up, down = (
        minimum_detectable_effect(ten_pairs, alternative=side, **settings).effect  # type: ignore[arg-type] # literals
        for side in ("two-sided", "greater", "less")
    )
    assert up < both
    assert down == pytest.approx(up)


def test_too_few_draws_detect_nothing() -> None:
    """With six draws no p-value reaches .05, so the detectable effect is infinite."""
    lottery = uniform_lottery(pair_then_draw(4, 2), PAIRS[:4], MEMBERS[:4])
    assert minimum_detectable_effect(lottery, sd=1.0, seed=0, n_simulations=50).effect == np.inf


def test_large_lotteries_are_sampled() -> None:
    """For 15 of 40 pairs the result is near the normal approximation, and repeats with its seed."""
    pairs, members = [f"P{n}" for n in range(40)], [(f"a{n}", f"b{n}") for n in range(40)]
    lottery = uniform_lottery(pair_then_draw(40, 15), pairs, members)
    first, again = (minimum_detectable_effect(lottery, sd=1.0, seed=0, n_simulations=500) for _ in range(2))
    assert first.effect == again.effect
    error = np.sqrt(0.5 * (1 / 15 + 1 / 25))
    assert first.effect == pytest.approx((1.96 + 0.84) * error, rel=0.12)
    assert "detected with a probability of 0.8" in first.summary()


def test_a_sample_of_nine_detects_nothing_at_five_per_cent() -> None:
    """With the observed draw among ten, no p-value is below .1: nothing is detectable."""
    pairs, members = [f"P{n}" for n in range(40)], [(f"a{n}", f"b{n}") for n in range(40)]
    lottery = uniform_lottery(pair_then_draw(40, 15), pairs, members)
    found = minimum_detectable_effect(lottery, sd=1.0, seed=0, n_simulations=40, n_samples=9)
    assert found.thresholds.min() == np.inf


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"sd": 0.0}, "no standard deviation"),
        ({"sd": 1.0, "pair_correlation": -1.5}, "no possible correlation"),
        ({"sd": 1.0, "power": 1.0}, "no power"),
        ({"sd": 1.0, "alpha": 0.0}, "no significance level"),
        ({"sd": 1.0, "n_simulations": 0}, "no number of simulations"),
    ],
)
def test_impossible_power_settings_are_refused(
    settings: dict[str, float], words: str, ten_pairs: Lottery
) -> None:
    """Numbers out of range are refused."""
    with pytest.raises(SettingsError, match=words):
        minimum_detectable_effect(ten_pairs, seed=0, **settings)  # type: ignore[arg-type] # wrong on purpose


def test_plan_and_power_speak_of_the_same_test() -> None:
    """The default level of both is the same."""
    assert AnalysisPlan().alpha == 0.05
