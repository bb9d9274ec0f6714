"""The plots draw the right numbers: they are read back from what was drawn."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from pairing import (
    AnalysisPlan,
    InputDataError,
    SettingsError,
    analyse,
    balance_table,
    plots,
    same_arm,
    simple,
    uniform_lottery,
)
from pairing.lottery.score import balance_score
from pairing.plots.canvas import blank_axes
from pairing.plots.draw_balance import draw_balance_distribution
from pairing.plots.draw_love import draw_love_plot
from pairing.plots.draw_quality import draw_quality_against_random
from pairing.plots.draw_randomisation import extreme_draws
from pairing.plots.draw_tradeoff import draw_tradeoff
from pairing.profiles.funnel import funnel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from pairing import Analysis, Draw, Lottery, Pairing, Robustness, TradeOff
    from pairing.inference.plan import Alternative
    from pairing.lottery import Covariates
    from pairing.planning.random_pairings import RandomPairings


def by_gid(ax: Axes, gid: str) -> Line2D:
    (line,) = [line for line in ax.lines if line.get_gid() == gid]
    return line


def heights(ax: Axes, colour: str) -> float:
    return sum(bar.get_height() for bar in ax.patches if to_hex(bar.get_facecolor()).upper() == colour)


def test_quality_counts_every_random_pairing_and_marks_the_plan(
    plan: Pairing, by_chance: RandomPairings
) -> None:
    ax = plots.quality_against_random(by_chance, ax=blank_axes())
    assert sum(bar.get_height() for bar in ax.patches) == len(by_chance)
    assert by_gid(ax, "quality-plan").get_xdata()[0] == plan.total_value
    low, high = ax.get_xlim()
    assert low < by_chance.totals.min()
    assert plan.total_value < high
    told = [text.get_text() for text in ax.texts]
    assert told == [
        f"this plan: {plan.total_value:.2f}",
        f"60 random pairings: {by_chance.mean:.2f} on average",
    ]


@pytest.mark.parametrize("plan_total", [3.85, 3.1, 2.2])
def test_what_is_said_of_the_quality_has_two_digits_and_crosses_no_line(plan_total: float) -> None:
    """As in the report's text: 3.85 is not 3.8 beside it; the words keep to the side of the bars."""
    totals = np.linspace(2.3, 3.05, 1000)
    ax = draw_quality_against_random(blank_axes(6.4, 2.9), totals, plan_total)
    assert [text.get_text() for text in ax.texts] == [
        f"this plan: {plan_total:.2f}",
        "1,000 random pairings: 2.67 on average",
    ]
    ax.figure.draw_without_rendering()
    line = ax.transData.transform((plan_total, 0))[0]
    for text in ax.texts:
        box = text.get_window_extent()
        assert box.x1 < line - 3 if plan_total > totals.mean() else box.x0 > line + 3
        assert ax.figure.bbox.x0 <= box.x0
        assert box.x1 <= ax.figure.bbox.x1


def test_quality_of_equal_totals_and_of_none() -> None:
    ax = draw_quality_against_random(blank_axes(), [2.0, 2.0, 2.0], 2.0)
    assert sum(bar.get_height() for bar in ax.patches) == 3
    with pytest.raises(InputDataError, match="no random pairings"):
        draw_quality_against_random(blank_axes(), [], 2.0)


def test_love_plot_shows_absolute_differences_balanced_first(
    lottery: Lottery, covariates: Covariates, drawn: Draw
) -> None:
    table = balance_table(lottery, covariates, drawn).assign(balanced=[False, True, True])
    ax = plots.love_plot(table, labels={"size": "Patients"}, ax=blank_axes())
    order = ["latitude", "longitude", "size"]
    sorted_table = table.set_index("covariate").loc[order]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["latitude", "longitude", "Patients"]
    for column in ("smd_unconstrained", "smd_lottery", "smd"):
        line = by_gid(ax, column.replace("_", "-"))
        assert np.array_equal(line.get_xdata(), sorted_table[column].abs())
        assert np.array_equal(line.get_ydata(), ax.get_yticks())
    assert (table["smd"] < 0).any()
    headings = [text.get_text() for text in ax.texts]
    assert headings[:2] == ["balanced by the lottery", "not balanced, only shown"]


def test_love_plot_before_the_draw_and_without_columns(lottery: Lottery, covariates: Covariates) -> None:
    ax = plots.love_plot(balance_table(lottery, covariates), ax=blank_axes())
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "expected of a simple lottery",
        "expected of this lottery",
    ]
    with pytest.raises(InputDataError) as raised:
        draw_love_plot(blank_axes(), pd.DataFrame({"covariate": ["size"]}))
    assert [problem.column for problem in raised.value.problems] == ["smd_unconstrained", "smd_lottery"]


def test_profiles_of_a_pair_are_the_posterior(plan: Pairing) -> None:
    ax = plots.profile_pair(plan, "R0A", ax=blank_axes(8, 5))
    cohort, profiles = plan.cohort, plan.profiles
    a = cohort.ids.index("R0A")
    b = int(plan.partner[a])
    titles = [each.title for each in cohort.indicators]
    order = [titles.index(text.get_text().replace("\n", " ")) for text in ax.get_yticklabels()]
    assert sorted(order) == list(range(len(titles)))
    for container, at in zip(ax.containers, sorted((a, b)), strict=True):
        middle, _, (bars,) = container
        assert np.allclose(middle.get_xdata(), profiles.mean[at][order], atol=1e-8)
        half = 1.959964 * np.sqrt(np.diag(profiles.covariance[at])[order])
        ends = np.array([segment[:, 0] for segment in bars.get_segments()])
        assert np.allclose(
            ends, np.column_stack([middle.get_xdata() - half, middle.get_xdata() + half]), atol=1e-6
        )
    first = order[0]
    ahead = a if profiles.mean[a, first] > profiles.mean[b, first] else b
    assert ax.texts[0].get_text().startswith(cohort.names[ahead][:15])
    difference = abs(profiles.mean[a, first] - profiles.mean[b, first])
    assert f"\n+{difference:.2f} SD (" in ax.texts[0].get_text()


def test_profiles_of_any_two_teams_and_of_impossible_ones(plan: Pairing) -> None:
    ax = plots.profile_pair(plan, "RJ1", "R0B", ax=blank_axes(8, 5))
    assert [text.get_text()[-5:] for text in ax.get_legend().get_texts()] == ["(R0B)", "(RJ1)"]
    for team, other in (("R0A", "R0A"), ("nobody", None), ("R0A", "nobody")):
        with pytest.raises(InputDataError):
            plots.profile_pair(plan, team, other, ax=blank_axes())


def test_heat_map_has_every_value_once_on_either_side(plan: Pairing) -> None:
    ax = plots.value_heatmap(plan, ax=blank_axes())
    cells = np.ma.filled(ax.images[0].get_array(), np.nan)
    order = sorted(range(len(plan.cohort)), key=lambda at: (-plan.profiles.level[at], at))
    table = plan.table
    expected = np.full(cells.shape, np.nan)
    expected[table.first, table.second] = expected[table.second, table.first] = table.value
    assert np.array_equal(cells, expected[np.ix_(order, order)], equal_nan=True)
    marked = {tuple(point) for point in by_gid(ax, "values-plan").get_xydata().astype(int)}
    chosen = {(order.index(a), order.index(b)) for a, b in plan.pairs.tolist()}
    assert marked == chosen | {(b, a) for a, b in chosen}


def test_heat_map_of_some_teams_is_named_and_of_too_many_refused(
    plan: Pairing, monkeypatch: pytest.MonkeyPatch
) -> None:
    ax = plots.value_heatmap(plan, teams=plan.cohort.ids[:10], ax=blank_axes())
    assert sorted(text.get_text() for text in ax.get_yticklabels()) == sorted(plan.cohort.ids[:10])
    monkeypatch.setattr("pairing.plots.draw_values.MOST_TEAMS", 100)
    with pytest.raises(SettingsError, match="120 teams are too many") as raised:
        plots.value_heatmap(plan, ax=blank_axes())
    assert "teams=" in raised.value.problems[0].advice


def test_heat_map_of_no_team_is_refused_and_of_one_is_drawn(plan: Pairing) -> None:
    """It was an empty picture with a warning."""
    with pytest.raises(InputDataError, match="no team to show"):
        plots.value_heatmap(plan, teams=[], ax=blank_axes())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert plots.value_heatmap(plan, teams=["R0A"], ax=blank_axes()).images[0].get_array().shape == (1, 1)


def test_same_arm_map_is_the_matrix_with_the_simple_lottery_in_the_middle(lottery: Lottery) -> None:
    ax = plots.same_arm_heatmap(lottery, ax=blank_axes())
    table = same_arm(lottery)
    cells = np.ma.filled(ax.images[0].get_array(), np.nan)
    off = ~np.eye(len(table.units), dtype=bool)
    assert np.array_equal(cells[off], table.probabilities[off])
    assert np.isnan(cells[~off]).all()
    norm = ax.images[0].norm
    assert norm(table.unconstrained[0, 1]) == pytest.approx(0.5)
    assert norm.vmax - norm.vcenter == pytest.approx(norm.vcenter - norm.vmin)
    assert norm.vmin <= np.nanmin(cells)
    assert np.nanmax(cells) <= norm.vmax


def test_same_arm_map_marks_what_is_certain() -> None:
    units = ["a", "b", "c", "d"]
    lottery = uniform_lottery(simple(4, 2), units, [(unit,) for unit in units])
    from dataclasses import replace

    draws = np.array([[True, True, False, False], [False, False, True, True]])
    always = replace(lottery, draws=draws, tickets=np.array([1, 1]))
    ax = plots.same_arm_heatmap(always, ax=blank_axes())
    marks = {line.get_label(): len(line.get_xdata()) for line in ax.lines if len(line.get_xdata())}
    assert marks == {"always together": 4, "never together": 8}


def test_balance_scores_are_those_of_the_pool_by_their_tickets(
    lottery: Lottery, covariates: Covariates, drawn: Draw
) -> None:
    ax = plots.balance_distribution(lottery, covariates, drawn, n_draws=500, ax=blank_axes())
    score = balance_score(covariates, lottery.design)
    assert by_gid(ax, "drawn").get_xdata()[0] == score.of_draws(drawn.row()[None])[0]
    shares = {}
    for patch in ax.patches:
        corners = patch.get_xy()
        top = corners[: (len(corners) - 1) // 2 + 1]
        shares[patch.get_gid()] = (corners[:, 0], corners[:, 1].max(), top)
    kept = score.of_draws(lottery.draws)
    edges = np.unique(shares["kept"][0])
    weights = 100 * lottery.tickets / lottery.n_tickets
    counted, _ = np.histogram(np.maximum(kept, edges[0]), bins=edges, weights=weights)
    assert shares["kept"][1] == pytest.approx(counted.max())
    free = score.of_draws(lottery.design.sample(np.random.default_rng(0), 500))
    counted, _ = np.histogram(np.maximum(free, edges[0]), bins=edges)
    assert shares["free"][1] == pytest.approx(counted.max() / 5)


def test_balance_of_a_simple_lottery_has_one_histogram_and_seeds_count(
    covariates: Covariates, lottery: Lottery
) -> None:
    free = uniform_lottery(lottery.design, lottery.units, lottery.members)
    ax = plots.balance_distribution(free, covariates, n_draws=200, ax=blank_axes())
    assert [patch.get_gid() for patch in ax.patches] == ["free"]
    other = plots.balance_distribution(free, covariates, n_draws=200, seed=1, ax=blank_axes())
    assert not np.array_equal(ax.patches[0].get_xy(), other.patches[0].get_xy())
    with pytest.raises(SettingsError) as raised:
        plots.balance_distribution(free, covariates, n_draws=0, seed=-1, ax=blank_axes())
    assert [problem.column for problem in raised.value.problems] == ["n_draws", "seed"]


def test_balance_scores_that_are_no_number_are_left_out_or_refused() -> None:
    """They were drawn with NumPy's warning."""
    nothing, some = np.full(4, np.nan), np.array([1.0, np.nan, 3.0, np.inf])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = draw_balance_distribution(blank_axes(), some, nothing, None, np.nan)
        with pytest.raises(InputDataError, match="no balance scores"):
            draw_balance_distribution(blank_axes(), nothing, nothing, None, np.nan)
    assert not [line for line in ax.lines if line.get_gid() == "drawn"]
    heights = np.concatenate([patch.get_xy()[:, 1] for patch in ax.patches])
    assert heights.max() == 25  # each of the two is one of four draws


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_dark_part_of_the_randomisation_distribution_is_the_p_value(alternative: Alternative) -> None:
    units = [f"T{number}" for number in range(8)]
    lottery = uniform_lottery(simple(8, 4), units, [(unit,) for unit in units])
    outcome = pd.DataFrame({"rate": [3.0, 5.0, 4.0, 8.0, 1.0, 2.0, 6.0, 3.5]}, index=units)
    result = analyse(lottery, units[:4], outcome, AnalysisPlan(alternative=alternative))
    ax = plots.randomisation_distribution(result, ax=blank_axes())
    effect = result.effects[0]
    assert heights(ax, "#D55E00") == pytest.approx(100 * effect.p_value)
    assert heights(ax, "#D55E00") + heights(ax, "#56B4E9") == pytest.approx(100)
    assert by_gid(ax, "observed").get_xdata()[0] == effect.estimate
    assert effect.weights[extreme_draws(effect, alternative)].sum() == pytest.approx(effect.p_value)
    mirrored = [line for line in ax.lines if line.get_gid() == "mirrored"]
    assert len(mirrored) == (alternative == "two-sided")


def test_the_primary_outcome_is_shown_unless_another_is_named(analysis: Analysis) -> None:
    shown = plots.randomisation_distribution(analysis, ax=blank_axes()).get_xlabel()
    assert shown == "effect on wait if the intervention had none"
    named = plots.randomisation_distribution(analysis, "rate", ax=blank_axes())
    assert by_gid(named, "observed").get_xdata()[0] == analysis.effects[0].estimate
    of_effect = plots.randomisation_distribution(analysis.effects[0], ax=blank_axes())
    assert of_effect.get_xlabel() == named.get_xlabel()
    for asked in ({"outcome": "cost"}, {"adjusted": True}):
        with pytest.raises(InputDataError, match="there is no"):
            plots.randomisation_distribution(analysis, **asked, ax=blank_axes())


def test_robustness_shows_each_share_with_its_error(robustness: Robustness) -> None:
    ax = plots.robustness_plot(robustness, ax=blank_axes())
    table = robustness.to_frame().sort_values("stays", ascending=False, kind="stable")
    points = np.concatenate([line.get_xydata() for line in ax.lines if line.get_gid()])
    points = points[np.argsort(-points[:, 1])]
    assert np.allclose(points[:, 0], 100 * table["stays"])
    names = [text.get_text().split()[0] for text in ax.get_yticklabels()]
    assert names == table["pair_id"].tolist()
    hollow = [line for line in ax.lines if line.get_gid() == "arbitrary"]
    ids = robustness.pairing.cohort.ids
    arbitrary = dict(zip(ids, robustness.arbitrary, strict=True))
    expected = sum(
        arbitrary[a] or arbitrary[b] for a, b in zip(table["team_a"], table["team_b"], strict=True)
    )
    assert sum(len(line.get_xdata()) for line in hollow) == expected > 0


def test_tradeoff_joins_the_efficient_values_and_rings_the_plan(tradeoff: TradeOff) -> None:
    ax = plots.tradeoff_curve(tradeoff, ax=blank_axes())
    rows = tradeoff.to_frame()
    line = by_gid(ax, "efficient").get_xydata()
    efficient = rows[rows["efficient"]].sort_values("mean_km")
    assert np.array_equal(line, efficient[["mean_km", "total_gain"]].to_numpy())
    own = rows[rows["is_plan"]]
    assert np.array_equal(by_gid(ax, "tradeoff-plan").get_xydata(), own[["mean_km", "total_gain"]].to_numpy())
    assert [text.get_text() for text in ax.texts] == ["50", "100", "150"]


def test_tradeoff_without_distances_is_over_the_setting_and_without_plans_refused(tradeoff: TradeOff) -> None:
    rows = tradeoff.to_frame().assign(mean_km=np.nan)
    ax = draw_tradeoff(blank_axes(), rows, "max_size_ratio")
    assert ax.get_xlabel() == "max_size_ratio"
    assert by_gid(ax, "tradeoff-plan").get_xdata()[0] == 50
    with pytest.raises(InputDataError, match="no curve"):
        draw_tradeoff(blank_axes(), rows.assign(n_pairs=0), "max_size_ratio")


def test_funnel_draws_every_team_and_names_those_outside(plan: Pairing) -> None:
    ax = plots.funnel_plot(plan.profiles, "seen_by_nurse_specialist", ax=blank_axes())
    result = funnel(plan.profiles, "seen_by_nurse_specialist")
    points = np.concatenate([line.get_xydata() for line in ax.lines if line.get_marker() in ("o", "D")])
    expected = np.column_stack([result.sizes, 100 * result.values])  # noqa: PD011 - an array
    assert sorted(map(tuple, points)) == sorted(map(tuple, expected))
    outside = [result.ids[at] for at in np.flatnonzero(result.outside(0.998))]
    assert sorted(text.get_text() for text in ax.texts) == sorted(outside)
    low, high = ax.get_ylim()
    assert low < points[:, 1].min()
    assert points[:, 1].max() < high
    curves = [line for line in ax.lines if line.get_linestyle() == "-" and len(line.get_xdata()) > 50]
    lower = curves[0]
    bound = result.bounds(lower.get_xdata(), 0.998)[0]
    assert np.allclose(lower.get_ydata(), 100 * bound)
