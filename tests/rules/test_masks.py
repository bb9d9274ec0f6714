"""Every rule's mask equals a naive double loop over the teams."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from pairing.cohort import Cohort
from pairing.geography import great_circle_km
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
    Previous,
    Require,
    Rule,
    RuleSet,
    Same,
    TeamFacts,
    TravelTable,
)

N = 23
Permits = Callable[[TeamFacts, int, int], bool]


def law_of_cosines_km(facts: TeamFacts, i: int, j: int) -> float:
    """Great-circle distance by another formula than the package's."""
    a, b = (math.radians(facts.latitude[t]) for t in (i, j))
    turn = math.radians(facts.longitude[j] - facts.longitude[i])
    cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(turn)
    return 6371.0088 * math.acos(min(1.0, cosine))


def among_nearest(facts: TeamFacts, k: int, i: int, j: int) -> bool:
    """Whether j is among the k nearest of i, ties included."""
    others = [t for t in range(len(facts.cohort)) if t != i]
    distances = sorted(law_of_cosines_km(facts, i, t) for t in others)
    return law_of_cosines_km(facts, i, j) <= distances[min(k, len(distances)) - 1] + 1e-9


def minutes(facts: TeamFacts, i: int, j: int) -> float:
    """Minutes of the made-up travel table."""
    del facts
    return float(10 * ((i + 1) * (j + 1) % 30))


CASES: list[tuple[Rule, Permits]] = [
    (MinDistance(120), lambda f, i, j: law_of_cosines_km(f, i, j) >= 120),
    (MaxDistance(200), lambda f, i, j: law_of_cosines_km(f, i, j) <= 200),
    (MaxTravel(150), lambda f, i, j: minutes(f, i, j) <= 150),
    (
        NotNearest(4),
        lambda f, i, j: not among_nearest(f, 4, i, j) and not among_nearest(f, 4, j, i),
    ),
    (NotNearest(100), lambda f, i, j: False),  # noqa: ARG005 - everybody is among the 100 nearest of 23
    (
        MaxSizeRatio(1.8),
        lambda f, i, j: max(f.size[i], f.size[j]) <= 1.8 * min(f.size[i], f.size[j]),
    ),
    (MaxLevelGap(0.5), lambda f, i, j: abs(f.level[i] - f.level[j]) <= 0.5),
    (
        Caliper("beds", 12),
        lambda f, i, j: abs(int(f.cohort.table["beds"].iloc[i]) - int(f.cohort.table["beds"].iloc[j])) <= 12,
    ),
    (
        Different("network"),
        lambda f, i, j: f.cohort.table["network"].iloc[i] != f.cohort.table["network"].iloc[j],
    ),
    (
        Same("country"),
        lambda f, i, j: f.cohort.table["country"].iloc[i] == f.cohort.table["country"].iloc[j],
    ),
    (Forbid((("T003", "T001"), ("T005", "T006"))), lambda f, i, j: (i, j) not in {(1, 3), (5, 6)}),  # noqa: ARG005
    (Previous((("T003", "T001"), ("gone", "T002"))), lambda f, i, j: (i, j) != (1, 3)),  # noqa: ARG005
    (
        Require((("T007", "T002"),)),
        lambda f, i, j: (i, j) == (2, 7) or not {i, j} & {2, 7},  # noqa: ARG005
    ),
]


def facts_of(cohort: Cohort) -> TeamFacts:
    """Facts with made-up levels and a full travel table."""
    level = np.random.default_rng(4).standard_normal(len(cohort))
    rows = [
        (cohort.ids[i], cohort.ids[j], minutes(None, i, j))  # type: ignore[arg-type]
        for i in range(len(cohort))
        for j in range(i + 1, len(cohort))
    ]
    travel = TravelTable.from_frame(pd.DataFrame(rows, columns=["team_a", "team_b", "minutes"]), cohort.ids)
    return TeamFacts(cohort, level, travel)


@pytest.mark.parametrize(("rule", "permits"), CASES, ids=[case[0].key for case in CASES])
def test_mask_and_slack_equal_a_double_loop(
    rule: Rule, permits: Permits, make_cohort: Callable[..., Cohort]
) -> None:
    """Verdict and sign of the slack agree with the rule said plainly, for every pair."""
    facts = facts_of(make_cohort(N, seed=11))
    first, second = np.triu_indices(N, 1)
    pairs = facts.pairs(first, second)
    expected = [permits(facts, int(i), int(j)) for i, j in zip(first, second, strict=True)]
    banned, unknown = rule.verdict(pairs)
    assert (~banned).tolist() == expected
    assert (rule.slack(pairs) >= 0).tolist() == expected
    assert not unknown.any()


@pytest.mark.parametrize("rule", [case[0] for case in CASES], ids=[case[0].key for case in CASES])
def test_every_ban_is_one_sentence(rule: Rule, make_cohort: Callable[..., Cohort]) -> None:
    """A ban is said in one line with the figures of the pair, and without a full stop."""
    facts = facts_of(make_cohort(N, seed=11))
    pairs = facts.pairs(*np.triu_indices(N, 1))
    at = int(np.flatnonzero(rule.verdict(pairs)[0])[0])
    (sentence,) = RuleSet((rule,)).reasons(pairs, at)
    assert sentence == rule.sentence(pairs, at)
    assert "\n" not in sentence
    assert not sentence.endswith(".")


def test_slack_is_how_far_the_limit_must_move(make_cohort: Callable[..., Cohort]) -> None:
    """Moving a limit by the missing slack permits the pair; a hair less does not."""
    facts = facts_of(make_cohort(N, seed=2))
    pairs = facts.pairs(*np.triu_indices(N, 1))
    for rule, moved in [
        (MinDistance(300.0), lambda change: MinDistance(300.0 + change)),
        (MaxDistance(100.0), lambda change: MaxDistance(100.0 - change)),
        (MaxSizeRatio(1.1), lambda change: MaxSizeRatio(1.1 - change)),
        (MaxLevelGap(0.1), lambda change: MaxLevelGap(0.1 - change)),
    ]:
        at = int(np.argmin(rule.slack(pairs)))
        slack = float(rule.slack(pairs)[at])
        assert slack < 0
        assert moved(slack * (1 + 1e-9)).slack(pairs)[at] >= 0
        assert moved(slack * (1 - 1e-6)).slack(pairs)[at] < 0


def test_great_circle_agrees_with_the_law_of_cosines(make_cohort: Callable[..., Cohort]) -> None:
    """Two formulas for the same distance agree."""
    facts = facts_of(make_cohort(N, seed=3))
    first, second = np.triu_indices(N, 1)
    km = great_circle_km(facts.latitude, facts.longitude, first, second)
    assert km == pytest.approx([law_of_cosines_km(facts, i, j) for i, j in zip(first, second, strict=True)])


def test_great_circle_of_a_known_journey() -> None:
    """London to Edinburgh is 534 km along the great circle."""
    latitude, longitude = np.array([51.5074, 55.9533]), np.array([-0.1278, -3.1883])
    km = great_circle_km(latitude, longitude, np.array([0]), np.array([1]))
    assert km[0] == pytest.approx(534, abs=1)
