"""Rules together: missing data, contradictions, travel tables, sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pairing.cohort import Cohort
from pairing.errors import InputDataError, SettingsError
from pairing.rules import (
    Caliper,
    Different,
    Forbid,
    MaxDistance,
    MaxLevelGap,
    MaxSizeRatio,
    MaxTravel,
    MinDistance,
    NotNearest,
    Require,
    RuleSet,
    TeamFacts,
    TravelTable,
)

MakeCohort = Callable[..., Cohort]


def with_gaps(cohort: Cohort) -> Cohort:
    """The cohort without the size of its first team and the place of its second."""
    size, latitude = np.array(cohort.size), np.array(cohort.latitude)
    size[0], latitude[1] = np.nan, np.nan
    return replace(cohort, size=size, latitude=latitude)


def facts_of(cohort: Cohort, travel: TravelTable | None = None) -> TeamFacts:
    """Facts with all levels equal."""
    return TeamFacts(cohort, np.zeros(len(cohort)), travel)


def test_missing_data_name_the_teams_all_at_once(make_cohort: MakeCohort) -> None:
    """By default every rule without its data is a problem that names the teams."""
    facts = facts_of(with_gaps(make_cohort(5, seed=0)))
    with pytest.raises(InputDataError) as raised:
        RuleSet((MaxSizeRatio(2), MinDistance(10), NotNearest(1))).require_applicable(facts)
    columns = [problem.column for problem in raised.value.problems]
    assert columns == ["rules.max_size_ratio", "rules.min_distance_km", "rules.not_nearest"]
    assert "T000" in str(raised.value.problems[0])
    assert "T001" in str(raised.value.problems[1])


def test_missing_data_ban_or_permit_when_told_to(make_cohort: MakeCohort) -> None:
    """The settings may say that a pair without data is banned, or permitted."""
    facts = facts_of(with_gaps(make_cohort(5, seed=0)))
    pairs = facts.pairs(np.array([0, 2]), np.array([3, 3]))
    rule = (MaxSizeRatio(100),)
    assert RuleSet(rule, "ban").permitted(pairs).tolist() == [False, True]
    assert RuleSet(rule, "permit").permitted(pairs).tolist() == [True, True]
    assert RuleSet(rule, "ban").problems(facts) == []
    assert "missing" in RuleSet(rule, "ban").reasons(pairs, 0)[0]


def test_blank_attribute_is_missing(make_cohort: MakeCohort) -> None:
    """A blank network is unknown, not a network of its own."""
    cohort = make_cohort(4, seed=0)
    table = cohort.table.copy()
    table.iloc[2, table.columns.get_loc("network")] = ""
    facts = facts_of(replace(cohort, table=table))
    (problem,) = RuleSet((Different("network"),)).problems(facts)
    assert "T002" in str(problem)


def test_unknown_column_is_a_problem_beside_the_others(make_cohort: MakeCohort) -> None:
    """A rule on a column that does not exist does not hide the other problems."""
    facts = facts_of(with_gaps(make_cohort(5, seed=0)))
    problems = RuleSet((Caliper("bedz", 3), MaxSizeRatio(2))).problems(facts)
    assert len(problems) == 2
    assert "beds" in str(problems[0])


def test_required_pair_that_another_rule_bans_is_a_contradiction(make_cohort: MakeCohort) -> None:
    """Neither the requirement nor the other rule is dropped in silence."""
    facts = facts_of(make_cohort(6, seed=0))
    rules = RuleSet((Require((("T001", "T000"),)), MinDistance(5000)))
    with pytest.raises(InputDataError, match=r"T000, T001.*5000 km required"):
        rules.require_applicable(facts)


def test_two_required_partners_are_a_contradiction(make_cohort: MakeCohort) -> None:
    """A team can be kept for one partner only."""
    facts = facts_of(make_cohort(6, seed=0))
    rules = RuleSet((Require((("T000", "T001"), ("T000", "T002"))),))
    with pytest.raises(InputDataError, match="more than one partner"):
        rules.require_applicable(facts)


def test_unknown_team_in_a_named_rule(make_cohort: MakeCohort) -> None:
    """An id that does not exist is named."""
    with pytest.raises(InputDataError, match="'nobody' is not a team"):
        RuleSet((Forbid((("T000", "nobody"),)),)).require_applicable(facts_of(make_cohort(4, seed=0)))


def test_travel_table_takes_the_longer_direction_and_reports_gaps(make_cohort: MakeCohort) -> None:
    """Both directions may be given; a journey that is not in the table is missing."""
    frame = pd.DataFrame(
        [("T000", "T001", 60, 50.0), ("T001", "T000", 70, 52.0), ("T002", "T000", 20, 15.0)],
        columns=["team_a", "team_b", "minutes", "km"],
    )
    travel = TravelTable.from_frame(frame, ["T000", "T001", "T002"])
    facts = facts_of(make_cohort(3, seed=0), travel)
    pairs = facts.pairs(np.array([0, 0, 1]), np.array([1, 2, 2]))
    assert pairs.travel_minutes[:2].tolist() == [70, 20]
    assert pairs.distance_km[:2].tolist() == [52, 15]
    assert np.isnan(pairs.travel_minutes[2])
    problems = RuleSet((MaxTravel(65), MaxDistance(51))).problems(facts)
    assert ["T001–T002" in str(problem) for problem in problems] == [True, True]
    assert RuleSet((MaxTravel(65), MaxDistance(51)), "permit").permitted(pairs).tolist() == [
        False,
        True,
        True,
    ]


def test_travel_rule_without_a_table(make_cohort: MakeCohort) -> None:
    """A travel rule says which file it needs, whatever the policy for missing data."""
    facts = facts_of(make_cohort(3, seed=0))
    assert "travel_table" in str(RuleSet((MaxTravel(60),), "permit").problems(facts)[0])


@pytest.mark.parametrize("cell", ["-1", "inf", "an hour"])
def test_bad_travel_figures_are_refused(cell: str) -> None:
    """A travel table has finite minutes of at least 0."""
    frame = pd.DataFrame({"team_a": ["A"], "team_b": ["B"], "minutes": [cell]})
    with pytest.raises(InputDataError, match=r"row 2.*minutes"):
        TravelTable.from_frame(frame, ["A", "B"])


@pytest.mark.parametrize(
    "make",
    [
        lambda: MinDistance(-1),
        lambda: MinDistance(float("nan")),
        lambda: MaxDistance(0),
        lambda: MaxTravel(float("inf")),
        lambda: NotNearest(0),
        lambda: MaxSizeRatio(0.9),
        lambda: MaxLevelGap(-0.1),
        lambda: Caliper("beds", -3),
    ],
)
def test_limits_out_of_range_are_refused(make: Callable[[], object]) -> None:
    """A limit that makes no sense is refused when the rule is made."""
    with pytest.raises(SettingsError, match="out of range"):
        make()


def test_sentences_hold_the_figures(make_cohort: MakeCohort) -> None:
    """Sentences read as the design says, with digits enough to see that a limit is broken."""
    cohort = replace(
        make_cohort(3, seed=0),
        latitude=np.array([50.0, 50.0, 50.0]),
        longitude=np.array([0.0, 1.0, 0.999]),
        size=np.array([100.0, 310.0, 200.0]),
    )
    facts = TeamFacts(cohort, np.array([0.0, 0.82, 0.3]))
    pairs = facts.pairs(np.array([0, 0]), np.array([1, 2]))
    assert MinDistance(100).sentence(pairs, 0) == "71 km apart; at least 100 km required"
    assert MinDistance(71.45).sentence(pairs, 1) == "71.4 km apart; at least 71.45 km required"
    assert MaxSizeRatio(2).sentence(pairs, 0) == (
        "one is 3.1 times as large as the other; at most 2 times allowed"
    )
    assert MaxLevelGap(0.5).sentence(pairs, 0) == "overall levels 0.82 SD apart; at most 0.5 SD allowed"
    assert NotNearest(1).sentence(pairs, 1) == "T002 is the nearest team of T000 (rank 1, 71 km)"
