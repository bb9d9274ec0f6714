"""The test keeps its level and the interval its coverage, over every draw of every design."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
import pytest

from pairing.inference import AnalysisPlan, analyse
from pairing.lottery import Lottery

KINDS = [
    "pair-then-draw",
    "equal arms",
    "simple",
    "matched-pair",
    "stratified",
    "draw-then-pair",
    "constrained",
]
Side = Literal["two-sided", "greater", "less"]


def _every_analysis(
    lottery: Lottery, plan: AnalysisPlan, effect: float, seed: int
) -> tuple[list, np.ndarray]:
    """Analyse the same teams after every draw that could have happened."""
    rng = np.random.default_rng(seed)
    # Whole numbers, so that statistics tie.
    alone = pd.Series(rng.integers(0, 6, size=len(lottery.teams)).astype(float), index=list(lottery.teams))
    baseline = {"x": rng.normal(size=len(lottery.teams)) + alone.to_numpy()}
    possible = lottery.enumerate()
    found = []
    for row in possible.draws:
        drawn = [lottery.units[u] for u in np.flatnonzero(row)]
        treated = [team for u in np.flatnonzero(row) for team in lottery.members[u]]
        outcome = alone + effect * alone.index.isin(treated)
        found.append(
            analyse(lottery, drawn, pd.DataFrame({"y": outcome}), plan, baseline=baseline).effects[-1]
        )
    return found, possible.weights


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_size_is_at_most_alpha_for_every_alpha(
    kind: str, alternative: Side, small_lotteries: dict[str, Lottery]
) -> None:
    """Under no effect, P(p <= alpha) <= alpha at every attainable alpha: default and studentised p."""
    found, weights = _every_analysis(small_lotteries[kind], AnalysisPlan(alternative=alternative), 0.0, 1)
    for p_values in ([e.p_value for e in found], [e.p_studentised for e in found]):
        values = np.array(p_values)
        if np.isnan(values).all():
            continue
        for alpha in np.unique(values):
            assert weights[values <= alpha + 1e-12].sum() <= alpha + 1e-9


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("alternative", "effect"), [("two-sided", 2.3), ("greater", -1.7), ("less", 0.9)])
@pytest.mark.parametrize("adjust_for", [(), ("x",)])
def test_interval_covers_the_effect_in_at_least_the_nominal_share(
    kind: str,
    alternative: Side,
    effect: float,
    adjust_for: tuple[str, ...],
    small_lotteries: dict[str, Lottery],
) -> None:
    """Over the whole design, the interval covers the true effect with probability 1 - alpha or more."""
    for alpha in (0.05, 0.2, 0.37):
        plan = AnalysisPlan(alternative=alternative, alpha=alpha, adjust_for=adjust_for)
        found, weights = _every_analysis(small_lotteries[kind], plan, effect, 2)
        covered = np.array([e.low - 1e-9 <= effect <= e.high + 1e-9 for e in found])
        assert weights[covered].sum() >= 1 - alpha - 1e-9


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("adjust_for", [(), ("x",)])
def test_interval_is_the_set_of_effects_that_the_test_does_not_reject(
    kind: str, adjust_for: tuple[str, ...], small_lotteries: dict[str, Lottery]
) -> None:
    """Just inside a limit the test of that effect does not reject; just outside it does."""
    lottery = small_lotteries[kind]
    rng = np.random.default_rng(5)
    teams = list(lottery.teams)
    outcome = pd.Series(rng.normal(size=len(teams)), index=teams)
    baseline = {"x": rng.normal(size=len(teams))}
    row = lottery.enumerate().draws[1]
    drawn = [lottery.units[u] for u in np.flatnonzero(row)]
    treated = outcome.index.isin([team for u in np.flatnonzero(row) for team in lottery.members[u]])
    for alternative in ("two-sided", "greater", "less"):
        for alpha in (0.11, 0.3):
            plan = AnalysisPlan(alternative=alternative, alpha=alpha, adjust_for=adjust_for)  # type: ignore[arg-type] # a loop over literals

            def rejects(effect: float, plan: AnalysisPlan = plan) -> bool:
                shifted = pd.DataFrame({"y": outcome - effect * treated})
                return (
                    analyse(lottery, drawn, shifted, plan, baseline=baseline).effects[-1].p_value
                    <= plan.alpha
                )

            effect = analyse(lottery, drawn, pd.DataFrame({"y": outcome}), plan, baseline=baseline).effects[
                -1
            ]
            for limit, outwards in ((effect.low, -1e-6), (effect.high, 1e-6)):
                if np.isfinite(limit):
                    assert rejects(limit + outwards)
                    assert not rejects(limit - outwards)


@pytest.mark.parametrize("kind", KINDS)
def test_estimate_is_unbiased_over_the_design(kind: str, small_lotteries: dict[str, Lottery]) -> None:
    """Averaged over the draws, the estimate is the true average effect, also when effects differ."""
    lottery = small_lotteries[kind]
    rng = np.random.default_rng(11)
    teams = list(lottery.teams)
    without, with_it = rng.normal(size=(2, len(teams)))
    possible = lottery.enumerate()
    mean = 0.0
    for row, weight in zip(possible.draws, possible.weights, strict=True):
        treated = np.isin(teams, [team for u in np.flatnonzero(row) for team in lottery.members[u]])
        table = pd.DataFrame({"y": np.where(treated, with_it, without)}, index=teams)
        mean += (
            weight
            * analyse(lottery, [lottery.units[u] for u in np.flatnonzero(row)], table).effects[0].estimate
        )
    assert mean == pytest.approx((with_it - without).mean(), abs=1e-8)


def test_equal_arms_with_a_complement_have_no_finite_interval_below_their_weight(
    small_lotteries: dict[str, Lottery],
) -> None:
    """With 20 draws in complementary pairs p is at least .1, and the 95% interval is the whole line."""
    lottery = small_lotteries["equal arms"]
    table = pd.DataFrame({"y": np.arange(12.0)}, index=list(lottery.teams))
    effect = analyse(lottery, ["P3", "P4", "P5"], table).effects[0]
    assert effect.p_value == effect.smallest_p == pytest.approx(0.1)
    assert (effect.low, effect.high) == (-np.inf, np.inf)
