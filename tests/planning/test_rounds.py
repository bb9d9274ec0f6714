"""Rounds of a cohort: who meets whom, who keeps a partner, who rests, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from pairing import (
    Cohort,
    InfeasibleMatchingError,
    InputDataError,
    MaxDistance,
    MinDistance,
    PairModel,
    PairTable,
    Preferences,
    Previous,
    Require,
    Rounds,
    RuleSet,
    SettingsError,
    estimate_profiles,
    load_audit,
    pair,
    plan_rounds,
)
from pairing.errors import CertificateError
from pairing.pairs import VALUE_SCALE
from pairing.rules import Rule

MakeCohort = Callable[..., Cohort]
Edge = tuple[int, int]


def table_of(cohort: Cohort, *rules: Rule) -> PairTable:
    """The permitted pairs of a cohort."""
    return PairTable.build(PairModel(cohort, estimate_profiles(cohort), RuleSet(rules), Preferences()))


def matchings(free: tuple[int, ...], value: dict[Edge, int]) -> list[frozenset[Edge]]:
    """All matchings among some teams."""
    if len(free) < 2:
        return [frozenset()]
    head, rest = free[0], free[1:]
    found = matchings(rest, value)
    for other in rest:
        if (head, other) in value:
            left = tuple(team for team in rest if team != other)
            found += [matching | {(head, other)} for matching in matchings(left, value)]
    return found


def best_by_enumeration(table: PairTable, n_rounds: int, keepers: set[int]) -> tuple[int, int, int] | None:
    """Most pairs, fewest rests (negative), greatest total, over all rounds that respect who keeps."""
    rows = zip(table.first.tolist(), table.second.tolist(), table.integers.tolist(), strict=True)
    value = {(a, b): worth for a, b, worth in rows}
    n_teams = len(table.model.cohort)
    everybody = matchings(tuple(range(n_teams)), value)
    best = None
    for kept in (m for m in everybody if {t for edge in m for t in edge} == keepers):
        new = [m for m in everybody if not any(team in keepers for edge in m for team in edge)]
        for plan in _plans(new, n_rounds):
            met = [
                sum(team in edge for m in plan for edge in m)
                for team in range(n_teams)
                if team not in keepers
            ]
            score = (
                sum(map(len, plan)) + n_rounds * len(kept),
                min(met, default=n_rounds) - n_rounds,
                sum(value[edge] for m in plan for edge in m) + n_rounds * sum(value[edge] for edge in kept),
            )
            best = score if best is None else max(best, score)
    return best


def _plans(new: list[frozenset[Edge]], n_rounds: int) -> list[tuple[frozenset[Edge], ...]]:
    return [
        plan for plan in combinations([*new, *[frozenset[Edge]()] * (n_rounds - 1)], n_rounds)
        if len(frozenset().union(*plan)) == sum(map(len, plan))
    ]  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    n=st.integers(3, 7),
    n_rounds=st.integers(2, 3),
    seed=st.integers(0, 5_000),
    km=st.floats(60, 500),
    n_keepers=st.sampled_from([0, 2, 3, 4]),
)
def test_rounds_equal_enumeration(
    make_cohort: MakeCohort, n: int, n_rounds: int, seed: int, km: float, n_keepers: int
) -> None:
    """As many pairs, as few rests and as great a total as any rounds, with teams that keep their partner."""
    assume(n_keepers <= n and not (n == 7 and n_rounds == 3 and n_keepers == 0))
    cohort = make_cohort(n, seed)
    assume(sum(estimate_profiles(cohort).model.usable) > 1)
    table = table_of(cohort, MaxDistance(km))
    keep = [cohort.ids[at] for at in np.random.default_rng(seed).permutation(n)[:n_keepers]]
    best = best_by_enumeration(table, n_rounds, {cohort.ids.index(team) for team in keep})
    if best is None:
        with pytest.raises(InfeasibleMatchingError, match="keep one partner"):
            plan_rounds(table, n_rounds, keep=keep, allow_unpaired=True)
        return
    rounds = plan_rounds(table, n_rounds, keep=keep, allow_unpaired=True)
    assert (rounds.proof.n_pairs, -rounds.proof.most_rests, rounds.proof.total) == best
    assert rounds.status == "optimal"
    assert rounds.gap == 0
    greedy = rounds.greedy.n_pairs, -rounds.greedy.most_rests, round(rounds.greedy.total * VALUE_SCALE)
    assert greedy <= best


@pytest.fixture(scope="module")
def three() -> Rounds:
    """Three rounds of the audit, with four teams that keep their partner."""
    return plan_rounds(pair(load_audit(), [MinDistance(50)]), 3, keep=["R0A", "R0B", "R1H", "RA2"])


def test_nobody_meets_twice_but_those_who_keep(three: Rounds) -> None:
    """All in one frame: no repeats, every team once a round, kept pairs in each."""
    frame = three.to_frame()
    assert list(frame.columns[:4]) == ["round", "pair_id", "team_a", "team_b"]
    meetings = frame.groupby(["team_a", "team_b"]).size()
    kept = frame[frame["kept"]]
    assert set(kept["team_a"]) | set(kept["team_b"]) == {"R0A", "R0B", "R1H", "RA2"}
    assert sorted(meetings[meetings > 1]) == [3, 3]
    for _, one in frame.groupby("round"):
        assert sorted([*one["team_a"], *one["team_b"]]) == list(three.table.model.cohort.ids)
    assert frame["pair_id"].is_unique
    assert frame["pair_id"][0] == "R1-P01"


def test_teams_and_pairs_agree(three: Rounds) -> None:
    """Each team's partners and gain over the rounds are those of its pairs."""
    frame, teams = three.to_frame(), three.teams_frame().set_index("team")
    for row in frame.itertuples():
        assert teams.loc[row.team_a, f"round_{row.round}"] == row.team_b
        assert teams.loc[row.team_b, f"round_{row.round}"] == row.team_a
    gains = frame.groupby("team_a")["gain_a"].sum().add(frame.groupby("team_b")["gain_b"].sum(), fill_value=0)
    assert gains[teams.index].to_numpy() == pytest.approx(teams["gain"].to_numpy(), abs=1e-8)
    assert frame["value"].sum() == pytest.approx(three.total, abs=1e-6)
    assert teams["rests"].sum() == 0


def test_the_best_round_comes_first_and_the_gain_is_told(three: Rounds) -> None:
    """Rounds are in order of value; the summary compares with planning one by one."""
    totals = [one.total_value for one in three.rounds]
    assert totals == sorted(totals, reverse=True)
    assert three.greedy_total is not None
    assert f"gains {three.total - three.greedy_total:.3f} SD" in three.summary()
    assert three.total > three.greedy_total
    assert "2 pairs kept through all rounds" in three.summary()
    assert three.summary().splitlines()[0] in three._repr_html_()
    assert three.to_dict()["status"] == "optimal"


def test_a_changed_round_is_not_proven(three: Rounds) -> None:
    """Without a pair, or with one twice, the proof fails or leaves a gap."""
    first, *rest = three.new
    less = Rounds(
        three.wishes, (first[1:], *rest), three.kept, three.certificate, three.kept_certificate, three.greedy
    )
    assert not less.prove().is_optimal
    twice = Rounds(
        three.wishes, (first, first, rest[1]), three.kept, three.certificate, three.kept_certificate,
        three.greedy,
    )  # fmt: skip
    with pytest.raises(CertificateError, match="repeats the pair"):
        twice.prove()


def test_an_odd_number_rests_in_turn(make_cohort: MakeCohort) -> None:
    """With 15 teams another one rests in each of four rounds, and nothing has to be allowed for that."""
    rounds = plan_rounds(table_of(make_cohort(15, seed=4)), 4)
    assert sorted(rounds.rests) == [0] * 11 + [1] * 4
    assert [len(one.resting) for one in rounds.rounds] == [1, 1, 1, 1]
    assert rounds.teams_frame()[[f"round_{r}" for r in (1, 2, 3, 4)]].isna().sum().tolist() == [1] * 4


def test_too_many_rounds_are_refused_with_what_is_possible(make_cohort: MakeCohort) -> None:
    """Six teams can meet in five rounds; the sixth would leave everybody without."""
    table = table_of(make_cohort(6, seed=2))
    with pytest.raises(
        InfeasibleMatchingError, match="5 rounds are possible in full; round 6 would leave 6 teams"
    ):
        plan_rounds(table, 7)
    allowed = plan_rounds(table, 7, allow_unpaired=True)
    assert allowed.proof.n_pairs == 15
    assert set(allowed.rests) == {2}
    assert len(plan_rounds(table, 5).rounds) == 5


def test_not_one_round_is_possible(make_cohort: MakeCohort) -> None:
    """Where even one round leaves teams out, the message says so and names them."""
    table = table_of(make_cohort(6, seed=2), MaxDistance(60))
    with pytest.raises(InfeasibleMatchingError, match="Not one round is possible in full; round 1") as raised:
        plan_rounds(table, 2)
    left_out = pair(make_cohort(6, seed=2), MaxDistance(60), allow_unpaired=True).unpaired
    assert len(raised.value.teams) == len(left_out)


def test_teams_that_have_met_meet_again_if_both_keep(make_cohort: MakeCohort) -> None:
    """The ban on an earlier pair is lifted, and the pair is required, where both keep; else it stands."""
    cohort = make_cohort(10, seed=6)
    a, b, c, d = cohort.ids[:4]
    table = table_of(cohort, Previous(((a, b), (c, d))))
    both = plan_rounds(table, 2, keep=[a, b, c, d])
    assert {tuple(cohort.ids[at] for at in edge) for edge in both.kept.tolist()} == {(a, b), (c, d)}
    others = plan_rounds(table, 2, keep=[a, c]).to_frame()
    met = set(zip(others["team_a"], others["team_b"], strict=True))
    assert (a, c) in met
    assert not met & {(a, b), (c, d)}


def test_two_earlier_partners_that_keep_are_refused(make_cohort: MakeCohort) -> None:
    """Nobody can say which of the two is to stay."""
    cohort = make_cohort(8, seed=6)
    a, b, c, d = cohort.ids[:4]
    with pytest.raises(InputDataError, match=f"'{a}' has met {b} and {c} before"):
        plan_rounds(table_of(cohort, Previous(((a, b), (a, c)))), 2, keep=[a, b, c, d])


def test_required_pairs_are_kept(make_cohort: MakeCohort) -> None:
    """Teams that the rules require to be together are so in every round."""
    cohort = make_cohort(10, seed=7)
    a, b = cohort.ids[2], cohort.ids[8]
    rounds = plan_rounds(table_of(cohort, Require(((a, b),))), 3)
    assert rounds.to_frame().query("kept")[["team_a", "team_b"]].to_numpy().tolist() == [[a, b]] * 3


def test_bad_wishes_are_told(make_cohort: MakeCohort) -> None:
    """An odd number of keepers, an unknown one with the nearest, no round at all."""
    table = table_of(make_cohort(8, seed=1))
    with pytest.raises(InfeasibleMatchingError, match=r"3 teams want to keep .* an odd number"):
        plan_rounds(table, 2, keep=["T001", "T002", "T003"])
    with pytest.raises(InputDataError, match="Did you mean") as raised:
        plan_rounds(table, 2, keep=["T0O1", "X"])
    assert len(raised.value.problems) == 2
    with pytest.raises(SettingsError, match="number of rounds is 0"):
        plan_rounds(table, 0)


def test_everybody_keeps(make_cohort: MakeCohort) -> None:
    """Then every round is the best pairing."""
    cohort = make_cohort(8, seed=3)
    plan = pair(cohort)
    rounds = plan.rounds(2, keep=cohort.ids)
    assert rounds.total == pytest.approx(2 * plan.total_value, abs=1e-12)
    assert rounds.status == "optimal"


def test_displaying_solves_nothing(three: Rounds, monkeypatch: pytest.MonkeyPatch) -> None:
    """The views work without any solver."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a solver was started")

    monkeypatch.setattr("pairing.matching.solving.solve_by_pricing", refuse)
    monkeypatch.setattr("pairing.matching.constrained.highs.new_highs", refuse)
    assert repr(three).startswith("<Rounds: 120 teams, 3 rounds")
    assert three._repr_html_()
