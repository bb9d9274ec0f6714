"""Explaining a plan: every price equals enumeration, through planning, and every case has its words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from pairing import (
    Cohort,
    Different,
    InputDataError,
    MaxDistance,
    MaxLevelGap,
    MaxSizeRatio,
    MinDistance,
    Pairing,
    PairTable,
    SettingsError,
    estimate_profiles,
    load_audit,
    pair,
)
from pairing.pairs import VALUE_SCALE
from pairing.planning.by_levels.ordered import ordered_pairing
from pairing.planning.explaining.partners import next_best_partners
from pairing.planning.fairest import fairest_pairing
from pairing.planning.triad import pairing_with_triad

MakeCohort = Callable[..., Cohort]
Pairs = frozenset[tuple[int, int]]


def plans(teams: tuple[int, ...], value: dict[tuple[int, int], int]) -> Iterator[Pairs]:
    """Every set of pairs, by enumeration."""
    if len(teams) < 2:
        yield frozenset()
        return
    head, rest = teams[0], teams[1:]
    yield from plans(rest, value)
    for other in rest:
        if (head, other) in value:
            for plan in plans(tuple(team for team in rest if team != other), value):
                yield plan | {(head, other)}


def values_of(table: PairTable) -> dict[tuple[int, int], int]:
    """The integer value of each permitted pair."""
    columns = (table.first.tolist(), table.second.tolist(), table.integers.tolist())
    return {(a, b): value for a, b, value in zip(*columns, strict=True)}


def best(found: list[Pairs], value: dict[tuple[int, int], int]) -> tuple[int, int]:
    """Most pairs, then the greatest total."""
    return max((len(plan), sum(value[ends] for ends in plan)) for plan in found)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(n=st.integers(3, 8), seed=st.integers(0, 10_000), km=st.floats(0, 250), ratio=st.floats(1.2, 4))
def test_every_price_equals_enumeration(
    make_cohort: MakeCohort, n: int, seed: int, km: float, ratio: float
) -> None:
    """Forcing, parting and exempting, for every two teams: pairs lost and value lost are exact."""
    cohort = make_cohort(n, seed)
    profiles = estimate_profiles(cohort)
    assume(sum(profiles.model.usable) > 1)
    rules = [MinDistance(km), MaxSizeRatio(ratio)]
    plan = pair(cohort, rules, allow_unpaired=True, profiles=profiles)
    value = values_of(plan.table)
    everything = list(plans(tuple(range(n)), value))
    optimum = best(everything, value)
    paired = set(map(tuple, plan.pairs.tolist()))
    for first in range(n):
        for second in range(first + 1, n):
            ends = (first, second)
            found = plan.explain(cohort.ids[second], cohort.ids[first])
            if ends in paired:
                standing, rival = "paired", best([each for each in everything if ends not in each], value)
            elif ends in value:
                standing, rival = "possible", best([each for each in everything if ends in each], value)
            else:
                scored = plan.table.model.score(np.array([first]), np.array([second]))
                wider = value | {ends: int(scored.integers[0])}
                with_it = [each for each in plans(tuple(range(n)), wider) if ends in each]
                standing, rival = "banned", best(with_it, wider)
            assert found.standing == standing
            assert found.price.n_pairs_lost == optimum[0] - rival[0]
            assert round(found.price.value_lost * VALUE_SCALE) == optimum[1] - rival[1]
            assert (found.price.verdict == "better") == (rival > optimum)
            assert bool(found.card.bans) == (standing == "banned")


def test_the_next_best_partners_are_all_the_others_in_the_order_of_their_prices() -> None:
    """All of them have the price that the two alone have; the first five are the default."""
    plan = audit_plan()
    everyone = next_best_partners(plan, "R0A", None)
    assert {each.team for each in everyone.partners} | {"RJ2"} == {
        plan.cohort.ids[at] for at in plan.table.partners(0)
    }
    assert everyone.n_possible == len(everyone.partners)
    prices = [(each.price.n_pairs_lost, each.price.value_lost) for each in everyone.partners]
    assert prices == sorted(prices)
    for each in everyone.partners:
        assert plan.explain("R0A", each.team).price == each.price
        card = plan.explain("R0A", each.team).card
        assert (card.value, card.gain_a, card.gain_b) == (each.value, each.gain, each.gain_of_partner)
    last = plan.cohort.ids[-1]
    (seen_from_the_end,) = next_best_partners(plan, last, 1).partners
    card = plan.explain(last, seen_from_the_end.team).card
    assert (card.gain_b, card.gain_a) == (seen_from_the_end.gain, seen_from_the_end.gain_of_partner)
    assert plan.explain("R0A").next_best.partners == everyone.partners[:5]
    frame = everyone.to_frame()
    assert frame["partner"].tolist() == [each.team for each in everyone.partners]


def audit_plan() -> Pairing:
    """The plan of the demo."""
    rules = [MinDistance(50), MaxDistance(300), MaxSizeRatio(2), MaxLevelGap(0.5)]
    return pair(load_audit(), [*rules, Different("cancer_alliance")])


def test_the_changes_lead_from_the_plan_to_one_of_that_price() -> None:
    """What is parted is in the plan, what joins is permitted, and the values account for the price."""
    plan = audit_plan()
    position = {team: at for at, team in enumerate(plan.cohort.ids)}
    value = values_of(plan.table)
    planned = set(map(tuple, plan.pairs.tolist()))
    price = plan.explain("R0A", "R1K").price
    parted = {(position[a], position[b]) for a, b in price.parted}
    joined = {(position[a], position[b]) for a, b in price.joined}
    assert parted <= planned
    assert (position["R0A"], position["R1K"]) in joined
    lost = sum(value[ends] for ends in parted) - sum(value[ends] for ends in joined)
    assert round(price.value_lost * VALUE_SCALE) == lost
    assert all(f"{a}–{b}" in price.in_words for a, b in price.parted + price.joined)


def test_a_swap_counts_two_pairs_only() -> None:
    """It never costs less than the price, and is missing exactly where the two left over may not meet."""
    plan = audit_plan()
    value = values_of(plan.table)
    swaps = 0
    for team in plan.cohort.ids[:4]:
        for each in next_best_partners(plan, team, None).partners:
            left = sorted(int(plan.partner[plan.cohort.ids.index(name)]) for name in (team, each.team))
            if (left[0], left[1]) not in value:
                assert each.swap_value_lost is None
                assert each.short_swap() == ""
                continue
            swaps += 1
            assert each.swap_value_lost is not None
            assert each.swap_value_lost >= each.price.value_lost
    assert swaps > 0


def test_an_exemption_that_helps_is_called_a_gain() -> None:
    """A pair that the plan without a rule would have: exempted, it improves the plan, and it is said."""
    plan = audit_plan()
    rules = plan.table.model.rules.without("max_distance_km").rules
    wider = pair(plan.cohort, list(rules))
    ids = plan.cohort.ids
    found = [plan.explain(ids[a], ids[b]) for a, b in wider.pairs.tolist()]
    better = [each for each in found if each.price.verdict == "better"]
    assert better
    for each in better:
        assert each.standing == "banned"
        assert wider.total_value - plan.total_value >= -each.price.value_lost > 0
        assert "would be paired, and the plan would gain" in each.price_line()
        assert each.card.bans[0].sentence in each.headline()


def test_a_team_without_a_partner_is_told_why_and_whom_it_could_have(make_cohort: MakeCohort) -> None:
    """Its reason is that of unpaired.csv; giving it a partner has a price."""
    plan = pair(make_cohort(15, seed=5), allow_unpaired=True)
    (left_out,) = plan.unpaired
    found = plan.explain(left_out.team)
    assert found.card is found.price_of_parting is None
    assert found.reason == left_out.reason
    assert left_out.reason in found.headline()
    assert found.next_best.n_possible == 14
    assert all(each.price.n_pairs_lost == 0 for each in found.next_best.partners)
    assert all(each.price.value_lost >= 0 for each in found.next_best.partners)
    assert all(each.swap_value_lost is None for each in found.next_best.partners)


def test_one_pair_fewer_is_said(make_cohort: MakeCohort) -> None:
    """Four sizes in a row: if the two in the middle meet, the two at the ends have nobody."""
    cohort = make_cohort(16, seed=5)
    size = np.concatenate([[1.0, 2.0, 4.0, 8.0], np.full(12, 1000.0)])
    plan = pair(replace(cohort, size=size), [MaxSizeRatio(2)])
    price = plan.explain("T001", "T002").price
    assert price.n_pairs_lost == 1
    assert price.cost().startswith("1 pair")
    assert price.short_cost().startswith("1 pair, ")
    assert set(price.parted) == {("T000", "T001"), ("T002", "T003")}
    assert price.joined == (("T001", "T002"),)
    nobody = next_best_partners(plan, "T000")
    assert nobody.summary() == "No rule permits T000 any other partner."


def test_the_overview_has_a_line_a_pair() -> None:
    """In the order of the pairs, each with what either learns first; nothing is solved."""
    plan = audit_plan()
    found = plan.explain()
    frame = found.to_frame()
    assert frame["pair_id"].tolist() == list(plan.pair_ids)
    assert frame["value"].tolist() == plan.to_frame()["value"].tolist()
    assert frame.loc[0, "a_learns"] == "Chemotherapy, SCLC"
    assert frame["probability_neither_dominates"].between(0, 1).all()
    least = frame.loc[frame["probability_neither_dominates"].idxmin()]
    assert f"{least['pair_id']}, {least['team_a']} and {least['team_b']}" in found.summary()
    json.dumps(found.to_dict(), allow_nan=False)


def test_names_serve_as_well_as_ids() -> None:
    """In any case; where nothing fits, the nearest is suggested, all at once."""
    plan = audit_plan()
    named = plan.explain("manchester university NHS foundation trust", "rj2")
    assert named.card == plan.explain("R0A", "RJ2").card
    with pytest.raises(InputDataError) as raised:
        plan.explain("R0X", "Lewisham and Greenwich Trust")
    assert [problem.value for problem in raised.value.problems] == ["R0X", "Lewisham and Greenwich Trust"]
    assert "Did you mean 'Lewisham and Greenwich NHS Trust'?" in str(raised.value)


def test_a_name_of_two_teams_is_refused(make_cohort: MakeCohort) -> None:
    """Rather than guessing; the ids are listed."""
    cohort = make_cohort(12, seed=3)
    plan = pair(replace(cohort, names=("Twin", "Twin", *cohort.names[2:])))
    with pytest.raises(InputDataError, match="can mean 2 teams: T000, T001"):
        plan.explain("twin")


def test_questions_without_sense_are_refused(make_cohort: MakeCohort) -> None:
    """The same team twice, a second team alone, a negative number, a plan that is not proven."""
    plan = pair(make_cohort(12, seed=3))
    with pytest.raises(InputDataError, match="named twice"):
        plan.explain("T000", "t000")
    with pytest.raises(SettingsError, match="needs a first team"):
        plan.explain(None, "T000")  # type: ignore[call-overload]
    with pytest.raises(SettingsError, match="not a number of partners"):
        plan.explain("T000", partners=-1)
    with pytest.raises(SettingsError, match="not proven"):
        next_best_partners(replace(plan, status="feasible"), "T000")


def test_the_fairest_plan_is_priced_by_its_own_objective(make_cohort: MakeCohort) -> None:
    """A plan that is less fair is worse, even where its total is greater, and the words say so."""
    plan = fairest_pairing(pair(make_cohort(16, seed=9), [MinDistance(60)]).table)
    prices = [each.price for team in plan.cohort.ids for each in plan.explain(team).next_best.partners]
    assert all(price.objective == "fairest" and price.verdict != "better" for price in prices)
    assert all(price.worst_value_lost >= 0 for price in prices)
    greater = [price for price in prices if price.value_lost < 0 and price.worst_value_lost > 0]
    assert greater
    assert "the worst-off pair would have" in greater[0].cost()


def test_what_cannot_be_priced_is_explained_all_the_same(make_cohort: MakeCohort) -> None:
    """Plans by levels, unproven ones and groups of three: the card, and why there is no price."""
    cohort = make_cohort(15, seed=5)
    plan = pair(cohort, allow_unpaired=True)
    grouped = pairing_with_triad(plan.table)
    assert grouped.triad is not None
    one, two, three = (cohort.ids[at] for at in grouped.triad)
    alone = grouped.explain(one)
    assert alone.reason == f"it meets {two} and {three} in a group of three, P07"
    assert alone.next_best is alone.price_of_parting is None
    together = grouped.explain(two, one)
    assert together.standing == "grouped"
    assert together.headline().endswith("meet in the plan's group of three.")
    assert len(grouped.explain().cards) == len(grouped.pairs) == 6
    levels = ordered_pairing(plan.table, ["worst", "total"], allow_unpaired=True)
    first, second = (cohort.ids[at] for at in levels.pairs[0])
    for found in (levels.explain(first), levels.explain(first, second), together, alone):
        assert found.unpriced is not None
        assert found.unpriced in found.summary()
        assert found.unpriced in found._repr_html_().replace("&#x27;", "'")
        json.dumps(found.to_dict(), allow_nan=False)
    assert levels.explain(first).card == levels.explain(second, first).card
    assert replace(plan, status="feasible").explain(first).next_best is None


def test_displaying_agrees_with_the_facts() -> None:
    """Every view of an explanation names the same teams and prices."""
    plan = audit_plan()
    for found in (plan.explain("R0A"), plan.explain("R0A", "RJ2"), plan.explain("R0A", "R0B")):
        first = found.summary().splitlines()[0]
        assert first == found.headline() or first in found.headline()
        assert "R0A" in found._repr_html_()
        assert "R0A" in repr(found)
        json.dumps(found.to_dict(), allow_nan=False)
        assert len(found.to_frame()) > 0
    assert "To part R0A and RJ2 would cost the plan 0.070 SD in total" in plan.explain("R0A").summary()
