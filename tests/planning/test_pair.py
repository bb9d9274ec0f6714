"""The whole way from a cohort to a proven pairing, against enumeration on small cohorts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from pairing import (
    Cohort,
    InfeasibleMatchingError,
    InputDataError,
    MaxDistance,
    MaxLevelGap,
    MaxSizeRatio,
    MinDistance,
    Pairing,
    PairTable,
    Preferences,
    Require,
    estimate_profiles,
    load_audit,
    pair,
    rule_prices,
)
from pairing.pairs import VALUE_SCALE

MakeCohort = Callable[..., Cohort]


def all_matchings(free: tuple[int, ...], value: dict[tuple[int, int], int]) -> Iterator[tuple[int, int]]:
    """Number of pairs and total of every matching, by enumeration."""
    if len(free) < 2:
        yield 0, 0
        return
    head, rest = free[0], free[1:]
    yield from all_matchings(rest, value)
    for other in rest:
        if (head, other) in value:
            left = tuple(team for team in rest if team != other)
            for count, total in all_matchings(left, value):
                yield count + 1, total + value[head, other]


def best_by_enumeration(table: PairTable) -> tuple[int, int]:
    """Most pairs, then the greatest total, in integer units."""
    value = {
        (int(a), int(b)): int(v) for a, b, v in zip(table.first, table.second, table.integers, strict=True)
    }
    return max(all_matchings(tuple(range(len(table.model.cohort))), value))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    n=st.integers(2, 9),
    seed=st.integers(0, 10_000),
    km=st.floats(0, 300),
    ratio=st.floats(1, 4),
    gap=st.floats(0.05, 2),
    travel=st.sampled_from([0.0, 0.2, 3.0]),
)
def test_pairing_equals_enumeration(
    make_cohort: MakeCohort, n: int, seed: int, km: float, ratio: float, gap: float, travel: float
) -> None:
    """The plan has as many pairs and as great a total as any, with preferences (and below 0) too."""
    cohort = make_cohort(n, seed)
    profiles = estimate_profiles(cohort)
    assume(sum(profiles.model.usable) > 1)  # a few teams may show no real differences
    plan = pair(
        cohort,
        [MinDistance(km), MaxSizeRatio(ratio), MaxLevelGap(gap)],
        preferences=Preferences(travel_per_100_km=travel),
        allow_unpaired=True,
        profiles=profiles,
    )
    assert (len(plan.pairs), int(plan.scored.integers.sum())) == best_by_enumeration(plan.table)
    assert plan.prove().gap == 0


def unpaired_reason(cohort: Cohort, *rules: MaxDistance | MaxSizeRatio) -> str:
    """The reason of the only team left out."""
    (row,) = pair(cohort, rules, allow_unpaired=True).unpaired
    return row.reason


def test_the_odd_team_out_is_told_why(make_cohort: MakeCohort) -> None:
    """With an odd number the reason says so."""
    assert "the number of teams is odd (15)" in unpaired_reason(make_cohort(15, seed=5))


def test_a_team_without_permitted_partner_is_told_why(make_cohort: MakeCohort) -> None:
    """A team that every rule shuts out learns which rule bans how many."""
    cohort = make_cohort(16, seed=5)
    size = np.array(cohort.size)
    size[3] = 10_000
    plan = pair(replace(cohort, size=size), [MaxSizeRatio(7)], allow_unpaired=True)
    reasons = {row.team: row.reason for row in plan.unpaired}
    assert reasons["T003"] == "no permitted partner: of the 15 other teams max_size_ratio bans 15"
    assert len(reasons) == 2


def test_an_incomplete_pairing_is_refused_unless_allowed(make_cohort: MakeCohort) -> None:
    """By default everybody must have a partner; the message says who would not, and what to do."""
    with pytest.raises(InfeasibleMatchingError, match="allow_unpaired") as raised:
        pair(make_cohort(15, seed=5))
    assert len(raised.value.teams) == 1
    assert "at most 7 pairs" in str(raised.value)


def test_row_order_does_not_matter() -> None:
    """Cohorts sort their teams, so the same audit gives the same plan, to the last digit."""
    one, other = pair(load_audit(), [MinDistance(50)]), pair(load_audit(), [MinDistance(50)])
    assert one.to_frame().equals(other.to_frame())


def test_required_pairs_are_solved_around() -> None:
    """A locked pair is in the plan, the rest is as good as it can be, and the price is what was lost."""
    cohort = load_audit()
    rules = [MinDistance(50), MaxDistance(300), MaxSizeRatio(2)]
    free = pair(cohort, rules)
    first = free.cohort.ids[int(free.pairs[0, 0])]
    others = free.table.partners(int(free.pairs[0, 0]))
    other = free.cohort.ids[next(int(at) for at in others if at != free.pairs[0, 1])]
    locked = pair(cohort, [*rules, Require(((first, other),))])
    frame = locked.to_frame()
    assert ((frame["team_a"] == min(first, other)) & (frame["team_b"] == max(first, other))).sum() == 1
    assert locked.total_value < free.total_value
    price = next(price for price in rule_prices(locked) if price.key == "require")
    assert price.value_gained == pytest.approx(free.total_value - locked.total_value, abs=1e-12)


def test_rule_prices_equal_solving_without_the_rule(make_cohort: MakeCohort) -> None:
    """Each price is the difference to a plan made without that rule."""
    cohort = make_cohort(24, seed=8)
    rules = [MinDistance(80), MaxSizeRatio(2), MaxLevelGap(0.6)]
    plan = pair(cohort, rules, allow_unpaired=True)
    for rule, price in zip(rules, rule_prices(plan), strict=True):
        without = pair(cohort, [other for other in rules if other is not rule], allow_unpaired=True)
        assert price.key == rule.key
        assert price.n_pairs_gained == len(without.pairs) - len(plan.pairs)
        assert price.value_gained == pytest.approx(without.total_value - plan.total_value, abs=1e-12)


def test_published_figures_agree_with_one_another() -> None:
    """Values are at most both gains, sizes and ratios agree, every team is in one row, ids are ordered."""
    plan: Pairing = pair(load_audit(), [MinDistance(50), MaxSizeRatio(2), MaxLevelGap(0.5)])
    pairs, teams = plan.to_frame(), plan.teams_frame()
    assert (pairs["value"] <= pairs[["gain_a", "gain_b"]].min(axis=1)).all()
    assert (pairs["team_a"] < pairs["team_b"]).all()
    assert pairs["team_a"].is_monotonic_increasing
    assert (pairs["size_ratio"] <= 2).all()
    assert (pairs["level_gap"] <= 0.5).all()
    assert pairs["probability_gap_over_cap"].between(0, 1).all()
    assert sorted([*pairs["team_a"], *pairs["team_b"]]) == teams["team"].tolist()
    gain_of = dict(zip(teams["team"], teams["gain"], strict=True))
    assert [gain_of[team] for team in pairs["team_a"]] == pairs["gain_a"].tolist()
    assert [gain_of[team] for team in pairs["team_b"]] == pairs["gain_b"].tolist()
    assert round(pairs["value"].sum() * VALUE_SCALE) == plan.prove().total


def test_one_real_indicator_is_refused_with_the_reason(make_cohort: MakeCohort) -> None:
    """With one usable indicator nobody can both teach and learn."""
    with pytest.raises(InputDataError, match="at least two weighted indicators"):
        pair(make_cohort(40, seed=1, n_indicators=1))


def test_a_preference_changes_the_plan_and_is_taken_off_the_value() -> None:
    """The value is the gain minus the stated price of travel."""
    cohort, rules = load_audit(), [MinDistance(50), MaxSizeRatio(2)]
    near = pair(cohort, rules, preferences=Preferences(travel_per_100_km=0.2))
    far = pair(cohort, rules)
    assert near.to_frame()["distance_km"].sum() < far.to_frame()["distance_km"].sum()
    scored = near.scored
    expected = scored.gains.reciprocal - 0.2 * scored.pairs.distance_km / 100
    assert scored.value == pytest.approx(expected, abs=1e-9)


def test_missing_data_for_a_preference_are_named(make_cohort: MakeCohort) -> None:
    """A preference on travel needs every distance."""
    cohort = make_cohort(20, seed=1)
    latitude = np.array(cohort.latitude)
    latitude[4] = np.nan
    with pytest.raises(InputDataError, match="T000–T004"):
        pair(replace(cohort, latitude=latitude), preferences=Preferences(travel_per_100_km=0.1))


def test_displaying_shows_every_view(make_cohort: MakeCohort) -> None:
    """Summary and HTML are made from what is there and agree on the number of pairs."""
    plan = pair(make_cohort(12, seed=3))
    assert "12 teams in 6 pairs" in plan.summary()
    assert plan.summary().splitlines()[0] in plan._repr_html_()
    assert "pairs are permitted" in plan.table._repr_html_()
    assert len(plan.table.to_frame()) == 66
    assert len(plan.table.to_frame(permitted_only=True)) == len(plan.table)
