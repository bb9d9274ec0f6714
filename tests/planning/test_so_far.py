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
from pairing.planning import Pairing
from pairing.planning.objective import TotalSoFar
from pairing.planning.pair import best_pairing
from pairing.planning.recorded_objective import objective_from_dict
from pairing.profiles import estimate_profiles
from pairing.rules import RuleSet

MakeCohort = Callable[..., Cohort]


def table_of(cohort: Cohort) -> PairTable:
    """Permitted pairs as a stream, under rules with which one round of the search is not enough."""
    rules = RuleSet((MinDistance(40), MaxDistance(350), MaxSizeRatio(2.5), Different("network")))
    model = PairModel(cohort, estimate_profiles(cohort), rules, Preferences())
    return StreamedTable(PairStream(model))


def interrupted(table: PairTable, after: int) -> Pairing:
    """The plan of a search in which Ctrl-C is pressed after so many rounds."""

    def press(state: Progress) -> None:
        if state.round_number == after:
            raise KeyboardInterrupt

    return best_pairing(table, allow_unpaired=True, progress=press, keep_interrupted=True)


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
    assert proof.gap / 1e9 == plan.gap >= 0.0
    assert proof.n_edges_checked == len(table)
    assert "NOT PROVEN to be the best plan. The search was interrupted." in plan.summary()


def test_bounds_fall_until_they_meet_the_total(
    make_cohort: MakeCohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every round tells a feasible plan and a bound above the best total; the last two agree.

    With the usual number of candidates the first round would be the last.
    """
    monkeypatch.setattr("pairing.pairs.stream.CANDIDATES_EACH", 4)
    monkeypatch.setattr("pairing.matching.screening.NEAREST_EACH", 1)
    table = table_of(make_cohort(300, 5))
    states: list[Progress] = []
    best = best_pairing(table, progress=states.append, allow_unpaired=True)
    assert len(states) > 1
    bounds = [state.bound for state in states if state.bound is not None]
    assert len(bounds) == len(states)
    assert min(bounds) == bounds[-1] == best.total_units == states[-1].total


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


def test_ctrl_c_is_raised_where_a_plan_so_far_is_not_wanted(make_cohort: MakeCohort) -> None:
    """Questions that need the best plan must not take another one for it."""

    def press(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        best_pairing(table_of(make_cohort(300, 5)), progress=press)


def test_no_time_at_all_is_no_plan(make_cohort: MakeCohort) -> None:
    """A limit that passes before the first bound is an error in words; a long one changes nothing."""
    table = table_of(make_cohort(300, 5))
    with pytest.raises(SolverError, match="time limit passed before"):
        best_pairing(table, time_limit_s=1e-9)
    assert best_pairing(table, allow_unpaired=True, time_limit_s=1000).status == "optimal"
