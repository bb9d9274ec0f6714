"""Pictures as text: the same picture gives the same SVG, with words for those who cannot see it."""

from __future__ import annotations

import io
import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_OWN_ID = re.compile(r'(<[a-z]+) id="[A-Za-z.]+(?:2d)?_[0-9]+"')
_SHEET = re.compile(r"\s*<defs>\s*<style type=\"text/css\">[^<]*</style>\s*</defs>")
# No "<" stands in text as it is, so that these are found in tags only.
_STYLE = re.compile(r'(<[a-z][^<>]*?) style="([^"]*)"')
_OUTLINE = re.compile(r'(<path[^<>]*?) d="([^"]*)"')
_MANY_PLACES = re.compile(r"-?[0-9]+\.[0-9]{3,}")
_OPENING = re.compile(r"<svg [^>]*?(viewBox=\"[^\"]*\")[^>]*>", re.DOTALL)


def svg_id(kind: str, text: str) -> str:
    """Make an id that is safe in HTML, CSS and addresses, and different for different texts.

    Parameters
    ----------
    kind : str
        What the id stands for, such as "pair" or "team".
    text : str
        The id of a pair or team.

    Returns
    -------
    str
        Letters A to Z, digits and hyphens stay; everything else is written as its code point.

    Examples
    --------
    >>> svg_id("pair", "P01"), svg_id("team", 'a"b c')
    ('pair-P01', 'team-a_22_b_20_c')
    """
    safe = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter == "-") else f"_{ord(letter):x}_"
        for letter in text
    )
    return f"{kind}-{safe}"


def svg_text(ax: Axes, *, title: str, description: str, prefix: str) -> str:
    """Write the figure of some axes as SVG to be put into a page.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The axes; everything else on their figure is drawn too.
    title, description : str
        What the picture is, and what it shows: read out where it cannot be seen.
    prefix : str
        Different for each picture of a page, made by :func:`svg_id` or of letters and hyphens: begins the
        ids.

    Returns
    -------
    str
        An ``<svg>`` element: text stays text, ids that were set stay, size and font are left to the page,
        there is no style sheet and no style attribute, and the same picture gives the same bytes.

    Examples
    --------
    >>> from pairing.plots.canvas import blank_axes
    >>> text = svg_text(blank_axes(2, 1), title="Nothing", description="Empty axes.", prefix="empty")
    >>> text.startswith('<svg role="img" aria-labelledby="empty-title empty-description"'), "<title" in text
    (True, True)
    """
    import matplotlib as mpl

    stream = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": prefix}):
        ax.get_figure(root=True).savefig(stream, format="svg", metadata=dict.fromkeys(_UNWANTED))  # type: ignore[union-attr]
    return _for_a_page(stream.getvalue(), title, description, prefix)


_UNWANTED = ("Creator", "Date", "Format", "Type")


def _for_a_page(text: str, title: str, description: str, prefix: str) -> str:
    opening = _OPENING.search(text)
    if opening is None:
        raise ValueError("this is no SVG")
    ids = f"{prefix}-title", f"{prefix}-description"
    # The sheet that matplotlib writes for all elements stands here as attributes, which are inherited.
    head = (
        f'<svg role="img" aria-labelledby="{ids[0]} {ids[1]}" xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink" {opening.group(1)} stroke-linejoin="round" '
        f'stroke-linecap="butt">\n<title id="{ids[0]}">{escape(title)}</title>\n'
        f'<desc id="{ids[1]}">{escape(description)}</desc>'
    )
    body = _SHEET.sub("", text[opening.end() :])
    body = _OWN_ID.sub(r"\1", body)
    body = _STYLE.sub(lambda found: f"{found.group(1)}{_attributes(found.group(2))}", body)
    body = _OUTLINE.sub(
        lambda found: f'{found.group(1)} d="{_MANY_PLACES.sub(_rounded, found.group(2))}"', body
    )
    return head + body.rstrip() + "\n"


def _attributes(style: str) -> str:
    """Turn ``fill: none; opacity: 0.5`` into attributes, which a page that forbids style sheets shows too."""
    pairs = (part.split(":", 1) for part in style.split(";") if ":" in part)
    given = {name.strip(): value.strip() for name, value in pairs}
    # Without a font of its own, text takes that of the page.
    given.pop("font-family", None)
    return "".join(f' {name}="{escape(value)}"' for name, value in given.items())


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number.group()):.2f}".rstrip("0").rstrip(".")
