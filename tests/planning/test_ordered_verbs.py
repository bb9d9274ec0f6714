"""What the verbs say of a plan by levels or under side constraints: the right number, an owning up, or no."""

from __future__ import annotations

import json

import numpy as np
import pytest

from pairing import MaxSizeRatio, MinDistance, Pairing, SettingsError, load_audit, pair
from pairing.errors import CertificateError
from pairing.planning import (
    MaxPairsOver,
    ordered_pairing,
    plan_rounds,
    rule_prices,
)
from pairing.planning.recorded_objective import objective_from_dict

FAR_KM, MOST_FAR = 200, 3


@pytest.fixture(scope="module", name="free")
def fixture_free() -> Pairing:
    """The plan of greatest total of forty trusts; it has more far pairs than are allowed below."""
    audit = load_audit()
    plan = pair(audit.subset(audit.ids[:40]), [MinDistance(50), MaxSizeRatio(3)])
    assert n_far(plan, plan.partner) > MOST_FAR
    return plan


@pytest.fixture(scope="module", name="levels")
def fixture_levels(free: Pairing) -> Pairing:
    """By the worst-off pair first; its total is below the greatest."""
    plan = ordered_pairing(free.table, ["worst", "total"])
    assert plan.total_units < free.total_units
    return plan


@pytest.fixture(scope="module", name="limited")
def fixture_limited(free: Pairing) -> Pairing:
    """The greatest total under a side constraint that binds."""
    plan = ordered_pairing(free.table, constraints=[MaxPairsOver(FAR_KM, MOST_FAR)])
    assert plan.total_units < free.total_units
    return plan


@pytest.fixture(scope="module", name="repaired")
def fixture_repaired(limited: Pairing) -> Pairing:
    """The same after a drop-out, which no longer has levels but still has its side constraint."""
    far = {int(at) for at in np.flatnonzero(far_pairs(limited, limited.partner))}
    first = next(at for at in sorted(far))
    ends = limited.pairs[first]
    return limited.repair(without=[limited.cohort.ids[at] for at in ends]).pairing


def far_pairs(plan: Pairing, partner: np.ndarray) -> np.ndarray:
    """Which pairs of a plan are far, measured pair by pair."""
    first = np.flatnonzero(partner > np.arange(len(partner)))
    km = plan.table.model.score(first, partner[first]).pairs.distance_km
    return np.asarray(km > FAR_KM)


def n_far(plan: Pairing, partner: np.ndarray) -> int:
    """How many."""
    return int(far_pairs(plan, partner).sum())


@pytest.mark.parametrize("made", ["levels", "limited", "repaired"])
def test_answers_by_totals_are_refused(request: pytest.FixtureRequest, made: str) -> None:
    """Rule prices, standby partners and rounds, each with what to do instead."""
    plan = request.getfixturevalue(made)
    asked = {
        "used to price rules by totals": (lambda: rule_prices(plan), "Plan again without the rule"),
        "searched for standby partners": (plan.standby, "Repair a drop-out once it has happened"),
        "continued in rounds": (lambda: plan.rounds(2), "Give its table to plan rounds"),
    }
    for what, (ask, advice) in asked.items():
        with pytest.raises(SettingsError, match=f"is not {what}. {advice}") as refused:
            ask()
        assert len(refused.value.problems) == 1


def test_rounds_of_the_table_are_planned(limited: Pairing) -> None:
    """As the refusal advises."""
    assert plan_rounds(limited.table, 2).status == "optimal"


def test_plans_by_the_total_alone_are_answered(free: Pairing) -> None:
    """Nothing is refused, and nothing owned up to, where there is nothing to own up to."""
    assert len(free.standby().successors) == 40
    assert len(rule_prices(free)) == 2
    found = free.alternatives(2)
    assert (found.to_dict()["side_constraints_kept"], found.to_dict()["levels_ignored"]) == (0, [])
    for words in (
        found.summary(),
        free.diagnose().summary(),
        free.tradeoff("min_distance_km", [50]).summary(),
    ):
        assert "side constraint" not in words
        assert "levels" not in words


def test_pairs_are_not_priced(levels: Pairing, limited: Pairing) -> None:
    """An explanation says why."""
    for plan in (levels, limited):
        one = plan.explain(plan.cohort.ids[0])
        assert (one.price_of_parting, one.next_best) == (None, None)
        assert "by levels of objectives or under conditions on the whole plan" in one.summary()
        assert "by levels" in one.to_dict()["unpriced"]


def test_alternatives_keep_the_limits_and_own_up_to_levels(levels: Pairing, limited: Pairing) -> None:
    """Each plan keeps to the side constraint; plans are compared by total, and that is said."""
    found = limited.alternatives(3)
    assert [n_far(limited, partner) <= MOST_FAR for partner in found.plans] == [True] * 3
    assert found.totals[0] == limited.total_units
    assert "Every plan keeps to the side constraints of the plan at hand" in found.summary()
    assert json.loads(json.dumps(found.to_dict()))["side_constraints_kept"] == 1
    found = levels.alternatives(2)
    assert "made by levels (pairs, then worst, then total), which are not looked at" in found.summary()
    assert "plans are compared by total value alone" in found.summary()
    assert (found.to_dict()["compared_by"], found.to_dict()["levels_ignored"]) == ("total value", ["worst"])


def test_alternatives_of_a_repaired_plan_keep_its_limits(repaired: Pairing) -> None:
    """They would otherwise be lost with the levels."""
    assert all(n_far(repaired, partner) <= MOST_FAR for partner in repaired.alternatives(2).plans)


def test_tradeoff_keeps_the_limits_and_owns_up_to_levels(levels: Pairing, limited: Pairing) -> None:
    """The row of the plan's own limit is the plan under constraints, and not the plan by levels."""
    found = limited.tradeoff("min_distance_km", [50, 60])
    assert found.rows[0].total_value == pytest.approx(limited.total_value, abs=1e-9)
    assert "Every row keeps to the side constraints" in found.summary()
    assert found.to_dict()["side_constraints_kept"] == 1
    found = levels.tradeoff("min_distance_km", [50])
    assert found.rows[0].total_value > levels.total_value
    assert "every row is the plan of the greatest total value" in found.summary()
    assert found.to_dict()["levels_ignored"] == ["worst"]


def test_robustness_says_what_was_worked_out_anew(levels: Pairing, limited: Pairing) -> None:
    """The greatest total under the rules alone, whatever the plan was made for."""
    found = limited.robustness(2, seed=0)
    assert "need not keep to the plan's side constraints" in found.summary()
    facts = found.to_dict()
    assert (facts["resolved"], facts["side_constraints_ignored"]) == ("greatest total value", 1)
    assert facts["best_promised_total"] > facts["promised_total"]
    found = levels.robustness(2, seed=0)
    assert (
        "made for another objective: as many pairs as possible, then the greatest possible" in found.summary()
    )
    assert (found.to_dict()["side_constraints_ignored"], found.to_dict()["levels_ignored"]) == (0, ["worst"])


def test_a_diagnosis_is_about_the_rules_alone(limited: Pairing, repaired: Pairing) -> None:
    """And says that side constraints may rule out what the rules permit."""
    for plan in (limited, repaired):
        found = plan.diagnose()
        assert "1 side constraint on the whole plan may rule out more" in found.summary()
        assert found.to_dict()["side_constraints_ignored"] == 1


def test_a_repair_owns_up_to_levels(levels: Pairing, limited: Pairing) -> None:
    """It keeps the side constraints and not the levels; a price against an unlimited best is a bound."""
    repaired = levels.repair(without=levels.cohort.ids[:2])
    assert "the fewest changes come first, and then the total value" in repaired.summary()
    assert repaired.to_dict()["levels_ignored"] == ["worst"]
    assert repaired.to_dict()["price_of_stability_is_at_most"] is False
    far = int(np.flatnonzero(far_pairs(limited, limited.partner))[0])
    repaired = limited.repair(without=[limited.cohort.ids[at] for at in limited.pairs[far]])
    assert n_far(repaired.pairing, repaired.pairing.partner) <= MOST_FAR
    assert "The repaired plan keeps to 1 side constraint." in repaired.summary()
    assert repaired.to_dict()["price_of_stability_is_at_most"] is True
    assert repaired.to_dict()["side_constraints_kept"] == 1


def test_a_second_repair_keeps_the_limits_of_the_first(repaired: Pairing) -> None:
    """Side constraints stay with a plan, through its record too, and its proof holds it to them."""
    again = repaired.repair(without=repaired.cohort.ids[:2])
    assert again.constrained
    back = objective_from_dict(json.loads(json.dumps(again.pairing.objective.to_dict())))
    assert back == again.pairing.objective
    assert again.pairing.prove().gap == 0


def test_a_proof_holds_a_repaired_plan_to_its_limits(free: Pairing, repaired: Pairing) -> None:
    """A limit that the plan breaks is found, though its certificate is right."""
    facts = repaired.objective.to_dict()
    facts["side_constraints"] = [MaxPairsOver(0, len(repaired.pairs) - 1).to_dict()]
    with pytest.raises(CertificateError, match="the plan breaks a side constraint"):
        objective_from_dict(facts).prove(repaired.certificate, repaired.table, repaired.pairs)
    assert free.prove().gap == 0
