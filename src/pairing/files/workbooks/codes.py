"""Text that Office Open XML would take for the code of a letter: ``_x0041_`` stands for A there."""

from __future__ import annotations

import re

_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ENCODED = re.compile("_x005F_(?=x[0-9A-Fa-f]{4}_)")


def encoded(text: str) -> str:
    """Write the underscore that begins something like a code as a code itself, so that no text is decoded.

    Parameters
    ----------
    text : str
        As it is to be read.

    Returns
    -------
    str
        As it is to be stored.

    References
    ----------
    ISO/IEC 29500-1, 22.9.2.19, ST_Xstring (escaped string).

    Examples
    --------
    >>> encoded("Ward_x0041_"), encoded("Ward_7")
    ('Ward_x005F_x0041_', 'Ward_7')
    """
    return _CODE.sub("_x005F_", text)


def decoded(text: str) -> str:
    """Give back the text that :func:`encoded` was given.

    Parameters
    ----------
    text : str
        As it is stored.

    Returns
    -------
    str
        As it is to be read.

    Examples
    --------
    >>> decoded("Ward_x005F_x0041_"), decoded(encoded("_x005F_"))
    ('Ward_x0041_', '_x005F_')
    """
    return _ENCODED.sub("_", text)
