"""The love plot: how far the arms are apart on each covariate, expected and as drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InputDataError, Problem
from pairing.plots.canvas import axes_or_new, legend as add_legend, tidy
from pairing.plots.names import drawable
from pairing.plots.palette import COLOURS, FAINT, GRID, INK, SMALL

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

GUIDE = 0.1
"""Absolute standardised differences below this are commonly called negligible."""

_SERIES = {
    "smd_unconstrained": ("expected of a simple lottery", "^", FAINT, "none"),
    "smd_lottery": ("expected of this lottery", "s", COLOURS["blue"], "none"),
    "smd": ("as drawn", "o", INK, INK),
}


def love_plot(
    balance: pd.DataFrame, *, labels: Mapping[str, str] | None = None, ax: Axes | None = None
) -> Axes:
    """Show the standardised differences between the arms.

    Parameters
    ----------
    balance : pandas.DataFrame
        What :func:`pairing.balance_table` gives, or ``balance.csv``: one row a covariate, with ``covariate``,
        ``smd_unconstrained``, ``smd_lottery``, perhaps ``smd`` (as drawn) and ``balanced``.
    labels : mapping of str to str, optional
        What to write instead of a covariate's name.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; by default new ones.

    Returns
    -------
    matplotlib.axes.Axes
        One line a covariate, the balanced ones first, with a guide at 0.1.

    Raises
    ------
    InputDataError
        If a column is missing or there is no covariate.

    References
    ----------
    Ahmed A, Husain A, Love TE, et al. (2006), "Heart failure, chronic diuretic use, and increase in
    mortality and hospitalization", European Heart Journal 27(12). Austin PC (2009), "Balance diagnostics
    for comparing the distribution of baseline covariates", Statistics in Medicine 28(25), for the guide at
    0.1.

    Examples
    --------
    >>> import pandas as pd
    >>> from pairing.plots.canvas import blank_axes
    >>> table = pd.DataFrame({"covariate": ["size"], "smd_unconstrained": [0.3], "smd_lottery": [0.06]})
    >>> ax = love_plot(table, ax=blank_axes())
    >>> [text.get_text() for text in ax.get_yticklabels()]
    ['size']
    """
    if labels is not None:
        balance = balance.assign(label=[labels.get(name, name) for name in balance["covariate"]])
    return draw_love_plot(axes_or_new(ax, 6.4, 1.6 + 0.3 * len(balance)), balance)


def draw_love_plot(ax: Axes, balance: pd.DataFrame) -> Axes:
    """Draw a table of standardised differences.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes to draw on.
    balance : pandas.DataFrame
        As for :func:`love_plot`, perhaps with ``label``, what to write for each covariate.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputDataError
        If a column is missing or there is no covariate.
    """
    table = _ordered(balance)
    height = _heights(ax, table)
    names = table["label" if "label" in table else "covariate"]
    for column, (text, marker, edge, face) in _SERIES.items():
        if column in table:
            ax.plot(
                table[column].abs(),
                height,
                linestyle="",
                marker=marker,
                markersize=6.5,
                markeredgecolor=edge,
                markerfacecolor=face,
                label=text,
                gid=column.replace("_", "-"),
            )
    ax.axvline(GUIDE, color=FAINT, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    ax.text(
        GUIDE,
        1,
        f" {GUIDE}",
        transform=ax.get_xaxis_transform(),
        fontsize=SMALL,
        color=FAINT,
        verticalalignment="top",
    )
    ax.set_yticks(height.tolist(), [drawable(str(name)) for name in names], parse_math=False)
    tidy(ax, x="difference between the arms (absolute, in SD of the teams)")
    ax.set_xlim(left=0)
    ax.set_ylim(height.min() - 0.6, 1.0)
    ax.hlines(height, 0, 1, transform=ax.get_yaxis_transform(), color=GRID, linewidth=0.7, zorder=0)
    ax.tick_params(axis="y", length=0)
    add_legend(ax, loc="lower left", bbox_to_anchor=(0, 1), borderpad=0, handletextpad=0.2, borderaxespad=0.2)
    return ax


def _ordered(balance: pd.DataFrame) -> pd.DataFrame:
    absent = [name for name in ("covariate", "smd_unconstrained", "smd_lottery") if name not in balance]
    if absent:
        raise InputDataError(
            [Problem("is missing from the table of balance", column=name) for name in absent]
        )
    if balance.empty:
        raise InputDataError([Problem("there is no covariate to show")])
    if "balanced" not in balance:
        return balance
    return balance.sort_values("balanced", ascending=False, kind="stable")


def _heights(ax: Axes, table: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The height of each covariate; if only some were balanced, each group has a heading."""
    height = -np.arange(len(table), dtype=np.float64)
    balanced = int(table["balanced"].sum()) if "balanced" in table else len(table)
    if not 0 < balanced < len(table):
        return height
    height -= 0.5 + 1.0 * (np.arange(len(table)) >= balanced)
    headings = (
        (height[0] + 0.85, "balanced by the lottery"),
        (height[balanced] + 0.85, "not balanced, only shown"),
    )
    for at, text in headings:
        ax.text(
            0.99,
            at,
            text,
            transform=ax.get_yaxis_transform(),
            fontsize=SMALL,
            fontstyle="italic",
            color=INK,
            horizontalalignment="right",
            verticalalignment="center",
        )
    return height
