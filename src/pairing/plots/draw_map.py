"""The map: teams as dots, pairs as lines, the arms of the trial told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pairing.errors import InputDataError, Problem
from pairing.plots.canvas import axes_or_new, bare, legend as add_legend
from pairing.plots.map_scene import Dot, Line, Scene, scene_of
from pairing.plots.names import LONGEST, drawable
from pairing.plots.outlines import OUTLINE_SOURCE, land_within
from pairing.plots.palette import ARM_STYLES, COAST, INK, LAND, SMALL, UNPAIRED, Style
from pairing.plots.places import Frame, Room, crowded_place, with_room
from pairing.plots.svg import svg_id
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from pairing.lottery import Draw
    from pairing.planning import Pairing

__all__ = ["OUTLINE_SOURCE", "draw_pair_map", "pair_map"]

_INSET = 0.36
"""Side of the inset, as a share of the map's."""

_IN_INSET = 24
"""Most characters of a name in the inset."""


def pair_map(
    pairing: Pairing,
    allocation: pd.DataFrame | Draw | None = None,
    *,
    teams: Sequence[str] | None = None,
    labels: bool | Sequence[str] = False,
    highlight: str | None = None,
    inset: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draw a pairing on a map.

    Parameters
    ----------
    pairing : Pairing
        The plan.
    allocation : pandas.DataFrame or Draw, optional
        Who got the intervention: a draw, or a table with the columns ``team`` and ``arm``.
    teams : sequence of str, optional
        Ids of the teams to show; by default all. A pair is drawn if both of its teams are shown.
    labels : bool or sequence of str
        Whether to write the ids beside the dots, or of which teams.
    highlight : str, optional
        Id of a team whose pair stands out, with the names of its teams.
    inset : bool
        Enlarge the most crowded place in a corner, if there is one.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; by default new ones.

    Returns
    -------
    matplotlib.axes.Axes
        A pair's line has the gid that :func:`pairing.plots.svg.svg_id` makes of "pair" and its id, a team's
        dot that of "team" and its id.

    Raises
    ------
    InputDataError
        If no team that is to be shown has a place, or a team is unknown.

    Notes
    -----
    The projection is equirectangular, true to scale at the map's middle latitude. The area of a dot grows
    with the size of the team. Arms differ in colour, line style and marker. Teams whose place is not known
    are left out.

    Examples
    --------
    >>> from pairing import MaxSizeRatio, MinDistance, load_audit, pair
    >>> from pairing.plots.canvas import blank_axes
    >>> plan = pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])
    >>> ax = pair_map(plan, highlight="R0A", ax=blank_axes())
    >>> sum((line.get_gid() or "").startswith("pair-") for line in ax.lines)
    60
    """
    places = pairing.teams_frame()
    shown = _chosen(places["team"].tolist(), teams, highlight)
    arms = _arms(allocation)
    places = places[places["team"].isin(shown)].assign(
        gid=[svg_id("team", team) for team in places["team"] if team in shown],
        arm=[arms.get(team, "") for team in places["team"] if team in shown],
    )
    pairs = pairing.to_frame()[["pair_id", "team_a", "team_b"]]
    pairs = pairs[pairs["team_a"].isin(shown) & pairs["team_b"].isin(shown)]
    pairs = pairs.assign(
        gid=[svg_id("pair", pair) for pair in pairs["pair_id"]],
        arm=[_common_arm(arms, *both) for both in zip(pairs["team_a"], pairs["team_b"], strict=True)],
    )
    named = shown if labels is True else [] if labels is False else labels
    return draw_pair_map(
        axes_or_new(ax, 6.4, 7.2),
        places,
        pairs,
        inset=inset,
        highlight=highlight,
        labels={team: team for team in named},
    )


def draw_pair_map(
    ax: Axes,
    teams: pd.DataFrame,
    pairs: pd.DataFrame,
    *,
    legend: bool = True,
    inset: bool = False,
    highlight: str | None = None,
    labels: Mapping[str, str] | None = None,
) -> Axes:
    """Draw teams and pairs given as tables on a map.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes to draw on.
    teams : pandas.DataFrame
        One row a team: ``team, latitude, longitude``; perhaps ``name``, ``size``, ``arm`` (else that of its
        pair) and ``gid``.
    pairs : pandas.DataFrame
        One row a pair: ``team_a, team_b``; perhaps ``arm`` ("intervention", "control", "reserve", or blank)
        and ``gid``. Rows with the same gid are a group of three and become one line.
    legend : bool
        Explain arms, groups of three and teams without a partner.
    inset : bool
        Enlarge the most crowded place, if there is one; what is drawn there has ``_inset`` after its gid,
        which no id made by :func:`pairing.plots.svg.svg_id` ends with.
    highlight : str, optional
        Team whose pair stands out.
    labels : mapping of str to str, optional
        Text to write beside the dots, by team.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputDataError
        If no team has a place.
    """
    scene = scene_of(teams, pairs, highlight, labels or {})
    bare(ax)
    crowd = crowded_place(*scene.places, scene.frame) if inset else None
    if crowd is None:
        _draw_scene(ax, scene, scene.frame)
    else:
        frame, room = with_room(*scene.places, scene.frame, _INSET, crowd)
        _draw_scene(ax, scene, frame, outside=crowd)
        _draw_inset(ax, scene, crowd, room)
    if legend:
        _draw_legend(ax, scene)
    return ax


def _draw_scene(
    ax: Axes, scene: Scene, frame: Frame, suffix: str = "", *, outside: Frame | None = None
) -> None:
    """Draw what is in a frame; what is also in the frame `outside` gets its labels there."""
    west, south, east, north = frame.box
    ax.set_xlim(west, east)
    ax.set_ylim(south, north)
    ax.set_aspect(frame.aspect)
    _draw_land(ax, frame, suffix)
    # There are fewer in an inset, and they are further apart.
    fineness = scene.fineness ** (0.5 if suffix else 1.0)
    at = {dot.team: (dot.x, dot.y) for dot in scene.dots}
    for line in scene.lines:
        places = [at[team] for team in line.teams]
        if not suffix or frame.crossed_by(places):
            _draw_line(ax, places, line, (scene.emphasis(*line.teams), fineness), suffix)
    for dot in scene.dots:
        if frame.contains(dot.x, dot.y):
            _draw_dot(ax, dot, (scene.emphasis(dot.team), fineness), suffix)
            if dot.team in scene.labels and not (outside is not None and outside.contains(dot.x, dot.y)):
                text = drawable(scene.labels[dot.team], _IN_INSET if suffix else LONGEST)
                _draw_label(ax, dot, text, leftwards=dot.x > (west + east) / 2)


def _draw_land(ax: Axes, frame: Frame, suffix: str) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path
    from matplotlib.transforms import Bbox

    west, south, east, north = frame.box
    rings = land_within(frame.box)
    if not rings:
        return
    # Cut a little outside the map, so that the cut itself is not seen.
    around = Bbox.from_extents(west - 0.1, south - 0.1, east + 0.1, north + 0.1)
    path = Path.make_compound_path(*(Path(ring, closed=True) for ring in rings)).clip_to_bbox(around)
    path.should_simplify = False
    ax.add_patch(
        PathPatch(path, facecolor=LAND, edgecolor=COAST, linewidth=0.6, zorder=0, gid=f"land{suffix}")
    )


def _draw_line(
    ax: Axes, places: list[tuple[float, float]], line: Line, strength: tuple[float, float], suffix: str
) -> None:
    emphasis, fineness = strength
    style = ARM_STYLES[line.arm]
    if len(places) > 2:
        ax.fill(*zip(*places, strict=True), color=style.colour, alpha=0.15 * emphasis, linewidth=0, zorder=1)
        places = [*places, places[0]]
    _add_line(
        ax,
        places,
        color=style.colour,
        linestyle=style.line,
        linewidth=fineness * (1.2 if emphasis == 1 else 0.8),
        alpha=emphasis,
        zorder=2,
        gid=f"{line.gid}{suffix}" if line.gid else None,
    )


def _draw_dot(ax: Axes, dot: Dot, strength: tuple[float, float], suffix: str) -> None:
    emphasis, fineness = strength
    style = ARM_STYLES[dot.arm] if dot.paired or dot.arm else UNPAIRED
    hollow = not dot.paired
    _add_line(
        ax,
        [(dot.x, dot.y)],
        linestyle="",
        marker=style.marker,
        markersize=fineness * dot.diameter,
        markerfacecolor="white" if hollow else style.colour,
        markeredgecolor=style.colour if hollow else "white",
        markeredgewidth=fineness * (1.2 if hollow else 0.5),
        alpha=emphasis,
        zorder=3,
        gid=f"{dot.gid}{suffix}" if dot.gid else None,
    )


def _add_line(ax: Axes, places: list[tuple[float, float]], **look: object) -> None:
    """Add a line as `plot` would, without asking how far the axes reach, which takes long with thousands."""
    from matplotlib.lines import Line2D

    x, y = zip(*places, strict=True)
    ax.add_artist(Line2D(x, y, **look))  # type: ignore[arg-type] # matplotlib's own names


def _draw_label(ax: Axes, dot: Dot, text: str, *, leftwards: bool) -> None:
    ax.annotate(
        text,
        (dot.x, dot.y),
        xytext=(-5 if leftwards else 5, 5),
        textcoords="offset points",
        horizontalalignment="right" if leftwards else "left",
        fontsize=SMALL,
        color=INK,
        parse_math=False,
        zorder=7,
        bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.75},
    ).set_in_layout(False)


def _draw_inset(ax: Axes, scene: Scene, crowd: Frame, room: Room) -> None:
    left = 1 - room.width if room.corner.right else 0.0
    bottom = 1 - room.height if room.corner.top else 0.0
    inner = ax.inset_axes((left, bottom, room.width, room.height), xticks=[], yticks=[], zorder=6)
    _draw_scene(inner, scene, crowd, "_inset")
    inner.set_anchor(room.corner.letters)
    for spine in inner.spines.values():
        spine.set_color(INK)
    west, south, east, north = crowd.box
    ax.fill(
        (west, east, east, west),
        (south, south, north, north),
        facecolor="none",
        edgecolor=INK,
        linewidth=0.8,
        zorder=5,
        gid="enlarged",
    )


def _draw_legend(ax: Axes, scene: Scene) -> None:
    """Explain the map below it, where the legend covers no line and no team."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=style.colour, linestyle=style.line, marker=style.marker, label=text)  # type: ignore[arg-type] # any of matplotlib's names
        for style, text in _legend_entries(scene)
    ]
    if alone := sum(not dot.paired for dot in scene.dots):
        handles.append(
            Line2D(
                [],
                [],
                color=INK,
                linestyle="",
                marker="o",
                markerfacecolor="white",
                label=f"{counted(alone, 'team')} without a partner",
            )
        )
    add_legend(
        ax,
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(0.0, 0.0),
        ncols=2,
        title="Larger dot: larger team" if len({dot.diameter for dot in scene.dots}) > 1 else None,
        title_fontsize=SMALL,
        alignment="left",
    )


def _legend_entries(scene: Scene) -> list[tuple[Style, str]]:
    entries = []
    for arm, style in ARM_STYLES.items():
        lines = [line for line in scene.lines if line.arm == arm]
        n_pairs, n_groups = (sum((len(line.teams) > 2) == many for line in lines) for many in (False, True))
        parts = [counted(n_pairs, "pair")] * bool(n_pairs) + ["a group of three"] * bool(n_groups)
        n_teams = sum(dot.arm == arm for dot in scene.dots)
        if lines:
            text = " and ".join(parts)
            entries.append((style, f"{style.label} ({text})" if arm else text))
        elif arm and n_teams:
            entries.append((style, f"{style.label} ({counted(n_teams, 'team')})"))
    return entries


def _arms(allocation: pd.DataFrame | Draw | None) -> dict[str, str]:
    if allocation is None:
        return {}
    frame = allocation if isinstance(allocation, pd.DataFrame) else allocation.to_frame()
    return dict(zip(frame["team"], frame["arm"], strict=True))


def _common_arm(arms: Mapping[str, str], first: str, second: str) -> str:
    """The arm of a pair; blank where its teams are in different ones, or were not drawn."""
    arm = arms.get(first, "")
    return arm if arm == arms.get(second, "") else ""


def _chosen(known: Sequence[str], teams: Sequence[str] | None, highlight: str | None) -> list[str]:
    asked = list(known) if teams is None else list(teams)
    unknown = [
        team for team in [*asked, *([highlight] if highlight is not None else [])] if team not in set(known)
    ]
    if unknown:
        raise InputDataError([Problem("is not a team of this pairing", value=str(team)) for team in unknown])
    return asked
