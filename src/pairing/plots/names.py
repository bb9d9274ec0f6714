"""Names in pictures: whatever a name contains, it is drawn as text and nothing else."""

from __future__ import annotations

import unicodedata
from functools import cache
from textwrap import wrap

LONGEST = 40
"""Longer names are cut with an ellipsis; a picture has no room for them."""

_NOT_IN_THE_FONT = "\N{WHITE SQUARE}"


def drawable(text: str, longest: int = LONGEST) -> str:
    r"""Make a name fit for a picture.

    Parameters
    ----------
    text : str
        Any text.
    longest : int
        Most characters to keep.

    Returns
    -------
    str
        On one line, without characters that cannot be seen or that turn the writing direction, with a
        square in place of what the font lacks (emoji, mostly), and cut with an ellipsis where it is too
        long. Give it to matplotlib with ``parse_math=False``.

    Examples
    --------
    >>> drawable("Queen\n  Mary\u202e's $x$")
    "Queen Mary's $x$"
    >>> drawable("a" * 300, 5)
    'aaaa…'
    """
    seen = "".join(letter if _can_be_seen(letter) else " " if letter.isspace() else "" for letter in text)
    one_line = " ".join(seen.split())
    known = "".join(
        letter if ord(letter) in _letters_of_the_font() else _NOT_IN_THE_FONT for letter in one_line
    )
    return known if len(known) <= longest else known[: longest - 1].rstrip() + "…"


def on_two_lines(text: str, width: int = 26) -> str:
    r"""Make a name fit for the margin of a picture, on two lines if it is long.

    Parameters
    ----------
    text : str
        Any text.
    width : int
        Most characters of a line.

    Returns
    -------
    str
        As from :func:`drawable`.

    Examples
    --------
    >>> on_two_lines("Systemic treatment, stages IIIB-IV")
    'Systemic treatment, stages\nIIIB-IV'
    """
    whole = drawable(text, 2 * width)
    return "\n".join(wrap(whole, width, max_lines=2, placeholder="…"))


def _can_be_seen(letter: str) -> bool:
    # Variation selectors (Mn) only pick between forms of the letter before.
    return unicodedata.category(letter)[0] != "C" and not 0xFE00 <= ord(letter) <= 0xFE0F


def _letters_of_the_font() -> frozenset[int]:
    from matplotlib.font_manager import FontProperties, findfont

    return _letters_of(findfont(FontProperties()))


@cache
def _letters_of(path: str) -> frozenset[int]:
    from matplotlib.font_manager import get_font

    return frozenset(get_font(path).get_charmap()) | {ord(" ")}
