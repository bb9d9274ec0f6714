"""Balance between arms, and how freely the lottery mixes."""

from __future__ import annotations

import numpy as np
import pytest

from pairing.lottery import (
    Lottery,
    balance_table,
    constrained_lottery,
    covariates_of_units,
    draw_lottery,
    lottery_warnings,
    pair_then_draw,
    same_arm,
    simple,
    uniform_lottery,
)


def test_balance_table_before_the_draw_is_the_root_mean_square(eighty_teams: tuple) -> None:
    """Expected imbalance of each covariate equals the one computed draw by draw."""
    pairs, members, _, covariates = eighty_teams
    design = pair_then_draw(40, 15)
    lottery = constrained_lottery(design, pairs, members, covariates, seed=0, candidates=50_000)
    table = balance_table(lottery, covariates)
    possible = lottery.enumerate()
    gaps = (
        possible.draws @ covariates.matrix / 15 - ~possible.draws @ covariates.matrix / 25
    ) / covariates.sd
    np.testing.assert_allclose(table["smd_lottery"], np.sqrt(possible.weights @ gaps**2), rtol=1e-9)
    free = covariates.matrix.var(axis=0, ddof=1) * (1 / 15 + 1 / 25) / covariates.sd**2
    np.testing.assert_allclose(table["smd_unconstrained"], np.sqrt(free), rtol=1e-9)
    assert (table["smd_lottery"] < table["smd_unconstrained"]).all()


def test_balance_table_after_the_draw_leaves_reserves_out() -> None:
    """Means are those of the two arms; a unit in reserve is in neither."""
    units = list("abcde")
    values = [1.0, 2.0, 4.0, 8.0, 16.0]
    covariates = covariates_of_units({"x": values}, units, [(u,) for u in units])
    lottery = uniform_lottery(simple(5, 2), units, [(u,) for u in units], n_reserves=1)
    drawn = draw_lottery(lottery, "x")
    row = balance_table(lottery, covariates, drawn).iloc[0]
    by_unit = dict(zip(units, values, strict=True))
    assert row["mean_intervention"] == np.mean([by_unit[u] for u in drawn.intervention])
    assert row["mean_control"] == np.mean([by_unit[u] for u in drawn.controls])
    assert row["sd_teams"] == pytest.approx(np.std(values, ddof=1))
    assert row["smd"] == pytest.approx((row["mean_intervention"] - row["mean_control"]) / row["sd_teams"])


def test_inseparable_units_are_listed_and_warned_of() -> None:
    """Two units that are always together, and two that never are, are named; so is a small pool."""
    design = simple(4, 2)
    draws = np.array([[1, 1, 0, 0], [0, 0, 1, 1]], dtype=bool)
    lottery = Lottery(design, tuple("abcd"), tuple((u,) for u in "abcd"), draws, np.array([1, 1]))
    found = same_arm(lottery)
    assert found.always == (("a", "b"), ("c", "d"))
    assert found.never == (("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"))
    warnings = " ".join(lottery_warnings(lottery))
    assert "2 pairs of units always share an arm: a and b, c and d" in warnings
    assert "4 pairs of units never share an arm" in warnings
    assert "Only 2 draws can happen; at least 1,000" in warnings
    assert "No outcome may be significant at 0.05" in warnings


def test_unequal_chances_are_warned_of() -> None:
    """Edited tickets that favour a unit are reported with the size of the error."""
    lottery = uniform_lottery(simple(4, 2), list("abcd"), [(u,) for u in "abcd"])
    skewed = Lottery(
        lottery.design, lottery.units, lottery.members, lottery.draws, np.array([2, 1, 1, 1, 1, 1])
    )
    assert not any("Chances differ" in warning for warning in lottery_warnings(lottery))
    assert any("Chances differ from the declared ones by up to 0.071" in w for w in lottery_warnings(skewed))


def test_a_healthy_lottery_has_no_warnings(eighty_teams: tuple) -> None:
    """The simple lottery of the first programme gives nothing to warn of."""
    pairs, members, _, _ = eighty_teams
    assert lottery_warnings(uniform_lottery(pair_then_draw(40, 15), pairs, members)) == ()


def test_same_arm_table_lists_every_pair_once(eighty_teams: tuple) -> None:
    """The table has one row for each two units, with the unconstrained value beside it."""
    pairs, members, _, _ = eighty_teams
    table = same_arm(uniform_lottery(pair_then_draw(40, 15), pairs, members)).to_frame()
    assert len(table) == 40 * 39 // 2
    assert table["same_arm_unconstrained"].round(4).unique().tolist() == [0.5192]
