"""The heat map of Moulton's matrix: how often two units share an arm, beside a lottery without constraint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.lottery import Lottery, same_arm
from pairing.plots.canvas import axes_or_new, legend as add_legend
from pairing.plots.matrix import MOST_LABELLED, draw_matrix, refuse_too_many
from pairing.plots.palette import BANNED, INK, NORMAL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pairing.lottery.balance import SameArm

MOST_UNITS = 400
"""More rows than this cannot be told apart."""

_LEAST_REACH = 0.1
"""How far from the middle the colours reach at least."""


def same_arm_heatmap(lottery: Lottery | SameArm, *, ax: Axes | None = None) -> Axes:
    """Show how freely a lottery mixes its units.

    Parameters
    ----------
    lottery : Lottery or SameArm
        The lottery, or what :func:`pairing.same_arm` says of it.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; by default new ones. A colour bar is put beside them.

    Returns
    -------
    matplotlib.axes.Axes
        The chance of two units to share an arm; white is that of a lottery without constraint, where it is
        the same for all. Units that always or never share one, although the design would let them, have a
        mark.

    Raises
    ------
    SettingsError
        If there are more than `MOST_UNITS` units.

    References
    ----------
    Moulton (2004), "Covariate-based constrained randomization of group-randomized trials", Clinical Trials
    1(3).

    Examples
    --------
    >>> from pairing import pair_then_draw, uniform_lottery
    >>> from pairing.plots.canvas import blank_axes
    >>> members = [("a", "b"), ("c", "d"), ("e", "f")]
    >>> lottery = uniform_lottery(pair_then_draw(3, 1), ["P1", "P2", "P3"], members)
    >>> ax = same_arm_heatmap(lottery, ax=blank_axes())
    >>> round(float(ax.images[0].get_array()[0, 1]), 4)
    0.3333
    """
    table = same_arm(lottery) if isinstance(lottery, Lottery) else lottery
    refuse_too_many(
        len(table.units), MOST_UNITS, "units", "The table of same_arm(lottery).to_frame() has them all."
    )
    from matplotlib.colors import TwoSlopeNorm

    ax = axes_or_new(ax, 7.2, 6.2)
    itself = np.eye(len(table.units), dtype=np.bool_)
    cells = np.where(itself, np.nan, table.probabilities)
    middle = float(np.median(table.unconstrained[~itself])) if len(table.units) > 1 else 0.5
    # Alike to either side, so that equally deep colours mean equally far; never so narrow that trifles shout.
    reach = max(_LEAST_REACH, float(np.nanmax(np.abs(cells - middle), initial=0.0)))
    norm = TwoSlopeNorm(middle, middle - reach, middle + reach)
    draw_matrix(ax, cells, table.units, colours="PuOr", norm=norm, bar="chance to share an arm")
    _mark(ax, table)
    if len(table.units) > MOST_LABELLED:
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_label_text("units of the lottery", fontsize=NORMAL, color=INK)
    handles, _ = ax.get_legend_handles_labels()
    title = f"Without constraint: {middle:.3f} (white)"
    add_legend(
        ax,
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=2,
        title=title,
        title_fontsize=NORMAL,
        alignment="left",
        borderpad=0,
        borderaxespad=0.4,
    )
    return ax


def _mark(ax: Axes, table: SameArm) -> None:
    row = {unit: place for place, unit in enumerate(table.units)}
    for pairs, marker, label in (
        (table.always, "o", "always together"),
        (table.never, "x", "never together"),
    ):
        places = [(row[a], row[b]) for a, b in pairs]
        if places:
            marks = [*places, *((b, a) for a, b in places)]
            ax.plot(
                *zip(*marks, strict=True), linestyle="", marker=marker, color=INK, markersize=5, label=label
            )
    ax.plot([], [], linestyle="", marker="s", markersize=8, color=BANNED, label="the unit itself")
