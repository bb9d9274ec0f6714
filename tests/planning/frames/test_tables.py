"""The tables of a pairing say the same as the cards, the explanations and the model that they are made of."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from pairing import (
    Cohort,
    Indicator,
    MaxSizeRatio,
    MinDistance,
    Pairing,
    SettingsError,
    cohort_from_frame,
    fairest_pairing,
    load_audit,
    pair,
    pairing_with_triad,
)
from pairing.pairs.dominance import probability_neither_dominates
from pairing.planning.explaining.card import pair_card
from pairing.planning.frames.partner_table import MOST_TEAMS, why_no_partners

MakeCohort = Callable[..., Cohort]


@pytest.fixture(scope="module")
def plan() -> Pairing:
    """The audit's teams."""
    return pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])


def test_exchange_is_what_the_cards_say(plan: Pairing) -> None:
    """Every pair and indicator in the order of the card, with its figures."""
    table = plan.exchange_frame()
    assert table["pair_id"].drop_duplicates().tolist() == list(plan.pair_ids)
    for at in (0, 17, 59):
        first, second = plan.pairs[at]
        card = pair_card(plan.table.model, int(first), int(second)).to_frame()
        rows = table[table["pair_id"] == plan.pair_ids[at]]
        assert rows["indicator"].tolist() == card["indicator"].tolist()
        assert rows["teacher"].tolist() == card["teacher"].tolist()
        for column in ("difference", "gain_a", "gain_b"):
            assert rows[column].to_numpy() == pytest.approx(card[column].to_numpy(float), abs=2e-9)
        assert rows["probability_real"].to_numpy() == pytest.approx(card["probability_real"], abs=1e-6)
        half = 1.959963984540054 * card["difference_sd"].to_numpy(float)
        assert (rows["difference_high"] - rows["difference"]).to_numpy() == pytest.approx(half, abs=2e-9)
        assert (rows["difference"] - rows["difference_low"]).to_numpy() == pytest.approx(half, abs=2e-9)


def test_gains_of_the_indicators_add_up(plan: Pairing) -> None:
    """To the gains of the pair."""
    parts = plan.exchange_frame().groupby("pair_id", sort=False)[["gain_a", "gain_b"]].sum()
    pairs = plan.to_frame().set_index("pair_id")
    assert parts["gain_a"].to_numpy() == pytest.approx(pairs["gain_a"].to_numpy(), abs=1e-8)
    assert parts["gain_b"].to_numpy() == pytest.approx(pairs["gain_b"].to_numpy(), abs=1e-8)


def test_what_does_not_count_has_no_teacher() -> None:
    """An indicator on which teams do not differ, and one without weight, come last and teach nothing."""
    rng = np.random.default_rng(0)
    n = 30
    truth = {"a": 0.5 + 0.1 * rng.standard_normal(n), "b": 0.5 + 0.1 * rng.standard_normal(n)}
    truth |= {"same": np.full(n, 0.5), "unweighted": 0.5 + 0.1 * rng.standard_normal(n)}
    columns = {"team": [f"T{at:02d}" for at in range(n)]}
    for name, rates in truth.items():
        columns |= {name: rng.binomial(200, np.clip(rates, 0, 1)) / 2.0, f"{name}_n": np.full(n, 200)}
    indicators = [
        Indicator(name, denominator=f"{name}_n", unit="percent", weight=0.0 if name == "unweighted" else 1.0)
        for name in truth
    ]
    cohort = cohort_from_frame(pd.DataFrame(columns), id="team", indicators=indicators)
    plan = pair(cohort)
    usable = dict(zip(truth, plan.profiles.model.usable, strict=True))
    assert usable == {"a": True, "b": True, "same": False, "unweighted": True}
    first = plan.exchange_frame().head(4)
    assert first["indicator"].tolist()[2:] == ["same", "unweighted"]
    assert first["teacher"].isna().tolist() == [False, False, True, True]
    assert first["difference"].isna().tolist() == [False, False, True, False]
    table = plan.indicators_frame().set_index("indicator")
    assert table["unit"].tolist() == ["percent"] * 4
    assert table["weight"].sum() == pytest.approx(1.0)
    assert 40 < table.loc["a", "average"] < 60
    assert 5 < table.loc["a", "between_team_sd"] < 15
    profiles = plan.profiles_frame()
    same = profiles[profiles["indicator"] == "same"]
    assert same[["estimate", "estimate_low", "estimate_high"]].isna().all(axis=None)
    assert (same["low"] < same["value"]).all()
    assert same["high"].max() < 100


def test_profiles_are_in_the_order_of_teams_and_indicators(plan: Pairing) -> None:
    """One row each; the estimates are the posterior means; blanks where the audit has nothing."""
    table, cohort = plan.profiles_frame(), plan.cohort
    k = len(cohort.indicators)
    assert table["team"].tolist() == [team for team in cohort.ids for _ in range(k)]
    assert table["indicator"].tolist() == [each.column for each in cohort.indicators] * len(cohort)
    assert table["estimate"].to_numpy() == pytest.approx(plan.profiles.mean.ravel(), abs=1e-9)
    seen = table["value"].notna()
    assert seen.sum() == plan.profiles.n_observed.sum()
    assert (table["low"][seen] <= table["value"][seen]).all()
    assert (table["high"][seen] >= table["value"][seen]).all()
    assert table[~seen][["unadjusted", "patients", "low", "high"]].isna().all(axis=None)
    assert (table["estimate_low"] < table["estimate_high"]).all()


def test_indicators_lower_is_better_keeps_its_direction(make_cohort: MakeCohort) -> None:
    """The average is told as it was measured."""
    cohort = make_cohort(20, seed=1)
    rates = cohort.observations.values  # noqa: PD011 - an array
    assert pair(cohort).indicators_frame()["average"].to_numpy() == pytest.approx(
        np.nanmean(rates, axis=0), abs=0.02
    )


def test_partners_are_the_next_best(plan: Pairing) -> None:
    """The same teams at the same prices as for each team alone."""
    table = plan.partners_frame(3)
    assert len(table) == 3 * 120 - sum(max(0, 3 - _n_others(plan, at)) for at in range(120))
    for team in ("R0A", "RJ2", "RTX", "RYR"):
        alone = plan.explain(team, partners=3).next_best.to_frame()
        rows = table[table["team"] == team]
        assert rows["rank"].tolist() == list(range(1, len(rows) + 1))
        assert rows["partner"].tolist() == alone["partner"].tolist()
        assert rows["pairs_lost"].tolist() == alone["n_pairs_lost"].tolist()
        for column in ("value", "gain", "value_lost", "level_gap"):
            assert rows[column].to_numpy() == pytest.approx(alone[column].to_numpy(), abs=2e-9)
    pair_of = dict(zip(plan.teams_frame()["team"], plan.teams_frame()["pair_id"], strict=True))
    assert table["pair_id_of_partner"].tolist() == [pair_of[partner] for partner in table["partner"]]


def _n_others(plan: Pairing, at: int) -> int:
    return len(np.setdiff1d(plan.table.partners(at), plan.partner[at]))


@pytest.mark.parametrize("kind", ["fairest", "repaired", "left out"])
def test_partners_under_other_objectives(make_cohort: MakeCohort, kind: str) -> None:
    """Prices are relative to what the plan was made for."""
    cohort = make_cohort(21 if kind == "left out" else 20, seed=8)
    plan = pair(cohort, MinDistance(20), allow_unpaired=True)
    if kind == "fairest":
        plan = fairest_pairing(plan.table, allow_unpaired=True)
    if kind == "repaired":
        plan = plan.repair(without=["T003"]).pairing
    table = plan.partners_frame(2)
    for team in plan.cohort.ids[::4]:
        alone = plan.explain(team, partners=2).next_best.to_frame()
        rows = table[table["team"] == team]
        assert rows["partner"].tolist() == alone["partner"].tolist()
        assert rows["pairs_lost"].tolist() == alone["n_pairs_lost"].tolist()


def test_plans_that_cannot_be_priced_say_why(make_cohort: MakeCohort) -> None:
    """A group of three, too many teams, and not wanted at all."""
    plan = pair(make_cohort(13, seed=4), allow_unpaired=True)
    group = pairing_with_triad(plan.table)
    assert "group of three" in (why_no_partners(group) or "")
    with pytest.raises(SettingsError, match="group of three"):
        group.partners_frame()
    assert why_no_partners(plan) is None
    assert why_no_partners(plan, wanted=False) == "they were not asked for"
    assert MOST_TEAMS >= 120


def test_a_group_of_three_has_rows_for_each_of_its_pairs(make_cohort: MakeCohort) -> None:
    """With one pair_id."""
    group = pairing_with_triad(pair(make_cohort(13, seed=4), allow_unpaired=True).table)
    rows = group.exchange_frame()
    assert (rows["pair_id"] == group.pair_ids[-1]).sum() == 3 * 4


def test_pairs_tell_that_neither_dominates(plan: Pairing) -> None:
    """The last column of the pairs is the figure of the cards."""
    table = plan.to_frame()
    assert table.columns[-1] == "probability_neither_dominates"
    for at in (0, 31):
        first, second = plan.pairs[at].tolist()
        right = probability_neither_dominates(plan.profiles, first, second)
        assert table["probability_neither_dominates"][at] == pytest.approx(right, abs=1e-6)
