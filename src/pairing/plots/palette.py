"""Colours, lines and markers that every plot shares; nothing here needs matplotlib.

The colours are those of Okabe and Ito, which people with any kind of colour vision tell apart. What a
colour says, a line style, a marker or a word says too, so that nothing is lost in black and white.

References
----------
Okabe and Ito (2008), "Color universal design: how to make figures and presentations that are friendly to
colorblind people".
"""

from __future__ import annotations

from dataclasses import dataclass

COLOURS = {
    "black": "#000000",
    "orange": "#E69F00",
    "sky blue": "#56B4E9",
    "bluish green": "#009E73",
    "yellow": "#F0E442",
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "reddish purple": "#CC79A7",
}
"""The palette of Okabe and Ito by name."""

INK = "#333333"
"""Text, axes and whatever is the one thing of its kind."""

FAINT = "#767676"
"""What should stay in the background but be read all the same (contrast 4.5 to 1 on white)."""

GRID = "#D9D9D9"
LAND, COAST = "#EFEDE8", "#A9A49A"
BANNED = "#E4E4E4"

#: Title 12, everything else 10 points or a little less: readable when a figure fills half a page.
SMALL, NORMAL, LARGE = 8.5, 10.0, 12.0


@dataclass(frozen=True)
class Style:
    """How one kind of thing is drawn.

    Parameters
    ----------
    label : str
        What the legend says.
    colour : str
        Hexadecimal.
    line : str
        Line style in matplotlib's notation.
    marker : str
        Marker in matplotlib's notation.
    filled : bool
        Whether markers are filled, rather than hollow.
    """

    label: str
    colour: str
    line: str
    marker: str
    filled: bool = True


ARM_STYLES = {
    "intervention": Style("intervention", COLOURS["blue"], "-", "o"),
    "control": Style("control", COLOURS["orange"], "--", "s"),
    "reserve": Style("reserve", COLOURS["reddish purple"], ":", "^"),
    "": Style("pair", COLOURS["blue"], "-", "o"),
}
"""By arm as in ``allocation.csv``; the empty one is for pairs that were not drawn, or not yet."""

UNPAIRED = Style("no partner", INK, "", "o", filled=False)

TEAM_STYLES = (
    Style("first", INK, "-", "o"),
    Style("second", COLOURS["bluish green"], "-", "D", filled=False),
)
"""The two teams of a pair, side by side."""
