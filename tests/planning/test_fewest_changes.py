"""The weights behind a repair: a bonus that outweighs every difference, and a proof that fails without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from pairing import CertificateError, Cohort, InputDataError, Pairing, pair
from pairing.planning import named_pairs
from pairing.planning.fewest_changes import FewestChanges
from pairing.planning.recorded_objective import objective_from_dict

MakeCohort = Callable[..., Cohort]


@pytest.fixture
def plan(make_cohort: MakeCohort) -> Pairing:
    """A plan of 14 teams, repaired after two drop-outs."""
    before = pair(make_cohort(14, seed=7))
    return before.repair(without=[named_pairs(before)[0][0], named_pairs(before)[1][0]]).pairing


def test_one_earlier_pair_more_outweighs_any_value(plan: Pairing) -> None:
    """The bonus exceeds the largest difference between totals, even when every value is off by one."""
    objective = plan.objective
    assert isinstance(objective, FewestChanges)
    values = plan.table.integers
    assert objective.bonus > (len(plan.cohort) // 2) * int(values.max() + 1 - (values.min() - 1))


def test_a_smaller_bonus_is_refused(plan: Pairing) -> None:
    """With a bonus that one large value outweighs nothing is proven of the earlier pairs."""
    objective = plan.objective
    assert isinstance(objective, FewestChanges)
    values = plan.table.integers
    too_small = (len(plan.cohort) // 2) * int(values.max() - values.min())
    weak = replace(plan, objective=replace(objective, bonus=too_small))
    with pytest.raises(CertificateError, match="does not outweigh every difference"):
        weak.prove()


def test_other_earlier_pairs_are_not_proven(plan: Pairing) -> None:
    """The certificate is about these earlier pairs and no others."""
    objective = plan.objective
    assert isinstance(objective, FewestChanges)
    others = tuple(pair for pair in objective.earlier if pair not in named_pairs(plan)[:1])
    with pytest.raises(CertificateError):
        replace(plan, objective=replace(objective, earlier=others)).prove()


def test_the_objective_survives_its_record(plan: Pairing) -> None:
    """Written and read back it gives the same weights."""
    again = objective_from_dict(plan.objective.to_dict())
    assert again == plan.objective
    weights = [each.weights(plan.table, plan.pairs) for each in (again, plan.objective)]
    assert np.array_equal(*weights)


def test_a_bonus_beyond_64_bits_works(plan: Pairing) -> None:
    """Whatever a record says, nothing overflows."""
    objective = plan.objective
    assert isinstance(objective, FewestChanges)
    huge = replace(objective, bonus=2**70)
    weights = huge.weights(plan.table, plan.pairs)
    kept = huge.is_earlier(plan.table)
    assert (weights[kept] - plan.table.integers[kept] == 2**70).all()


@pytest.mark.parametrize(
    ("earlier", "bonus", "problems"),
    [
        ("R0A", 5, 1),
        ([["A", "A"]], 5, 1),
        ([["A", 3]], "5", 2),
        ([["A", "B", "C"]], True, 2),
        (None, 1.5, 2),
    ],
)
def test_a_broken_record_is_named(earlier: object, bonus: object, problems: int) -> None:
    """Every fault of a recorded objective is a problem, none a crash."""
    with pytest.raises(InputDataError) as raised:
        objective_from_dict({"kind": "fewest-changes", "earlier": earlier, "bonus": bonus})
    assert len(raised.value.problems) == problems
