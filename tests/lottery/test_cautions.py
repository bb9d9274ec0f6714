"""Warnings before a lottery is published: said when they are true, and with what would help."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pairing.lottery import (
    Lottery,
    constrained_lottery,
    covariates_of_units,
    lottery_warnings,
    matched_pair,
    pair_then_draw,
    same_arm,
    simple,
    uniform_lottery,
)


def balanced(m: int, k: int, **settings: float) -> Lottery:
    """Give a lottery of k of m pairs balanced on one covariate."""
    members = [(f"a{u}", f"b{u}") for u in range(m)]
    teams = [team for pair in members for team in pair]
    covariates = covariates_of_units({"x": np.arange(2.0 * m) ** 2}, teams, members)
    return constrained_lottery(
        pair_then_draw(m, k), [f"P{u}" for u in range(m)], members, covariates, seed=0, **settings
    )


def of_balance(lottery: Lottery, alpha: float = 0.05) -> list[str]:
    """Give the warnings that balance was asked for, and not had."""
    return [warning for warning in lottery_warnings(lottery, alpha) if "Balance was asked for" in warning]


def test_balance_without_effect_is_said_with_a_share_that_would_help() -> None:
    """Of 792 draws all are kept, because 1,000 are advisable; a quarter is what the level needs."""
    lottery = balanced(12, 5)
    (warning,) = of_balance(lottery)
    assert "Balance was asked for, but all 792 possible draws are kept" in warning
    assert "Nothing was balanced" not in warning  # the table of balance says that it was asked for
    assert "keep = 0.26 would keep the best 206" in warning
    cut = balanced(12, 5, keep=0.26)
    assert of_balance(cut) == []
    assert cut.origin.mean_score < lottery.origin.mean_score


def test_where_no_share_would_do_that_is_said() -> None:
    """Of 120 draws none can be spared at level .05, and many at level .5."""
    assert "too few to choose from" in of_balance(balanced(10, 3))[0]
    assert "keep = 0.17" in of_balance(balanced(10, 3), alpha=0.5)[0]


def test_few_candidates_balance_nothing(eighty_teams: tuple) -> None:
    """Of 900 candidates all are kept."""
    pairs, members, _, covariates = eighty_teams
    lottery = constrained_lottery(pair_then_draw(40, 15), pairs, members, covariates, seed=0, candidates=900)
    (warning,) = of_balance(lottery)
    assert "all 900 candidates are kept" in warning
    assert "more candidates than 900" in warning


def test_a_pool_worse_than_no_constraint_is_said() -> None:
    """Whatever share was asked for, the mean scores are compared."""
    lottery = balanced(12, 5, keep=0.5)
    assert of_balance(lottery) == []
    worse = replace(lottery, origin=replace(lottery.origin, mean_score=2.0, mean_score_unconstrained=1.5))
    assert "mean balance score of 2, against 1.5 without the constraint" in of_balance(worse)[0]


def test_a_lottery_that_balances_nothing_is_not_blamed_for_it() -> None:
    """Without balance_on there is nothing to say of balance."""
    units = [f"P{u}" for u in range(12)]
    assert of_balance(uniform_lottery(pair_then_draw(12, 5), units, [(unit,) for unit in units])) == []


def test_numbers_agree_with_their_nouns() -> None:
    """One draw, one pair of units: in the singular."""
    draws = np.array([[1, 1, 0, 0, 0]], dtype=bool)
    lottery = Lottery(simple(5, 2), tuple("abcde"), tuple((u,) for u in "abcde"), draws, np.array([1]))
    warnings = lottery_warnings(lottery)
    assert warnings[0].startswith("Only 1 draw can happen")
    assert warnings[0].endswith("are advisable for 5 teams.")
    draws = np.array([[1, 1, 0, 0, 0], [0, 0, 1, 0, 1], [0, 0, 0, 1, 1]], dtype=bool)
    lottery = Lottery(simple(5, 2), tuple("abcde"), tuple((u,) for u in "abcde"), draws, np.array([1, 1, 1]))
    said = " ".join(lottery_warnings(lottery))
    assert "1 pair of units always shares an arm: a and b" in said


@pytest.mark.parametrize("seed", range(5))
def test_partners_of_a_matched_pair_share_an_arm_with_probability_zero(seed: int) -> None:
    """Never a hair below 0, whatever the tickets, and not listed: the design alone forces it."""
    teams = [f"t{number}" for number in range(22)]
    members = [(team,) for team in teams]
    values = np.random.default_rng(seed).normal(size=22)
    lottery = constrained_lottery(
        matched_pair([(2 * p, 2 * p + 1) for p in range(11)]),
        teams,
        members,
        covariates_of_units({"x": values}, teams, members),
        seed=0,
    )
    found = same_arm(lottery)
    assert found.probabilities.min() >= 0
    assert found.probabilities.max() <= 1
    assert found.extremes()[0] < 1e-12
    assert found.never == ()
