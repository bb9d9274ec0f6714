"""The card of a pair: figures that add up, directions, what is not known, and the rules in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from pairing import (
    Caliper,
    Cohort,
    Different,
    Forbid,
    Indicator,
    MaxDistance,
    MaxLevelGap,
    MaxSizeRatio,
    MaxTravel,
    MinDistance,
    NotNearest,
    PairModel,
    Preferences,
    Previous,
    Require,
    RuleSet,
    Same,
    TravelTable,
    estimate_profiles,
    load_audit,
)
from pairing.cohort import Observations
from pairing.planning.explaining.card import PairCard, pair_card
from pairing.planning.explaining.room import room_under
from pairing.rules import Drawn, Rule

MakeCohort = Callable[..., Cohort]


def model_of(cohort: Cohort, *rules: Rule, preferences: Preferences | None = None) -> PairModel:
    """The model of pairs of a cohort."""
    return PairModel(cohort, estimate_profiles(cohort), RuleSet(rules), preferences or Preferences())


def test_the_parts_of_the_gains_add_up() -> None:
    """What can be learned indicator by indicator sums to the gains of the pair, on every card."""
    model = model_of(load_audit())
    for first, second in [(0, 47), (3, 20), (50, 119)]:
        card = pair_card(model, first, second)
        assert sum(each.gain_a for each in card.comparisons) == pytest.approx(card.gain_a, abs=1e-12)
        assert sum(each.gain_b for each in card.comparisons) == pytest.approx(card.gain_b, abs=1e-12)
        assert card.value == pytest.approx(card.reciprocal_gain, abs=1e-9)
        assert card.level_gap == pytest.approx(abs(card.level_a - card.level_b), abs=1e-12)


def test_probabilities_agree_with_draws_from_the_posterior() -> None:
    """Who is truly better, and what can be learned, indicator by indicator."""
    model = model_of(load_audit())
    profiles = model.profiles
    rng = np.random.default_rng(0)
    draws = [
        rng.multivariate_normal(profiles.mean[team], profiles.covariance[team], 200_000) for team in (0, 47)
    ]
    difference = draws[1] - draws[0]
    columns = [indicator.column for indicator in model.cohort.indicators]
    for each in pair_card(model, 0, 47).comparisons:
        drawn = difference[:, columns.index(each.indicator)]
        assert each.probability_b_better == pytest.approx((drawn > 0).mean(), abs=0.005)
        assert each.gain_a == pytest.approx(each.weight * np.maximum(drawn, 0).mean(), abs=0.005)
        assert each.gain_b == pytest.approx(each.weight * np.maximum(-drawn, 0).mean(), abs=0.005)
        assert each.difference_sd == pytest.approx(drawn.std(), rel=0.02)


def test_indicators_stand_in_the_order_of_what_can_be_learned() -> None:
    """Most first, and the sides split where the other team has more to teach."""
    card = pair_card(model_of(load_audit()), 0, 47)
    most = [max(each.gain_a, each.gain_b) for each in card.comparisons]
    assert most == sorted(most, reverse=True)
    teachers = card.to_frame().set_index("indicator")["teacher"]
    assert {each.indicator for each in card.lessons("b")} == set(teachers.index[teachers == "RJ2"])
    assert {each.indicator for each in card.lessons("a")} == set(teachers.index[teachers == "R0A"])


def test_lower_is_better_turns_the_judgement_and_not_the_rates() -> None:
    """The same care told as failures: rates turned, everything else the same."""
    cohort = load_audit()
    number = 6
    seen = cohort.observations
    values = seen.values.copy()
    values[:, number] = 1 - values[:, number]
    failures = Indicator("missed", denominator="n", label="Not seen", higher_is_better=False)
    turned = replace(
        cohort,
        indicators=(*cohort.indicators[:number], failures),
        observations=Observations(values, seen.denominators, seen.standard_errors, seen.unadjusted),
    )
    one = {each.indicator: each for each in pair_card(model_of(cohort), 0, 47).comparisons}
    other = {each.indicator: each for each in pair_card(model_of(turned), 0, 47).comparisons}
    straight, opposite = one[cohort.indicators[number].column], other["missed"]
    assert opposite.observed_a.value == pytest.approx(1 - (straight.observed_a.value or 0))
    assert opposite.average == pytest.approx(1 - straight.average, abs=1e-9)
    assert opposite.probability_b_better == pytest.approx(straight.probability_b_better, abs=1e-6)
    assert opposite.gain_b == pytest.approx(straight.gain_b, abs=1e-6)
    assert opposite.against_appearances == straight.against_appearances


def test_what_was_counted_stands_beside_the_rate() -> None:
    """An adjusted rate comes with the unadjusted one and the patients that it counts."""
    cohort = load_audit()
    frame = pair_card(model_of(cohort), 0, 47).to_frame().set_index("indicator")
    row = frame.loc["nsclc_resection_adj"]
    number = [indicator.column for indicator in cohort.indicators].index("nsclc_resection_adj")
    seen = cohort.observations
    assert row["value_a"] == seen.values[0, number]
    assert row["patients_a"] == seen.denominators[0, number] == 420
    assert row["patients_with_a"] == round(seen.unadjusted[0, number] * 420)
    assert row["standard_error_a"] > 0


def useless_cohort(make_cohort: MakeCohort) -> Cohort:
    """A cohort in which all teams have the same rate on the last indicator, and T003 lacks the first."""
    cohort = make_cohort(30, seed=4)
    seen = cohort.observations
    values, denominators = seen.values.copy(), seen.denominators.copy()
    values[:, -1] = 0.5
    values[3, 0] = denominators[3, 0] = np.nan
    return replace(
        cohort, observations=Observations(values, denominators, seen.standard_errors, seen.unadjusted)
    )


def test_what_is_worth_nothing_and_what_is_not_known_is_said(make_cohort: MakeCohort) -> None:
    """Without real differences an indicator stands last and teaches nobody; a missing rate is told."""
    card = pair_card(model_of(useless_cohort(make_cohort)), 3, 8)
    last = card.comparisons[-1]
    assert (last.indicator, last.usable, last.gain_a, last.probability_b_better) == ("k3", False, 0.0, None)
    text = card.summary()
    assert "No real differences between teams, so worth nothing here: 'k3'." in text
    assert "Not known of T003, and judged by its other results: 'k0'." in text
    unknown = next(each for each in card.comparisons if each.indicator == "k0")
    assert unknown.shown_a == "not known"
    assert unknown.observed_a.value is None
    assert card.to_frame().set_index("indicator")["teacher"].isna().to_dict()["k3"]


def test_an_indicator_without_weight_teaches_nobody(make_cohort: MakeCohort) -> None:
    """It is shown, and said to be worth nothing."""
    cohort = make_cohort(30, seed=4)
    unweighted = (replace(cohort.indicators[0], weight=0.0), *cohort.indicators[1:])
    card = pair_card(model_of(replace(cohort, indicators=unweighted)), 0, 1)
    assert "Without weight, so worth nothing here: 'k0'." in card.summary()
    assert all(each.indicator != "k0" for side in "ab" for each in card.lessons(side))


def test_preferences_are_told_apart_from_the_gain() -> None:
    """The value is what is left after the preferences."""
    card = pair_card(model_of(load_audit(), preferences=Preferences(travel_per_100_km=0.05)), 0, 47)
    assert card.distance_km is not None
    taken_off = 0.05 * card.distance_km / 100
    assert card.value == pytest.approx(card.reciprocal_gain - taken_off, abs=1e-9)
    assert f"Preferences take {taken_off:.3f} SD off" in card.summary()


def test_the_chance_of_a_gap_above_the_cap_comes_with_a_cap_only() -> None:
    """Without a rule on levels there is nothing to exceed."""
    cohort = load_audit()
    with_cap = pair_card(model_of(cohort, MaxLevelGap(0.5)), 0, 47)
    assert with_cap.level_cap == 0.5
    assert with_cap.probability_gap_over_cap is not None
    without = pair_card(model_of(cohort), 0, 47)
    assert without.level_cap is without.probability_gap_over_cap is None
    assert "no rule restricts who may meet" in without.summary()


def sentences(model: PairModel, first: int, second: int) -> dict[str, str]:
    """What each rule says of a pair."""
    block = model.facts.pairs(np.array([first]), np.array([second]))
    return {room.key: room.sentence for room in room_under(model.rules, block, 0)}


def test_every_rule_says_how_much_room_it_leaves() -> None:
    """In its own unit, with the limit; yes-or-no rules say what they found."""
    cohort = load_audit()
    minutes = TravelTable(len(cohort), np.array([47]), np.array([130.0]))
    rules = (
        MinDistance(50),
        MaxDistance(300),
        MaxTravel(180),
        NotNearest(3),
        MaxSizeRatio(2),
        MaxLevelGap(0.5),
        Caliper("patients", 200),
        Different("cancer_alliance"),
        Forbid((("R0A", "R0B"),)),
        Previous((("R0A", "R0B"),)),
        Require((("R0B", "R0D"),)),
        Drawn(frozenset(cohort.ids)),
    )
    model = PairModel(cohort, estimate_profiles(cohort), RuleSet(rules, "permit"), Preferences(), minutes)
    said = sentences(model, 0, 47)
    assert said.pop("not_nearest").startswith("R0A and RJ2 are not among the 3 nearest teams of each other")
    assert said == {
        "min_distance_km": "269 km apart, 219 km above the minimum of 50 km",
        "max_distance_km": "269 km apart, 31 km below the limit of 300 km",
        "max_travel_minutes": "130 minutes apart, 50 minutes below the limit of 180 minutes",
        "max_size_ratio": "one is 1.55 times as large as the other, 0.45 below the limit of 2",
        "max_level_gap": "overall levels 0.22 SD apart, 0.28 SD below the limit of 0.5 SD",
        "calipers.patients": "patients: 156 apart, 44 below the limit of 200",
        "different.cancer_alliance": (
            "cancer_alliance is 'Greater Manchester' and 'South East London'; different, as required"
        ),
        "forbid": "not among the forbidden pairs",
        "previous": "have not met before",
        "require": "neither team is required to be paired with another",
        "drawn": "both were drawn",
    }


def test_a_ban_says_by_how_much_it_was_missed(make_cohort: MakeCohort) -> None:
    """The rule's own sentence, and how far the limit would have to move; data that are missing are said."""
    cohort = make_cohort(12, seed=2)
    size = np.array(cohort.size)
    size[0], size[1], size[2] = 100.0, 310.0, np.nan
    changed = replace(cohort, size=size)
    rules = RuleSet((MaxSizeRatio(2), Same("country")), "ban")
    model = PairModel(changed, estimate_profiles(changed), rules, Preferences())
    block = model.facts.pairs(np.array([0, 0]), np.array([1, 2]))
    missed, unknown = (room_under(rules, block, at)[0] for at in (0, 1))
    assert missed.sentence == (
        "one is 3.1 times as large as the other; at most 2 times allowed (missed by 1.10)"
    )
    assert (missed.permitted, missed.slack) == (False, pytest.approx(-1.1))
    assert unknown.sentence == 'data for max_size_ratio are missing (missing = "ban")'
    assert (unknown.permitted, unknown.slack) == (False, None)


def test_the_limit_itself_is_room_of_nothing(make_cohort: MakeCohort) -> None:
    """A pair exactly at the limit is permitted, and said to be there."""
    cohort = make_cohort(12, seed=2)
    size = np.array(cohort.size)
    size[0], size[1] = 100.0, 200.0
    said = sentences(model_of(replace(cohort, size=size), MaxSizeRatio(2)), 0, 1)
    assert said["max_size_ratio"] == "one is 2 times as large as the other, exactly at the limit"


def test_the_card_is_the_same_whichever_team_is_named_first() -> None:
    """team_a is always the smaller id, and everything is JSON-safe."""
    model = model_of(load_audit(), MaxLevelGap(0.5), MinDistance(50))
    one, other = pair_card(model, 0, 47), pair_card(model, 47, 0)
    assert one == other
    json.dumps(one.to_dict(), allow_nan=False)
    assert isinstance(one, PairCard)
    assert "Chemotherapy, SCLC" in one._repr_html_()
