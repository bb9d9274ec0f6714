"""Random pairings of a plan's teams: they keep the rules, and say how far above chance the plan is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from pairing import (
    Cohort,
    Forbid,
    Locked,
    MaxPairsOver,
    MaxSizeRatio,
    MinDistance,
    Pairing,
    Require,
    SettingsError,
    load_audit,
    ordered_pairing,
    pair,
    pairing_with_triad,
)
from pairing.planning.random_pairings import MOST_DRAWS, random_pairings

MakeCohort = Callable[..., Cohort]


def pairs_of(partner: np.ndarray) -> list[tuple[int, int]]:
    """The pairs of one draw."""
    return [(at, int(other)) for at, other in enumerate(partner) if at < other]


def permitted(plan: Pairing) -> set[tuple[int, int]]:
    """The permitted pairs."""
    return set(zip(plan.table.first.tolist(), plan.table.second.tolist(), strict=True))


@pytest.fixture(scope="module")
def plan() -> Pairing:
    """The audit's teams."""
    return pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])


def test_every_draw_keeps_every_rule_and_has_its_total(plan: Pairing) -> None:
    """All teams once, permitted pairs only, and the total is the sum of their values."""
    found = plan.random_pairings(50, seed=1)
    allowed = permitted(plan)
    values = dict(zip(sorted(allowed), plan.table.value, strict=True))
    for partner, total in zip(found.partner, found.totals, strict=True):
        pairs = pairs_of(partner)
        assert len(pairs) == 60
        assert allowed.issuperset(pairs)
        assert total == pytest.approx(sum(values[each] for each in pairs), abs=1e-9)


def test_the_plan_is_far_above_chance(plan: Pairing) -> None:
    """No random pairing comes near it, and the mean is that of uniformly drawn ones."""
    found = plan.random_pairings(1_000, seed=0)
    assert found.share_worse == 1.0
    assert found.sds_above is not None
    assert found.sds_above > 10
    again = plan.random_pairings(1_000, seed=1)
    assert found.mean == pytest.approx(again.mean, abs=4 * 0.6 / 1_000**0.5 * 2**0.5)
    assert found.totals.tolist() != again.totals.tolist()
    assert "100.0% of them are worse than the plan" in found.summary()
    assert found.to_frame().columns.tolist() == ["draw", "n_pairs", "total_value"]
    assert found.to_dict()["n"] == 1_000
    assert "<" in found._repr_html_()


def test_the_same_whatever_the_order_of_rows(make_cohort: MakeCohort) -> None:
    """A cohort sorts its teams, so the draws are the same; 0 is a seed."""
    cohort = make_cohort(20, seed=3)
    shuffled = cohort.subset(reversed(cohort.ids))
    one, other = (pair(each, MinDistance(20)).random_pairings(30, seed=0) for each in (cohort, shuffled))
    assert one.totals.tolist() == other.totals.tolist()


def test_required_and_locked_pairs_are_in_all(make_cohort: MakeCohort) -> None:
    """They are rules like others."""
    cohort = make_cohort(16, seed=1)
    plan = pair(
        cohort, [Require((("T000", "T009"),)), Locked((("T003", "T004"),)), Forbid((("T001", "T002"),))]
    )
    found = plan.random_pairings(80, seed=0)
    for partner in found.partner:
        pairs = set(pairs_of(partner))
        assert {(0, 9), (3, 4)} <= pairs
        assert (1, 2) not in pairs


def test_teams_left_out_change(make_cohort: MakeCohort) -> None:
    """As many are left out as in the plan, not always the same."""
    plan = pair(make_cohort(15, seed=2), MinDistance(20), allow_unpaired=True)
    found = plan.random_pairings(100, seed=0)
    left_out = [np.flatnonzero(partner < 0).tolist() for partner in found.partner]
    assert {len(teams) for teams in left_out} == {1}
    assert len({teams[0] for teams in left_out}) > 5


def test_a_group_of_three_counts_with_its_least_value(make_cohort: MakeCohort) -> None:
    """Every random pairing has one, of teams that may all meet, and often another one."""
    table = pair(make_cohort(13, seed=4), MinDistance(30), allow_unpaired=True).table
    plan = pairing_with_triad(table)
    assert plan.triad is not None
    found = plan.random_pairings(60, seed=0)
    value = dict(zip(sorted(permitted(plan)), plan.table.value, strict=True))
    groups = set()
    for partner, total in zip(found.partner, found.totals, strict=True):
        one, two, three = np.flatnonzero(partner < 0).tolist()
        groups.add((one, two, three))
        least = min(value[one, two], value[one, three], value[two, three])
        assert total == pytest.approx(sum(value[each] for each in pairs_of(partner)) + least, abs=1e-9)
    assert len(groups) > 5
    assert found.share_worse == np.mean(found.totals < plan.total_value - 5e-10)


def test_side_constraints_are_not_imposed_and_that_is_said(make_cohort: MakeCohort) -> None:
    """The plan keeps to them; the comparison is with all that the rules about pairs permit."""
    plan = pair(make_cohort(14, seed=6), MinDistance(10))
    side = ordered_pairing(plan.table, ["total"], constraints=[MaxPairsOver(150, 2)])
    found = side.random_pairings(40, seed=0)
    assert any("side constraints are not imposed" in note for note in found.notes)
    assert found.totals.tolist() == plan.random_pairings(40, seed=0).totals.tolist() or len(found) == 40


def test_one_pair_and_no_pair(make_cohort: MakeCohort) -> None:
    """With one possible pairing all are alike; without pairs there is nothing to compare."""
    cohort = make_cohort(4, seed=0)
    ids = cohort.ids
    others = tuple((a, b) for a in ids for b in ids if a < b and (a, b) != (ids[0], ids[1]))
    one = pair(cohort, Forbid(others), allow_unpaired=True).random_pairings(5, seed=0)
    assert (len(one), one.sds_above, one.share_worse) == (5, None, 0.0)
    assert one.totals.tolist() == [one.plan_total] * 5
    assert "all have a total of" in one.summary()


def test_fewer_draws_are_owned_up_to(plan: Pairing) -> None:
    """When the work is bounded, a note says how many were drawn."""
    found = random_pairings(plan, 500, seed=0, most_steps=40_000)
    assert 0 < len(found) < 500
    assert f"stopped after {len(found)}" in found.summary()


def test_bad_arguments_are_told_together(plan: Pairing) -> None:
    """Every problem at once."""
    with pytest.raises(SettingsError) as error:
        plan.random_pairings(MOST_DRAWS + 1, seed=-1)
    assert [problem.column for problem in error.value.problems] == ["n", "seed"]
