"""Plans by levels and under side constraints equal enumeration, and say no more than is proven."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from pairing import (
    CertificateError,
    Cohort,
    InputDataError,
    MaxLevelGap,
    MaxSizeRatio,
    MinDistance,
    PairTable,
    SettingsError,
    TravelTable,
    best_pairing,
    estimate_profiles,
    load_audit,
    pair,
)
from pairing.pairs import PairModel, Preferences
from pairing.planning import (
    HostGroup,
    LinearConstraint,
    MaxPairsOver,
    MaxPairsPer,
    MaxTotal,
    MinPairsAcross,
    NoFullPairingError,
    SideConstraint,
    SideConstraintsError,
    ordered_pairing,
)
from pairing.planning.recorded_objective import objective_from_dict
from pairing.rules import RuleSet

MakeCohort = Callable[..., Cohort]
Plan = tuple[tuple[int, int], ...]

MIXED = (("distance_km", 0.5), ("size_ratio", 10.0))
ORDERS = [
    ("total",),
    ("worst",),
    ("travel",),
    ("worst", "total"),
    ("total", "travel"),
    ("travel", "worst"),
    ("pairs", "worst", "total", "travel"),
    ("total", "worst", "travel"),
]


def table_of(make_cohort: MakeCohort, n: int, seed: int, km: float) -> PairTable:
    """The permitted pairs of a small cohort."""
    cohort = make_cohort(n, seed)
    profiles = estimate_profiles(cohort)
    assume(sum(profiles.model.usable) > 1)  # a few teams may show no real differences
    rules = RuleSet((MinDistance(km), MaxSizeRatio(4)))
    return PairTable.build(PairModel(cohort, profiles, rules, Preferences()))


def all_plans(table: PairTable) -> list[Plan]:
    """Every set of disjoint permitted pairs."""
    permitted = set(zip(table.first.tolist(), table.second.tolist(), strict=True))

    def extend(free: tuple[int, ...]) -> Iterator[Plan]:
        if len(free) < 2:
            yield ()
            return
        head, rest = free[0], free[1:]
        yield from extend(rest)
        for other in rest:
            if (head, other) in permitted:
                for plan in extend(tuple(team for team in rest if team != other)):
                    yield ((head, other), *plan)

    return list(extend(tuple(range(len(table.model.cohort)))))


class Oracle:
    """Figures of plans, worked out pair by pair."""

    def __init__(self, table: PairTable) -> None:
        self.table = table
        block = table.model.facts.pairs(table.first, table.second)
        ends = list(zip(table.first.tolist(), table.second.tolist(), strict=True))
        self.value = dict(zip(ends, table.integers.tolist(), strict=True))
        self.km = dict(zip(ends, block.distance_km.tolist(), strict=True))
        self.ratio = dict(zip(ends, block.size_ratio.tolist(), strict=True))
        self.network = table.model.cohort.text("network")

    def score(self, plan: Plan, name: str) -> int:
        """What a plan has of an objective; greater is better."""
        if name == "pairs":
            return len(plan)
        if name == "worst":
            return min((self.value[pair] for pair in plan), default=0)
        if name == "total":
            return sum(self.value[pair] for pair in plan)
        return -sum(round(self.km[pair] * 1000) for pair in plan)

    def keeps(self, plan: Plan, constraint: SideConstraint) -> bool:
        """Whether a plan keeps to a constraint, by its definition."""
        match constraint:
            case MaxPairsOver(km, pairs):
                return sum(self.km[pair] > km for pair in plan) <= pairs
            case MaxTotal(_, limit):
                return sum(Fraction(self.km[pair]) for pair in plan) <= Fraction(limit)
            case MinPairsAcross(_, pairs):
                return sum(self.network[a] != self.network[b] for a, b in plan) >= pairs
            case MaxPairsPer(_, pairs):
                hosts = [{self.network[a], self.network[b]} for a, b in plan]
                return all(sum(host in pair for pair in hosts) <= pairs for host in set(self.network))
            case HostGroup(_, teams, pairs):
                ids = self.table.model.cohort.ids
                return sum(ids[a] in teams or ids[b] in teams for a, b in plan) <= pairs
            case LinearConstraint(_, _, _, at_least):
                figures = [self.km[p] * 0.5 + self.ratio[p] * 10.0 for p in plan]
                return at_least is None or sum(figures) >= at_least - 1e-9
        raise AssertionError(constraint)

    def best(self, plans: list[Plan], order: tuple[str, ...], tolerance: dict[str, float]) -> dict[str, int]:
        """The best of each level, one after the other."""
        found = {}
        for name in dict.fromkeys(("pairs", *order)):
            found[name] = max(self.score(plan, name) for plan in plans)
            allowed = Fraction(tolerance.get(name, 0.0)) * abs(found[name])
            plans = [plan for plan in plans if self.score(plan, name) >= found[name] - allowed]
        return found


def constraints_of(draw: st.DrawFn, oracle: Oracle, plan: Plan) -> list[SideConstraint]:
    """One to three constraints that a plan often meets exactly, and sometimes just breaks."""

    def about(number: float) -> int:
        return max(int(number) + draw(st.sampled_from([-1, 0, 0, 0, 1])), 0)

    km, network, ids = oracle.km, oracle.network, oracle.table.model.cohort.ids
    far = draw(st.floats(50, 300))
    across = sum(network[a] != network[b] for a, b in plan)
    hosted = [sum(value in (network[a], network[b]) for a, b in plan) for value in set(network)]
    group = sum(ids[a] in ids[:3] or ids[b] in ids[:3] for a, b in plan)
    mixed = sum(km[pair] * 0.5 + oracle.ratio[pair] * 10.0 for pair in plan)
    possible: list[SideConstraint] = [
        MaxPairsOver(far, about(sum(km[pair] > far for pair in plan))),
        MaxTotal("distance_km", about(sum(km[pair] for pair in plan)) + 1.0),
        MinPairsAcross("network", about(across)),
        MaxPairsPer("network", about(max(hosted))),
        HostGroup("some", ids[:3], about(group)),
        LinearConstraint("mixed", MIXED, at_least=float(about(mixed))),
    ]
    return draw(st.lists(st.sampled_from(possible), min_size=1, max_size=3, unique_by=lambda one: one.kind))


QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUICK
@given(
    n=st.integers(2, 8),
    seed=st.integers(0, 10_000),
    km=st.floats(0, 250),
    order=st.sampled_from(ORDERS),
    given_up=st.sampled_from([0.0, 0.0, 0.02, 0.3]),
    data=st.data(),
)
def test_levels_equal_enumeration(
    make_cohort: MakeCohort,
    n: int,
    seed: int,
    km: float,
    order: tuple[str, ...],
    given_up: float,
    data: st.DataObject,
) -> None:
    """Each level's best is that of all plans that are left by the earlier ones; or the same refusal."""
    table = table_of(make_cohort, n, seed, km)
    assume(len(table) > 0)
    oracle = Oracle(table)
    every = all_plans(table)
    most = max(map(len, every))
    full = data.draw(st.sampled_from([plan for plan in every if len(plan) == most]))
    some = st.composite(constraints_of)(oracle, full)
    constraints = data.draw(some) if data.draw(st.integers(0, 3)) else []
    names = [name for name in order if name != "pairs"]
    tolerance = dict.fromkeys(names[:-1], given_up) if given_up else {}
    plans = [plan for plan in every if all(oracle.keeps(plan, one) for one in constraints)]
    arguments = {"tolerance": tolerance, "constraints": constraints, "allow_unpaired": True}
    if not any(plans):
        with pytest.raises(SideConstraintsError):
            ordered_pairing(table, order, **arguments)
        return
    plan = ordered_pairing(table, order, **arguments)
    assert plan.status == "optimal"
    best = oracle.best(plans, order, tolerance)
    assert {level.name: level.best for level in plan.objective.levels} == best
    made = tuple((int(a), int(b)) for a, b in plan.pairs)
    assert made in plans
    for level in plan.objective.levels:
        assert oracle.score(made, level.name) >= level.floor
    assert oracle.score(made, names[-1]) == best[names[-1]]
    proof = plan.prove()
    assert (proof.total, proof.gap >= 0) == (best[names[-1]], True)
    if not constraints and not given_up:
        assert proof.gap == 0  # the exact engine proves all of it


@pytest.fixture(scope="module", name="audit")
def fixture_audit() -> PairTable:
    """The permitted pairs of the audit."""
    return pair(load_audit(), [MinDistance(50), MaxSizeRatio(2), MaxLevelGap(0.5)]).table


def test_total_alone_is_the_best_pairing(audit: PairTable) -> None:
    """One level without constraints is the default objective."""
    assert ordered_pairing(audit, "total").total_value == best_pairing(audit).total_value


def test_within_two_per_cent_of_the_total_the_least_travel(audit: PairTable) -> None:
    """The tolerance is used, and no more than it; the summary says so."""
    plan = ordered_pairing(audit, ["total", "travel"], tolerance={"total": 0.02})
    best = best_pairing(audit)
    assert 0.98 * best.total_value <= plan.total_value < best.total_value
    assert plan.scored.pairs.distance_km.sum() < 0.8 * best.scored.pairs.distance_km.sum()
    assert plan.status == "optimal"
    frame = plan.objective.levels_frame(plan).set_index("level")
    assert frame.loc["travel", "attained"] == pytest.approx(plan.scored.pairs.distance_km.sum(), abs=0.05)
    assert "of which 2% may be given up" in plan.summary()


def test_the_objective_comes_back_from_json(audit: PairTable) -> None:
    """And proves the same; with a tolerance for other machines it allows for it."""
    constraints = [MaxPairsOver(200, 5), HostGroup("two", ("RJ1", "RJZ"), 2)]
    plan = ordered_pairing(audit, ["worst", "total"], constraints=constraints)
    again = objective_from_dict(json.loads(json.dumps(plan.objective.to_dict())))
    assert again.prove(plan.certificate, audit, plan.pairs) == plan.prove()
    assert again.prove(plan.certificate, audit, plan.pairs, tolerance=1).bound >= plan.prove().bound
    assert again.constraints == tuple(constraints)


def test_a_plan_that_is_not_what_it_claims_is_refused(audit: PairTable) -> None:
    """Clause by clause: a broken constraint, a level that is not reached, a bound that is not proven."""
    plan = ordered_pairing(audit, ["total"], constraints=[MaxPairsOver(200, 5)])
    free = best_pairing(audit)
    assert (free.scored.pairs.distance_km > 200).sum() > 5
    with pytest.raises(CertificateError, match="breaks a side constraint: at most 5 pairs over 200 km"):
        plan.objective.prove(plan.certificate, audit, free.pairs)
    pairs, total = plan.objective.levels
    for broken, sentence in (
        (replace(total, best=total.best + 1), "less of a level"),
        (replace(total, best=total.certified_bound + 1), "below the best"),
        (replace(total, certified_bound=total.certified_bound - 1), "prove less"),
    ):
        objective = replace(plan.objective, levels=(pairs, broken))
        with pytest.raises(CertificateError, match=sentence):
            objective.prove(plan.certificate, audit, plan.pairs)


def test_what_would_make_it_possible_is_told(audit: PairTable) -> None:
    """The nearest limit is exact: it works, and one less does not."""
    far = MaxTotal("distance_km", 7000)
    with pytest.raises(SideConstraintsError) as caught:
        ordered_pairing(audit, ["total"], constraints=[MaxPairsOver(60, 0), far])
    nearest = caught.value.without[0].nearest
    assert nearest is not None
    assert f"at most 0 pairs over 60 km: the limit would have to be {nearest:g} pairs" in str(caught.value)
    assert ordered_pairing(audit, ["total"], constraints=[MaxPairsOver(60, int(nearest)), far])
    with pytest.raises(SideConstraintsError):
        ordered_pairing(audit, ["total"], constraints=[MaxPairsOver(60, int(nearest) - 1), far])


def test_rules_that_do_not_fit_are_told_as_ever() -> None:
    """Not as a matter of side constraints."""
    narrow = pair(load_audit(), [MinDistance(50), MaxSizeRatio(1.1)], allow_unpaired=True).table
    with pytest.raises(NoFullPairingError):
        ordered_pairing(narrow, ["total"], constraints=[MaxPairsOver(200, 5)])


def test_ctrl_c_keeps_the_best_plan_so_far(audit: PairTable) -> None:
    """Interrupted when a plan is there and nothing better is ruled out: labelled, with its gap."""

    def press(_: str, state: object) -> None:
        if state.total is not None and state.gap:
            raise KeyboardInterrupt

    hard = [MaxTotal("distance_km", 6500), MaxPairsOver(150, 10), MaxPairsPer("cancer_alliance", 12)]
    plan = ordered_pairing(audit, ["total", "travel"], constraints=hard, progress=press)
    assert (plan.status, plan.objective.stopped) == ("feasible", "interrupted")
    assert plan.gap > 0
    assert "NOT PROVEN" in plan.summary()
    assert "interrupted" in plan.summary()
    assert [level.name for level in plan.objective.levels] == ["pairs", "total"]
    plan.prove()


@pytest.mark.parametrize(
    ("order", "tolerance", "part"),
    [
        (["total", "total"], {}, "listed twice"),
        (["total", "pairs"], {}, "always come first"),
        (["pairs"], {}, "leaves the plan open"),
        (["totl"], {}, "is no objective"),
        (["total"], {"total": 0.1}, "nothing comes after it"),
        (["total", "travel"], {"worst": 0.1}, "not in the order"),
        (["total", "travel"], {"pairs": 0.1}, "allows no tolerance"),
        (["total", "travel"], {"total": 1.5}, "a fraction from 0 to 1"),
    ],
)
def test_orders_without_sense_are_refused(
    audit: PairTable, order: list[str], tolerance: dict[str, float], part: str
) -> None:
    """In words."""
    with pytest.raises(SettingsError, match=part):
        ordered_pairing(audit, order, tolerance=tolerance)


def test_missing_data_are_told_all_at_once(make_cohort: MakeCohort) -> None:
    """Every constraint that lacks data, with the teams."""
    cohort = make_cohort(12, 3)
    table = cohort.table.copy()
    table.loc["T004", "network"] = None
    blank = replace(cohort, table=table, latitude=None, longitude=None)
    built = PairTable.build(PairModel(blank, estimate_profiles(blank), RuleSet(()), Preferences()))
    constraints = [
        MaxPairsOver(100, 1),
        MaxTotal("travel_minutes", 100),
        MaxPairsPer("network", 3),
        HostGroup("x", ("T00",), 1),
    ]
    with pytest.raises(InputDataError) as caught:
        ordered_pairing(built, ["total"], constraints=constraints)
    assert len(caught.value.problems) == 4
    for part in ("distance_km of every permitted pair", "travel_minutes", "T004", "Did you mean"):
        assert part in str(caught.value)
    with pytest.raises(SettingsError, match="Did you mean 'distance_km'"):
        LinearConstraint("far", (("distance", 1.0),), at_most=3)


def test_minutes_count_where_the_table_has_no_kilometres(make_cohort: MakeCohort) -> None:
    """The least travel in minutes, against enumeration."""
    cohort = make_cohort(8, 5)
    rng = np.random.default_rng(1)
    first, second = np.triu_indices(8, 1)
    ids = np.array(cohort.ids)
    frame = pd.DataFrame({"team_a": ids[first], "team_b": ids[second]})
    journeys = TravelTable.from_frame(frame.assign(minutes=rng.integers(10, 200, first.size)), cohort.ids)
    model = PairModel(cohort, estimate_profiles(cohort), RuleSet(()), Preferences(), journeys)
    table = PairTable.build(model)
    plan = ordered_pairing(table, ["travel"])
    minutes = dict(zip(zip(first.tolist(), second.tolist(), strict=True), journeys.minutes, strict=True))
    least = min(sum(minutes[p] for p in made) for made in all_plans(table) if len(made) == 4)
    assert plan.objective.levels_frame(plan)["attained"].iloc[-1] == least
    assert "minutes" in plan.summary()
