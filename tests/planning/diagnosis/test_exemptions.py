"""The fewest exemptions from rules that know only yes and no equal enumeration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from pairing import Different, Forbid, MaxDistance, Previous, Require, RuleSet, Same, diagnose
from pairing.pairs import VALUE_SCALE
from pairing.planning.diagnosis import Exemption
from pairing.rules import Drawn

SETTINGS = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
MakeCase = Callable[..., Any]
MANY = 10**15


def every_pair(n: int) -> list[tuple[str, str]]:
    """All pairs of the first n teams."""
    return [(f"T{one:03d}", f"T{other:03d}") for other in range(n) for one in range(other)]


def named_pairs(n: int) -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    """Pairs of teams, most of them."""
    every = every_pair(n)
    return st.lists(st.sampled_from(every), min_size=1, max_size=len(every), unique=True).map(tuple)


@SETTINGS
@given(
    n=st.integers(2, 8),
    seed=st.integers(0, 300),
    km=st.floats(100, 500),
    data=st.data(),
    kind=st.integers(0, 3),
)
def test_fewest_exemptions_equal_enumeration(
    make_case: MakeCase,
    best_of: Callable[..., Any],
    n: int,
    seed: int,
    km: float,
    data: st.DataObject,
    kind: int,
) -> None:
    """As many pairs as possible, then as few exemptions, then the greatest value."""
    rule = [Different("network"), Same("network"), Forbid, Previous][kind]
    rule = rule if kind < 2 else rule(data.draw(named_pairs(n)))
    case = make_case(n, seed, [rule, MaxDistance(km)])
    assume(case.usable and not case.is_full(case.rules))
    change = diagnose(case.table()).changes[0]
    assert isinstance(change, Exemption)
    permitted = {edge[:2] for edge in case.edges(case.rules)}
    others = case.edges(case.rules.without(rule.key))
    weighted = [(*edge[:2], edge[2] - MANY * (edge[:2] not in permitted)) for edge in others]
    n_pairs, total = best_of(n, weighted)
    exempted = len(change.pairs)
    assert change.outcome.n_pairs == n_pairs
    assert round(change.outcome.total_value * VALUE_SCALE) - MANY * exempted == total
    ids = case.model.cohort.ids
    banned = {(ids[one], ids[other]) for one, other, _ in others} - {
        (ids[one], ids[other]) for one, other in permitted
    }
    assert set(change.pairs) <= banned
    assert change.without.n_pairs == n_pairs
    assert round(change.without.total_value * VALUE_SCALE) == best_of(n, others)[1]


@SETTINGS
@given(n_others=st.integers(2, 5), seed=st.integers(0, 300), data=st.data(), n_required=st.integers(1, 2))
def test_fewest_required_pairs_given_up_equal_enumeration(
    make_case: MakeCase,
    best_of: Callable[..., Any],
    n_others: int,
    seed: int,
    data: st.DataObject,
    n_required: int,
) -> None:
    """As many required pairs are kept as can be with as many pairs as possible."""
    n = 2 * n_required + n_others
    pairs = tuple((f"T{at:03d}", f"T{at + 1:03d}") for at in range(0, 2 * n_required, 2))
    among_others = {pair for pair in every_pair(n) if pair[0] >= f"T{2 * n_required:03d}"}
    more = set(data.draw(named_pairs(n))[:n])
    case = make_case(n, seed, [Forbid(tuple(among_others | more - set(pairs))), Require(pairs)])
    assume(case.usable)
    change = diagnose(case.table()).changes[1]
    ids = case.model.cohort.ids
    others = case.edges(case.rules.without("require"))
    weighted = [
        (one, other, value + MANY * ((ids[one], ids[other]) in pairs)) for one, other, value in others
    ]
    n_pairs, total = best_of(n, weighted)
    kept = len(pairs) - len(change.pairs)
    assert set(change.pairs) <= set(pairs)
    assert change.outcome.n_pairs == n_pairs
    assert round(change.outcome.total_value * VALUE_SCALE) + MANY * kept == total


def test_giving_up_a_required_pair_is_said(make_case: MakeCase) -> None:
    """Four teams in a line: the required middle pair keeps both ends from any partner."""
    case = make_case(4, 0, [Require((("T001", "T002"),)), Forbid((("T000", "T003"),))])
    diagnosis = diagnose(case.table())
    assert [option.action for option in diagnosis.options] == [
        "Give up T001–T002, in spite of require",
        "Take T000–T003 out of forbid",
        f"Leave out {', '.join(diagnosis.left_out)}",
    ]
    assert set(diagnosis.left_out) == {"T000", "T003"}
    (shortage,) = diagnosis.shortages
    assert shortage.sentence() == "T000 and T003 have no permitted partner at all."


@pytest.mark.parametrize(("rule", "words"), [(Previous, "meet again"), (Forbid, "out of forbid")])
def test_named_pairs_are_said_in_the_rules_own_terms(
    make_case: MakeCase, rule: type[Forbid], words: str
) -> None:
    """Earlier partners meet again; a forbidden pair leaves the list."""
    option = diagnose(make_case(4, 1, [rule(tuple(every_pair(4)))]).table()).options[0]
    assert words in option.action
    assert option.how[0] == "2 pairs is the fewest that will do."


def test_teams_that_were_not_drawn_are_not_missed(make_case: MakeCase) -> None:
    """Only drawn teams are to be paired; the draw itself is no rule to relax."""
    case = make_case(8, 2, [Drawn(frozenset({"T001", "T002", "T003", "T004"})), MaxDistance(1)])
    diagnosis = diagnose(case.table())
    assert diagnosis.outcome.n_unpaired == 4
    assert sorted(diagnosis.left_out) == ["T001", "T002", "T003", "T004"]
    (change,) = diagnosis.changes
    assert change.restores
    paired = case.table(change.moved.applied_to(case.rules))
    assert diagnose(paired).is_full
    assert isinstance(case.rules, RuleSet)
