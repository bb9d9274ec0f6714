"""Text that a spreadsheet would take for a formula, written so that it does not, and read back as it was."""

from __future__ import annotations

import re

_STARTERS = "=+\\-@|\\t\\r\\n\uff1d\uff0b\uff0d\uff20"
"""What a formula can start with: the signs that OWASP names (the full-width ones too), and the pipe."""

_CELL_STARTS = "(?:^|(?<=[;,\\t\\r\\n]))"
"""Where a cell can start: a spreadsheet that splits at semicolons or tabs finds cells inside of ours."""

_DANGEROUS = re.compile(f"{_CELL_STARTS}('*)(?=[{_STARTERS}])")
_DEFUSED = re.compile(f"{_CELL_STARTS}'('*)(?=[{_STARTERS}])")


def defused(text: str) -> str:
    r"""Put an apostrophe in front of whatever a spreadsheet would take for a formula.

    That is what OWASP advises for CSV files. It happens at the start of the text and after every semicolon,
    comma, tab or line break in it, because the settings of a spreadsheet decide where it splits a line.
    :func:`restored` undoes exactly this.

    Parameters
    ----------
    text : str
        A cell.

    Returns
    -------
    str
        The text itself if no part of it looks like a formula.

    References
    ----------
    OWASP Foundation, "CSV Injection", https://owasp.org/www-community/attacks/CSV_Injection

    Examples
    --------
    >>> defused("=1+1"), defused("St Mary's"), defused("Ward 1;=1+1"), defused("'-2")
    ("'=1+1", "St Mary's", "Ward 1;'=1+1", "''-2")
    """
    return _DANGEROUS.sub(r"'\1", text)


def restored(text: str) -> str:
    r"""Give back the text that :func:`defused` was given.

    Parameters
    ----------
    text : str
        A cell of a CSV file.

    Returns
    -------
    str
        The text itself if nothing in it was defused.

    Examples
    --------
    >>> restored("'=1+1"), restored("St Mary's"), restored("'quoted'"), restored(defused("''=a,'-b"))
    ('=1+1', "St Mary's", "'quoted'", "''=a,'-b")
    """
    return _DEFUSED.sub(r"\1", text)


def starts_like_formula(text: str) -> bool:
    """Tell whether a spreadsheet would take a text for a formula if someone typed it.

    Parameters
    ----------
    text : str
        A cell.

    Returns
    -------
    bool

    Examples
    --------
    >>> starts_like_formula("@SUM(A1)"), starts_like_formula("R0A")
    (True, False)
    """
    return defused(text[:1]) != text[:1]
