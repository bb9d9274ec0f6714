"""How firmly the audit holds each pair together: the share of redrawn profiles whose best plan keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InputDataError, Problem
from pairing.plots.canvas import axes_or_new, legend as add_legend, tidy
from pairing.plots.names import drawable
from pairing.plots.palette import COLOURS, FAINT, NORMAL, SMALL
from pairing.profiles.intervals import Z_95

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from pairing.planning import Robustness

MOST_LABELLED = 80
"""Up to so many pairs each is named."""


def robustness_plot(robustness: Robustness, *, ax: Axes | None = None) -> Axes:
    """Show how often each pair of a plan stays when the profiles are drawn anew.

    Parameters
    ----------
    robustness : Robustness
        What :func:`pairing.assess_robustness` found.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; by default new ones.

    Returns
    -------
    matplotlib.axes.Axes
        One line a pair, the firmest first, with the 95% interval that the number of draws leaves. Pairs in
        which a team's partner is arbitrary are hollow; see :class:`pairing.Robustness`.

    Raises
    ------
    InputDataError
        If the plan has no pair.

    Examples
    --------
    >>> from pairing import MaxSizeRatio, MinDistance, assess_robustness, load_audit, pair
    >>> from pairing.plots.canvas import blank_axes
    >>> cohort = load_audit()
    >>> plan = pair(cohort.subset(cohort.ids[:20]), [MinDistance(50), MaxSizeRatio(2)])
    >>> ax = robustness_plot(assess_robustness(plan, 20, seed=0), ax=blank_axes())
    >>> len(ax.get_yticklabels()) == len(plan.pairs)
    True
    """
    pairs = robustness.to_frame()
    arbitrary = dict(zip(robustness.pairing.cohort.ids, robustness.arbitrary.tolist(), strict=True))
    pairs["arbitrary"] = [
        arbitrary[a] or arbitrary[b] for a, b in zip(pairs["team_a"], pairs["team_b"], strict=True)
    ]
    height = 1.4 + 0.19 * min(len(pairs), MOST_LABELLED)
    return draw_robustness(axes_or_new(ax, 6.4, height), pairs, robustness.n_draws)


def draw_robustness(ax: Axes, pairs: pd.DataFrame, n_draws: int) -> Axes:
    """Draw how often pairs stay.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes to draw on.
    pairs : pandas.DataFrame
        One row a pair: ``pair_id, team_a, team_b, stays, stays_error, arbitrary``.
    n_draws : int
        Draws behind the shares.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputDataError
        If there is no pair.
    """
    if pairs.empty:
        raise InputDataError([Problem("the plan has no pair to show")])
    table = pairs.sort_values("stays", ascending=False, kind="stable")
    height = -np.arange(len(table), dtype=np.float64)
    share, error = (
        100 * table["stays"].to_numpy(np.float64),
        100 * Z_95 * table["stays_error"].to_numpy(np.float64),
    )
    hollow = table["arbitrary"].to_numpy(np.bool_)
    ax.hlines(
        height,
        np.maximum(share - error, 0),
        np.minimum(share + error, 100),
        color=FAINT,
        linewidth=1.2,
        zorder=1,
    )
    for chosen, face, label in (
        (~hollow, COLOURS["blue"], "no other partner comes up as often"),
        (hollow, "white", "arbitrary: for one of the two another does"),
    ):
        if chosen.any():
            ax.plot(
                share[chosen],
                height[chosen],
                linestyle="",
                marker="o",
                markersize=5.5,
                markerfacecolor=face,
                markeredgecolor=COLOURS["blue"],
                label=f"{label} ({int(chosen.sum())})",
                gid="arbitrary" if face == "white" else "singled-out",
            )
    ax.axvline(
        float(share.mean()),
        color=FAINT,
        linestyle="--",
        linewidth=1,
        zorder=0,
        label=f"mean {share.mean():.0f}%",
    )
    _name(ax, table, height)
    tidy(ax, x=f"the pair is in the best plan (% of {n_draws:,} redrawn profiles)", grid="x")
    ax.tick_params(axis="y", length=0, labelsize=SMALL - 1)
    ax.set_xlim(-2, 102)
    ax.set_ylim(height[-1] - 0.8, 0.8)
    add_legend(ax, loc="lower left", bbox_to_anchor=(0, 1), borderpad=0, borderaxespad=0.4)
    return ax


def _name(ax: Axes, table: pd.DataFrame, height: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
    if len(table) > MOST_LABELLED:
        ax.set_yticks([])
        ax.set_ylabel("pairs, the firmest first", fontsize=NORMAL)
        return
    names = [
        drawable(f"{row.pair_id}  {drawable(str(row.team_a), 12)} – {drawable(str(row.team_b), 12)}")
        for row in table.itertuples(index=False)
    ]
    ax.set_yticks(height.tolist(), names, parse_math=False)
