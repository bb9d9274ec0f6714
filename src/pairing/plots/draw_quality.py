"""The plan's total value beside that of random permitted pairings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InputDataError, Problem
from pairing.plots.canvas import axes_or_new, tidy
from pairing.plots.palette import COLOURS, INK, NORMAL

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

    from pairing.planning.random_pairings import RandomPairings


def quality_against_random(random_pairings: RandomPairings, *, ax: Axes | None = None) -> Axes:
    """Show how much better a plan is than random pairings that keep the same rules.

    Parameters
    ----------
    random_pairings : RandomPairings
        Random permitted pairings of the plan's teams, with the plan's own total.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; by default new ones.

    Returns
    -------
    matplotlib.axes.Axes
        A histogram of the random totals, with a line at the plan's.

    Raises
    ------
    InputDataError
        If there are no random pairings.

    Examples
    --------
    >>> from pairing import MaxSizeRatio, MinDistance, load_audit, pair
    >>> from pairing.planning.random_pairings import random_pairings
    >>> from pairing.plots.canvas import blank_axes
    >>> plan = pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])
    >>> ax = quality_against_random(random_pairings(plan, 100, seed=0), ax=blank_axes())
    >>> bool(ax.lines[0].get_xdata()[0] == plan.total_value)
    True
    """
    return draw_quality_against_random(
        axes_or_new(ax, 6.4, 3.4), random_pairings.totals, random_pairings.plan_total
    )


def draw_quality_against_random(ax: Axes, totals: ArrayLike, plan_total: float) -> Axes:
    """Draw the totals of random pairings and that of the plan.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes to draw on.
    totals : array_like of float, shape (n,)
        Total value of each random pairing, in between-team SD.
    plan_total : float
        That of the plan.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputDataError
        If there are no totals.
    """
    known = np.asarray(totals, dtype=np.float64)
    known = known[~np.isnan(known)]
    if known.size == 0:
        raise InputDataError([Problem("there are no random pairings to compare the plan with")])
    low, high = min(known.min(), plan_total), max(known.max(), plan_total)
    edges = np.histogram_bin_edges(known, bins=min(30, max(5, int(np.sqrt(known.size)))))
    # No gid: every bar would have the same, and an id stands in a page only once.
    ax.hist(known, bins=edges.tolist(), color=COLOURS["sky blue"], edgecolor="white", linewidth=0.5)
    top = ax.get_ylim()[1]
    ax.axvline(plan_total, color=INK, linewidth=2, gid="quality-plan")
    margin = 0.06 * (high - low or 1.0)
    ax.set_xlim(low - margin, high + margin)
    ax.set_ylim(0, 1.22 * top)
    _say(ax, known, plan_total, 1.2 * top)
    tidy(ax, x="total value of the pairing (between-team SD)", y="random pairings")
    ax.locator_params(axis="y", integer=True)
    return ax


def _say(
    ax: Axes, totals: np.ndarray[tuple[int], np.dtype[np.float64]], plan_total: float, height: float
) -> None:
    """Write beside the line, on the side of the bars, what the two are; nothing crosses the line."""
    mean = float(totals.mean())
    leftwards = plan_total >= mean
    ax.annotate(
        f"this plan: {plan_total:,.2f}",
        (plan_total, height),
        xytext=(-6 if leftwards else 6, 0),
        textcoords="offset points",
        horizontalalignment="right" if leftwards else "left",
        verticalalignment="top",
        fontsize=NORMAL,
        color=INK,
        fontweight="bold",
    )
    ax.annotate(
        f"{totals.size:,} random pairings: {mean:,.2f} on average",
        (plan_total, height),
        xytext=(-6 if leftwards else 6, -16),
        textcoords="offset points",
        horizontalalignment="right" if leftwards else "left",
        verticalalignment="top",
        fontsize=NORMAL,
        color=INK,
    )
