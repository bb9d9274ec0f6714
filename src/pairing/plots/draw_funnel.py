"""The funnel plot of an indicator: which teams are further from the standard than chance explains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.plots.canvas import axes_or_new, legend as add_legend, tidy
from pairing.plots.names import drawable
from pairing.plots.palette import COLOURS, FAINT, INK, SMALL
from pairing.profiles.funnel import LIMITS, funnel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from pairing.cohort import Cohort
    from pairing.profiles import Profiles
    from pairing.profiles.funnel import Funnel, Overdispersion

_LINES = ("-", "--", ":", "-.")
_POINTS = 200
MOST_LABELS = 20
"""So many teams are named at most, those furthest outside first."""

_ALLOWED_FOR = {
    None: "no overdispersion",
    "additive": "overdispersion allowed for (additive)",
    "multiplicative": "overdispersion allowed for (multiplicative)",
}


def funnel_plot(
    source: Profiles | Cohort,
    indicator: str,
    *,
    limits: Sequence[float] = LIMITS,
    overdispersion: Overdispersion | None = "additive",
    standard: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Show the results of all teams on one indicator with funnel limits.

    Parameters
    ----------
    source : Profiles or Cohort
        The teams and what was observed of them.
    indicator : str
        Column of the indicator.
    limits : sequence of float
        Shares that chance alone keeps inside.
    overdispersion : {"additive", "multiplicative"} or None
        How variation that chance does not explain is allowed for.
    standard : float, optional
        What results are compared with, in the unit of the observations; by default the overall result.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; by default new ones.

    Returns
    -------
    matplotlib.axes.Axes
        Teams outside the widest limits have their ids beside them, at most `MOST_LABELS`.

    See Also
    --------
    pairing.profiles.funnel.funnel : The numbers, and how they come about.

    References
    ----------
    Spiegelhalter (2005), "Funnel plots for comparing institutional performance", Statistics in Medicine
    24(8).

    Examples
    --------
    >>> from pairing import load_audit
    >>> from pairing.plots.canvas import blank_axes
    >>> ax = funnel_plot(load_audit(), "seen_by_nurse_specialist", ax=blank_axes())
    >>> [text.get_text() for text in ax.texts]
    ['RGT', 'RQX', 'RWW']
    """
    result = funnel(source, indicator, limits=limits, overdispersion=overdispersion, standard=standard)
    return draw_funnel(axes_or_new(ax, 7.2, 4.8), result)


def draw_funnel(ax: Axes, result: Funnel) -> Axes:
    """Draw a funnel that was computed.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes to draw on.
    result : Funnel
        The funnel.

    Returns
    -------
    matplotlib.axes.Axes
    """
    scale = 100.0 if result.is_rate else 1.0
    sizes = _sizes_to_draw(result)
    for limit, line in zip(result.limits, _lines(len(result.limits)), strict=True):
        label = f"{100 * limit:g}% limits"
        for bound in result.bounds(sizes, limit):
            # No team can be outside a limit of 0% or 100%.
            drawn = np.where(result.is_rate & ((bound <= 0) | (bound >= 1)), np.nan, bound)
            ax.plot(sizes, scale * drawn, color=COLOURS["blue"], linestyle=line, linewidth=1.2, label=label)
            label = "_"
    ax.axhline(scale * result.standard, color=FAINT, linewidth=1, label=f"standard {_number(result)}")
    _draw_teams(ax, result, scale)
    _frame(ax, result, scale, float(sizes.max()))
    y = f"{drawable(result.indicator.title)}{' (%)' if result.is_rate else ''}"
    tidy(ax, x=_size_in_words(result), y=y)
    ax.yaxis.label.set_parse_math(False)
    add_legend(
        ax,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=3,
        title=_ALLOWED_FOR[result.overdispersion],
        title_fontsize=SMALL,
        alignment="left",
        borderpad=0,
        borderaxespad=0.4,
        columnspacing=1.4,
    )
    return ax


def _lines(count: int) -> list[str]:
    """Solid for the widest limits."""
    return [_LINES[min(place, len(_LINES) - 1)] for place in reversed(range(count))]


def _sizes_to_draw(result: Funnel) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    low, high = float(result.sizes.min()), 1.03 * float(result.sizes.max())
    if not result.is_rate:
        return np.linspace(0.9 * low, high, _POINTS)
    whole = np.unique(np.rint(np.geomspace(max(1.0, 0.8 * low), high, 2 * _POINTS)))
    return np.asarray(whole, dtype=np.float64)


def _draw_teams(ax: Axes, result: Funnel, scale: float) -> None:
    inner, outer = result.outside(result.limits[0]), result.outside(result.limits[-1])
    for chosen, face, edge, label in (
        (~inner, COLOURS["sky blue"], "white", "inside"),
        (inner & ~outer, "white", COLOURS["vermillion"], f"outside {100 * result.limits[0]:g}%"),
        (outer, COLOURS["vermillion"], "white", f"outside {100 * result.limits[-1]:g}%"),
    ):
        if chosen.any():
            ax.plot(
                result.sizes[chosen],
                scale * result.values[chosen],
                linestyle="",
                marker="o" if label == "inside" else "D",
                markersize=5.5,
                markerfacecolor=face,
                markeredgecolor=edge,
                markeredgewidth=0.6 if edge == "white" else 1.2,
                label=f"{label} ({int(chosen.sum())})",
                gid=label.split(maxsplit=1)[0] + ("-widest" if face == COLOURS["vermillion"] else ""),
            )
    distance = np.abs(result.values - result.standard) / result.standard_errors
    furthest = [at for at in np.argsort(-distance, kind="stable").tolist() if outer[at]][:MOST_LABELS]
    for at in sorted(furthest):
        ax.annotate(
            drawable(result.ids[at], 16),
            (result.sizes[at], scale * result.values[at]),
            xytext=(6, 0),
            textcoords="offset points",
            verticalalignment="center",
            fontsize=SMALL,
            color=INK,
            parse_math=False,
        )


def _frame(ax: Axes, result: Funnel, scale: float, largest: float) -> None:
    """Show all teams, and as much of the limits as fits."""
    low, high = float(result.values.min()), float(result.values.max())
    margin = 0.25 * ((high - low) or abs(result.standard) or 1.0)
    low, high = low - margin, high + margin
    if result.is_rate:
        low, high = max(low, -0.02), min(high, 1.02)
    ax.set_ylim(scale * low, scale * high)
    ax.set_xlim(0, largest)


def _number(result: Funnel) -> str:
    return f"{100 * result.standard:.1f}%" if result.is_rate else f"{result.standard:.4g}"


def _size_in_words(result: Funnel) -> str:
    if not result.is_rate:
        return "precision (1 over the squared standard error)"
    if result.indicator.unadjusted is not None:
        return "patients (as many as make an unadjusted rate as precise)"
    return "patients"
