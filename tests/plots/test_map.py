"""The map: every pair and team where it belongs, arms told apart, crowded places enlarged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from pairing import InputDataError, MaxSizeRatio, MinDistance, load_audit, pair, pairing_with_triad, plots
from pairing.plots.canvas import blank_axes
from pairing.plots.draw_map import draw_pair_map
from pairing.plots.palette import ARM_STYLES
from pairing.plots.places import Frame, crowded_place, frame_of, with_room
from pairing.plots.svg import svg_id

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from pairing import Draw, Pairing

TEAMS = pd.DataFrame(
    {
        "team": ["a", "b", "c", "d", "e"],
        "latitude": [51.5, 53.5, 52.5, 54.9, 50.7],
        "longitude": [-0.1, -2.2, -1.9, -1.6, -3.5],
    }
)
PAIRS = pd.DataFrame({"team_a": ["a", "c"], "team_b": ["b", "d"], "arm": ["intervention", "control"]})


def by_gid(ax: Axes) -> dict[str, Line2D]:
    return {line.get_gid(): line for line in ax.lines if line.get_gid()}


def test_lines_join_the_teams_of_each_pair(plan: Pairing) -> None:
    ax = plots.pair_map(plan, inset=False, ax=blank_axes())
    place = dict(
        zip(plan.cohort.ids, zip(plan.cohort.longitude, plan.cohort.latitude, strict=True), strict=True)
    )
    drawn = by_gid(ax)
    for row in plan.to_frame().itertuples():
        line = drawn[svg_id("pair", row.pair_id)]
        expected = [place[row.team_a], place[row.team_b]]
        assert np.allclose(line.get_xydata(), expected)
    for team, (longitude, latitude) in place.items():
        assert np.allclose(drawn[svg_id("team", team)].get_xydata(), [(longitude, latitude)])
    assert len(drawn) == len(plan.pairs) + len(plan.cohort)


def test_arms_differ_in_colour_line_style_marker_and_legend(plan: Pairing, drawn: Draw) -> None:
    ax = plots.pair_map(plan, drawn, inset=False, ax=blank_axes())
    lines, arms = by_gid(ax), drawn.arms()
    for row in plan.to_frame().itertuples():
        style = ARM_STYLES[arms[row.pair_id]]
        line = lines[svg_id("pair", row.pair_id)]
        assert (to_hex(line.get_color()).upper(), line.get_linestyle()) == (style.colour, style.line)
        assert lines[svg_id("team", row.team_a)].get_marker() == style.marker
    told = [text.get_text() for text in ax.get_legend().get_texts()]
    assert told == ["intervention (30 pairs)", "control (30 pairs)"]


def test_the_legend_covers_nothing_of_the_map(plan: Pairing, drawn: Draw) -> None:
    ax = plots.pair_map(plan, drawn, ax=blank_axes(5.4, 5.7))
    ax.figure.draw_without_rendering()
    box = ax.get_legend().get_window_extent()
    assert box.y1 <= ax.get_window_extent().y0
    assert box.y0 >= 0
    assert box.x1 <= ax.figure.bbox.x1


def test_a_table_of_the_allocation_says_the_same_as_the_draw(plan: Pairing, drawn: Draw) -> None:
    table = drawn.to_frame()[["team", "arm"]].sample(frac=1, random_state=1)
    maps = [plots.pair_map(plan, given, ax=blank_axes()) for given in (drawn, table)]
    styles = [{gid: line.get_linestyle() for gid, line in by_gid(ax).items()} for ax in maps]
    assert styles[0] == styles[1]


def test_pairs_whose_teams_are_in_different_arms_have_neither_style(plan: Pairing) -> None:
    arms = pd.DataFrame({"team": plan.to_frame()["team_a"], "arm": "intervention"})
    other = pd.DataFrame({"team": plan.to_frame()["team_b"], "arm": "control"})
    lines = by_gid(plots.pair_map(plan, pd.concat([arms, other]), inset=False, ax=blank_axes()))
    first = plan.to_frame().iloc[0]
    assert lines["pair-P01"].get_linestyle() == ARM_STYLES[""].line
    assert lines[svg_id("team", first["team_a"])].get_marker() == ARM_STYLES["intervention"].marker
    assert lines[svg_id("team", first["team_b"])].get_marker() == ARM_STYLES["control"].marker


def test_teams_without_partner_are_hollow_and_told() -> None:
    ax = draw_pair_map(blank_axes(), TEAMS.assign(gid=TEAMS["team"]), PAIRS)
    faces = {gid: to_hex(line.get_markerfacecolor()) for gid, line in by_gid(ax).items()}
    assert faces["e"] == "#ffffff"
    assert "#ffffff" not in {faces[team] for team in "abcd"}
    assert ax.get_legend().get_texts()[-1].get_text() == "1 team without a partner"


def test_a_group_of_three_is_one_closed_line() -> None:
    cohort = load_audit()
    cohort = cohort.subset(cohort.ids[:21])
    plan = pairing_with_triad(pair(cohort, [MinDistance(20), MaxSizeRatio(4)], allow_unpaired=True).table)
    lines = by_gid(plots.pair_map(plan, inset=False, ax=blank_axes()))
    shape = lines[svg_id("pair", plan.pair_ids[-1])].get_xydata()
    assert shape.shape == (4, 2)
    assert np.allclose(shape[0], shape[-1])
    expected = {(cohort.longitude[at], cohort.latitude[at]) for at in plan.triad}
    assert {tuple(point) for point in shape} == expected


def test_rows_in_any_order_give_the_same_places() -> None:
    shuffled = draw_pair_map(
        blank_axes(), TEAMS[::-1].assign(gid=TEAMS["team"][::-1]), PAIRS[::-1].assign(gid="x")
    )
    assert np.allclose(by_gid(shuffled)["a"].get_xydata(), [(-0.1, 51.5)])


def test_teams_without_a_place_are_left_out_and_none_at_all_is_refused() -> None:
    teams = TEAMS.assign(latitude=[np.nan, *TEAMS["latitude"][1:]], gid=TEAMS["team"])
    drawn = by_gid(draw_pair_map(blank_axes(), teams, PAIRS.assign(gid=["P1", "P2"])))
    assert set(drawn) == {"b", "c", "d", "e", "P2"}
    with pytest.raises(InputDataError, match="no team to be shown has a place"):
        draw_pair_map(blank_axes(), teams.assign(latitude=np.nan), PAIRS)


def test_unknown_teams_are_all_told(plan: Pairing) -> None:
    with pytest.raises(InputDataError) as raised:
        plots.pair_map(plan, teams=["R0A", "nobody"], highlight="no one", ax=blank_axes())
    assert [problem.value for problem in raised.value.problems] == ["nobody", "no one"]


def test_only_chosen_teams_and_their_pairs_are_shown(plan: Pairing) -> None:
    first = plan.to_frame().iloc[0]
    chosen = [first["team_a"], first["team_b"], plan.to_frame().iloc[1]["team_a"]]
    drawn = by_gid(plots.pair_map(plan, teams=chosen, ax=blank_axes()))
    assert set(drawn) == {"pair-P01", *(svg_id("team", team) for team in chosen)}


def test_the_highlighted_pair_stands_out_with_names(plan: Pairing) -> None:
    ax = plots.pair_map(plan, highlight="R0A", inset=False, ax=blank_axes())
    bright = {gid for gid, line in by_gid(ax).items() if line.get_alpha() == 1}
    card = plan.teams_frame().set_index("team").loc["R0A"]
    assert bright == {"team-R0A", svg_id("team", card["partner"]), svg_id("pair", card["pair_id"])}
    assert {text.get_text()[:20] for text in ax.texts} == {card["name"][:20], card["partner_name"][:20]}


def test_area_of_dots_grows_with_the_team() -> None:
    teams = TEAMS.assign(size=[100.0, 200.0, 300.0, 400.0, np.nan], gid=TEAMS["team"])
    drawn = by_gid(draw_pair_map(blank_axes(), teams, PAIRS))
    area = [drawn[team].get_markersize() ** 2 for team in "abcd"]
    assert np.allclose(np.diff(area), area[1] - area[0])
    assert area[0] < area[1]


def test_a_crowded_place_is_enlarged_and_hides_no_team(plan: Pairing) -> None:
    ax = plots.pair_map(plan, ax=blank_axes(6.4, 7.2))
    (inner,) = ax.child_axes
    ax.figure.draw_without_rendering()
    west, east = inner.get_xlim()
    south, north = inner.get_ylim()
    assert west < -0.13 < east  # Charing Cross
    assert south < 51.51 < north
    hidden = inner.get_window_extent()
    dots = [line.get_xydata()[0] for gid, line in by_gid(ax).items() if gid.startswith("team-")]
    assert not any(hidden.contains(*ax.transData.transform(dot)) for dot in dots)
    gids = [line.get_gid() for line in (*ax.lines, *inner.lines) if line.get_gid()]
    assert len(set(gids)) == len(gids)


def test_no_team_is_taken_for_another_in_the_inset() -> None:
    """One that is called as another is marked there."""
    ids = ["a", "a-inset", "a_inset", "b", "c", "d", "e", "far"]
    teams = pd.DataFrame(
        {
            "team": ids,
            "latitude": [51.5 + 0.01 * number for number in range(7)] + [55.0],
            "longitude": [0.0] * 7 + [-5.0],
            "gid": [svg_id("team", team) for team in ids],
        }
    )
    ax = draw_pair_map(blank_axes(), teams, PAIRS.iloc[:0], inset=True)
    (inner,) = ax.child_axes
    gids = [line.get_gid() for line in (*ax.lines, *inner.lines) if line.get_gid()]
    assert len(gids) == 8 + 7
    assert len(set(gids)) == len(gids)


def test_nothing_is_enlarged_where_teams_are_spread() -> None:
    ax = draw_pair_map(blank_axes(), TEAMS, PAIRS, inset=True)
    assert ax.child_axes == []


def test_room_for_the_inset_is_on_the_side_that_needs_least() -> None:
    x, y = np.array([0.0, 10.0]), np.array([10.0, 0.0])
    frame = frame_of(x, y)
    widened, room = with_room(x, y, frame, 0.4, Frame((9.0, 5.0, 10.0, 6.0), frame.aspect))
    assert (room.corner, widened) == ((True, True), frame)


def test_crowded_place_is_where_most_teams_are() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.uniform(-5, 1, 40), rng.uniform(50, 55, 40)
    x[:12], y[:12] = -0.1 + rng.normal(0, 0.02, 12), 51.5 + rng.normal(0, 0.02, 12)
    place = crowded_place(x, y, frame_of(x, y))
    assert place is not None
    assert place.contains(-0.1, 51.5)
    assert not place.contains(-2.2, 53.5)


def test_degrees_are_true_to_scale_in_the_middle() -> None:
    frame = frame_of(np.array([-3.0, 1.0]), np.array([50.0, 56.0]))
    assert frame.aspect == pytest.approx(1 / np.cos(np.deg2rad(53)))
    ax = draw_pair_map(blank_axes(), TEAMS, PAIRS)
    assert ax.get_aspect() == pytest.approx(1 / np.cos(np.deg2rad((50.7 + 54.9) / 2)))


def test_orkney_is_on_the_map_only_if_a_team_is_there() -> None:
    def top(teams: pd.DataFrame) -> float:
        return draw_pair_map(blank_axes(), teams, PAIRS).get_ylim()[1]

    orkney = pd.DataFrame({"team": ["o"], "latitude": [58.98], "longitude": [-2.96]})
    assert top(TEAMS) < 56
    assert top(pd.concat([TEAMS, orkney])) > 58.98


def test_teams_on_either_side_of_the_date_line_are_neighbours() -> None:
    teams = pd.DataFrame({"team": ["a", "b"], "latitude": [-17.0, -18.0], "longitude": [179.5, -179.5]})
    ax = draw_pair_map(blank_axes(), teams, PAIRS[:1].assign(arm=""))
    assert ax.get_xlim()[1] - ax.get_xlim()[0] < 3
    assert any(patch.get_gid() == "land" for patch in ax.patches)


def test_far_out_at_sea_there_is_no_land() -> None:
    teams = pd.DataFrame({"team": ["a", "b"], "latitude": [0.0, 1.0], "longitude": [-30.0, -29.0]})
    ax = draw_pair_map(blank_axes(), teams, PAIRS[:1].assign(arm=""))
    assert [patch for patch in ax.patches if patch.get_gid() == "land"] == []
