"""What the two heat maps share: a square of cells with a colour bar, and labels where there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.errors import Problem, SettingsError
from pairing.plots.names import drawable
from pairing.plots.palette import BANNED, INK, NORMAL, SMALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.colors import Normalize
    from numpy.typing import NDArray

MOST_LABELLED = 45
"""Up to so many rows each is named."""


def refuse_too_many(count: int, most: int, noun: str, advice: str) -> None:
    """Refuse a heat map whose cells would be too small to see.

    Raises
    ------
    SettingsError
        If there are more than `most` rows.
    """
    if count > most:
        raise SettingsError(
            [
                Problem(
                    f"{count:,} {noun} are too many for a heat map",
                    expected=f"at most {most:,}",
                    advice=advice,
                )
            ]
        )


def draw_matrix(
    ax: Axes,
    cells: NDArray[np.float64],
    names: Sequence[str],
    *,
    colours: str,
    norm: Normalize | None,
    bar: str,
) -> None:
    """Draw a square matrix; NaN is grey.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes to draw on.
    cells : ndarray of float, shape (m, m)
        Values.
    names : sequence of str, length m
        Of rows and columns; written where there are no more than `MOST_LABELLED`.
    colours : str
        Name of a colour map.
    norm : matplotlib.colors.Normalize, optional
        How values become colours.
    bar : str
        What the colour bar says.
    """
    import matplotlib as mpl
    import numpy as np

    palette = mpl.colormaps[colours].with_extremes(bad=BANNED)
    image = ax.imshow(
        np.ma.masked_invalid(cells), cmap=palette, norm=norm, interpolation="nearest", origin="upper"
    )
    shown = list(range(len(names))) if len(names) <= MOST_LABELLED else []
    labels = [drawable(names[at], 12) for at in shown]
    ax.set_xticks(shown, labels, rotation=90, parse_math=False)
    ax.set_yticks(shown, labels, parse_math=False)
    ax.tick_params(length=0, labelsize=SMALL if len(shown) <= 30 else SMALL - 2, colors=INK)
    for spine in ax.spines.values():
        spine.set_visible(False)
    colour_bar = ax.get_figure().colorbar(image, ax=ax, shrink=0.8)  # type: ignore[union-attr]
    colour_bar.set_label(bar, fontsize=NORMAL, color=INK)
    colour_bar.ax.tick_params(labelsize=SMALL, colors=INK)
    colour_bar.outline.set_visible(False)
