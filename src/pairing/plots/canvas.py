"""Axes to draw on, and the look that all plots share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.plots.palette import FAINT, GRID, INK, LARGE, NORMAL, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.legend import Legend


def axes_or_new(ax: Axes | None, width: float = 6.4, height: float = 4.4) -> Axes:
    """Give the axes to draw on: those handed over, else new ones that a notebook shows.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or None
        Axes of the caller.
    width, height : float
        Of a new figure, in inches.

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is not None:
        return ax
    from matplotlib import pyplot

    _, new = pyplot.subplots(figsize=(width, height), layout="constrained")
    return new


def blank_axes(width: float = 6.4, height: float = 4.4) -> Axes:
    """Make axes on a figure that no window and no notebook knows about, for writing to a file.

    Parameters
    ----------
    width, height : float
        In inches.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> ax = blank_axes(3, 2)
    >>> float(ax.figure.get_figwidth())
    3.0
    """
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained").add_subplot()


def tidy(ax: Axes, *, x: str = "", y: str = "", grid: str | None = None) -> None:
    """Give axes the common look: no box, quiet ticks, labels with units, a grid only where it helps reading.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        What to change.
    x, y : str
        Labels of the axes.
    grid : {"x", "y", "both"}, optional
        Lines across which axis.
    """
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color(FAINT)
    ax.tick_params(colors=INK, labelsize=SMALL, length=3)
    ax.set_xlabel(x, fontsize=NORMAL, color=INK)
    ax.set_ylabel(y, fontsize=NORMAL, color=INK)
    if grid is not None:
        ax.grid(visible=True, axis=grid, color=GRID, linewidth=0.7)  # type: ignore[arg-type]
        ax.set_axisbelow(True)


def bare(ax: Axes) -> None:
    """Take away axes altogether, for maps."""
    ax.set_axis_off()


def title(ax: Axes, text: str) -> None:
    """Put a sentence above a plot, flush left; none if it is empty."""
    if text:
        ax.set_title(text, loc="left", fontsize=LARGE, color=INK, parse_math=False)


def legend(ax: Axes, **options: object) -> Legend:
    """Add a legend in the common look."""
    settings: dict[str, object] = {"fontsize": SMALL, "frameon": False, "labelcolor": INK} | options
    return ax.legend(**settings)
