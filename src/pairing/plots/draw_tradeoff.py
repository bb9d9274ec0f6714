"""The trade-off curve: what a setting buys in gain, and what it costs in kilometres."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.errors import InputDataError, Problem
from pairing.plots.canvas import axes_or_new, legend as add_legend, tidy
from pairing.plots.names import drawable
from pairing.plots.palette import COLOURS, FAINT, INK, SMALL

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from pairing.planning import TradeOff


def tradeoff_curve(tradeoff: TradeOff, *, ax: Axes | None = None) -> Axes:
    """Show the best plans at several values of a setting: gain against distance.

    Parameters
    ----------
    tradeoff : TradeOff
        What :meth:`pairing.Pairing.tradeoff` found.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; by default new ones.

    Returns
    -------
    matplotlib.axes.Axes
        One point a value of the setting, which stands beside it. The efficient ones are joined; those that
        pair fewer teams are hollow; the plan at hand has a ring. Where distances are not known, the setting
        itself is on the axis.

    Raises
    ------
    InputDataError
        If no value of the setting has a plan.

    Examples
    --------
    >>> from pairing import MaxSizeRatio, MinDistance, load_audit, pair
    >>> from pairing.plots.canvas import blank_axes
    >>> plan = pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])
    >>> ax = tradeoff_curve(plan.tradeoff("min_distance_km", [50, 100]), ax=blank_axes())
    >>> [text.get_text() for text in ax.texts]
    ['50', '100']
    """
    unit = f" ({tradeoff.unit})" if tradeoff.unit else ""
    return draw_tradeoff(axes_or_new(ax, 6.4, 4.4), tradeoff.to_frame(), f"{tradeoff.setting}{unit}")


def draw_tradeoff(ax: Axes, rows: pd.DataFrame, setting: str) -> Axes:
    """Draw a trade-off given as a table.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes to draw on.
    rows : pandas.DataFrame
        With ``value, is_plan, n_pairs, total_gain, mean_km, efficient``.
    setting : str
        What to call the setting.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputDataError
        If no row has a pair.
    """
    rows = rows[rows["n_pairs"] > 0]
    if rows.empty:
        raise InputDataError([Problem("no value of the setting has a plan, so there is no curve")])
    by_distance = bool(rows["mean_km"].notna().all())
    across = "mean_km" if by_distance else "value"
    full = rows["n_pairs"] == rows["n_pairs"].max()
    line = rows[rows["efficient"] & full].sort_values(across)
    ax.plot(line[across], line["total_gain"], color=COLOURS["blue"], linewidth=1.4, zorder=1, gid="efficient")
    for chosen, face, label in (
        (full & rows["efficient"], COLOURS["blue"], "efficient"),
        (full & ~rows["efficient"], FAINT, "another value is better in gain and kilometres"),
        (~full, "white", "fewer pairs"),
    ):
        if chosen.any():
            ax.plot(
                rows.loc[chosen, across],
                rows.loc[chosen, "total_gain"],
                linestyle="",
                marker="o",
                markersize=6,
                markerfacecolor=face,
                markeredgecolor=FAINT if face == FAINT else COLOURS["blue"],
                label=label,
            )
    own = rows[rows["is_plan"]]
    if not own.empty:
        ax.plot(
            own[across],
            own["total_gain"],
            linestyle="",
            marker="o",
            markersize=12,
            markerfacecolor="none",
            markeredgecolor=INK,
            markeredgewidth=1.5,
            label="the plan at hand",
            gid="tradeoff-plan",
        )
    _label(ax, rows, across)
    x = "mean distance of a pair (km)" if by_distance else drawable(setting, 60)
    tidy(ax, x=x, y="total expected gain (between-team SD)", grid="both")
    ax.margins(0.08)
    add_legend(
        ax,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=2,
        title=drawable(f"Beside each point: {setting}", 60),
        title_fontsize=SMALL,
        alignment="left",
        borderpad=0,
        borderaxespad=0.4,
    ).get_title().set_parse_math(False)
    return ax


def _label(ax: Axes, rows: pd.DataFrame, across: str) -> None:
    for row in rows.itertuples(index=False):
        ax.annotate(
            f"{row.value:g}",
            (getattr(row, across), row.total_gain),
            xytext=(6, -10),
            textcoords="offset points",
            fontsize=SMALL,
            color=INK,
        )
