"""Other plans: the best in order and those that differ, against enumeration on small cohorts."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from pairing import (
    Cohort,
    MaxSizeRatio,
    MinDistance,
    Pairing,
    PairTable,
    SettingsError,
    estimate_profiles,
    load_audit,
    pair,
)
from pairing.errors import CertificateError
from pairing.pairs import VALUE_SCALE
from pairing.planning import MaxPairsOver, fairest_pairing, ordered_pairing

MakeCohort = Callable[..., Cohort]
Pairs = frozenset[tuple[int, int]]


def all_plans(free: tuple[int, ...], permitted: set[tuple[int, int]]) -> Iterator[Pairs]:
    """Every set of disjoint permitted pairs."""
    if not free:
        yield frozenset()
        return
    head, rest = free[0], free[1:]
    yield from all_plans(rest, permitted)
    for other in rest:
        if (head, other) in permitted:
            for plan in all_plans(tuple(team for team in rest if team != other), permitted):
                yield plan | {(head, other)}


def totals_of_full_plans(table: PairTable) -> dict[Pairs, int]:
    """The total of every plan with as many pairs as possible."""
    ends = zip(table.first.tolist(), table.second.tolist(), strict=True)
    value = dict(zip(ends, table.integers.tolist(), strict=True))
    plans = list(all_plans(tuple(range(len(table.model.cohort))), set(value)))
    most = max(map(len, plans))
    return {plan: sum(value[pair] for pair in plan) for plan in plans if len(plan) == most}


def pairs_of(partner: np.ndarray) -> Pairs:
    """The pairs of a plan."""
    return frozenset((one, other) for one, other in enumerate(partner.tolist()) if one < other)


def small_plan(make_cohort: MakeCohort, n: int, seed: int, km: float) -> Pairing:
    """The best plan of a few made-up teams."""
    cohort = make_cohort(n, seed)
    profiles = estimate_profiles(cohort)
    assume(sum(profiles.model.usable) > 1)
    return pair(cohort, MinDistance(km), allow_unpaired=True, profiles=profiles)


QUICK = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUICK
@given(
    n=st.integers(2, 8),
    seed=st.integers(0, 10_000),
    km=st.floats(0, 250),
    k=st.integers(1, 12),
    within=st.sampled_from([None, 0.0, 0.05, 0.3]),
)
def test_the_best_plans_equal_enumeration(
    make_cohort: MakeCohort, n: int, seed: int, km: float, k: int, within: float | None
) -> None:
    """In order, none missing, none too far below the best; and the proof says so."""
    plan = small_plan(make_cohort, n, seed, km)
    totals = totals_of_full_plans(plan.table)
    in_order = sorted(totals.values(), reverse=True)
    good = [each for each in in_order if within is None or in_order[0] - each <= within * abs(in_order[0])]
    found = plan.alternatives(k, within=within)
    assert list(found.totals) == [totals[pairs_of(partner)] for partner in found.plans] == good[:k]
    assert len({pairs_of(partner) for partner in found.plans}) == len(found)
    assert found.prove().totals == found.totals
    assert found.plans[0].tolist() == plan.partner.tolist()


@QUICK
@given(n=st.integers(4, 8), seed=st.integers(0, 10_000), km=st.floats(0, 200), changed=st.integers(2, 3))
def test_plans_that_differ_equal_a_greedy_enumeration(
    make_cohort: MakeCohort, n: int, seed: int, km: float, changed: int
) -> None:
    """Each is the best of those with so many new pairs against every plan before it."""
    plan = small_plan(make_cohort, n, seed, km)
    assume(len(plan.pairs) >= changed)
    totals = totals_of_full_plans(plan.table)
    found = plan.alternatives(4, changed=changed)
    chosen: list[Pairs] = []
    for partner, total in zip(found.plans, found.totals, strict=True):
        far = {p: t for p, t in totals.items() if all(len(p - earlier) >= changed for earlier in chosen)}
        assert totals[pairs_of(partner)] == total == max(far.values())
        chosen.append(pairs_of(partner))
    left = [p for p in totals if all(len(p - earlier) >= changed for earlier in chosen)]
    assert found.is_complete or not left


@pytest.fixture(scope="module")
def audit_plan() -> Pairing:
    """The plan of the bundled audit."""
    return pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])


def test_the_table_says_what_changes(audit_plan: Pairing) -> None:
    """Losses against the best, the number of new pairs, and the pairs in words."""
    found = audit_plan.alternatives(4)
    frame = found.to_frame()
    assert frame["rank"].tolist() == [1, 2, 3, 4]
    assert frame["loss"][0] == 0
    assert frame["changed"][0] == ""
    assert frame["n_changed"][0] == 0
    assert (frame["gap"] == 0).all()
    for rank in (2, 3, 4):
        pairs = found.frame_of(rank)
        assert pairs["value"].sum() == pytest.approx(frame["total_value"][rank - 1])
        assert (~pairs["in_plan"]).sum() == frame["n_changed"][rank - 1]
        for new in pairs.loc[~pairs["in_plan"], ["team_a", "team_b"]].agg("–".join, axis=1):
            assert new in frame["changed"][rank - 1]
        percent = 100 * frame["loss"][rank - 1] / frame["total_value"][0]
        assert frame["loss_percent"][rank - 1] == pytest.approx(percent, abs=1e-6)
    together = found.pairs_frame()
    assert together.groupby("rank").size().tolist() == [60] * 4
    shared = set.intersection(
        *(set(map(tuple, p[["team_a", "team_b"]].values)) for _, p in together.groupby("rank"))
    )
    assert found.n_in_all == len(shared)
    assert f"{len(shared)} of 60 pairs are in all 4" in found.summary()
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["n_pairs_in_all"] == len(shared)
    assert "4 best of all plans of 60 pairs" in found._repr_html_()


def test_different_plans_differ_from_each_other(audit_plan: Pairing) -> None:
    """Not only from the plan at hand."""
    found = audit_plan.alternatives(3, changed=12)
    plans = [pairs_of(partner) for partner in found.plans]
    assert all(len(a - b) >= 12 for a, b in itertools.permutations(plans, 2))
    assert found.status == "optimal"
    assert "3 plans of 60 pairs, each with at least 12 pairs that no plan before it has." in found.summary()
    with pytest.raises(SettingsError, match="no proof without a solver"):
        found.prove()


def test_fewer_than_wanted_is_said(make_cohort: MakeCohort) -> None:
    """With the limit on the loss that was set."""
    plan = pair(make_cohort(12, seed=4), MinDistance(0))
    near = plan.alternatives(500, within=0.001)
    assert not near.is_complete
    assert "instead of 500: no" in near.summary()
    assert "at most 0.1% below the best" in near.summary()
    assert near.prove().rest is None or near.prove().rest < near.totals[0] * 0.999


def test_a_plan_for_another_objective_is_placed(audit_plan: Pairing) -> None:
    """Plans are ranked by total value; where the fairest plan stands among them is said."""
    plan = fairest_pairing(audit_plan.table)
    found = plan.alternatives(2)
    assert found.totals[0] == round(audit_plan.total_value * VALUE_SCALE)
    below = f"{audit_plan.total_value - plan.total_value:.3f} SD below the best"
    assert found.rank_of_plan is None
    assert below in found.summary()


def test_side_constraints_hold_for_every_plan(audit_plan: Pairing) -> None:
    """And the plan under constraints comes first."""
    plan = ordered_pairing(audit_plan.table, constraints=[MaxPairsOver(200, 5)])
    found = plan.alternatives(3)
    assert found.totals[0] == round(plan.total_value * VALUE_SCALE)
    assert len({pairs_of(partner) for partner in found.plans}) == 3
    for rank in (1, 2, 3):
        assert (found.frame_of(rank)["distance_km"] > 200).sum() <= 5


def test_bad_arguments_are_told_together(audit_plan: Pairing) -> None:
    """Each with what was expected."""
    with pytest.raises(SettingsError) as caught:
        audit_plan.alternatives(0, changed=61, within=-0.1, time_limit_s=0)
    assert [problem.column for problem in caught.value.problems] == ["k", "changed", "within", "time_limit_s"]
    for wrong in (True, 2.5):
        with pytest.raises(SettingsError, match="out of range"):
            audit_plan.alternatives(wrong)  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match="a whole number from 1 to 2"):
        audit_plan.alternatives(2).frame_of(3)


def test_a_changed_table_breaks_the_proof(audit_plan: Pairing) -> None:
    """The proof covers the values: with others it fails."""
    found = audit_plan.alternatives(3)
    integers = audit_plan.table.integers.copy()
    integers[:50] += VALUE_SCALE
    other = replace(audit_plan, table=replace(audit_plan.table, integers=integers))
    with pytest.raises(CertificateError):
        replace(found, pairing=other).prove()


def test_progress_is_told(audit_plan: Pairing) -> None:
    """Once a plan."""
    told: list[tuple[int, int]] = []
    audit_plan.alternatives(3, progress=lambda *so_far: told.append(so_far))
    audit_plan.alternatives(2, changed=5, progress=lambda *so_far: told.append(so_far))
    assert told == [(1, 3), (2, 3), (3, 3), (1, 2), (2, 2)]
