"""Where a largest distance bans most pairs, those near enough are found without looking at the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from pairing import MaxDistance, MaxSizeRatio, MinDistance, TravelTable
from pairing.pairs import VALUE_SCALE, PairModel, PairTable, Preferences
from pairing.pairs.reach import Reach
from pairing.pairs.stream import PairStream
from pairing.profiles import estimate_profiles
from pairing.rules import RuleSet
from pairing.rules.facts import TeamFacts
from tests.conftest import synthetic_cohort

RULES = RuleSet((MinDistance(10), MaxDistance(90), MaxSizeRatio(2.5)))


def facts_of(latitude: np.ndarray, longitude: np.ndarray) -> TeamFacts:
    """Teams at these places."""
    cohort = replace(synthetic_cohort(len(latitude), 1), latitude=latitude, longitude=longitude)
    return TeamFacts.of(cohort, estimate_profiles(cohort))


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(1, 60),
    km=st.sampled_from([5.0, 90.0, 2_000.0, 15_000.0]),
    pairs_each=st.sampled_from([1, 100, 10_000]),
)
def test_every_pair_within_reach_comes_once(seed: int, n: int, km: float, pairs_each: int) -> None:
    """All over the globe, poles and date line included, some teams at the same place."""
    rng = np.random.default_rng(seed)
    latitude, longitude = np.degrees(np.arcsin(rng.uniform(-1, 1, n))), rng.uniform(-180, 180, n)
    crowd = rng.random(n) < 0.5
    latitude[crowd], longitude[crowd] = 66.0 + rng.normal(0, 0.3, crowd.sum()), 179.9
    facts = facts_of(latitude, longitude)
    times = np.zeros((n, n), np.int64)
    for pairs, wanted in Reach(facts, km).rectangles(pairs_each):
        np.add.at(times, np.ix_(pairs.positions(pairs.rows), pairs.positions(pairs.columns)), wanted)
    times += times.T
    first, second = np.triu_indices(n, 1)
    near = facts.pairs(first, second).distance_km <= km
    assert (times[first, second][near] == 1).all()
    assert times.max(initial=0) <= 1
    assert (np.diag(times) == 0).all()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), lowest=st.floats(-0.2, 0.6))
def test_the_same_heavy_pairs_as_without_the_index(seed: int, lowest: float) -> None:
    """Every permitted pair is counted, and every heavy one is found with its value."""
    cohort = synthetic_cohort(40, seed)
    model = PairModel(cohort, estimate_profiles(cohort), RULES, Preferences())
    assert Reach.of(RULES, model.facts) is not None
    floors = (lowest + np.random.default_rng(seed).uniform(-0.1, 0.1, 40)) / 2 * VALUE_SCALE
    found, n_seen = set(), 0
    for n_edges, first, second, weights, _ in PairStream(model, pairs_per_block=90, threads=2).heavy(floors):
        n_seen += n_edges
        assert (first < second).all()
        found |= set(zip(first.tolist(), second.tolist(), weights.tolist(), strict=True))
    table = PairTable.build(model)
    rows = list(zip(table.first.tolist(), table.second.tolist(), table.integers.tolist(), strict=True))
    heavy = {row for row in rows if row[2] > floors[row[0]] + floors[row[1]]}
    assert n_seen == len(table)
    assert heavy <= found <= set(rows)


def test_it_is_made_only_where_it_pays_and_is_right() -> None:
    """Not with a wide limit or none, not where a place is unknown, not where a table has the distances."""
    cohort = synthetic_cohort(40, 3)
    profiles = estimate_profiles(cohort)
    facts = TeamFacts.of(cohort, profiles)
    assert Reach.of(RULES, facts) is not None
    assert Reach.of(RuleSet((MaxDistance(90), MinDistance(10))).without("max_distance_km"), facts) is None
    assert Reach.of(RuleSet((MaxDistance(400),)), facts) is None
    assert cohort.latitude is not None
    unknown = replace(cohort, latitude=np.where(np.arange(40) == 7, np.nan, cohort.latitude))
    assert Reach.of(RULES, TeamFacts.of(unknown, profiles)) is None
    one = pd.DataFrame({"team_a": ["T000"], "team_b": ["T001"], "minutes": [30.0], "km": [20.0]})
    journeys = TravelTable.from_frame(one, cohort.ids)
    assert Reach.of(RULES, TeamFacts.of(cohort, profiles, journeys)) is None


def test_the_share_within_reach_is_estimated() -> None:
    """On an even line of teams a reach of a tenth of its length covers somewhat less than a fifth."""
    facts = facts_of(np.linspace(0.0, 9.0, 200), np.zeros(200))
    assert Reach(facts, 100.0).share() == pytest.approx(0.19, abs=0.01)
