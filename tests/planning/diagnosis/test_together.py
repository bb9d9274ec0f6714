"""The least joint change equals going through every combination of limits."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from pairing import (
    Caliper,
    Different,
    Flex,
    MaxDistance,
    MaxLevelGap,
    MaxSizeRatio,
    MinDistance,
    NotNearest,
    diagnose,
)
from pairing.errors import SettingsError
from pairing.pairs import VALUE_SCALE
from pairing.planning.diagnosis.together import States, least_by_weight, least_in_order
from pairing.rules import LimitRule, RuleSet

SETTINGS = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
MakeCase = Callable[..., Any]
State = tuple[int, ...]
Case = Any
"""The case of conftest.py."""


@st.composite
def staircases(draw: st.DrawFn) -> tuple[State, list[State]]:
    """Numbers of steps, and states from which on everything is enough; the last state is."""
    furthest = tuple(draw(st.lists(st.integers(0, 7), min_size=1, max_size=3)))
    corner = st.tuples(*(st.integers(0, last) for last in furthest))
    return furthest, [*draw(st.lists(corner, max_size=6)), furthest]


def is_beyond(state: State, corners: list[State]) -> bool:
    """Whether a state is at least as far out as one of the corners."""
    return any(all(one <= other for one, other in zip(corner, state, strict=True)) for corner in corners)


@given(case=staircases(), data=st.data())
@settings(max_examples=250, deadline=None)
def test_searches_equal_enumeration_on_any_staircase(
    case: tuple[State, list[State]], data: st.DataObject
) -> None:
    """In order and by weight, with ties, whatever is enough."""
    furthest, corners = case
    enough = [
        state for state in product(*(range(last + 1) for last in furthest)) if is_beyond(state, corners)
    ]
    moves = [
        data.draw(st.lists(st.integers(1, 4), min_size=last, max_size=last), label="moves")
        for last in furthest
    ]
    costs = [[Fraction(sum(one[:step])) for step in range(len(one) + 1)] for one in moves]

    def cost(state: State) -> Fraction:
        return sum((costs[rule][step] for rule, step in enumerate(state)), Fraction(0))

    states = States(furthest, lambda state: state if is_beyond(state, corners) else None)
    assert least_by_weight(states, costs) == min(enough, key=lambda state: (cost(state), state))
    order = data.draw(st.permutations(range(len(furthest))), label="order")
    fresh = States(furthest, lambda state: state if is_beyond(state, corners) else None)
    assert least_in_order(fresh, order) == min(enough, key=lambda state: [state[rule] for rule in order])


@pytest.mark.parametrize("n_rules", [2, 3])
@pytest.mark.parametrize("dearest", [1, 3, 40])
def test_search_by_weight_finds_the_cheapest_of_many_corners(n_rules: int, dearest: int) -> None:
    """Many corners of much the same cost, where no search from one side arrives; many ties, or few."""
    for seed in range(150):
        rng = np.random.default_rng([seed, n_rules, dearest])
        shares = rng.dirichlet(np.ones(n_rules), 25)
        corners = [tuple(one) for one in (shares * rng.integers(30, 45, (25, 1))).astype(int).tolist()]
        moves = rng.integers(1, dearest + 1, (n_rules, 45))
        costs = [[Fraction(0), *(Fraction(int(one)) for one in np.cumsum(row))] for row in moves]
        best = min((sum(costs[rule][step] for rule, step in enumerate(one)), one) for one in corners)
        states = States(
            (45,) * n_rules, lambda state, corners=corners: state if is_beyond(state, corners) else None
        )
        assert least_by_weight(states, costs) == best[1]


def test_a_large_staircase_needs_few_questions() -> None:
    """On a thousand steps of each of two rules and a curve of 60 corners, few states are asked, once each."""
    rng = np.random.default_rng(5)
    first = np.sort(rng.choice(np.arange(1, 999), 60, replace=False))
    corners = [(int(step), int(900 * 30 / (30 + step))) for step in first]
    asked: list[State] = []

    def ask(state: State) -> State | None:
        asked.append(state)
        return state if is_beyond(state, corners) else None

    costs = [[Fraction(int(one)) for one in np.cumsum(rng.integers(1, 9, 1000))] for _ in range(2)]
    best = least_by_weight(States((999, 999), ask), costs)
    assert best in corners
    assert sum(costs[rule][step] for rule, step in enumerate(best)) == min(
        costs[0][one] + costs[1][other] for one, other in corners
    )
    assert len(set(asked)) == len(asked) < 400


#: Strict rules, and how far each may move.
MOVABLE: dict[str, tuple[LimitRule, float]] = {
    "min": (MinDistance(300), 20),
    "max": (MaxDistance(80), 400),
    "ratio": (MaxSizeRatio(1.1), 4),
    "gap": (MaxLevelGap(0.05), 1.5),
    "beds": (Caliper("beds", 2), 35),
    "near": (NotNearest(4), 1),
}


@SETTINGS
@given(
    n=st.integers(4, 6),
    seed=st.integers(0, 400),
    names=st.lists(st.sampled_from(sorted(MOVABLE)), min_size=2, max_size=3, unique=True),
    with_network=st.booleans(),
    ordered=st.booleans(),
    weights=st.lists(st.sampled_from([0.5, 1.0, 3.0]), min_size=3, max_size=3),
)
def test_least_joint_change_equals_enumeration(
    make_case: MakeCase,
    n: int,
    seed: int,
    names: list[str],
    *,
    with_network: bool,
    ordered: bool,
    weights: list[float],
) -> None:
    """Every combination of the pairs' own figures within the limits of flex is tried."""
    rules = [MOVABLE[name][0] for name in names]
    furthest = {MOVABLE[name][0].key: MOVABLE[name][1] for name in names}
    weight = dict(zip(furthest, weights, strict=False))
    flex = Flex(furthest, order=tuple(furthest)) if ordered else Flex(furthest, weights=weight)
    case = make_case(n, seed, [*rules, *([Different("network")] if with_network else [])])
    assume(case.usable and not case.is_full(case.rules))
    change = diagnose(case.table(), flex=flex).flex
    choices = [_choices(rule, furthest[rule.key], case) for rule in rules]
    at_furthest = case.rules
    for key, limit in furthest.items():
        at_furthest = at_furthest.with_limit(key, limit)
    assert change.restores == case.is_full(at_furthest)
    if change.moved is None:
        assert change.outcome.n_unpaired == 2 * (n // 2 - case.best(at_furthest)[0]) > 0
        return

    def cost(limits: tuple[float, ...]) -> list[Fraction]:
        moves = {
            rule.key: abs(Fraction(limit) - Fraction(rule.limit))
            / abs(Fraction(furthest[rule.key]) - Fraction(rule.limit))
            for limit, rule in zip(limits, rules, strict=True)
        }
        if ordered:
            return list(moves.values())
        return [sum((Fraction(weight[key]) * move for key, move in moves.items()), Fraction(0))]

    best = min(cost(limits) for limits in product(*choices) if case.is_full(_with(case, rules, limits)))
    exact = {rule.key: rule.limit for rule in rules} | {move.key: move.exact for move in change.moved}
    assert cost(tuple(exact[rule.key] for rule in rules)) == best
    assert change.n_pairs_added > 0
    applied = change.applied_to(case.rules)
    assert case.edges(applied) == case.edges(_with(case, rules, tuple(exact[rule.key] for rule in rules)))
    assert change.outcome.total_value == case.best(applied)[1] / VALUE_SCALE
    for move in change.moved:
        assert (move.new <= furthest[move.key]) == (move.key not in ("min_distance_km", "not_nearest")) or (
            move.new == furthest[move.key]
        )


def _choices(rule: LimitRule, furthest: float, case: Case) -> list[float]:
    low, high = sorted((rule.limit, furthest))
    return [rule.limit, *sorted({one for one in rule.figure(case.block).tolist() if low <= one <= high})]


def _with(case: Case, rules: list[LimitRule], limits: tuple[float, ...]) -> RuleSet:
    changed = case.rules
    for rule, limit in zip(rules, limits, strict=True):
        changed = changed.with_limit(rule.key, limit)
    return changed


def test_every_fault_of_a_flex_is_told_at_once(make_case: MakeCase) -> None:
    """Stricter limits, rules that are not set, orders and weights of other rules, both at once."""
    case = make_case(6, 1, [MinDistance(100), MaxSizeRatio(2)])
    flex = Flex(
        {"min_distance_km": 120, "max_size_ratio": 2, "max_size_ration": 3, "max_level_gap": 1},
        order=["max_size_ratio", "max_size_ratio", "min_distance"],
        weights={"min_distance_km": 0, "different": 1},
    )
    with pytest.raises(SettingsError) as caught:
        diagnose(case.table(), flex=flex)
    told = [
        (problem.column, problem.value, problem.message, problem.expected or problem.advice)
        for problem in caught.value.problems
    ]
    stricter, unknown, other = (
        "is not looser than the rule itself",
        "there is no rule of that name with a limit in [rules]",
        "is not among the rules that may move",
    )
    movable = "min_distance_km, max_size_ratio, max_size_ration, max_level_gap"
    assert told == [
        ("flex.min_distance_km", "120", stricter, "less than 100, the limit in [rules]"),
        ("flex.max_size_ratio", "2", stricter, "more than 2, the limit in [rules]"),
        ("flex.max_size_ration", None, unknown, "Did you mean 'max_size_ratio'?"),
        ("flex.max_level_gap", None, unknown, "Set the rule, or take it out of [flex]."),
        ("flex.order", "min_distance", other, movable),
        ("flex.order", "max_size_ratio", "is named more than once", None),
        ("flex.weights", None, "the key contradicts flex.order", BOTH),
        ("flex.weights.min_distance_km", "0", "is out of range", "above 0"),
        ("flex.weights", "different", other, movable),
    ]
    assert caught.value.problems[4].advice == "Did you mean 'min_distance_km'?"


BOTH = "Give either an order (the rule named first moves least) or weights."


def test_a_negative_or_infinite_flex_is_refused(make_case: MakeCase) -> None:
    """No limit can be there."""
    case = make_case(6, 1, [MinDistance(100), MaxSizeRatio(2)])
    with pytest.raises(SettingsError, match=r"'-5' is out of range(.|\n)*'inf' is not looser"):
        diagnose(case.table(), flex=Flex({"min_distance_km": -5, "max_size_ratio": float("inf")}))
