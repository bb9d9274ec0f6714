"""Settings and entrants become the lottery that was meant, or a refusal in the user's terms."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from pairing.allocation import Entrants, declare
from pairing.allocation.pairable import PairableSets
from pairing.allocation.strata import numbers_to_draw, strata_of_pairs
from pairing.errors import InputDataError
from pairing.lottery import ImpossibleLotteryError, lottery_warnings
from pairing.programme import AnalysisSettings, LotterySettings

MakeEntrants = Callable[..., Entrants]

ANALYSIS = AnalysisSettings()


def test_pairs_are_drawn_and_teams_without_a_partner_are_not_in(make_entrants: MakeEntrants) -> None:
    """Unpaired teams have no chance and are named as left out."""
    declared = declare(LotterySettings(intervention_pairs=3), ANALYSIS, make_entrants(18, left_out=2))
    assert declared.lottery.n_draws == 56
    assert set(declared.lottery.exact_chances()) == {Fraction(3, 8)}
    assert declared.entrants.left_out == ("T016", "T017")
    assert "T016" not in declared.lottery.team_chances()


def test_matched_pair_draws_one_of_each_pair(make_entrants: MakeEntrants) -> None:
    """Units are teams; both of a pair are never in one arm."""
    declared = declare(LotterySettings(design="matched-pair"), ANALYSIS, make_entrants(12))
    assert declared.lottery.n_draws == 64
    same = declared.lottery.same_arm()
    assert same[0, 1] == 0
    assert same[0, 2] == pytest.approx(0.5)


def test_simple_draws_teams_whatever_their_pairs(make_entrants: MakeEntrants) -> None:
    """A simple lottery needs no pairing."""
    chosen = LotterySettings(design="simple", intervention_teams=2)
    declared = declare(chosen, ANALYSIS, make_entrants(8, paired=False))
    assert declared.lottery.n_draws == 28
    assert declared.lottery.units == tuple(f"T{n:03d}" for n in range(8))


def test_strata_are_sorted_combinations(make_entrants: MakeEntrants) -> None:
    """A pair's stratum does not depend on which of its teams comes first."""
    entrants = make_entrants(12)
    network = dict(zip(entrants.cohort.ids, entrants.cohort.text("network"), strict=True))
    for label, pair in zip(strata_of_pairs(entrants, "network"), entrants.pairs, strict=True):
        assert label == " + ".join(sorted({network[team] for team in pair.teams}))


@given(st.lists(st.integers(4, 30), min_size=1, max_size=5), st.data())
def test_proportional_numbers_add_up(sizes: list[int], data: st.DataObject) -> None:
    """Largest remainders: the total is kept and nobody is off its quota by one or more."""
    labels = [f"S{number}" for number, size in enumerate(sizes) for _ in range(size)]
    in_all = data.draw(st.integers(len(labels) // 3, len(labels) // 2))
    drawn = numbers_to_draw(labels, in_all=in_all, per_stratum={})
    assert sum(drawn.values()) == in_all
    assert all(abs(drawn[f"S{n}"] - Fraction(size * in_all, len(labels))) < 1 for n, size in enumerate(sizes))


def test_declared_numbers_per_stratum_are_kept(make_entrants: MakeEntrants) -> None:
    """Numbers given one by one are what is drawn."""
    entrants = make_entrants(24)
    labels = strata_of_pairs(entrants, "country")
    wanted = dict.fromkeys(set(labels), 1)
    chosen = LotterySettings(design="stratified", strata="country", intervention_per_stratum=wanted)
    declared = declare(chosen, ANALYSIS, entrants)
    assert declared.lottery.design.drawn == (1,) * len(wanted)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (LotterySettings(intervention_pairs=6), "'6' cannot be drawn of 6 pairs"),
        (LotterySettings(design="simple", intervention_teams=12), "'12' cannot be drawn of 12 teams"),
        (LotterySettings(intervention_pairs=2, reserves=4), "is no number of reserves"),
        (LotterySettings(intervention_pairs=2, balance_on=("netwrk",)), "Did you mean 'network'?"),
        (LotterySettings(intervention_pairs=2, balance_on=("one",)), "has one value only"),
        (LotterySettings(intervention_pairs=2, balance_on=("gap",)), "is missing for T003"),
        (
            LotterySettings(intervention_pairs=2, balance_on=("size",), balance_weights={"size": 0.0}),
            "every covariate has weight 0",
        ),
        (
            LotterySettings(design="stratified", strata="gap", intervention_pairs=2),
            "is blank for team 'T003'",
        ),
        (
            LotterySettings(design="stratified", strata="one", intervention_per_stratum={"two": 1}),
            "'two' is no stratum",
        ),
        (
            LotterySettings(design="stratified", strata="half", intervention_per_stratum={"a": 1, "b": 3}),
            "of the 3 pairs in stratum 'b' 3 would be drawn",
        ),
    ],
)
def test_settings_that_do_not_fit_the_teams_are_refused(
    make_entrants: MakeEntrants, chosen: LotterySettings, said: str
) -> None:
    """Everything is bad input, in the words of the settings."""
    entrants = make_entrants(12)
    table = entrants.cohort.table
    table["one"], table["gap"], table["half"] = "same", "7", ["a"] * 6 + ["b"] * 6
    table.loc["T003", "gap"] = ""
    table.loc["T004", "gap"] = "9"
    with pytest.raises(InputDataError) as caught:
        declare(chosen, ANALYSIS, entrants)
    assert said in str(caught.value)


def test_missing_covariates_may_be_filled_in(make_entrants: MakeEntrants) -> None:
    """With the declared policy the mean is put in, and being without a value is balanced too."""
    entrants = make_entrants(20)
    entrants.cohort.table.loc["T003", "beds"] = ""
    chosen = LotterySettings(
        intervention_pairs=3, balance_on=("beds",), missing="mean-and-indicator", keep=1.0
    )
    declared = declare(chosen, ANALYSIS, entrants)
    assert declared.covariates.names == ("beds", "beds missing")
    assert "take the mean of the others" in declared.covariates.notes[0]


def test_a_plan_names_every_column(make_entrants: MakeEntrants) -> None:
    """What "profiles" stands for is spelt out in the plan that is hashed."""
    entrants = make_entrants(30)
    analysis = AnalysisSettings(outcomes=("rate",), adjust_for=("profiles", "size"), alpha=0.1)
    plan = declare(LotterySettings(intervention_pairs=5), analysis, entrants).plan
    assert plan.adjust_for[-1] == "size"
    assert all(name.startswith("profile.k") for name in plan.adjust_for[:-1])
    assert plan.alpha == 0.1


def test_the_detectable_effect_is_worked_out_on_request(make_entrants: MakeEntrants) -> None:
    """Only with an outcome's standard deviation, and in its units."""
    entrants = make_entrants(24)
    chosen = LotterySettings(intervention_pairs=6)
    assert declare(chosen, ANALYSIS, entrants).detectable is None
    small = declare(chosen, AnalysisSettings(outcome_sd=1.0), entrants).detectable
    large = declare(chosen, AnalysisSettings(outcome_sd=3.0), entrants).detectable
    assert large.effect == pytest.approx(3 * small.effect)


def test_drawing_first_keeps_to_sets_that_can_be_paired(make_entrants: MakeEntrants) -> None:
    """With a chain of permitted pairs every drawn set is made of neighbours, and chances are equal."""
    entrants = make_entrants(8, paired=False)
    ring = np.arange(8)
    permitted = (np.minimum(ring, (ring + 1) % 8), np.maximum(ring, (ring + 1) % 8))
    chosen = LotterySettings(design="draw-then-pair", intervention_pairs=2)
    declared = declare(
        chosen, AnalysisSettings(alpha=0.2), Entrants(entrants.cohort, entrants.profiles, None, permitted)
    )
    can_be_paired = PairableSets(8, *permitted)
    assert all(can_be_paired(tuple(np.flatnonzero(row))) for row in declared.lottery.draws)
    assert declared.lottery.largest_chance_error() < 1e-6


def test_drawing_first_is_refused_where_teams_share_too_few_partners(make_entrants: MakeEntrants) -> None:
    """A hub with three teams that may meet nobody else: they are named."""
    entrants = make_entrants(6, paired=False)
    star = (np.array([0, 0, 0, 0, 0]), np.array([1, 2, 3, 4, 5]))
    chosen = LotterySettings(design="draw-then-pair", intervention_pairs=1)
    with pytest.raises(ImpossibleLotteryError, match="T001"):
        declare(chosen, ANALYSIS, Entrants(entrants.cohort, entrants.profiles, None, star))


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 7), st.data())
def test_pairable_sets_equal_enumeration(n: int, data: st.DataObject) -> None:
    """Whether a set can be paired agrees with trying every perfect matching."""
    everyone = list(combinations(range(n), 2))
    edges = data.draw(st.lists(st.sampled_from(everyone), unique=True, max_size=len(everyone)))
    ends = np.array(edges, dtype=np.int64).reshape(-1, 2)
    asked = PairableSets(n, ends[:, 0], ends[:, 1])
    for size in range(1, n + 1):
        for teams in combinations(range(n), size):
            assert asked(teams) == _can_be_paired(set(teams), set(edges))


def _can_be_paired(teams: set[int], edges: set[tuple[int, int]]) -> bool:
    if not teams:
        return True
    first = min(teams)
    return any(
        (first, other) in edges and _can_be_paired(teams - {first, other}, edges) for other in teams - {first}
    )


def test_a_greedy_pairing_that_fails_is_decided_exactly() -> None:
    """Here the fewest choices first end in a dead end, and yet 0-2, 1-6, 3-7, 4-5 are four pairs."""
    ends = np.array([(0, 2), (0, 3), (0, 7), (1, 2), (1, 6), (3, 7), (4, 5), (4, 6), (5, 6)])
    assert PairableSets(8, ends[:, 0], ends[:, 1])(tuple(range(8)))
    triangles = np.array([(0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5)])
    assert not PairableSets(6, triangles[:, 0], triangles[:, 1])(tuple(range(6)))


def test_covariates_are_those_of_the_teams_that_take_part(make_entrants: MakeEntrants) -> None:
    """With teams left out from the middle, each unit still has its own teams' values."""
    everyone = make_entrants(20)
    some = Entrants(everyone.cohort, everyone.profiles, everyone.pairs[:3] + everyone.pairs[5:])
    chosen = LotterySettings(intervention_pairs=3, balance_on=("size",), keep=1.0)
    found = declare(chosen, ANALYSIS, some)
    size = dict(zip(everyone.cohort.ids, everyone.cohort.size.tolist(), strict=True))
    wanted = [sum(size[team] for team in pair.teams) / 2 for pair in some.pairs]
    assert found.covariates.matrix[:, 0].tolist() == wanted


def test_combined_strata_with_too_few_pairs_are_one_problem() -> None:
    """Two of four strata are too small, and combinations: told at once, and as what they are."""
    labels = ["A"] * 6 + ["A + B"] + ["B + C"] * 2 + ["C"] * 3
    with pytest.raises(InputDataError) as caught:
        numbers_to_draw(labels, in_all=3, per_stratum={})
    (problem,) = caught.value.problems
    told = "2 strata would not have a pair in each arm: A + B (0 of 1 pair), B + C (0 of 2 pairs)."
    assert problem.message.startswith(told)
    assert "'A + B' is a combination, for pairs whose teams differ" in problem.message
    assert problem.column == "lottery.intervention_pairs"


def test_a_single_pair_in_a_stratum_is_in_the_singular() -> None:
    """Strata that are no combinations are told one by one."""
    with pytest.raises(InputDataError, match="of the 1 pair in stratum 'S' 0 would be drawn"):
        numbers_to_draw(["N"] * 9 + ["S"], in_all=3, per_stratum={})


def test_a_balanced_lottery_without_hope_of_significance_is_refused(make_entrants: MakeEntrants) -> None:
    """No outcome could be significant once it is drawn; a larger level, declared as such, is accepted."""
    chosen, entrants = LotterySettings(intervention_pairs=1, balance_on=("size",)), make_entrants(24)
    with pytest.raises(ImpossibleLotteryError, match=r"only 12 draws.* 0\.0833"):
        declare(chosen, AnalysisSettings(), entrants)
    assert declare(chosen, AnalysisSettings(alpha=0.2), entrants).lottery


@pytest.mark.parametrize(
    ("chosen", "n", "smallest"),
    [
        (LotterySettings(intervention_pairs=1), 24, "0.0833"),
        (LotterySettings(design="matched-pair"), 10, "0.0625"),
    ],
)
def test_a_small_lottery_without_constraint_is_drawn_with_a_warning(
    make_entrants: MakeEntrants, chosen: LotterySettings, n: int, smallest: str
) -> None:
    """Nothing was constrained too far: too few teams are the designer's own decision, and told."""
    lottery = declare(chosen, AnalysisSettings(), make_entrants(n)).lottery
    assert f"smallest attainable p-value is {smallest}" in " ".join(lottery_warnings(lottery))
