"""The heat map of values: what every pair would be worth, which are banned, and which the plan chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InputDataError, Problem
from pairing.plots.canvas import axes_or_new, legend as add_legend
from pairing.plots.matrix import MOST_LABELLED, draw_matrix, refuse_too_many
from pairing.plots.palette import BANNED, COLOURS, INK, NORMAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from pairing.planning import Pairing

MOST_TEAMS = 400
"""More rows than this cannot be told apart."""


def value_heatmap(pairing: Pairing, *, teams: Sequence[str] | None = None, ax: Axes | None = None) -> Axes:
    """Show the value of every permitted pair, with the plan's pairs marked.

    Parameters
    ----------
    pairing : Pairing
        The plan.
    teams : sequence of str, optional
        Ids of the teams to show; by default all.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; by default new ones. A colour bar is put beside them.

    Returns
    -------
    matplotlib.axes.Axes
        Teams by overall level, the highest first, so that pairs banned for unequal levels gather in two
        corners. Banned pairs are grey.

    Raises
    ------
    InputDataError
        If a team is unknown, or none is to be shown.
    SettingsError
        If there are more than `MOST_TEAMS` teams to show.

    Examples
    --------
    >>> from pairing import MaxSizeRatio, MinDistance, load_audit, pair
    >>> from pairing.plots.canvas import blank_axes
    >>> plan = pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])
    >>> ax = value_heatmap(plan, ax=blank_axes())
    >>> ax.images[0].get_array().shape
    (120, 120)
    """
    order = _order(pairing, teams)
    refuse_too_many(
        len(order), MOST_TEAMS, "teams", "Name some of them with teams=, or use quality_against_random."
    )
    ids = [pairing.cohort.ids[at] for at in order]
    ax = axes_or_new(ax, 7.2, 6.2)
    draw_matrix(
        ax,
        _values(pairing, order),
        ids,
        colours="viridis",
        norm=None,
        bar="value of the pair (between-team SD)",
    )
    _mark_plan(ax, pairing, order)
    return ax


def _order(pairing: Pairing, teams: Sequence[str] | None) -> list[int]:
    """Positions of the teams to show, the highest level first."""
    ids = pairing.cohort.ids
    asked = ids if teams is None else tuple(dict.fromkeys(teams))
    known = {team: at for at, team in enumerate(ids)}
    unknown = [team for team in asked if team not in known]
    if unknown:
        raise InputDataError([Problem("is not a team of this pairing", value=str(team)) for team in unknown])
    if not asked:
        raise InputDataError([Problem("there is no team to show")])
    level = pairing.profiles.level
    return sorted((known[team] for team in asked), key=lambda at: (-level[at], at))


def _values(pairing: Pairing, order: Sequence[int]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    table = pairing.table
    row = np.full(len(pairing.cohort), -1)
    row[list(order)] = np.arange(len(order))
    first, second = row[table.first], row[table.second]
    shown = (first >= 0) & (second >= 0)
    cells = np.full((len(order), len(order)), np.nan)
    cells[first[shown], second[shown]] = cells[second[shown], first[shown]] = table.value[shown]
    return cells


def _mark_plan(ax: Axes, pairing: Pairing, order: Sequence[int]) -> None:
    row = {team: place for place, team in enumerate(order)}
    pairs = [
        (row[a], row[b])
        for a, b in zip(pairing.visits.first.tolist(), pairing.visits.second.tolist(), strict=True)
        if a in row and b in row
    ]
    side = max(2.0, min(9.0, 240 / len(order)))
    marks = [*pairs, *((b, a) for a, b in pairs)]
    if marks:
        ax.plot(
            *zip(*marks, strict=True),
            linestyle="",
            marker="s",
            markersize=side,
            markerfacecolor="none",
            markeredgecolor=COLOURS["vermillion"],
            markeredgewidth=1.3,
            label="pair of the plan",
            gid="values-plan",
        )
    ax.plot([], [], linestyle="", marker="s", markersize=8, color=BANNED, label="banned by a rule")
    if len(order) > MOST_LABELLED:
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_label_text("teams by overall level, the highest first", fontsize=NORMAL, color=INK)
    add_legend(ax, loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderpad=0, borderaxespad=0.4)
