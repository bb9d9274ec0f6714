"""The fairest plan of a cohort, against enumeration and against what people are told about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from pairing import (
    CertificateError,
    Cohort,
    InfeasibleMatchingError,
    MaxDistance,
    MaxLevelGap,
    MaxSizeRatio,
    MinDistance,
    PairModel,
    PairTable,
    Preferences,
    RuleSet,
    best_pairing,
    estimate_profiles,
    fairest_pairing,
    load_audit,
    pair,
    rule_prices,
)
from pairing.planning import Fairest, Pairing
from pairing.planning.objective import TotalValue
from pairing.planning.recorded_objective import objective_from_dict

MakeCohort = Callable[..., Cohort]
Values = dict[tuple[int, int], int]


def all_values(free: tuple[int, ...], value: Values) -> Iterator[list[int]]:
    """Values of the pairs of every matching."""
    if len(free) < 2:
        yield []
        return
    head, rest = free[0], free[1:]
    yield from all_values(rest, value)
    for other in rest:
        if (head, other) in value:
            for values in all_values(tuple(team for team in rest if team != other), value):
                yield [value[head, other], *values]


def fairest_by_enumeration(table: PairTable) -> tuple[int, list[int]]:
    """Most pairs, then leximin: the sorted values of the fairest plan."""
    pairs = zip(table.first.tolist(), table.second.tolist(), strict=True)
    value = dict(zip(pairs, table.integers.tolist(), strict=True))
    teams = tuple(range(len(table.model.cohort)))
    return max((len(values), sorted(values)) for values in all_values(teams, value))


def table_of(
    cohort: Cohort, *rules: MinDistance | MaxSizeRatio | MaxLevelGap, travel: float = 0
) -> PairTable:
    """The permitted pairs of a cohort."""
    preferences = Preferences(travel_per_100_km=travel)
    return PairTable.build(PairModel(cohort, estimate_profiles(cohort), RuleSet(rules), preferences))


def sorted_values(plan: Pairing) -> list[int]:
    """Values of a plan's pairs in integer units, the worst first."""
    return sorted(plan.scored.integers.tolist())


@pytest.fixture(scope="module")
def best() -> Pairing:
    """The plan of the greatest total of the bundled audit."""
    return pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])


@pytest.fixture(scope="module")
def fairest(best: Pairing) -> Pairing:
    """The fairest plan under the same rules."""
    return fairest_pairing(best.table)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    n=st.integers(2, 9),
    seed=st.integers(0, 10_000),
    km=st.floats(0, 300),
    ratio=st.floats(1, 4),
    gap=st.floats(0.05, 2),
    travel=st.sampled_from([0.0, 0.2, 3.0]),
    digits=st.sampled_from([0, 8, 9]),
)
def test_fairest_pairing_equals_enumeration(
    make_cohort: MakeCohort,
    n: int,
    seed: int,
    km: float,
    ratio: float,
    gap: float,
    travel: float,
    digits: int,
) -> None:
    """As many pairs as any, and none has better values from the worst up; ties and below 0 too."""
    rules = MinDistance(km), MaxSizeRatio(ratio), MaxLevelGap(gap)
    cohort = make_cohort(n, seed)
    assume(sum(estimate_profiles(cohort).model.usable) > 1)  # a few teams may show no real differences
    table = table_of(cohort, *rules, travel=travel)
    coarse = table.integers // 10**digits * 10**digits
    table = replace(table, integers=coarse)
    plan = fairest_pairing(table, allow_unpaired=True)
    chosen = coarse[plan.partner[table.first] == table.second].tolist()
    assert (len(plan.pairs), sorted(chosen)) == fairest_by_enumeration(table)
    assert plan.prove().gap == 0


def test_the_audit_becomes_fairer_at_a_price(best: Pairing, fairest: Pairing) -> None:
    """The worst pair gains what the total pays for, and the proof is for this plan and this claim only."""
    assert len(fairest.pairs) == len(best.pairs)
    assert sorted_values(fairest) > sorted_values(best)
    assert fairest.scored.value.min() > best.scored.value.min() + 0.05
    assert fairest.total_value < best.total_value
    assert fairest.prove().gap == 0
    with pytest.raises(CertificateError):
        replace(fairest, objective=TotalValue()).prove()
    with pytest.raises(CertificateError):
        replace(best, objective=Fairest()).prove()


def test_an_exchange_of_partners_is_no_longer_proven(fairest: Pairing) -> None:
    """A permitted exchange between two pairs that changes a value fails; with equal values it would not."""
    table, partner = fairest.table, fairest.partner
    permitted = set(zip(table.first.tolist(), table.second.tolist(), strict=True))
    tried = 0
    for (a, b), (c, d) in zip(fairest.pairs[:-1].tolist(), fairest.pairs[1:].tolist(), strict=True):
        if {(min(a, c), max(a, c)), (min(b, d), max(b, d))} <= permitted:
            exchanged = partner.copy()
            exchanged[[a, c, b, d]] = [c, a, d, b]
            edited = replace(fairest, partner=exchanged)
            assert sorted_values(edited) < sorted_values(fairest)
            with pytest.raises(CertificateError):
                edited.prove()
            tried += 1
    assert tried > 3


def test_the_summary_says_what_is_proven_and_what_it_costs(best: Pairing, fairest: Pairing) -> None:
    """In words, with the worst value here and in the plan of the greatest total."""
    text = fairest.summary()
    assert "or an equal worst and a better second worst, and so on" in text
    assert f"The worst-off pair has {fairest.scored.value.min():.3f} SD." in text
    worst = f"{best.scored.value.min():.3f} SD."
    assert f"greatest total ({best.total_value:.3f} SD) the worst-off pair has {worst}" in text
    reread = replace(fairest, objective=objective_from_dict(fairest.objective.to_dict()))
    assert isinstance(reread.objective, Fairest)
    assert "greatest total" not in reread.summary()
    assert f"The worst-off pair has {fairest.scored.value.min():.3f} SD." in reread.summary()
    assert reread.prove().gap == 0


def test_an_incomplete_pairing_is_refused_with_the_usual_words(make_cohort: MakeCohort) -> None:
    """Whether everybody can be paired does not depend on the objective, and nor does the message."""
    table = table_of(make_cohort(15, seed=5))
    with pytest.raises(InfeasibleMatchingError) as raised:
        fairest_pairing(table)
    with pytest.raises(InfeasibleMatchingError) as expected:
        best_pairing(table)
    assert str(raised.value) == str(expected.value)
    assert len(fairest_pairing(table, allow_unpaired=True).unpaired) == 1


def test_without_permitted_pairs_there_is_nothing_to_say(make_cohort: MakeCohort) -> None:
    """No pair at all is a plan too, and proven."""
    table = table_of(make_cohort(6, seed=2), MinDistance(5_000))
    plan = fairest_pairing(table, allow_unpaired=True)
    assert len(plan.pairs) == 0
    assert plan.prove().n_pairs == 0
    assert "worst-off" not in plan.summary()


def test_row_order_does_not_matter(fairest: Pairing) -> None:
    """The table of permitted pairs may come in any order."""
    table = fairest.table
    order = np.random.default_rng(3).permutation(len(table))
    shuffled = replace(
        table, first=table.first[order], second=table.second[order], integers=table.integers[order]
    )
    again = fairest_pairing(shuffled)
    assert np.array_equal(again.partner, fairest.partner)
    assert again.certificate.to_dict() == fairest.certificate.to_dict()
    assert again.prove().gap == 0


def test_rule_prices_compare_fairest_with_fairest(make_cohort: MakeCohort) -> None:
    """Each price is the difference to the fairest plan made without that rule."""
    cohort = make_cohort(24, seed=8)
    rules = [MinDistance(80), MaxSizeRatio(2), MaxLevelGap(0.6), MaxDistance(400)]
    plan = fairest_pairing(table_of(cohort, *rules), allow_unpaired=True)
    prices = rule_prices(plan)
    assert any(price.worst_gained > 0 for price in prices)
    for rule, price in zip(rules, prices, strict=True):
        others = [other for other in rules if other is not rule]
        without = fairest_pairing(table_of(cohort, *others), allow_unpaired=True)
        worst = without.scored.value.min() - plan.scored.value.min()
        assert price.n_pairs_gained == len(without.pairs) - len(plan.pairs)
        assert price.value_gained == pytest.approx(without.total_value - plan.total_value, abs=1e-12)
        assert price.worst_gained == pytest.approx(worst, abs=1e-12)
        assert price.worst_gained >= 0 or price.n_pairs_gained > 0
