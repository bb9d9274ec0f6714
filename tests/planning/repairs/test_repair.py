"""Repairs against enumeration: kept visits, then pairs, then earlier pairs, then value; and refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from pairing import (
    Cohort,
    InfeasibleMatchingError,
    InputDataError,
    MaxSizeRatio,
    MinDistance,
    NotNearest,
    Pairing,
    PairTable,
    SettingsError,
    TravelTable,
    estimate_profiles,
    load_audit,
    pair,
    repair,
)
from pairing.planning import HostGroup, MaxPairsOver, named_pairs, ordered_pairing
from pairing.planning.triad import pairing_with_triad
from pairing.profiles import profiles_from_model
from pairing.rules import Different, Drawn, MaxDistance, MaxLevelGap, MaxTravel, Require, RuleSet

MakeCohort = Callable[..., Cohort]
Pair = tuple[str, str]


def all_matchings(free: tuple[str, ...], value: dict[Pair, int]) -> Iterator[frozenset[Pair]]:
    """Every set of disjoint pairs, by enumeration."""
    if len(free) < 2:
        yield frozenset()
        return
    head, rest = free[0], free[1:]
    yield from all_matchings(rest, value)
    for other in rest:
        if (head, other) in value:
            left = tuple(team for team in rest if team != other)
            yield from (matching | {(head, other)} for matching in all_matchings(left, value))


def values_by_hand(plan: Pairing, cohort: Cohort, forbid: list[Pair]) -> dict[Pair, int]:
    """Value of each permitted pair of a cohort under the plan's rules and parameters."""
    model = plan.table.model
    profiles = profiles_from_model(cohort, model.profiles.model)
    table = PairTable.build(replace(model, cohort=cohort, profiles=profiles))
    banned = {(min(pair), max(pair)) for pair in forbid}
    rows = zip(table.first.tolist(), table.second.tolist(), table.integers.tolist(), strict=True)
    named = {(cohort.ids[a], cohort.ids[b]): value for a, b, value in rows}
    return {pair: value for pair, value in named.items() if pair not in banned}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    n=st.integers(4, 9),
    seed=st.integers(0, 10_000),
    km=st.sampled_from([0.0, 80.0, 150.0]),
    nearest=st.sampled_from([0, 1]),
    data=st.data(),
)
def test_repair_equals_enumeration(
    make_cohort: MakeCohort, n: int, seed: int, km: float, nearest: int, data: st.DataObject
) -> None:
    """Of all plans with the kept pairs none has more pairs, more earlier pairs, or a greater total."""
    everybody = make_cohort(n, seed)
    profiles = estimate_profiles(everybody)
    assume(sum(profiles.model.usable) > 1)
    joining = data.draw(st.sets(st.sampled_from(everybody.ids), max_size=n - 3), label="joining")
    before = everybody.subset(team for team in everybody.ids if team not in joining)
    rules = [MinDistance(km), MaxSizeRatio(3), *([NotNearest(nearest)] if nearest else [])]
    plan = pair(before, rules, profiles=profiles_from_model(before, profiles.model), allow_unpaired=True)
    gone = data.draw(st.sets(st.sampled_from(before.ids), max_size=len(before) - 2), label="without")
    there = everybody.subset(team for team in everybody.ids if team not in gone)
    forbid = data.draw(st.lists(st.sampled_from(_pairs(there.ids)), max_size=2), label="forbid")
    value = values_by_hand(plan, there, forbid)
    keep = (
        _disjoint(data.draw(st.lists(st.sampled_from(sorted(value)), max_size=2), label="keep"))
        if value
        else []
    )
    assume(gone or joining or forbid)

    repaired = repair(
        plan,
        without=gone,
        joining=everybody.subset(joining) if joining else None,
        forbid=forbid,
        keep=keep,
        allow_unpaired=True,
    )

    earlier = set(named_pairs(plan))
    ranked = [
        (len(matching), len(matching & earlier), sum(value[pair] for pair in matching))
        for matching in all_matchings(there.ids, value)
        if matching >= set(keep)
    ]
    now = frozenset(named_pairs(repaired.pairing))
    assert now >= set(keep)
    assert (len(now), len(now & earlier), sum(value[pair] for pair in now)) == max(ranked)
    best = max((count, total) for count, _, total in ranked)[1]
    assert round(repaired.price_of_stability * 1e9) == best - sum(value[pair] for pair in now)
    assert repaired.kept == tuple(sorted(now & earlier))
    assert repaired.pairing.prove().gap == 0


def _pairs(ids: tuple[str, ...]) -> list[Pair]:
    return [(a, b) for place, a in enumerate(ids) for b in ids[place + 1 :]]


def _disjoint(pairs: list[Pair]) -> list[Pair]:
    kept: list[Pair] = []
    for one in pairs:
        if not any(set(one) & set(other) for other in kept):
            kept.append(one)
    return kept


RULES = [MinDistance(50), MaxDistance(300), MaxSizeRatio(2), MaxLevelGap(0.5), Different("cancer_alliance")]


@pytest.fixture(scope="module")
def plan() -> Pairing:
    """The pairing of the bundled audit under the demo's rules."""
    return pair(load_audit(), RULES)


def test_nobodys_value_changes_because_somebody_left(plan: Pairing) -> None:
    """Profiles of those who stay are the same to the last digit, and so are the values of their pairs."""
    gone = plan.cohort.ids[:40:5]
    repaired = plan.repair(without=gone, allow_unpaired=True).pairing
    stays = np.isin(plan.cohort.ids, repaired.cohort.ids)
    assert np.array_equal(repaired.profiles.mean, plan.profiles.mean[stays])
    assert np.array_equal(repaired.profiles.covariance, plan.profiles.covariance[stays])
    refitted = pair(repaired.cohort, RULES, allow_unpaired=True)
    assert not np.array_equal(refitted.profiles.mean, repaired.profiles.mean)


def test_joiners_have_profiles_by_the_same_parameters() -> None:
    """A team that joins late has the profile that it would have had from the start."""
    audit = load_audit()
    everybody = estimate_profiles(audit)
    before = audit.subset(audit.ids[2:])
    plan = pair(before, RULES, profiles=profiles_from_model(before, everybody.model), allow_unpaired=True)
    repaired = plan.repair(joining=audit.subset(audit.ids[:2]), allow_unpaired=True)
    assert np.array_equal(repaired.pairing.profiles.mean, everybody.mean)
    assert [change.team for change in repaired.changes if change.joined] == list(audit.ids[:2])
    assert repaired.pairing.cohort.text("cancer_alliance") == audit.text("cancer_alliance")


def test_the_changes_are_told_in_words(plan: Pairing) -> None:
    """Everybody concerned is named once, with the earlier and the new partner and the reason."""
    first, second = named_pairs(plan)[7], named_pairs(plan)[30]
    repaired = plan.repair(without=[first[0], second[0]])
    words = [change.sentence for change in repaired.changes]
    assert words[:2] == [f"{one} left; it was to meet {other}" for one, other in (first, second)]
    frame = repaired.to_frame()
    assert frame["team"].is_unique
    left = frame[frame["change"] == "left"]
    assert left["team"].tolist() == [first[0], second[0]]
    now = dict(named_pairs(repaired.pairing)) | {b: a for a, b in named_pairs(repaired.pairing)}
    before = dict(named_pairs(plan)) | {b: a for a, b in named_pairs(plan)}
    for row in frame[frame["change"] == "new partner"].itertuples():
        assert (before[row.team], now[row.team]) == (row.earlier_partner, row.new_partner)
        assert (
            f"{row.team} now meets {row.new_partner} instead of {row.earlier_partner}" in repaired.summary()
        )
    changed = {team for team in before if before[team] != now.get(team)}
    assert set(frame["team"]) == changed
    gains = plan.teams_frame().set_index("team")["gain"]
    assert frame["earlier_gain"].tolist() == pytest.approx(gains[frame["team"]].tolist(), abs=2e-9)
    assert f"{len(repaired.kept)} of 60 earlier pairs stay (2 lost a team)" in repaired.summary()


def test_a_new_ban_is_given_as_the_reason(plan: Pairing) -> None:
    """The forbidden pair is told why it does not meet, and the others who left them."""
    banned = named_pairs(plan)[0]
    repaired = plan.repair(forbid=[banned[::-1]])
    reasons = {change.team: change.reason for change in repaired.changes}
    assert (
        reasons[banned[0]] == reasons[banned[1]] == f"{banned[0]} and {banned[1]} may not be paired (forbid)"
    )
    others = [change for change in repaired.changes if change.team not in banned]
    assert others
    assert all(change.reason.startswith(f"{change.earlier_partner} now meets") for change in others)


def test_a_visit_already_made_stays_in_later_repairs(plan: Pairing) -> None:
    """Kept pairs are locked in the new plan, so that a further repair keeps them too."""
    visit = named_pairs(plan)[5]
    once = plan.repair(without=[named_pairs(plan)[0][0]], keep=[visit])
    assert once.locked == (visit,)
    again = once.pairing.repair(without=[named_pairs(plan)[1][0]])
    assert again.locked == (visit,)
    assert visit in again.kept


def test_a_lock_ends_when_a_team_leaves(plan: Pairing) -> None:
    """The partner of a locked pair is free for others."""
    visit = named_pairs(plan)[5]
    locked = plan.repair(without=[named_pairs(plan)[0][0]], keep=[visit]).pairing
    assert locked.repair(without=[visit[0]]).locked == ()


def test_one_team_may_stay_out_where_the_number_is_odd(plan: Pairing) -> None:
    """An odd number is no error; the reason says that the choice changes the least."""
    repaired = plan.repair(without=[named_pairs(plan)[0][0]])
    (row,) = repaired.pairing.unpaired
    assert row.team == named_pairs(plan)[0][1]
    assert row.reason.endswith("so one must stay out; leaving out this one changes the least")
    assert len(repaired.kept) == 59


def test_more_than_that_is_refused_unless_allowed(make_cohort: MakeCohort) -> None:
    """A repair that would strand teams names them, unless that is accepted or was so before."""
    cohort = make_cohort(8, seed=3)
    size = np.array([10.0, 10, 10, 10, 100, 100, 100, 100])
    plan = pair(replace(cohort, size=size), [MaxSizeRatio(2)])
    gone = ["T000", "T004"]
    with pytest.raises(InfeasibleMatchingError, match="cannot be repaired without leaving out") as raised:
        plan.repair(without=gone)
    assert len(raised.value.teams) == 2
    assert all(f"{team}: " in str(raised.value) for team in raised.value.teams)
    accepted = plan.repair(without=gone, allow_unpaired=True)
    assert len(accepted.pairing.unpaired) == 2
    assert accepted.pairing.repair(forbid=[named_pairs(accepted.pairing)[0]]).pairing.unpaired


def test_neighbours_are_counted_among_those_who_are_there(make_cohort: MakeCohort) -> None:
    """A rule that looks at all teams looks at the teams of now: who is nearest changes when one leaves."""
    cohort = make_cohort(6, seed=11)
    latitude, longitude = np.full(6, 52.0), np.array([0.0, 0.1, 0.25, 3.0, 3.1, 3.25])
    plan = pair(replace(cohort, latitude=latitude, longitude=longitude), [NotNearest(1)])
    assert ("T000", "T002") not in named_pairs(plan.repair(without=["T001"], allow_unpaired=True).pairing)


def test_a_pair_that_a_rule_bans_now_says_so(make_cohort: MakeCohort) -> None:
    """When somebody leaves, a pair can become nearest neighbours; its change gives that as the reason."""
    cohort = make_cohort(6, seed=11)
    latitude, longitude = np.full(6, 52.0), np.array([0.0, 0.1, 0.3, 3.0, 3.1, 3.3])
    placed = replace(cohort, latitude=latitude, longitude=longitude)
    plan = pair(placed, [NotNearest(1), Require((("T000", "T002"),))])
    freed = replace(plan, table=PairTable.build(replace(plan.table.model, rules=RuleSet((NotNearest(1),)))))
    repaired = freed.repair(without=["T001"], allow_unpaired=True)
    reason = {change.team: change.reason for change in repaired.changes}["T000"]
    assert "the nearest team of" in reason


def test_journeys_follow_the_teams(make_cohort: MakeCohort) -> None:
    """The travel table is read for the teams that are left; joiners need journeys of their own."""
    cohort = make_cohort(9, seed=4)
    rng = np.random.default_rng(0)
    ends = _pairs(cohort.ids)
    minutes = rng.integers(30, 300, len(ends))
    frame = pd.DataFrame(ends, columns=["team_a", "team_b"]).assign(minutes=minutes)
    there = cohort.subset(cohort.ids[:8])
    journeys = TravelTable.from_frame(frame, there.ids)
    plan = pair(there, [MaxTravel(280)], travel=journeys, allow_unpaired=True)
    repaired = plan.repair(without=["T002", "T005"], allow_unpaired=True).pairing
    looked_up = dict(zip(ends, minutes.tolist(), strict=True))
    shown = repaired.to_frame()
    assert shown["travel_minutes"].tolist() == [
        looked_up[a, b] for a, b in zip(shown["team_a"], shown["team_b"], strict=True)
    ]
    joiner = cohort.subset(["T008"])
    with pytest.raises(InputDataError, match="minutes"):
        plan.repair(joining=joiner)
    whole = TravelTable.from_frame(frame, cohort.ids)
    assert len(plan.repair(joining=joiner, travel=whole).pairing.cohort) == 9


def test_only_drawn_teams_are_repaired_with(make_cohort: MakeCohort) -> None:
    """Where a lottery drew the teams, the others stay out and nobody can join."""
    cohort = make_cohort(10, seed=6)
    drawn = Drawn(frozenset(cohort.ids[:7]))
    plan = pair(cohort, [drawn], allow_unpaired=True)
    repaired = plan.repair(without=["T001"])
    assert len(repaired.pairing.pairs) == 3
    assert {team for pair in named_pairs(repaired.pairing) for team in pair} <= drawn.teams
    others = replace(make_cohort(1, seed=1), ids=("T999",))
    with pytest.raises(SettingsError, match="drawn by lottery"):
        plan.repair(joining=others)


def test_the_order_of_rows_and_arguments_does_not_matter(plan: Pairing) -> None:
    """The same repair, asked for in another order."""
    gone = [named_pairs(plan)[at][0] for at in (3, 1, 8)]
    one, other = plan.repair(without=gone), plan.repair(without=gone[::-1])
    assert one.to_frame().equals(other.to_frame())
    assert one.pairing.to_frame().equals(other.pairing.to_frame())


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({}, "there is nothing to repair"),
        ({"without": ["R0Z"]}, "'R0Z' is no team of the pairing, so it cannot leave. Did you mean 'R0"),
        (
            {"forbid": [("R0A", "RBV")]},
            "'RBV' is no team of the pairing, so no pair with it can be forbidden",
        ),
        ({"keep": [("R0A", "R0A")]}, "'R0A, R0A' is no pair of two teams"),
        ({"keep": [("R0A", "RTX"), ("RTX", "R0B")]}, "'RTX' is kept in more than one pair"),
        (
            {"keep": [("R0A", "RJ2")], "without": ["RJ2"]},
            "'RJ2' has left, so its pair R0A and RJ2 cannot be kept",
        ),
        (
            {"forbid": [("R0A", "RJ2")], "without": ["RJ2"]},
            "'RJ2' has left, so its pair R0A and RJ2 cannot be for",
        ),
        ({"keep": [("R0A", "RJ2")], "forbid": [("RJ2", "R0A")]}, "'R0A and RJ2' are kept and also forbidden"),
    ],
)
def test_what_cannot_be_asked_for(plan: Pairing, asked: dict[str, list[str]], message: str) -> None:
    """Every contradiction has its sentence."""
    with pytest.raises(SettingsError) as raised:
        plan.repair(**asked)  # type: ignore[arg-type]  # wrong on purpose
    assert message in str(raised.value)


def test_keeping_what_stays_anyway_is_nothing_to_repair(plan: Pairing) -> None:
    """A kept pair of the plan alone alters nothing; a new one does."""
    with pytest.raises(SettingsError, match="nothing to repair"):
        plan.repair(keep=[named_pairs(plan)[0]])


def test_every_problem_is_told_at_once(plan: Pairing) -> None:
    """Several contradictions come together."""
    with pytest.raises(SettingsError) as raised:
        plan.repair(without=["R0Z", "RJ2"], keep=[("R0A", "RJ2"), ("R0A", "RTX")], forbid=[("RTX", "R0A")])
    assert len(raised.value.problems) == 4


def test_a_kept_pair_that_breaks_a_rule_is_refused(plan: Pairing) -> None:
    """Neither the visit nor the rule is passed over in silence."""
    with pytest.raises(InputDataError, match=r"'R0A, RM3' cannot be kept: .*7 km apart; at least 50 km"):
        plan.repair(keep=[("RM3", "R0A")])


def test_a_joiner_whose_id_is_taken_is_refused(plan: Pairing) -> None:
    """Two teams cannot share an id."""
    with pytest.raises(SettingsError, match="'R0A' joins, and the pairing has a team with this id already"):
        plan.repair(joining=plan.cohort.subset(["R0A"]))


def test_displaying_a_repair(plan: Pairing) -> None:
    """Summary, dictionary and HTML are made from what is there, and agree."""
    repaired = plan.repair(without=["R0A", "R0D"])
    facts = repaired.to_dict()
    assert facts["n_kept"] == len(facts["kept"]) == len(repaired.kept)
    assert [change["sentence"] for change in facts["changes"]] == repaired.summary().splitlines()[
        : len(facts["changes"])
    ]
    assert f"Price of stability: {repaired.price_of_stability:.3f} SD" in repaired._repr_html_()
    assert facts["n_kept_without_regard"] < facts["n_kept"]


def test_side_constraints_are_kept_or_the_repair_is_refused(plan: Pairing) -> None:
    """A plan with the fewest changes that keeps to the limits is given; one that breaks them is not."""
    gone = [named_pairs(plan)[0][0], named_pairs(plan)[2][0]]
    free = plan.repair(without=gone)
    far = int((free.pairing.to_frame()["distance_km"] > 200).sum())
    kept = plan.repair(without=gone, constraints=[MaxPairsOver(200, far)])
    assert named_pairs(kept.pairing) == named_pairs(free.pairing)
    assert "Price of stability: at most 0." in kept.summary()
    with pytest.raises(SettingsError, match=f"at most {far - 1} pairs over 200 km; it has {far} pairs"):
        plan.repair(without=gone, constraints=[MaxPairsOver(200, far - 1)])


def test_the_plans_own_side_constraints_hold_for_its_repair(make_cohort: MakeCohort) -> None:
    """What the plan was made under is looked at again, for the teams that are there."""
    cohort = make_cohort(12, seed=3)
    group = HostGroup("the first", (*cohort.ids[:4], cohort.ids[11]), 3)
    table = pair(cohort, []).table
    made_under = ordered_pairing(table, constraints=[group])
    meets = made_under.repair(without=[cohort.ids[11]], keep=[("T000", "T001")]).pairing
    hosted = [one for one in named_pairs(meets) if set(one) & set(cohort.ids[:4])]
    assert len(hosted) <= 3
    with pytest.raises(SettingsError, match="the first"):
        made_under.repair(keep=[("T000", "T004"), ("T001", "T005"), ("T002", "T006"), ("T003", "T007")])


def test_a_group_of_three_is_not_repaired(make_cohort: MakeCohort) -> None:
    """A plan of pairs could keep one pair of it at most, so that is said instead."""
    grouped = pairing_with_triad(pair(make_cohort(9, seed=3), [], allow_unpaired=True).table)
    for ask in (lambda: grouped.repair(without=["T000"]), grouped.standby):
        with pytest.raises(SettingsError, match="are a group of three, and only plans of pairs alone are"):
            ask()
