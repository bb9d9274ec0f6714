"""The whole diagnosis: the witness in words, whom to leave out, and the real audit."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

import pairing.planning.diagnosis.relaxable as relaxable
from pairing import (
    Diagnosis,
    Different,
    Flex,
    Forbid,
    MaxDistance,
    MaxLevelGap,
    MaxSizeRatio,
    MinDistance,
    NoFullPairingError,
    PairTable,
    RuleSet,
    best_pairing,
    diagnose,
    load_audit,
    pair,
)
from pairing.matching import find_witness, solve
from pairing.pairs import VALUE_SCALE, PairModel
from pairing.planning.diagnosis import LimitChange, Shortage
from pairing.planning.diagnosis.leave_out import next_to_leave_out
from pairing.planning.diagnosis.relaxable import RelaxablePairs
from pairing.rules import Rule

SETTINGS = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
MakeCase = Callable[..., Any]


@SETTINGS
@given(n=st.integers(2, 9), seed=st.integers(0, 300), km=st.floats(20, 300), ratio=st.floats(1, 3))
def test_shortages_are_true_and_add_up(
    make_case: MakeCase, n: int, seed: int, km: float, ratio: float
) -> None:
    """Each statement holds of the permitted pairs, and together they account for everyone left out."""
    case = make_case(n, seed, [MaxDistance(km), MaxSizeRatio(ratio)])
    assume(case.usable)
    diagnosis = diagnose(case.table())
    n_pairs, total = case.best(case.rules)
    assert diagnosis.outcome.n_pairs == n_pairs
    assert diagnosis.outcome.total_value == total / VALUE_SCALE
    assert len(diagnosis.left_out) == n - 2 * n_pairs
    assert sum(one.n_unpaired for one in diagnosis.shortages) == n - 2 * n_pairs
    ids = case.model.cohort.ids
    edges = [{ids[one], ids[other]} for one, other, _ in case.edges(case.rules)]
    told: list[str] = []
    for shortage in diagnosis.shortages:
        assert shortage.n_unpaired > 0
        told += [*shortage.alone, *shortage.partners]
        partners = set(shortage.partners)
        for team in shortage.alone:
            assert all(edge - {team} <= partners for edge in edges if team in edge)
        for names in shortage.sets:
            told += names
            assert len(names) % 2 == 1
            assert all(edge <= set(names) | partners for edge in edges if edge & set(names))
    assert len(told) == len(set(told))


@SETTINGS
@given(half=st.integers(1, 4), seed=st.integers(0, 300), km=st.floats(100, 700))
def test_next_to_leave_out_equals_enumeration(
    make_case: MakeCase, best_of: Callable[..., Any], half: int, seed: int, km: float
) -> None:
    """Each other team left out in turn: the five cheapest, with the exact loss."""
    n = 2 * half + 1
    case = make_case(n, seed, [MaxDistance(km)])
    assume(case.usable)
    diagnosis = diagnose(case.table())
    edges, ids = case.edges(case.rules), case.model.cohort.ids
    n_pairs, total = case.best(case.rules)
    losses = []
    for vertex in range(n):
        pairs, rest = best_of(n, edges, vertex)
        if pairs == half == n_pairs and ids[vertex] not in diagnosis.left_out:
            losses.append(total - rest)
    assert diagnosis.is_full == (n_pairs == half)
    assert [round(one.loss * VALUE_SCALE) for one in diagnosis.leave_out_instead] == sorted(losses)[:5]
    for one in diagnosis.leave_out_instead:
        without = best_of(n, edges, ids.index(one.team))
        assert round(one.loss * VALUE_SCALE) == total - without[1]


def test_next_to_leave_out_stops_only_when_no_team_can_be_cheaper(make_cohort: Callable[..., Any]) -> None:
    """However few are asked for, they are the cheapest, although the bounds come in another order."""
    for seed in range(40):
        plan = pair(make_cohort(21, seed), [MinDistance(110), MaxDistance(330)], allow_unpaired=True)
        pairs = RelaxablePairs.of(plan.table)
        problem = plan.table.problem()
        solution = solve(problem)
        if solution.unmatched.size != 1:
            continue
        witness = find_witness(problem, solution.partner)
        every = next_to_leave_out(pairs, solution, witness, most=100)
        for most in (1, 2, 3, 5):
            some = next_to_leave_out(pairs, solution, witness, most=most)
            assert [one.loss for one in some] == [one.loss for one in every[:most]]


ODD_SETS = Shortage((), (("A", "B", "C"), ("D", "E", "F")), ("Z",))
MIXED = Shortage(("X",), (tuple("ABCDEFGHIJKLM"),), ("Z",))


def test_shortages_of_single_teams_in_words() -> None:
    """Who competes for whom, and what follows."""
    assert Shortage(("A",), (), ()).sentence() == "A has no permitted partner at all."
    assert Shortage(("A", "B"), (), ()).sentence() == "A and B have no permitted partner at all."
    assert Shortage(("A", "B"), (), ("Z",)).sentence() == (
        "A and B can only be paired with one team: Z; at least 1 of them stays without a partner."
    )
    assert Shortage(tuple("ABCD"), (), ("Y", "Z")).sentence() == (
        "A, B, C and D can only be paired with these 2: Y, Z; at least 2 of them stay without a partner."
    )


def test_shortages_of_odd_sets_in_words() -> None:
    """Sets that pair among themselves and are odd; long ones are shortened in words, not in the facts."""
    assert Shortage((), (("A", "B", "C"),), ()).sentence() == (
        "The 3 teams A, B and C can only be paired among themselves, and 3 is odd; one of them stays without "
        "a partner."
    )
    assert ODD_SETS.sentence() == (
        "The 3 teams A, B and C can only be paired among themselves or with Z, and 3 is odd; the 3 teams D, "
        "E and F can only be paired among themselves or with those, and 3 is odd; so 2 odd sets compete for "
        "1 partner, and at least 1 team stays without."
    )
    assert MIXED.sentence() == (
        "X can only be paired with one team: Z; the 13 teams A, B, C and 10 more can only be paired among "
        "themselves or with those, and 13 is odd; so 1 team and 1 odd set compete for 1 partner, and at "
        "least 1 team stays without."
    )
    assert MIXED.to_dict()["odd_sets"] == [list("ABCDEFGHIJKLM")]


def audit_table(*rules: Rule) -> PairTable:
    """The permitted pairs of the audit under the demo's rules, some of them replaced."""
    demo = {
        rule.key: rule
        for rule in (
            MinDistance(50),
            MaxDistance(300),
            Different("cancer_alliance"),
            MaxSizeRatio(2),
            MaxLevelGap(0.5),
            *rules,
        )
    }
    return pair(load_audit(), list(demo.values()), allow_unpaired=True).table


def under(table: PairTable, rules: RuleSet) -> PairTable:
    """The permitted pairs of the same cohort under other rules."""
    model = table.model
    return PairTable.build(PairModel(model.cohort, model.profiles, rules, model.preferences, model.travel))


def assert_smallest(table: PairTable, change: LimitChange) -> None:
    """With the new limit, as written, all can be paired; one breakpoint less, and they cannot."""
    rules, rule = table.model.rules, next(one for one in table.model.rules.limits if one.key == change.key)
    plan = best_pairing(under(table, change.moved.applied_to(rules)))
    assert plan.prove().gap == 0
    assert plan.total_value == change.outcome.total_value
    first, second = np.triu_indices(len(table.model.cohort), 1)
    figures = np.unique(rule.figure(table.model.facts.pairs(first, second)))
    stricter = (
        figures[figures < change.moved.exact]
        if rule.raised_to_relax
        else figures[figures > change.moved.exact]
    )
    last = stricter.max() if rule.raised_to_relax else stricter.min()
    with pytest.raises(NoFullPairingError):
        best_pairing(under(table, rules.with_limit(rule.key, float(last))))


def test_the_audit_with_a_size_ratio_of_1_3() -> None:
    """Four trusts cannot be paired; two rules can mend it on their own, each by the change that is told."""
    table = audit_table(MaxSizeRatio(1.3))
    diagnosis = diagnose(table)
    assert diagnosis.left_out == ("RAX", "RKE", "RN7", "RRK")
    assert diagnosis.shortages[0] == Shortage(("RAX", "RN7", "RRK"), (), ())
    assert diagnosis.shortages[1].partners == ("R1F", "RBQ", "RCF")
    mending = [change for change in diagnosis.changes if change.restores]
    assert [change.moved.setting for change in mending] == ["max_size_ratio = 1.38", "max_level_gap = 1.269"]
    for change in mending:
        assert_smallest(table, change)
    for change in diagnosis.changes:
        if not change.restores:
            plan = best_pairing(under(table, table.model.rules.without(change.key)), allow_unpaired=True)
            assert len(plan.unpaired) == change.outcome.n_unpaired > 0


def test_the_audit_between_120_and_160_km() -> None:
    """Many trusts cannot be paired; a longer way mends it, and so do several rules together, by less each."""
    table = audit_table(MinDistance(120), MaxDistance(160))
    flex = Flex({"min_distance_km": 50, "max_distance_km": 250, "max_level_gap": 0.8})
    diagnosis = diagnose(table, flex=flex)
    assert len(diagnosis.left_out) == 18
    assert diagnosis.shortages[0].n_unpaired + diagnosis.shortages[1].n_unpaired == 18
    mending = [change for change in diagnosis.changes if change.restores]
    assert [change.key for change in mending] == ["max_distance_km"]
    assert_smallest(table, mending[0])
    rules = diagnosis.flex.applied_to(table.model.rules)
    assert best_pairing(under(table, rules)).total_value == diagnosis.flex.outcome.total_value
    assert [move.key for move in diagnosis.flex.moved] == list(flex.limits)
    for move in diagnosis.flex.moved:
        steps = sorted({move.exact + sign * 1e-9 for sign in (-1, 1)}, key=lambda one: abs(one - move.old))
        with pytest.raises(NoFullPairingError):
            best_pairing(under(table, rules.with_limit(move.key, steps[0])))


def test_a_full_pairing_needs_no_change() -> None:
    """The demo's own rules pair everyone, and that is said."""
    diagnosis = diagnose(audit_table(), flex=Flex({"max_size_ratio": 3}))
    assert diagnosis.is_full
    assert diagnosis.options == diagnosis.changes == ()
    assert diagnosis.flex is None
    assert diagnosis.summary() == (
        "All 120 teams can be paired: 60 pairs, worth 21.136 SD in total. No rule has to change."
    )


def test_an_odd_number_is_told_with_the_next_best_choices(make_case: MakeCase) -> None:
    """One must stay out: which, and what another choice costs."""
    diagnosis = diagnose(make_case(15, 5, []).table())
    assert diagnosis.is_full
    assert "The number of teams is odd (15), so that one must stay out" in diagnosis.summary()
    (option,) = diagnosis.options
    assert option.action == f"Leave out {diagnosis.left_out[0]}"
    assert option.how[0] == "In [rules]: allow_unpaired = true"
    first = diagnosis.leave_out_instead[0]
    assert f"{first.team} {first.loss:.3f} SD" in option.how[1]
    assert len(diagnosis.leave_out_instead) == 5


def test_every_view_tells_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words, table and JSON agree, and none of them solves anything."""
    flex = Flex({"max_size_ratio": 1.35, "max_level_gap": 0.7}, order=["max_level_gap"])
    diagnosis = diagnose(audit_table(MaxSizeRatio(1.3), Forbid((("R0A", "R0B"),))), flex=flex)

    def refuse(*_: object) -> None:
        pytest.fail("displaying must not solve")

    monkeypatch.setattr(relaxable, "solve", refuse)
    words, frame, facts = diagnosis.summary(), diagnosis.to_frame(), diagnosis.to_dict()
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts
    assert [option["option"] for option in facts["options"]] == list(range(1, len(diagnosis.options) + 1))
    assert all(f"  {option['option']}. {option['action']}: " in words for option in facts["options"])
    assert frame["option"].dropna().unique().tolist() == list(range(1, len(diagnosis.options) + 1))
    enough = frame[frame["option"].notna() & (frame["kind"] != "leave-out")]
    assert (enough["n_unpaired"] == 0).all()
    assert (frame[frame["option"].isna()]["n_unpaired"] > 0).all()
    assert len(facts["not_enough"]) == frame["option"].isna().sum()
    assert "forbid: even without it 4 teams would stay without a partner." in words
    assert "forbid: even without it 4 teams would stay without a partner." in diagnosis._repr_html_()
    assert "4 teams without a partner" in repr(diagnosis)


def test_flex_that_excludes_every_solution_says_how_many_remain() -> None:
    """Even at the furthest limits: how many teams, in words and in JSON."""
    diagnosis = diagnose(audit_table(MaxSizeRatio(1.3)), flex=Flex({"max_size_ratio": 1.32}))
    assert not diagnosis.flex.restores
    remain = diagnosis.flex.outcome.n_unpaired
    assert remain > 0
    assert f"[flex]: even at its furthest limits {remain} team" in diagnosis.summary()
    assert diagnosis.to_dict()["not_enough"][-1]["n_unpaired"] == remain


def test_the_error_can_be_asked_and_the_plan_too(make_case: MakeCase) -> None:
    """The error of an impossible pairing, and a plan that leaves teams out, give the same diagnosis."""
    case = make_case(8, 4, [MaxDistance(60)])
    with pytest.raises(NoFullPairingError) as caught:
        best_pairing(case.table())
    plan = best_pairing(case.table(), allow_unpaired=True)
    asked: list[Diagnosis] = [caught.value.diagnose(), plan.diagnose(), diagnose(caught.value.table)]
    assert asked[0].to_dict() == asked[1].to_dict() == asked[2].to_dict()
    assert caught.value.teams == asked[0].left_out


def test_each_rule_is_told_as_it_is_looked_at(make_case: MakeCase) -> None:
    """Who waits is told which rule of how many is being looked at."""
    case = make_case(6, 3, [MinDistance(10_000), MaxSizeRatio(1.1), MaxLevelGap(0.1)])
    heard: list[tuple[str, int | None, int | None]] = []
    diagnose(case.table(), progress=lambda *stage: heard.append(stage))
    counted = [stage for stage in heard if stage[2] is not None]
    assert [done for _, done, _ in counted] == [0, 1, 2]
    assert all(total == 3 for *_, total in counted)
    assert "max_size_ratio" in counted[1][0]
