"""The sweep over a setting: each row is the plan that one would get with that value."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from pairing import (
    Caliper,
    Cohort,
    InputDataError,
    MaxDistance,
    MaxLevelGap,
    MaxSizeRatio,
    MinDistance,
    NotNearest,
    Pairing,
    Preferences,
    SettingsError,
    TradeOff,
    load_audit,
    pair,
)
from pairing.planning import MaxPairsOver, ordered_pairing, tradeoff
from pairing.planning.sweeping.swept import swept_setting, swept_values
from pairing.rules import Rule

MakeCohort = Callable[..., Cohort]


@pytest.fixture(scope="module")
def audit_plan() -> Pairing:
    """The plan of the bundled audit."""
    return pair(load_audit(), [MinDistance(50), MaxDistance(300), MaxSizeRatio(2)])


def figures(plan: Pairing) -> dict[str, float]:
    """What a row says of a plan, worked out from the plan's own table."""
    pairs, gains = plan.to_frame(), plan.scored.gains.reciprocal
    return {
        "n_permitted": len(plan.table),
        "n_pairs": len(pairs),
        "n_unpaired": len(plan.unpaired),
        "total_gain": gains.sum(),
        "total_value": plan.total_value,
        "worst_value": pairs["value"].min(),
        "total_km": pairs["distance_km"].sum(),
        "mean_km": pairs["distance_km"].mean(),
        "mean_size_ratio": pairs["size_ratio"].mean(),
        "mean_level_gap": pairs["level_gap"].mean(),
    }


@pytest.mark.parametrize(
    ("setting", "value", "rules"),
    [
        ("max_distance_km", 180, [MinDistance(50), MaxDistance(180), MaxSizeRatio(2)]),
        ("rules.min_distance_km", 90, [MinDistance(90), MaxDistance(300), MaxSizeRatio(2)]),
        ("max_size_ratio", 1.5, [MinDistance(50), MaxDistance(300), MaxSizeRatio(1.5)]),
        ("max_level_gap", 0.3, [MinDistance(50), MaxDistance(300), MaxSizeRatio(2), MaxLevelGap(0.3)]),
        ("not_nearest", 20, [MinDistance(50), MaxDistance(300), MaxSizeRatio(2), NotNearest(20)]),
    ],
)
def test_a_row_is_the_plan_with_that_limit(
    audit_plan: Pairing, setting: str, value: float, rules: list[Rule]
) -> None:
    """Made anew with the rule; a rule that the plan did not have is added."""
    (row,) = audit_plan.tradeoff(setting, [value]).rows
    plan = pair(load_audit(), rules, allow_unpaired=True)
    for name, right in figures(plan).items():
        assert getattr(row, name) == pytest.approx(right, rel=1e-5), name
    changed = {tuple(each) for each in plan.pairs.tolist()} - {tuple(e) for e in audit_plan.pairs.tolist()}
    assert row.n_changed == len(changed)
    assert not row.is_plan


def test_a_row_is_the_plan_with_that_weight(audit_plan: Pairing) -> None:
    """For preferences; the gain is without what they take off, the value with it."""
    off, on = audit_plan.tradeoff("objective.preferences.travel_per_100_km", [0.2, 0]).rows
    plan = pair(
        load_audit(),
        [MinDistance(50), MaxDistance(300), MaxSizeRatio(2)],
        preferences=Preferences(travel_per_100_km=0.2),
    )
    for name, right in figures(plan).items():
        assert getattr(on, name) == pytest.approx(right, rel=1e-5), name
    assert (off.is_plan, off.n_changed, off.value) == (True, 0, 0.0)
    assert on.total_value == pytest.approx(on.total_gain - 0.2 * on.total_km / 100, abs=1e-4)
    assert on.total_gain < off.total_gain
    assert on.total_km < off.total_km


def test_a_caliper_can_be_swept(make_cohort: MakeCohort) -> None:
    """On any numeric column."""
    cohort = make_cohort(24, seed=2)
    plan = pair(cohort, [MinDistance(20)])
    (row,) = plan.tradeoff("calipers.beds", [8]).rows
    again = pair(cohort, [MinDistance(20), Caliper("beds", 8)], allow_unpaired=True)
    assert row.total_value == pytest.approx(again.total_value)
    with pytest.raises(InputDataError, match="bedds"):
        plan.tradeoff("calipers.bedds", [8])


def test_the_frontier_holds_what_no_row_beats(audit_plan: Pairing) -> None:
    """By pairs, gain and kilometres; with the sensible values, the plan's own among them."""
    frame = audit_plan.tradeoff("min_distance_km").to_frame()
    assert frame["value"].is_monotonic_increasing
    assert frame.loc[frame["is_plan"], "value"].tolist() == [50]
    assert len(frame) >= 10
    merits = frame[["n_pairs", "total_gain"]].assign(less=-frame["total_km"]).to_numpy()
    for at, efficient in enumerate(frame["efficient"]):
        beaten = [(other >= merits[at]).all() and (other > merits[at]).any() for other in merits]
        assert efficient == (not any(beaten))
    assert 0 < frame["efficient"].sum() < len(frame)
    assert (frame["n_permitted"].diff().dropna() <= 0).all()


@pytest.mark.parametrize(
    ("setting", "low", "high"),
    [
        ("min_distance_km", 0, 300),
        ("max_size_ratio", 1, 20),
        ("max_level_gap", 0, 3),
        ("not_nearest", 1, 119),
    ],
)
def test_sensible_values_permit_ever_more_pairs(
    audit_plan: Pairing, setting: str, low: float, high: float
) -> None:
    """They lie within reason and are rounded outwards: the loosest one permits all that other rules do."""
    model = audit_plan.table.model
    swept = swept_setting(setting)
    values = swept_values(swept, model, None)
    assert low <= values[0] < values[-1] <= high
    rows = audit_plan.tradeoff(setting, [values[0], values[-1]]).rows
    freest = max(row.n_permitted for row in rows)
    without = replace(model, rules=model.rules.without(setting))
    everything = sum(int(scored.permitted.sum()) for scored in without.score_all())
    assert freest == pytest.approx(everything, rel=0.12)
    assert setting == "not_nearest" or freest == everything


@pytest.mark.parametrize("make", [lambda: ThreadPoolExecutor(2), lambda: ProcessPoolExecutor(2)])
def test_the_executor_does_not_matter(audit_plan: Pairing, make: Callable[[], Executor]) -> None:
    """Threads or processes give the same table, in the same order."""
    told: list[tuple[int, int]] = []
    with make() as executor:
        found = audit_plan.tradeoff(
            "max_distance_km", [300, 150, 220], executor=executor, progress=lambda *at: told.append(at)
        )
    alone = audit_plan.tradeoff("max_distance_km", [150, 220, 300])
    assert found.rows == alone.rows
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_side_constraints_hold_at_every_value(audit_plan: Pairing) -> None:
    """And where none can keep them, the row says so."""
    plan = ordered_pairing(audit_plan.table, constraints=[MaxPairsOver(200, 3)])
    tight, loose = plan.tradeoff("min_distance_km", [50, 210]).rows
    assert (tight.status, tight.n_changed) == ("optimal", 0)
    assert tight.total_value == pytest.approx(plan.total_value)
    assert loose.status in ("optimal", "infeasible")
    assert loose.n_pairs <= 3


def test_words_and_dictionary(audit_plan: Pairing) -> None:
    """What is traded for what, in a few sentences."""
    found: TradeOff = audit_plan.tradeoff("max_distance_km", [1, 100, 300])
    assert found.rows[0].n_pairs == 0
    summary = found.summary()
    assert summary.startswith(
        "max_distance_km from 1 to 300 km, the best plan at each value.\nAt most 60 pairs:"
    )
    assert f"Fewer at 1 (0), 100 ({found.rows[1].n_pairs})" in summary
    rows = json.loads(json.dumps(found.to_dict(), allow_nan=False))["rows"]
    assert rows[0]["mean_km"] is None
    assert rows[2]["is_plan"] is True
    assert "max_distance_km" in found._repr_html_()


def test_a_table_will_do(audit_plan: Pairing) -> None:
    """Its best plan is the plan at hand then."""
    found = tradeoff(audit_plan.table, "max_distance_km", [300])
    assert found.rows[0].n_changed == 0


@pytest.mark.parametrize(
    ("setting", "values", "said"),
    [
        ("max_distance", [100], "Did you mean 'max_distance_km'?"),
        ("different", [1], "is no setting with values to compare"),
        ("max_size_ratio", [0.5, 0.7], "2 problems"),
        ("not_nearest", [2.5], "a whole number"),
        ("preferences.level_gap", [-1], "out of range"),
        ("max_distance_km", [float("nan")], "nan cannot be compared"),
        ("max_distance_km", [], "no value cannot be compared"),
    ],
)
def test_bad_settings_are_refused(audit_plan: Pairing, setting: str, values: list[float], said: str) -> None:
    """With every value that is wrong."""
    with pytest.raises(SettingsError) as caught:
        audit_plan.tradeoff(setting, values)
    assert said in str(caught.value)


def test_values_are_taken_once_and_in_order(audit_plan: Pairing) -> None:
    """Whatever the order and the type in which they are given."""
    found = audit_plan.tradeoff("max_distance_km", np.array([300, 200, 300]).tolist())
    assert [row.value for row in found.rows] == [200.0, 300.0]
