"""A search that is stopped gives the best plan so far, with a bound that is proven and a gap that is true."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from pairing import Cohort, Different, MaxDistance, MaxSizeRatio, MinDistance
from pairing.errors import CertificateError, InputDataError, SolverError
from pairing.files.run_record import proven_facts
from pairing.matching import Progress
from pairing.pairs import PairModel, PairTable, Preferences
from pairing.pairs.stream import PairStream
from pairing.pairs.streamed_table import StreamedTable
from pairing.planning import Pairing, next_best_partners
from pairing.planning.objective import TOTAL, TotalSoFar
from pairing.planning.pair import best_pairing
from pairing.planning.recorded_objective import objective_from_dict
from pairing.profiles import estimate_profiles
from pairing.rules import RuleSet

MakeCohort = Callable[..., Cohort]


@pytest.fixture(name="few_candidates")
def fixture_few_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few that one round is not enough; with the usual number the first would be the last."""
    monkeypatch.setattr("pairing.pairs.stream.CANDIDATES_EACH", 4)
    monkeypatch.setattr("pairing.matching.large.screening.NEAREST_EACH", 1)


def table_of(cohort: Cohort) -> PairTable:
    """Permitted pairs as a stream."""
    rules = RuleSet((MinDistance(40), MaxDistance(350), MaxSizeRatio(2.5), Different("network")))
    model = PairModel(cohort, estimate_profiles(cohort), rules, Preferences())
    return StreamedTable(PairStream(model))


def interrupted(table: PairTable, after: int) -> Pairing:
    """The plan of a search in which Ctrl-C is pressed after so many rounds."""

    def press(state: Progress) -> None:
        if state.round_number == after:
            raise KeyboardInterrupt

    return best_pairing(table, allow_unpaired=True, progress=press, keep_interrupted=True)


def prices_of(plan: Pairing) -> list[tuple[int, float]]:
    """What the cheapest other partners of the first team cost."""
    found = next_best_partners(plan, plan.cohort.ids[0], 3).partners
    return [(each.price.n_pairs_lost, each.price.value_lost) for each in found]


@pytest.mark.usefixtures("few_candidates")
@pytest.mark.parametrize("n", [261, 300])
def test_the_plan_so_far_is_feasible_and_its_gap_is_true(n: int, make_cohort: MakeCohort) -> None:
    """After the first round the plan is not proven, and its bound is no less than the best total."""
    table = table_of(make_cohort(n, 5))
    best = best_pairing(table, allow_unpaired=True)
    plan = interrupted(table, 1)
    assert plan.status == "feasible"
    assert plan.objective.stopped == "interrupted"
    assert len(plan.pairs) == len(best.pairs)
    assert plan.total_value <= best.total_value
    assert plan.total_value + plan.gap >= best.total_value
    assert plan.gap < 0.05 * best.total_value
    proof = plan.prove()
    assert proof.gap / 1e9 == plan.gap > 0.0
    assert proof.n_edges_checked == len(table)
    assert "NOT PROVEN to be the best plan. The search was interrupted." in plan.summary()


@pytest.mark.usefixtures("few_candidates")
def test_bounds_fall_until_they_meet_the_total(make_cohort: MakeCohort) -> None:
    """Every round tells a feasible plan and a bound above the best total; the last two agree."""
    table = table_of(make_cohort(300, 5))
    states: list[Progress] = []
    best = best_pairing(table, progress=states.append, allow_unpaired=True)
    assert len(states) > 1
    bounds = [state.bound for state in states if state.bound is not None]
    assert len(bounds) == len(states)
    assert min(bounds) == bounds[-1] == best.total_units == states[-1].total


@pytest.mark.usefixtures("few_candidates")
def test_what_was_stopped_is_recorded_and_read_back(make_cohort: MakeCohort) -> None:
    """The record says feasible, with bound and gap; a smaller gap than was proven is refused."""
    plan = interrupted(table_of(make_cohort(300, 5)), 1)
    facts = proven_facts(plan)
    assert facts["status"] == "feasible"
    assert facts["gap"] == plan.gap
    assert facts["bound"] == pytest.approx(plan.total_value + plan.gap, abs=1e-12)
    recorded = json.loads(json.dumps(plan.objective.to_dict()))
    assert objective_from_dict(recorded) == plan.objective
    assert isinstance(plan.objective, TotalSoFar)
    boast = TotalSoFar(plan.objective.gap_units - 1, "interrupted")
    with pytest.raises(CertificateError, match="prove a gap of"):
        boast.prove(plan.certificate, plan.table, plan.pairs)
    with pytest.raises(InputDataError, match="is no plan so far"):
        objective_from_dict(recorded | {"gap_units": -1})


@pytest.mark.parametrize("n", [261, 300])
def test_stopped_with_nothing_left_to_find_is_the_best_plan(n: int, make_cohort: MakeCohort) -> None:
    """Ctrl-C once the bound meets the total: optimal, with a certificate that holds, and priced like any.

    It was labelled "not proven", with a gap of 0.
    """
    table = table_of(make_cohort(n, 5))
    states: list[Progress] = []

    def press(state: Progress) -> None:
        states.append(state)
        if state.bound == state.total:
            raise KeyboardInterrupt

    plan = best_pairing(table, allow_unpaired=True, progress=press, keep_interrupted=True)
    best = best_pairing(table, allow_unpaired=True)
    assert states[-1].bound == plan.total_units == best.total_units
    assert (plan.status, plan.objective, plan.gap, plan.prove().gap) == ("optimal", TOTAL, 0.0, 0)
    assert prices_of(plan) == prices_of(best)


def test_ctrl_c_is_raised_where_a_plan_so_far_is_not_wanted(make_cohort: MakeCohort) -> None:
    """Questions that need the best plan must not take another one for it."""

    def press(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        best_pairing(table_of(make_cohort(300, 5)), progress=press)


def test_no_time_at_all_is_no_plan(make_cohort: MakeCohort) -> None:
    """A limit that passes before the first bound is an error in words; a long one changes nothing."""
    table = table_of(make_cohort(300, 5))
    with pytest.raises(SolverError, match="s passed while the first plan"):
        best_pairing(table, time_limit_s=1e-9)
    assert best_pairing(table, allow_unpaired=True, time_limit_s=1000).status == "optimal"
