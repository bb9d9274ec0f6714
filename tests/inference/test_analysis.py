"""What goes into an analysis and what comes out: missing outcomes, adjustment, families, reserves, errors."""

from __future__ import annotations

import hashlib
import itertools
import json

import numpy as np
import pandas as pd
import pytest

from pairing.errors import InputDataError, SettingsError
from pairing.inference import AnalysisPlan, analyse, estimand
from pairing.inference.reference import reference_draws
from pairing.inference.statistic import studentised_differences
from pairing.lottery import (
    Lottery,
    draw_lottery,
    matched_pair,
    pair_then_draw,
    simple,
    stratified,
    uniform_lottery,
)

PAIRS = [f"P{n}" for n in range(8)]
MEMBERS = [(f"a{n}", f"b{n}") for n in range(8)]


def _lottery(**changes: int) -> Lottery:
    return uniform_lottery(pair_then_draw(8, 3), PAIRS, MEMBERS, **changes)


def _outcomes(seed: int = 0, columns: str = "y") -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    teams = [team for pair in MEMBERS for team in pair]
    return pd.DataFrame({name: rng.normal(size=16) for name in columns}, index=teams)


def test_incomplete_pairs_are_left_out_by_default_and_said_so() -> None:
    """With one of two outcomes missing, the pair is left out of the default analysis, and a note names it."""
    table = _outcomes()
    table.loc["b2", "y"] = np.nan
    effect = analyse(_lottery(), ["P0", "P3", "P5"], table.drop(index="a6")).effects[0]
    assert (effect.n_units, effect.n_teams) == (6, 12)
    assert effect.notes == ("2 of 8 pairs could not be compared for want of outcomes: P2, P6",)
    kept = [n for n in range(8) if n not in (2, 6)]
    means = {n: table.loc[[f"a{n}", f"b{n}"], "y"].mean() for n in kept}
    treated = np.mean([means[n] for n in (0, 3, 5)])
    assert effect.estimate == pytest.approx(treated - np.mean([means[n] for n in (1, 4, 7)]))


def test_available_members_stand_for_their_pair_by_choice() -> None:
    """Under the other policy the remaining team represents its pair, and a note says which."""
    table = _outcomes()
    table.loc["b2", "y"] = np.nan
    plan = AnalysisPlan(missing_outcomes="available-members")
    effect = analyse(_lottery(), ["P0", "P3", "P5"], table, plan).effects[0]
    assert (effect.n_units, effect.n_teams) == (8, 15)
    assert effect.notes == ("1 pair is represented by some of the teams only: P2",)


def test_test_with_missing_outcomes_keeps_its_level() -> None:
    """With three pairs missing, arms vary in size from draw to draw; the size stays at most alpha."""
    lottery = _lottery()
    table = _outcomes(3)
    table.loc[["a1", "a4", "b6"], "y"] = np.nan
    p_values = np.array(
        [
            analyse(lottery, [PAIRS[n] for n in drawn], table).effects[0].p_value
            for drawn in itertools.combinations(range(8), 3)
            if 0 < len({*drawn} - {1, 4, 6}) < 5
        ]
    )
    for alpha in np.unique(p_values):
        assert (p_values <= alpha).sum() / 56 <= alpha + 1e-12


def test_draws_with_an_empty_arm_speak_against_nothing() -> None:
    """Of 15 draws of two of six units, three draw only units without outcome: they count as extreme."""
    units = list("abcdef")
    lottery = uniform_lottery(simple(6, 2), units, [(unit,) for unit in units])
    table = pd.DataFrame({"y": [9.0, 1.0, 2.0]}, index=list("abc"))
    effect = analyse(lottery, ["a", "d"], table, AnalysisPlan(alpha=0.3)).effects[0]
    # Unit a alone is the intervention arm in 3 draws (with d, e or f), and the control arm in one (b and c).
    assert effect.smallest_p == pytest.approx((3 + 3 + 1) / 15)
    assert effect.p_value == pytest.approx((3 + 3 + 1) / 15)
    assert (effect.low, effect.high) == (-np.inf, np.inf)


def test_strata_with_missing_outcomes_are_compared_longhand() -> None:
    """Units keep their strata when others are missing; a stratum counts where it has both arms."""
    units = [f"t{n}" for n in range(9)]
    labels = ["a"] * 4 + ["b"] * 5
    lottery = uniform_lottery(stratified(labels, {"a": 2, "b": 2}), units, [(unit,) for unit in units])
    outcome = np.array([np.nan, 3.0, np.nan, 8.0, 1.0, 5.0, np.nan, 2.0, 9.0])
    rows = lottery.enumerate().draws

    def difference(row: np.ndarray) -> float:
        parts, sizes = [], []
        for stratum in (np.arange(4), np.arange(4, 9)):
            kept = stratum[~np.isnan(outcome[stratum])]
            drawn = row[kept]
            if drawn.any() and not drawn.all():
                parts.append(outcome[kept][drawn].mean() - outcome[kept][~drawn].mean())
                sizes.append(len(kept))
        return float(np.average(parts, weights=sizes)) if parts else np.inf

    differences = np.array([difference(row) for row in rows])
    for observed in (3, 17, 40):
        table = pd.DataFrame({"y": outcome}, index=units)
        effect = analyse(lottery, [units[n] for n in np.flatnonzero(rows[observed])], table).effects[0]
        assert effect.estimate == pytest.approx(differences[observed])
        expected = (np.abs(differences) >= abs(differences[observed]) - 1e-9).mean()
        assert effect.p_value == pytest.approx(expected)


def test_studentised_statistic_of_strata_adds_their_variances() -> None:
    """With strata of 5 and 7, variances of the differences add with the squares of the strata's shares."""
    rng = np.random.default_rng(3)
    outcome = rng.normal(size=12)
    design = stratified(["a"] * 5 + ["b"] * 7, {"a": 2, "b": 4})
    row = design.enumerate()[77]
    difference = variance = 0.0
    for units in (np.arange(5), np.arange(5, 12)):
        one, other = outcome[units][row[units]], outcome[units][~row[units]]
        share = len(units) / 12
        difference += share * (one.mean() - other.mean())
        variance += share**2 * (one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other))
    found = studentised_differences(row[None, :], outcome, design.stratum_of())
    assert found is not None
    assert found[0] == pytest.approx(difference / np.sqrt(variance))


def test_a_matched_pair_with_one_outcome_missing_is_left_out_whole() -> None:
    """In a matched-pair lottery a team without its partner's outcome cannot be compared."""
    units = [f"t{n}" for n in range(8)]
    lottery = uniform_lottery(
        matched_pair([(0, 1), (2, 3), (4, 5), (6, 7)]), units, [(unit,) for unit in units]
    )
    table = pd.DataFrame({"y": [3.0, 1.0, np.nan, 4.0, 6.0, 2.0, 5.0, 5.5]}, index=units)
    effect = analyse(lottery, ["t0", "t2", "t4", "t6"], table).effects[0]
    assert effect.n_units == 6
    assert effect.estimate == pytest.approx((2.0 + 4.0 - 0.5) / 3)


@pytest.mark.parametrize("strata", [False, True])
def test_adjusted_estimate_is_the_regression_coefficient(strata: bool) -> None:  # noqa: FBT001 # two cases
    """The adjusted estimate equals ordinary least squares of the outcome on arm, strata and covariates."""
    rng = np.random.default_rng(1)
    units = [f"t{n}" for n in range(14)]
    labels = ["a"] * 6 + ["b"] * 8
    design = stratified(labels, {"a": 2, "b": 5}) if strata else simple(14, 6)
    lottery = uniform_lottery(design, units, [(unit,) for unit in units])
    x = rng.normal(size=14)
    region = rng.choice(["n", "s", "w"], size=14)
    y = 2 * x + rng.normal(size=14)
    row = lottery.enumerate().draws[100]
    result = analyse(
        lottery,
        [units[n] for n in np.flatnonzero(row)],
        pd.DataFrame({"y": y}, index=units),
        AnalysisPlan(adjust_for=("x", "region")),
        baseline={"x": x, "region": region, "unused": np.full(14, np.nan)},
    )
    dummies = [np.array(labels) == "b"] if strata else []
    regressors = np.column_stack([row, np.ones(14), x, region == "n", region == "s", *dummies]).astype(float)
    assert result.effects[1].estimate == pytest.approx(np.linalg.lstsq(regressors, y, rcond=None)[0][0])
    assert result.effects[0].adjusted_for == ()
    assert result.effects[1].adjusted_for == ("x", "region")


def test_studentised_statistic_is_welch_t() -> None:
    """The studentised difference equals SciPy's Welch statistic, and its p-value counts it over the draws."""
    from scipy.stats import ttest_ind

    lottery = _lottery()
    table = _outcomes(4)
    means = np.array([table.loc[list(pair), "y"].mean() for pair in MEMBERS])
    draws = lottery.enumerate().draws
    expected = np.array([ttest_ind(means[row], means[~row], equal_var=False).statistic for row in draws])
    found = studentised_differences(draws, means, np.zeros(8, dtype=np.intp))
    np.testing.assert_allclose(found, expected, rtol=1e-10)
    effect = analyse(lottery, [PAIRS[n] for n in np.flatnonzero(draws[9])], table).effects[0]
    assert effect.p_studentised == pytest.approx((np.abs(expected) >= abs(expected[9]) - 1e-9).mean())


def test_studentised_statistic_of_matched_pairs_is_the_paired_t() -> None:
    """With one of each pair drawn, differences within pairs are the sample."""
    from scipy.stats import ttest_rel

    rng = np.random.default_rng(2)
    outcome = rng.normal(size=12)
    design = matched_pair([(n, n + 6) for n in range(6)])
    row = design.enumerate()[[5]]
    treated = [n if row[0, n] else n + 6 for n in range(6)]
    other = [n + 6 if row[0, n] else n for n in range(6)]
    found = studentised_differences(row, outcome, design.stratum_of())
    assert found is not None
    assert found[0] == pytest.approx(ttest_rel(outcome[treated], outcome[other]).statistic)


def test_no_studentised_p_where_an_arm_has_one_unit() -> None:
    """One unit has no variance, so nothing is reported rather than something wrong."""
    units = list("abcde")
    lottery = uniform_lottery(simple(5, 1), units, [(unit,) for unit in units])
    effect = analyse(lottery, ["c"], pd.DataFrame({"y": [1.0, 2, 9, 4, 3]}, index=units)).effects[0]
    assert effect.p_value == pytest.approx(0.2)
    assert np.isnan(effect.p_studentised)


def test_family_p_values_equal_the_textbook_algorithm() -> None:
    """Step-down maxT over all draws, written out longhand."""
    lottery, table = _lottery(), _outcomes(6, "uvwx")
    table["v"] = table["u"] * 0.9 + table["v"] * 0.1
    drawn = ["P1", "P2", "P7"]
    result = analyse(lottery, drawn, table)
    draws = lottery.enumerate().draws
    means = np.array([table.loc[list(pair)].mean().to_numpy() for pair in MEMBERS])
    statistics = draws @ means / 3 - ~draws @ means / 5
    statistics /= np.sqrt((statistics**2).mean(axis=0))
    observed = np.abs(statistics[(draws == lottery.row_of(drawn)).all(axis=1)][0])
    order = np.argsort(-observed)
    previous = 0.0
    for rank, outcome in enumerate(order):
        largest = np.abs(statistics[:, order[rank:]]).max(axis=1)
        previous = max(previous, (largest >= observed[outcome] - 1e-9).mean())
        assert result.effects[outcome].p_family == pytest.approx(previous)
        assert result.effects[outcome].p_family >= result.effects[outcome].p_value - 1e-12


def test_family_error_is_controlled_over_the_design() -> None:
    """Without any effect, the smallest adjusted p-value is at most alpha in at most alpha of the draws."""
    lottery, table = _lottery(), _outcomes(7, "uvw").round(1)
    smallest = np.array(
        [
            min(effect.p_family for effect in analyse(lottery, [PAIRS[n] for n in drawn], table).effects)
            for drawn in itertools.combinations(range(8), 3)
        ]
    )
    for alpha in np.unique(smallest):
        assert (smallest <= alpha).mean() <= alpha + 1e-12


def test_sampled_p_value_is_never_zero_and_near_the_exact_one() -> None:
    """With a sample p = (1 + b)/(1 + B); it approaches the exact one, and is reported as sampled."""
    units = [f"t{n:02d}" for n in range(30)]
    lottery = uniform_lottery(simple(30, 12), units, [(unit,) for unit in units])
    huge = pd.DataFrame({"y": np.r_[np.full(12, 1e6), np.zeros(18)] + np.arange(30)}, index=units)
    effect = analyse(lottery, units[:12], huge, seed=0, n_samples=999).effects[0]
    assert effect.p_value == effect.smallest_p == pytest.approx(1 / 1_000)
    assert not effect.exact
    small = _lottery()
    exact = analyse(small, ["P0", "P3", "P5"], _outcomes(1)).effects[0]
    reference = reference_draws(small, small.row_of(["P0", "P3", "P5"]))
    assert reference.exact
    unlisted = uniform_lottery(pair_then_draw(8, 3), PAIRS, MEMBERS, list_up_to=0)
    sampled = reference_draws(
        unlisted, small.row_of(["P0", "P3", "P5"]), seed=1, n_samples=20_000, list_up_to=5
    )
    means = np.array([_outcomes(1).loc[list(pair), "y"].mean() for pair in MEMBERS])
    gaps = np.abs(sampled.draws @ means / 3 - ~sampled.draws @ means / 5)
    assert (gaps >= gaps[0] - 1e-9) @ sampled.weights == pytest.approx(exact.p_value, abs=0.015)


def test_a_sample_needs_a_seed_and_zero_is_one() -> None:
    """Without a seed a sampled analysis is refused; with seed 0 it repeats itself."""
    units = [f"t{n:02d}" for n in range(30)]
    lottery = uniform_lottery(simple(30, 12), units, [(unit,) for unit in units])
    table = pd.DataFrame({"y": np.sin(np.arange(30))}, index=units)
    with pytest.raises(SettingsError, match="needs a seed"):
        analyse(lottery, units[:12], table)
    with pytest.raises(SettingsError, match="no sample size"):
        analyse(lottery, units[:12], table, seed=0, n_samples=0)
    first, again = (analyse(lottery, units[:12], table, seed=0).effects[0] for _ in range(2))
    assert (first.low, first.high, first.p_value) == (again.low, again.high, again.p_value)


def test_analysis_given_reserves_leaves_them_out() -> None:
    """Units in reserve are in neither arm, and the test is over the draws that avoid them."""
    lottery = _lottery(n_reserves=2)
    drawn = draw_lottery(lottery, "x")
    table = _outcomes(2)
    result = analyse(lottery, drawn.intervention, table, reserves=drawn.reserves)
    effect = result.effects[0]
    assert (effect.n_units, effect.n_draws) == (6, 20)
    means = {unit: table.loc[list(pair), "y"].mean() for unit, pair in zip(PAIRS, MEMBERS, strict=True)}
    expected = np.mean([means[u] for u in drawn.intervention]) - np.mean([means[u] for u in drawn.controls])
    assert effect.estimate == pytest.approx(expected)
    assert "2 pairs in reserve are in neither arm" in result.estimand


def test_analysis_given_reserves_keeps_its_level() -> None:
    """Over every draw with given reserves, weighted by tickets, the size is at most alpha."""
    design = pair_then_draw(8, 3)
    tickets = np.random.default_rng(0).integers(1, 9, size=56)
    lottery = Lottery(design, tuple(PAIRS), tuple(MEMBERS), design.enumerate(), tickets, n_reserves=1)
    rest = lottery.given_reserves(["P4"])
    possible = rest.enumerate()
    p_values = np.array(
        [
            analyse(lottery, [rest.units[n] for n in np.flatnonzero(row)], _outcomes(5), reserves=["P4"])
            .effects[0]
            .p_value
            for row in possible.draws
        ]
    )
    for alpha in np.unique(p_values):
        assert possible.weights[p_values <= alpha + 1e-12].sum() <= alpha + 1e-9


@pytest.mark.parametrize("shift", [0.0, 1e9])
def test_large_outcomes_do_not_lose_their_ties(shift: float) -> None:
    """Adding a billion to every outcome changes neither ties nor the interval."""
    table = _outcomes(8).round(1)
    plain = analyse(_lottery(), ["P0", "P3", "P5"], table).effects[0]
    moved = analyse(_lottery(), ["P0", "P3", "P5"], table + shift).effects[0]
    assert moved.p_value == plain.p_value
    assert moved.low == pytest.approx(plain.low, abs=1e-5)


def test_an_outcome_with_one_value_has_no_effect() -> None:
    """Everyone alike: estimate 0, p = 1, and a note."""
    table = _outcomes() * 0 + 3.25
    effect = analyse(_lottery(), ["P0", "P3", "P5"], table).effects[0]
    assert (effect.estimate, effect.p_value, effect.p_studentised) == (0.0, 1.0, 1.0)
    assert effect.notes == ("every unit has the same value",)


def _broken(change: str) -> pd.DataFrame:
    table = _outcomes()
    if change == "stranger":
        return pd.concat([table, pd.DataFrame({"y": [1.0]}, index=["zz"])])
    if change == "twice":
        return pd.concat([table, table.loc[["a3"]]])
    if change == "text":
        return table.astype(object).replace({table.loc["a5", "y"]: "n/k"})
    if change == "infinite":
        return table.replace({table.loc["a5", "y"]: np.inf})
    return pd.DataFrame(index=table.index)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("stranger", "outcomes of unknown teams: zz"),
        ("twice", "more than one row for a3"),
        ("text", r"column 'y': 'n/k' is no number \(team a5\)"),
        ("infinite", r"'inf' is no number \(team a5\)"),
        ("empty", "no outcome to analyse"),
    ],
)
def test_bad_outcomes_are_refused(change: str, words: str) -> None:
    """Outcomes that cannot be right are refused with team, column and value."""
    with pytest.raises(InputDataError, match=words):
        analyse(_lottery(), ["P0", "P3", "P5"], _broken(change))


def test_bad_analyses_are_refused() -> None:
    """Unknown columns and covariates, impossible allocations and arms without outcomes are refused."""
    lottery, table, drawn = _lottery(), _outcomes(), ["P0", "P3", "P5"]
    with pytest.raises(InputDataError, match="column 'z': is missing"):
        analyse(lottery, drawn, table, AnalysisPlan(outcomes=("z",)))
    with pytest.raises(InputDataError, match="'age' is not among the baseline covariates"):
        analyse(lottery, drawn, table, AnalysisPlan(adjust_for=("age",)))
    with pytest.raises(InputDataError, match="not among the draws"):
        analyse(lottery, ["P0", "P3"], table)
    with pytest.raises(InputDataError, match="column 'y': has no outcome in both arms"):
        analyse(lottery, drawn, table.loc[[team for n in (0, 3, 5) for team in MEMBERS[n]]])
    names = tuple(f"x{k}" for k in range(7))
    baseline = dict(zip(names, np.random.default_rng(0).normal(size=(7, 16)), strict=True))
    with pytest.raises(InputDataError, match="7 covariates leave nothing to compare in 8 units"):
        analyse(lottery, drawn, table, AnalysisPlan(adjust_for=names), baseline=baseline)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"alpha": 1.5}, "'1.5' is no significance level"),
        ({"alternative": "both"}, "'both' is no alternative"),
        ({"missing_outcomes": "guess"}, "'guess' is no policy"),
        ({"outcomes": ("a",), "primary": "b"}, "'b' is primary but not among"),
    ],
)
def test_impossible_plans_are_refused(settings: dict[str, object], words: str) -> None:
    """A plan with a value out of range is refused."""
    with pytest.raises(SettingsError, match=words):
        AnalysisPlan(**settings)  # type: ignore[arg-type] # wrong on purpose


def test_plan_is_hashed_from_its_text() -> None:
    """The hash is that of a line of JSON, and any change changes it."""
    plan = AnalysisPlan(outcomes=("y",), alpha=0.05)
    assert json.loads(plan.canonical_text())["outcomes"] == ["y"]
    assert plan.sha256() == hashlib.sha256(plan.canonical_text().encode()).hexdigest()
    assert AnalysisPlan(outcomes=("y",), alpha=0.1).sha256() != plan.sha256()


def test_results_have_the_declared_columns_and_safe_views() -> None:
    """The table has the columns of effects.csv; the summary says the estimand; markup is escaped."""
    table = _outcomes(0, "yz").rename(columns={"z": "<b>"})
    result = analyse(_lottery(), ["P0", "P3", "P5"], table)
    assert result.to_frame().columns.tolist() == [
        "outcome",
        "n",
        "estimate",
        "low",
        "high",
        "p_value",
        "adjusted_for",
        "design",
    ]
    assert result.to_frame()["design"].unique().tolist() == ["pair-then-draw"]
    assert "average, over 16 teams in 8 pairs" in result.summary()
    assert "<b>" not in result._repr_html_()
    assert {"p_studentised", "p_family", "smallest_p"} <= set(result.details().columns)


def test_inputs_are_not_changed() -> None:
    """Tables handed in stay as they were."""
    table = _outcomes()
    before = table.copy(deep=True)
    analyse(_lottery(), ["P0", "P3", "P5"], table)
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.filterwarnings("error")
def test_outcomes_too_large_to_square_are_refused() -> None:
    """1e300 is finite, but its square is not; 1e149 is analysed without a warning."""
    table = _outcomes()
    table.loc["a3", "y"] = -1e300
    with pytest.raises(InputDataError, match=r"'-1e\+300' is too large to be analysed \(team a3\)"):
        analyse(_lottery(), PAIRS[:3], table)
    effect = analyse(_lottery(), PAIRS[:3], _outcomes() * 1e149).effects[0]
    assert effect.p_value == analyse(_lottery(), PAIRS[:3], _outcomes()).effects[0].p_value


def test_a_unit_is_drawn_once() -> None:
    """P0 three times is not an allocation of P0, nor of three pairs."""
    with pytest.raises(InputDataError, match="'P0' is named twice"):
        analyse(_lottery(), ["P0", "P0", "P1", "P2"], _outcomes())


def test_an_outcome_is_analysed_once() -> None:
    """Named twice in the plan, or standing twice in the table, it would count twice in the family."""
    with pytest.raises(SettingsError, match="'y' is named twice among the outcomes"):
        AnalysisPlan(outcomes=("y", "z", "y"))
    table = _outcomes(columns="yz").rename(columns={"z": "y"})
    with pytest.raises(InputDataError, match="column 'y': there is more than one such column"):
        analyse(_lottery(), PAIRS[:3], table)


def test_the_estimand_of_stratified_pairs_speaks_of_pairs() -> None:
    """Where pairs are drawn within strata the partner is part of the intervention; teams have none."""
    pairs = uniform_lottery(stratified(["n"] * 4 + ["s"] * 4, {"n": 1, "s": 2}), PAIRS, MEMBERS)
    said = estimand(pairs)
    assert "over 16 teams in 8 pairs in 2 strata, of a team's outcome if its pair is invited" in said
    assert "The partner is part of what the intervention is" in said
    teams = uniform_lottery(pairs.design, PAIRS, [(pair,) for pair in PAIRS])
    assert "pair is invited" not in estimand(teams)
    assert pairs.design.sentence(pairs.unit_noun) == "1 of 4, 2 of 4 pairs are drawn from 2 strata"
