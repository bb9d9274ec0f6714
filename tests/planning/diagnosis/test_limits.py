"""The smallest change of one limit equals going through every limit there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from pairing import (
    Caliper,
    MaxDistance,
    MaxLevelGap,
    MaxSizeRatio,
    MinDistance,
    NotNearest,
    best_pairing,
    diagnose,
)
from pairing.pairs import VALUE_SCALE
from pairing.planning.diagnosis import LimitChange
from pairing.planning.diagnosis.limits import _first_enough, steps_of
from pairing.planning.diagnosis.links import Links
from pairing.planning.diagnosis.readable import limit_text, readable_limit
from pairing.planning.diagnosis.relaxable import RelaxablePairs
from pairing.rules import LimitRule

SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
MakeCase = Callable[..., Any]

RULES: dict[str, st.SearchStrategy[LimitRule]] = {
    "min": st.builds(MinDistance, st.floats(50, 400)),
    "max": st.builds(MaxDistance, st.floats(30, 250)),
    "ratio": st.builds(MaxSizeRatio, st.floats(1, 1.6)),
    "gap": st.builds(MaxLevelGap, st.floats(0.01, 0.8)),
    "beds": st.builds(Caliper, st.just("beds"), st.integers(0, 20)),
    "near": st.builds(NotNearest, st.integers(1, 6)),
}


def rule_lists(most: int = 3) -> st.SearchStrategy[list[LimitRule]]:
    """One to three different rules, mostly strict."""
    chosen = st.lists(st.sampled_from(sorted(RULES)), min_size=1, max_size=most, unique=True)
    return chosen.flatmap(lambda names: st.tuples(*(RULES[name] for name in names)).map(list))


def limits_outwards(rule: LimitRule, figures: Sequence[float]) -> list[float]:
    """Every limit at which the rule permits more than now, the nearest first."""
    distinct = sorted(set(figures), reverse=not rule.raised_to_relax)
    return [one for one in distinct if (one > rule.limit) == rule.raised_to_relax and one != rule.limit]


@SETTINGS
@given(n=st.integers(2, 9), seed=st.integers(0, 500), rules=rule_lists())
def test_smallest_change_equals_enumeration(
    make_case: MakeCase, n: int, seed: int, rules: list[LimitRule]
) -> None:
    """The first limit outwards with which everyone can be paired; with the one before nobody could."""
    case = make_case(n, seed, rules)
    assume(case.usable)
    diagnosis = diagnose(case.table())
    assert diagnosis.is_full == case.is_full(case.rules)
    assert [change.key for change in diagnosis.changes] == (
        [] if diagnosis.is_full else list(case.rules.keys)
    )
    for change, rule in zip(diagnosis.changes, rules, strict=False):
        assert isinstance(change, LimitChange)
        limits = limits_outwards(rule, rule.figure(case.block).tolist())
        enough = [limit for limit in limits if case.is_full(case.rules.with_limit(rule.key, limit))]
        assert change.restores == bool(enough)
        without = case.best(case.rules.without(rule.key))
        assert change.without.n_pairs == without[0]
        assert change.without.total_value == without[1] / VALUE_SCALE
        if change.moved is None:
            assert change.outcome.n_unpaired == 2 * (n // 2 - without[0]) > 0
            continue
        assert change.moved.exact == enough[0]
        applied = change.moved.applied_to(case.rules)
        exactly = case.rules.with_limit(rule.key, enough[0])
        assert case.edges(applied) == case.edges(exactly)
        assert change.n_pairs_added == len(case.edges(applied)) - len(case.edges(case.rules))
        assert (change.outcome.n_pairs, change.outcome.total_value * VALUE_SCALE) == pytest.approx(
            case.best(applied), abs=0.5
        )
        assert best_pairing(case.table(applied), allow_unpaired=bool(n % 2)).prove().gap == 0


@given(
    exact=st.floats(0.001, 1e6),
    further=st.floats(1e-9, 10),
    room=st.floats(0, 10),
    upwards=st.booleans(),
)
def test_readable_limits_lie_between_the_two_figures(
    exact: float, further: float, room: float, *, upwards: bool
) -> None:
    """The rounded limit permits the one pair and not the next, and survives being written and read."""
    sign = 1 if upwards else -1
    beyond, furthest = exact + sign * further, exact + sign * room
    assume(beyond != exact)
    limit = readable_limit(exact, beyond, furthest, upwards=upwards)
    assert exact <= limit < beyond if upwards else beyond < limit <= exact
    assert exact <= limit <= furthest if upwards else furthest <= limit <= exact
    assert float(limit_text(limit)) == limit
    assert len(limit_text(limit)) <= len(repr(exact))


def test_readable_limits_have_as_few_digits_as_possible() -> None:
    """The examples that one would round by hand."""
    assert readable_limit(1.3797, 1.3811, 2, upwards=True) == 1.38
    assert readable_limit(1.37974, 1.3799, 2, upwards=True) == 1.3798
    assert readable_limit(51.9, 50.2, 40, upwards=False) == 51
    assert readable_limit(51.9, None, 40, upwards=False) == 51
    assert readable_limit(51.9, None, 51.5, upwards=False) == 51.9
    assert readable_limit(2.0, None, 2.1, upwards=True) == 2
    assert readable_limit(1e300, None, 2e300, upwards=True) == 1e300
    neighbour = float(np.nextafter(0.1, 1))
    assert readable_limit(0.1, neighbour, 1, upwards=True) == 0.1


@pytest.mark.parametrize(
    ("rule", "figures", "furthest", "new"),
    [
        (MaxSizeRatio(1.3), [1.37974, 1.9], 1.3799, 1.3798),
        (MaxSizeRatio(1.3), [1.3797, 1.9], 1.6, 1.38),
        (MinDistance(60), [51.94, 12.0], 51.92, 51.94),
        (MinDistance(60), [51.94, 12.0], 40, 51.9),
    ],
)
def test_rounding_does_not_pass_the_furthest_limit(
    rule: LimitRule, figures: list[float], furthest: float, new: float
) -> None:
    """A limit is rounded outwards, but not beyond what the user accepts."""
    steps = steps_of(rule, np.array(figures), furthest)
    assert len(steps) == 1
    assert steps.of_pair.tolist() == [0, 1]
    moved = steps.moved(0)
    assert (moved.exact, moved.new) == (figures[0], new)


def test_a_rule_without_a_smallest_limit_is_left_out(make_case: MakeCase) -> None:
    """If every neighbour may be visited, not_nearest is no rule any more, and the advice says so."""
    for seed in range(40):
        case = make_case(4, seed, [NotNearest(2)])
        if (
            not case.usable
            or case.is_full(case.rules)
            or case.is_full(case.rules.with_limit("not_nearest", 1))
        ):
            continue
        (change,) = diagnose(case.table()).changes
        assert change.moved.exact == change.moved.new == 0
        assert change.moved.applied_to(case.rules).rules == ()
        assert diagnose(case.table()).options[0].action == "Leave not_nearest = 2 out"
        return
    pytest.fail("no such case among the seeds")


def test_missing_data_that_ban_are_no_matter_of_the_limit(make_case: MakeCase) -> None:
    """Pairs banned for want of data come back only without the rule, and that is what is said."""
    case = make_case(6, 3, [MaxSizeRatio(50)], "ban")
    size = np.array(case.model.cohort.size)
    size[2] = np.nan
    model = replace(case.model, cohort=replace(case.model.cohort, size=size))
    diagnosis = diagnose(type(case.table()).build(model))
    (change,) = diagnosis.changes
    assert change.moved is None
    assert change.restores
    assert change.n_pairs_added == 5
    assert diagnosis.options[0].action == "Leave max_size_ratio out"


def test_a_step_with_halves_only_is_not_enough(make_case: MakeCase) -> None:
    """Two triangles can be halved throughout, and yet leave two teams out: the search goes on."""
    case = make_case(6, 0, [MaxSizeRatio(2.0)])
    pairs = RelaxablePairs.of(case.table())
    first, second = np.array([0, 0, 1, 3, 3, 4]), np.array([1, 2, 2, 4, 5, 5])
    triangles = Links(first, second, np.zeros(6, np.int64))
    bridge = Links(np.array([2, 0]), np.array([3, 5]), np.zeros(2, np.int64))
    rule = MaxSizeRatio(2.0)
    nothing = triangles.only(np.zeros(6, np.bool_))
    bare = replace(pairs, permitted=nothing)
    extra = triangles.plus(bridge)
    steps = steps_of(rule, np.array([2.1, 2.1, 2.1, 2.1, 2.1, 2.2, 2.3, 2.4]))
    assert bare.may_be_full(extra.only(steps.of_pair <= 1))
    assert not bare.is_full(extra.only(steps.of_pair <= 1))
    assert _first_enough(bare, extra, steps) == 2
    assert _first_enough(bare, triangles, steps_of(rule, np.full(6, 2.1))) is None
