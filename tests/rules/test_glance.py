"""What a rule sees at a glance never contradicts its verdict on the same pairs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from pairing.cohort import Cohort
from pairing.rules import (
    Caliper,
    Different,
    Drawn,
    Forbid,
    Locked,
    MaxDistance,
    MaxLevelGap,
    MaxSizeRatio,
    MaxTravel,
    MinDistance,
    Missing,
    NotNearest,
    Previous,
    Rectangle,
    Require,
    Rule,
    RuleSet,
    Same,
    TeamFacts,
    TravelTable,
)
from tests.conftest import synthetic_cohort

N = 24
RULES: tuple[Rule, ...] = (
    MinDistance(120),
    MaxDistance(200),
    NotNearest(4),
    MaxSizeRatio(1.5),
    MaxLevelGap(0.5),
    Caliper("beds", 12),
    Different("network"),
    Same("country"),
    Forbid((("T003", "T001"), ("T005", "T006"))),
    Previous((("T003", "T001"), ("gone", "T002"))),
    Require((("T007", "T002"),)),
    Locked((("T009", "T004"),)),
    Drawn(frozenset(f"T{number:03d}" for number in range(20))),
    MaxTravel(150),
)


def facts_of(cohort: Cohort) -> TeamFacts:
    """Facts with made-up levels and travel times."""
    level = np.random.default_rng(4).standard_normal(len(cohort)).round(1)
    rows = [
        (cohort.ids[i], cohort.ids[j], float(10 * ((i + 1) * (j + 1) % 30)))
        for i in range(len(cohort))
        for j in range(i + 1, len(cohort))
    ]
    frame = pd.DataFrame(rows, columns=["team_a", "team_b", "minutes"])
    return TeamFacts(cohort, level, TravelTable.from_frame(frame, cohort.ids))


def with_gaps(cohort: Cohort, seed: int) -> Cohort:
    """The same teams, some without size, place, beds or network, some at the same place."""
    rng = np.random.default_rng(seed)
    assert cohort.size is not None
    assert cohort.latitude is not None
    assert cohort.longitude is not None
    size, latitude, longitude = cohort.size.copy(), cohort.latitude.copy(), cohort.longitude.copy()
    latitude[3], longitude[3] = latitude[4], longitude[4]
    size[rng.integers(0, N, 3)] = np.nan
    latitude[rng.integers(5, N, 2)] = np.nan
    table = cohort.table.copy()
    table.iloc[rng.integers(0, N, 2), table.columns.get_loc("network")] = None
    table.iloc[rng.integers(0, N, 2), table.columns.get_loc("beds")] = None
    return replace(cohort, size=size, latitude=latitude, longitude=longitude, table=table)


def assert_sifts_as_it_judges(rules: RuleSet, facts: TeamFacts, rows: np.ndarray | slice) -> None:
    """The sifted pairs and the counts equal those of the rules' verdicts pair by pair."""
    pairs = Rectangle(facts, rows, slice(0, N))
    positions = np.arange(N)[rows]
    wanted = np.not_equal.outer(positions, np.arange(N))
    counts = np.zeros(len(rules.rules), np.int64)
    sifted = rules.sift(pairs, wanted.copy(), counts)
    at, other = np.nonzero(wanted)
    one = positions[at]
    block = facts.pairs(np.minimum(one, other), np.maximum(one, other))
    assert sifted[at, other].tolist() == rules.permitted(block).tolist()
    assert counts.tolist() == rules.bans(block).sum(axis=0).tolist()
    assert (rules.sift(pairs, wanted.copy()) == sifted).all()


@pytest.mark.parametrize("rule", RULES, ids=[rule.key for rule in RULES])
def test_each_rule_sifts_as_it_judges(rule: Rule, make_cohort: Callable[..., Cohort]) -> None:
    """Alone, over a slice of rows and over scattered rows."""
    facts = facts_of(make_cohort(N, 11))
    for rows in (slice(2, 9), np.array([5, 0, 23])):
        assert_sifts_as_it_judges(RuleSet((rule,)), facts, rows)


def test_all_rules_but_travel_tables_see_at_a_glance(make_cohort: Callable[..., Cohort]) -> None:
    """No rule that comes with the package falls back to looking at pairs one by one, but for travel."""
    pairs = Rectangle(facts_of(make_cohort(N, 11)), slice(0, 3), slice(0, N))
    slow = [rule.key for rule in RULES if rule.glance(pairs) is None]
    assert slow == ["max_travel_minutes"]


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    chosen=st.lists(st.sampled_from(RULES), min_size=1, max_size=5, unique_by=lambda rule: rule.key),
    missing=st.sampled_from(["ban", "permit"]),
)
def test_rules_together_sift_as_they_judge(seed: int, chosen: list[Rule], missing: Missing) -> None:
    """Whatever the rules, with data missing and two teams at one place."""
    facts = facts_of(with_gaps(synthetic_cohort(N, seed), seed))
    assert_sifts_as_it_judges(RuleSet(tuple(chosen), missing), facts, slice(0, N))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), at=st.integers(0, N * (N - 1) // 2 - 1))
def test_limits_that_are_a_pairs_own_figure_are_kept(seed: int, at: int) -> None:
    """A limit set to the very figure of a pair: rounding decides, and decides the same both ways."""
    facts = facts_of(synthetic_cohort(N, seed))
    first, second = np.triu_indices(N, 1)
    block = facts.pairs(first, second)
    rules: tuple[Rule, ...] = (
        MinDistance(float(block.distance_km[at])),
        MaxDistance(float(block.distance_km[at])),
        MaxSizeRatio(float(block.size_ratio[at])),
        MaxLevelGap(float(block.level_gap[at])),
        NotNearest(1 + at % 5),
    )
    for rule in rules:
        assert_sifts_as_it_judges(RuleSet((rule,)), facts, slice(0, N))
