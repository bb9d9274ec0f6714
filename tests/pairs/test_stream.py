"""A stream of pairs, in however small pieces, is the table: same pairs, same values, same plans."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from pairing import MaxDistance, MaxLevelGap, MaxSizeRatio, MinDistance
from pairing.errors import InputDataError, SettingsError
from pairing.matching import MatchingProblem, check_certificate, solve
from pairing.pairs import VALUE_SCALE, PairModel, PairTable, Preferences
from pairing.pairs.stream import PairStream
from pairing.pairs.streamed_table import StreamedTable
from pairing.planning.pair import best_pairing
from pairing.profiles import estimate_profiles
from pairing.rules import Different, RuleSet
from tests.conftest import synthetic_cohort

RULES = RuleSet((MinDistance(40), MaxDistance(350), MaxSizeRatio(2.5), Different("network")))


def model_of(n: int, seed: int, rules: RuleSet = RULES, preferences: Preferences | None = None) -> PairModel:
    """Made-up teams with rules that ban many pairs and leave some teams few partners."""
    cohort = synthetic_cohort(n, seed)
    return PairModel(cohort, estimate_profiles(cohort), rules, preferences or Preferences())


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("pairs_per_block", [1, 90, 1 << 18])
def test_blocks_are_the_scored_pairs(pairs_per_block: int, threads: int) -> None:
    """The same pairs with the same integers as scoring every pair and keeping the permitted ones."""
    model = model_of(41, 1, preferences=Preferences(travel_per_100_km=0.05))
    stream = PairStream(model, pairs_per_block=pairs_per_block, threads=threads)
    first, second, values = (np.concatenate(column) for column in zip(*stream.blocks(), strict=True))
    scored = model.score(*np.triu_indices(41, 1))
    kept = scored.permitted
    assert first.tolist() == scored.pairs.first[kept].tolist()
    assert second.tolist() == scored.pairs.second[kept].tolist()
    assert values.tolist() == scored.integers[kept].tolist()
    survey = stream.survey
    assert survey.n_permitted == kept.sum() == stream.n_edges
    assert survey.n_banned_by.tolist() == scored.banned.sum(axis=0).tolist()
    assert survey.best_units == scored.integers[kept].max()
    assert survey.average_value == pytest.approx(scored.value[kept].mean(), abs=2e-6)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), lowest=st.floats(-0.2, 0.6), n_asked=st.integers(0, 8))
def test_every_heavy_pair_is_found(seed: int, lowest: float, n_asked: int) -> None:
    """Whatever the floors; among the pairs of some teams only, if so asked."""
    model = model_of(30, seed)
    rng = np.random.default_rng(seed)
    floors = (lowest + rng.uniform(-0.1, 0.1, 30)) / 2 * VALUE_SCALE
    vertices = None if n_asked == 0 else rng.choice(30, n_asked, replace=False)
    stream = PairStream(model, pairs_per_block=90, threads=1)
    found, n_seen = set(), 0
    for n_edges, first, second, weights, _ in stream.heavy(floors, vertices):
        n_seen += n_edges
        found |= set(zip(first.tolist(), second.tolist(), weights.tolist(), strict=True))
    table = PairTable.build(model)
    heavy = table.integers > floors[table.first] + floors[table.second]
    if vertices is not None:
        heavy &= np.isin(table.first, vertices) | np.isin(table.second, vertices)
    columns = (table.first[heavy], table.second[heavy], table.integers[heavy])
    assert set(zip(*(column.tolist() for column in columns), strict=True)) <= found
    assert found <= set(
        zip(table.first.tolist(), table.second.tolist(), table.integers.tolist(), strict=True)
    )
    if vertices is None:
        assert n_seen == len(table)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(2, 60), gap=st.sampled_from([0.1, 0.4, 3.0]))
def test_the_plan_of_a_stream_is_the_plan_of_the_table(seed: int, n: int, gap: float) -> None:
    """As many pairs and the same total, proven over all pairs of the table, for even and odd cohorts."""
    model = model_of(n, seed, RuleSet((*RULES.rules, MaxLevelGap(gap))))
    scored = model.score(*np.triu_indices(n, 1))
    kept = scored.permitted
    problem = MatchingProblem(n, scored.pairs.first[kept], scored.pairs.second[kept], scored.integers[kept])
    whole = solve(problem)
    streamed = solve(PairStream(model, pairs_per_block=3 * n, threads=1))
    assert (streamed.n_pairs, streamed.total) == (whole.n_pairs, whole.total)
    held = check_certificate(streamed.certificate, streamed.pairs(), problem.blocks())
    proof = check_certificate(streamed.certificate, streamed.pairs(), PairStream(model, threads=1))
    assert (proof.total, proof.gap, proof.n_edges_checked) == (held.total, 0, held.n_edges_checked)


@pytest.mark.parametrize("n", [261, 300])
def test_a_plan_by_many_rounds_is_the_plan_of_the_table(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """More pairs than are solved at once, so that candidates, prices and memory all play their part."""
    monkeypatch.setattr("pairing.pairs.stream.CANDIDATES_EACH", 4)
    monkeypatch.setattr("pairing.matching.large.screening.NEAREST_EACH", 1)
    model = model_of(n, 5)
    whole = solve(PairTable.build(model).problem())
    rounds = []
    streamed = solve(PairStream(model, pairs_per_block=5_000), progress=rounds.append)
    assert len(rounds) > 1
    assert rounds[0].n_candidates < PairStream(model).n_edges
    assert (streamed.n_pairs, streamed.total) == (whole.n_pairs, whole.total)
    assert streamed.partner.tolist() == whole.partner.tolist()


def test_threads_change_nothing() -> None:
    """The same certificate, to the last digit, with one thread and with four."""
    model = model_of(260, 2)
    one, four = (solve(PairStream(model, pairs_per_block=3_000, threads=threads)) for threads in (1, 4))
    assert one.partner.tolist() == four.partner.tolist()
    assert one.certificate == four.certificate or one.certificate.to_dict() == four.certificate.to_dict()


def test_a_streamed_table_answers_as_the_table() -> None:
    """Length, counts, partners, arrays on demand, and the pairing itself with its summary."""
    model = model_of(150, 4)
    table, streamed = PairTable.build(model), StreamedTable(PairStream(model, pairs_per_block=900))
    assert len(streamed) == len(table)
    assert streamed.n_banned_by == table.n_banned_by
    assert streamed.summary() == table.summary()
    assert streamed.partners(17).tolist() == table.partners(17).tolist()
    assert streamed.best_value == table.best_value
    assert streamed.integers.tolist() == table.integers.tolist()
    assert streamed.first.tolist() == table.first.tolist()
    one, other = (best_pairing(each, allow_unpaired=True) for each in (table, streamed))
    assert one.partner.tolist() == other.partner.tolist()
    assert one.summary() == other.summary()
    assert other.prove().gap == 0


def test_all_pairs_are_refused_where_they_do_not_fit() -> None:
    """In words that say how much is needed; the plan itself and its proof need them not."""
    model = model_of(150, 4)
    streamed = StreamedTable(PairStream(model), memory_bytes=1000)
    plan = best_pairing(streamed, allow_unpaired=True)
    assert plan.prove().gap == 0
    assert plan.summary()
    with pytest.raises(SettingsError, match=r"needs all .* permitted pairs of 150 teams at once"):
        _ = streamed.integers


def test_a_large_cohort_is_streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where more pairs would be held than the limit, and every permitted pair has what preferences need."""
    model = model_of(30, 3)
    monkeypatch.setattr("pairing.pairs.table.MOST_PAIRS_HELD", 30 * 29 // 2 - 1)
    assert isinstance(PairTable.build(model), StreamedTable)
    latitude = np.array(model.cohort.latitude)
    latitude[4] = np.nan
    rules = RuleSet((MaxSizeRatio(2.5),))
    blank = replace(model, cohort=replace(model.cohort, latitude=latitude), rules=rules)
    with pytest.raises(InputDataError, match="needs the distance and size"):
        PairTable.build(replace(blank, preferences=Preferences(travel_per_100_km=0.1)))
