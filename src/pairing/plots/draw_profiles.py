"""The profiles of two teams side by side: how each does on every indicator, and who can teach whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InputDataError, Problem
from pairing.plots.canvas import axes_or_new, legend as add_legend, tidy
from pairing.plots.names import drawable, on_two_lines
from pairing.plots.palette import FAINT, GRID, INK, SMALL, TEAM_STYLES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from pairing.planning import Pairing

_SIDES = ("a", "b")
_LONGEST = 64
"""Most characters of a team's name and id in the legend."""

_APART = 0.16
"""By how much the two teams of a row are above and below its middle."""


def profile_pair(pairing: Pairing, team: str, other: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Show what two teams can teach each other.

    Parameters
    ----------
    pairing : Pairing
        The plan.
    team : str
        Id of a team.
    other : str, optional
        Id of another; by default its partner, in a group of three the first.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; by default new ones.

    Returns
    -------
    matplotlib.axes.Axes
        One line an indicator, those from which most can be learned first: both teams' posterior means with
        their 95% intervals in between-team SD (right is better, 0 is the average team), who teaches, and
        the difference.

    Raises
    ------
    InputDataError
        If a team is unknown, has no partner, or is compared with itself.

    Examples
    --------
    >>> from pairing import MaxSizeRatio, MinDistance, load_audit, pair
    >>> from pairing.plots.canvas import blank_axes
    >>> plan = pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])
    >>> ax = profile_pair(plan, "R0A", ax=blank_axes())
    >>> len(ax.get_yticklabels())
    7
    """
    from pairing.planning.frames.exchange_table import exchange_frame
    from pairing.planning.frames.profile_tables import indicators_frame, profiles_frame
    from pairing.planning.visits import Visits

    first, second = _positions(pairing, team, other)
    cohort, profiles = pairing.cohort, pairing.profiles
    visit = Visits.of(pairing.table.model, np.array([[first, second]]), ("",), None)
    rows = profile_rows(
        profiles_frame(cohort, profiles),
        exchange_frame(pairing.table.model, visit),
        indicators_frame(cohort, profiles),
        cohort.ids[first],
        cohort.ids[second],
    )
    names = [_known_as(cohort.ids[at], cohort.names[at]) for at in (first, second)]
    return draw_profile_pair(
        axes_or_new(ax, 8.0, 1.6 + 0.5 * len(rows)), rows, name_a=names[0], name_b=names[1]
    )


def profile_rows(
    profiles: pd.DataFrame, exchange: pd.DataFrame, indicators: pd.DataFrame, team_a: str, team_b: str
) -> pd.DataFrame:
    """Join what the result files say of two teams.

    Parameters
    ----------
    profiles, exchange, indicators : pandas.DataFrame
        With the columns of ``profiles.csv``, ``exchange.csv`` and ``indicators.csv``.
    team_a, team_b : str
        The teams of a row of ``exchange.csv``.

    Returns
    -------
    pandas.DataFrame
        One row an indicator in the order of `exchange`: ``indicator, label, teacher`` ("a", "b" or blank),
        ``difference, difference_low, difference_high, probability_real``, and ``estimate_, estimate_low_,
        estimate_high_`` with ``a`` and ``b``.
    """
    rows = exchange[(exchange["team_a"] == team_a) & (exchange["team_b"] == team_b)]
    rows = rows.merge(indicators[["indicator", "label"]], on="indicator", how="left")
    rows["teacher"] = rows["teacher"].map({team_a: "a", team_b: "b"}).fillna("")
    for side, team in zip(_SIDES, (team_a, team_b), strict=True):
        own = profiles[profiles["team"] == team].set_index("indicator")
        for name in ("estimate", "estimate_low", "estimate_high"):
            rows[f"{name}_{side}"] = own[name].reindex(rows["indicator"]).to_numpy()
    return rows


def draw_profile_pair(ax: Axes, rows: pd.DataFrame, *, name_a: str, name_b: str) -> Axes:
    """Draw the profiles of two teams.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes to draw on.
    rows : pandas.DataFrame
        What :func:`profile_rows` gives.
    name_a, name_b : str
        What to call the teams.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputDataError
        If there is no row.
    """
    if rows.empty:
        raise InputDataError([Problem("there is no indicator to show")])
    height = -np.arange(len(rows), dtype=np.float64)
    for side in (_Side("a", name_a, 0), _Side("b", name_b, 1)):
        _draw_team(ax, rows, height, side)
    ax.axvline(0, color=FAINT, linewidth=1, zorder=1)
    for at, (_, row) in zip(height.tolist(), rows.iterrows(), strict=True):
        _say(ax, at, row, {"a": name_a, "b": name_b})
    labels = [on_two_lines(str(label)) for label in rows["label"]]
    ax.set_yticks(height.tolist(), labels, parse_math=False)
    ax.set_ylim(height[-1] - 0.6, 0.6)
    tidy(ax, x="estimate (between-team SD; 0 = average team, right = better)")
    ax.hlines(height[1:] + 0.5, 0, 1, transform=ax.get_yaxis_transform(), color=GRID, linewidth=0.7, zorder=0)
    ax.tick_params(axis="y", length=0)
    add_legend(ax, loc="lower left", bbox_to_anchor=(0, 1), borderpad=0, borderaxespad=0.3)
    for text in ax.get_legend().get_texts():  # type: ignore[union-attr]
        text.set_parse_math(False)
    return ax


@dataclass(frozen=True)
class _Side:
    """One of the two teams: the ending of its columns, its name, and whether it is the second."""

    ending: str
    name: str
    number: int


def _draw_team(
    ax: Axes, rows: pd.DataFrame, height: np.ndarray[tuple[int], np.dtype[np.float64]], side: _Side
) -> None:
    style = TEAM_STYLES[side.number]
    middle, low, high = (
        rows[f"{name}_{side.ending}"].to_numpy(np.float64)
        for name in ("estimate", "estimate_low", "estimate_high")
    )
    ax.errorbar(
        middle,
        height + (_APART if side.number == 0 else -_APART),
        xerr=[middle - low, high - middle],
        linestyle="",
        marker=style.marker,
        markersize=6,
        color=style.colour,
        markerfacecolor=style.colour if style.filled else "white",
        elinewidth=1.6,
        label=drawable(side.name, _LONGEST),
    )


def _say(ax: Axes, at: float, row: pd.Series, names: dict[str, str]) -> None:
    """Write beside a line who teaches, by how much, and how sure that is."""
    if np.isnan(row["difference"]):
        text = "teams do not really differ"
    elif not row["teacher"]:
        text = "has no weight"
    else:
        ahead = row["difference"] if row["teacher"] == "b" else -row["difference"]
        ends = (row["difference_low"], row["difference_high"])
        low, high = ends if row["teacher"] == "b" else (-ends[1], -ends[0])
        teacher = drawable(names[row["teacher"]], 22)
        text = f"{teacher} teaches\n{ahead:+.2f} SD ({low:.2f} to {high:.2f})".replace("-", "−")
    ax.annotate(
        text,
        (1.0, at),
        xycoords=ax.get_yaxis_transform(),
        xytext=(8, 0),
        textcoords="offset points",
        verticalalignment="center",
        fontsize=SMALL,
        color=INK if row["teacher"] else FAINT,
        parse_math=False,
    )


def _known_as(team: str, name: str) -> str:
    """The name with the id behind it, neither too long for the other."""
    return drawable(team) if team == name else f"{drawable(name, 44)} ({drawable(team, 16)})"


def _positions(pairing: Pairing, team: str, other: str | None) -> tuple[int, int]:
    """Positions of the two teams, the smaller first."""
    ids = pairing.cohort.ids
    unknown = [each for each in (team, other) if each is not None and each not in ids]
    if unknown:
        raise InputDataError([Problem("is not a team of this pairing", value=str(each)) for each in unknown])
    at = ids.index(team)
    if other is not None:
        partner = ids.index(other)
    elif at in (pairing.triad or ()):
        partner = next(each for each in pairing.triad or () if each != at)
    else:
        partner = int(pairing.partner[at])
    if partner < 0:
        advice = "Name a second team to compare it with."
        raise InputDataError([Problem("has no partner in this pairing", value=team, advice=advice)])
    if partner == at:
        raise InputDataError([Problem("cannot be compared with itself", value=team)])
    return min(at, partner), max(at, partner)
