"""Published worked examples, recomputed, and SciPy's permutation test where the designs coincide."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
import pytest
from scipy.stats import permutation_test

from pairing.inference import AnalysisPlan, analyse
from pairing.lottery import Lottery, matched_pair, pair_then_draw, simple, stratified, uniform_lottery

Side = Literal["two-sided", "greater", "less"]
SIDES = ["two-sided", "greater", "less"]


def _singles(design: object, n: int) -> Lottery:
    units = [f"t{u:02d}" for u in range(n)]
    return uniform_lottery(design, units, [(unit,) for unit in units])  # type: ignore[arg-type] # any design


def _p(lottery: Lottery, row: np.ndarray, outcome: np.ndarray, side: Side) -> float:
    table = pd.DataFrame({"y": outcome}, index=list(lottery.teams))
    drawn = [lottery.units[u] for u in np.flatnonzero(row)]
    return analyse(lottery, drawn, table, AnalysisPlan(alternative=side)).effects[0].p_value


def test_lady_tasting_tea() -> None:
    """Fisher, The Design of Experiments (1935), chapter II: 1 in 70 for all right; 17 in 70 for one swap."""
    lottery = _singles(simple(8, 4), 8)
    milk_first = np.array([1, 1, 1, 1, 0, 0, 0, 0], dtype=bool)
    assert _p(lottery, milk_first, milk_first.astype(float), "greater") == pytest.approx(1 / 70)
    one_swapped = np.array([1, 1, 1, 0, 1, 0, 0, 0], dtype=float)
    assert _p(lottery, milk_first, one_swapped, "greater") == pytest.approx(17 / 70)


def test_darwins_maize() -> None:
    """Fisher (1935), section 21, on Darwin's 15 pairs of plants: 863 of 2**15 signs give 314 or more."""
    differences = np.array([49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]) / 8
    lottery = uniform_lottery(
        matched_pair([(2 * n, 2 * n + 1) for n in range(15)]),
        [f"t{u:02d}" for u in range(30)],
        [(f"t{u:02d}",) for u in range(30)],
        list_up_to=40_000,
    )
    crossed = np.tile([True, False], 15)
    outcome = np.where(crossed, np.repeat(differences, 2), 0.0)
    assert _p(lottery, crossed, outcome, "greater") == pytest.approx(863 / 2**15)
    assert _p(lottery, crossed, outcome, "two-sided") == pytest.approx(1726 / 2**15)


def test_village_heads() -> None:
    """Gerber and Green, Field Experiments (2012), chapter 3: estimate 6.5; p = 5/21, two-sided 8/21."""
    lottery = _singles(simple(7, 2), 7)
    headed_by_women = np.array([1, 0, 0, 0, 0, 0, 1], dtype=bool)
    budget_share = np.array([15.0, 15, 20, 20, 10, 15, 30])
    table = pd.DataFrame({"y": budget_share}, index=list(lottery.teams))
    effect = analyse(lottery, ["t00", "t06"], table).effects[0]
    assert effect.estimate == pytest.approx(6.5)
    assert effect.p_value == pytest.approx(8 / 21)
    assert _p(lottery, headed_by_women, budget_share, "greater") == pytest.approx(5 / 21)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("seed", range(4))
def test_complete_randomisation_equals_scipy(side: Side, seed: int) -> None:
    """For k of n the p-value equals SciPy's exact permutation test, ties included."""
    rng = np.random.default_rng(seed)
    outcome = rng.integers(0, 7, size=9).astype(float)
    row = np.zeros(9, dtype=bool)
    row[rng.choice(9, 4, replace=False)] = True
    expected = permutation_test(
        (outcome[row], outcome[~row]),
        lambda a, b: a.mean() - b.mean(),
        alternative=side,
        n_resamples=np.inf,
        vectorized=False,
    )
    found = _p(_singles(simple(9, 4), 9), row, outcome, side)
    # SciPy doubles the smaller tail; ours counts the absolute value. They agree one-sided always.
    if side == "two-sided":
        differences = expected.null_distribution
        observed = expected.statistic
        assert found == pytest.approx((np.abs(differences) >= abs(observed) - 1e-9).mean())
    else:
        assert found == pytest.approx(expected.pvalue)


def test_equal_arms_equal_scipy_on_both_sides() -> None:
    """With equal arms the null distribution is symmetric, and the two-sided p-values are the same too."""
    rng = np.random.default_rng(12)
    outcome = rng.integers(0, 9, size=8).astype(float)
    row = np.array([1, 0, 1, 0, 0, 1, 1, 0], dtype=bool)
    expected = permutation_test(
        (outcome[row], outcome[~row]),
        lambda a, b: a.mean() - b.mean(),
        n_resamples=np.inf,
        vectorized=False,
    )
    assert _p(_singles(simple(8, 4), 8), row, outcome, "two-sided") == pytest.approx(expected.pvalue)


@pytest.mark.parametrize("side", SIDES)
def test_matched_pairs_equal_scipy(side: Side) -> None:
    """For one of each pair the p-value equals SciPy's exact sign-flipping test, two-sided as well."""
    rng = np.random.default_rng(3)
    outcome = rng.normal(size=16)
    row = np.zeros(16, dtype=bool)
    row[2 * np.arange(8) + rng.integers(0, 2, size=8)] = True
    lottery = _singles(matched_pair([(2 * n, 2 * n + 1) for n in range(8)]), 16)
    expected = permutation_test(
        (outcome[row], outcome[~row]),
        lambda a, b: (a - b).mean(),
        permutation_type="samples",
        alternative=side,
        n_resamples=np.inf,
        vectorized=False,
    )
    assert _p(lottery, row, outcome, side) == pytest.approx(expected.pvalue)


def test_stratified_equals_scipy_stratum_by_stratum() -> None:
    """With two strata, the null distribution is all sums of SciPy's null distributions of the strata."""
    rng = np.random.default_rng(6)
    outcome = rng.normal(size=9)
    row = np.array([1, 1, 0, 0, 1, 0, 0, 1, 0], dtype=bool)
    lottery = _singles(stratified(["a"] * 4 + ["b"] * 5, {"a": 2, "b": 2}), 9)
    parts = []
    for units, share in ((slice(0, 4), 4 / 9), (slice(4, 9), 5 / 9)):
        y, z = outcome[units], row[units]
        found = permutation_test(
            (y[z], y[~z]), lambda a, b: a.mean() - b.mean(), n_resamples=np.inf, vectorized=False
        )
        parts.append((share * found.null_distribution, share * found.statistic))
    null = np.add.outer(parts[0][0], parts[1][0]).ravel()
    observed = parts[0][1] + parts[1][1]
    assert _p(lottery, row, outcome, "two-sided") == pytest.approx(
        (np.abs(null) >= abs(observed) - 1e-12).mean()
    )
    assert _p(lottery, row, outcome, "greater") == pytest.approx((null >= observed - 1e-12).mean())


def test_pairs_are_analysed_as_pairs() -> None:
    """Drawing pairs of teams is the test of k of m pair means, and not of 2k of 2m teams."""
    rng = np.random.default_rng(9)
    pairs, members = [f"P{n}" for n in range(8)], [(f"a{n}", f"b{n}") for n in range(8)]
    lottery = uniform_lottery(pair_then_draw(8, 3), pairs, members)
    outcome = pd.Series(rng.normal(size=16), index=list(lottery.teams))
    means = np.array([outcome[list(teams)].mean() for teams in members])
    row = np.zeros(8, dtype=bool)
    row[[1, 4, 6]] = True
    expected = permutation_test(
        (means[row], means[~row]),
        lambda a, b: a.mean() - b.mean(),
        alternative="greater",
        n_resamples=np.inf,
        vectorized=False,
    )
    found = analyse(
        lottery, ["P1", "P4", "P6"], pd.DataFrame({"y": outcome}), AnalysisPlan(alternative="greater")
    )
    assert found.effects[0].p_value == pytest.approx(expected.pvalue)
    assert found.effects[0].n_teams == 16
