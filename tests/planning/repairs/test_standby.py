"""Standby partners are what a repair of each drop-out would give."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from pairing import Cohort, MaxSizeRatio, MinDistance, NotNearest, Pairing, estimate_profiles, pair
from pairing.planning import named_pairs
from pairing.rules import Drawn, Forbid

MakeCohort = Callable[..., Cohort]


def assert_equals_repairs(plan: Pairing) -> None:
    """Every row agrees with the repair of that drop-out, made by itself."""
    standby = plan.standby()
    assert len(standby.successors) == 2 * len(plan.pairs)
    for row in standby.successors:
        repaired = plan.repair(without=[row.partner_lost], allow_unpaired=True)
        pairs = named_pairs(repaired.pairing)
        partner = dict(pairs) | {b: a for a, b in pairs}
        assert row.new_partner == partner.get(row.team)
        assert row.n_pairs_changed == len(plan.pairs) - 1 - len(repaired.kept)
        gained = repaired.pairing.total_value - plan.total_value
        assert row.value_change == pytest.approx(gained, abs=1e-12)
        drawn = next((rule.teams for rule in plan.table.model.rules.rules if isinstance(rule, Drawn)), None)
        alone = [one.team for one in repaired.pairing.unpaired if drawn is None or one.team in drawn]
        assert list(row.left_out) == alone


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    n=st.integers(3, 13),
    seed=st.integers(0, 10_000),
    km=st.sampled_from([0.0, 100.0, 200.0]),
    nearest=st.sampled_from([0, 1, 2]),
    ratio=st.sampled_from([1.5, 4.0]),
)
def test_standby_equals_repairs(
    make_cohort: MakeCohort, n: int, seed: int, km: float, nearest: int, ratio: float
) -> None:
    """With and without rules that look at all teams, with odd and even numbers, complete plans or not."""
    cohort = make_cohort(n, seed)
    profiles = estimate_profiles(cohort)
    assume(sum(profiles.model.usable) > 1)
    rules = [MinDistance(km), MaxSizeRatio(ratio), *([NotNearest(nearest)] if nearest else [])]
    assert_equals_repairs(pair(cohort, rules, profiles=profiles, allow_unpaired=True))


def test_locked_and_forbidden_pairs_count(make_cohort: MakeCohort) -> None:
    """A lock ends with a drop-out of one of its teams, and holds for the others."""
    plan = pair(make_cohort(11, seed=2), [Forbid((("T001", "T002"),))], allow_unpaired=True)
    locked = plan.repair(forbid=[named_pairs(plan)[0]], keep=[named_pairs(plan)[1]]).pairing
    assert_equals_repairs(locked)


def test_only_drawn_teams_step_in(make_cohort: MakeCohort) -> None:
    """Teams that were not drawn are neither partners nor left out."""
    cohort = make_cohort(12, seed=5)
    plan = pair(cohort, [Drawn(frozenset(cohort.ids[:7]))], allow_unpaired=True)
    assert_equals_repairs(plan)
    assert {row.new_partner for row in plan.standby().successors} - {None} <= set(cohort.ids[:7])


def test_where_all_are_paired_the_other_team_stays_out(make_cohort: MakeCohort) -> None:
    """Nothing else changes then, and the summary says what would help."""
    standby = pair(make_cohort(12, seed=5)).standby()
    assert {row.n_pairs_changed for row in standby.successors} == {0}
    assert all(row.left_out == (row.team,) for row in standby.successors)
    assert "A team held in reserve would step in" in standby.summary()


def test_progress_and_views(make_cohort: MakeCohort) -> None:
    """Progress counts the drop-outs; table, dictionary and words agree."""
    plan = pair(make_cohort(13, seed=9), allow_unpaired=True)
    done: list[int] = []
    standby = plan.standby(progress=done.append)
    assert done == list(range(1, 13))
    frame = standby.to_frame()
    assert list(frame.columns) == [
        "team", "partner_lost", "new_partner", "n_pairs_changed", "value_change", "left_out",
    ]  # fmt: skip
    assert frame["team"].tolist() == [row["team"] for row in standby.to_dict()["standby"]]
    assert "12 of 12 teams would have a new one" in standby._repr_html_()
