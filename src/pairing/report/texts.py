"""Figures as a reader sees them: the cells of a result's tables as numbers, and numbers as text."""

from __future__ import annotations

import math

from pairing.cohort import Indicator
from pairing.planning.figures import rate, short_chance

MINUS = "\N{MINUS SIGN}"
NOT_KNOWN = "\N{EN DASH}"


def number(cell: object) -> float | None:
    """Read a cell of a result's table; None where it is blank.

    Examples
    --------
    >>> number("0.25"), number(""), number(None)
    (0.25, None, None)
    """
    text = "" if cell is None else str(cell)
    if not text:
        return None
    value = float(text)
    return None if math.isnan(value) else value


def yes(cell: object) -> bool:
    """Read a cell that holds `true` or `false`."""
    return str(cell) == "true"


def plain(value: float | None, digits: int = 2) -> str:
    """Write a number with a proper minus sign, and a dash where it is not known.

    Examples
    --------
    >>> plain(-0.456), plain(1234.5, 0), plain(None), plain(-0.001)
    ('−0.46', '1,234', '–', '0.00')
    """
    if value is None:
        return NOT_KNOWN
    if math.isinf(value):
        return f"{MINUS if value < 0 else ''}∞"
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text.replace("-", MINUS)


def signed(value: float | None, digits: int = 2) -> str:
    """Write a number with its sign.

    Examples
    --------
    >>> signed(0.5), signed(-0.5), signed(0.0)
    ('+0.50', '−0.50', '0.00')
    """
    text = plain(value, digits)
    return f"+{text}" if value is not None and value > 0 and float(text.replace(",", "")) != 0 else text


def exact(value: float) -> str:
    """Write a number with only the digits that it needs.

    Examples
    --------
    >>> exact(50.0), exact(0.125), exact(1000000)
    ('50', '0.125', '1,000,000')
    """
    return f"{value:,.12g}".replace("-", MINUS)


def percentage(value: float | None, digits: int = 0) -> str:
    """Write a share in per cent.

    Examples
    --------
    >>> percentage(0.375, 1), percentage(None)
    ('37.5%', '–')
    """
    return NOT_KNOWN if value is None else f"{100 * value:.{digits}f}%"


def sure(probability: float | None) -> str:
    """Write a probability, never as if it were certain; blank where there is none."""
    return "" if probability is None else short_chance(probability)


def observed(value: float | None, unit: str, between_team_sd: float | None) -> str:
    """Write an indicator's value in its own unit, as finely as teams differ.

    Parameters
    ----------
    value : float or None
        In the unit of the settings.
    unit : {"proportion", "percent", "number"}
        That unit.
    between_team_sd : float or None
        How much teams differ, in the same unit.

    Examples
    --------
    >>> observed(0.357, "proportion", 0.08), observed(35.7, "percent", 8.0), observed(-4.2, "number", 3.0)
    ('36%', '36%', '−4.2')
    """
    if value is None:
        return NOT_KNOWN
    scale = 100.0 if unit == "percent" else 1.0
    if unit == "number":
        like = Indicator("value", standard_error="its error", unit="number")
    else:
        like = Indicator("value", denominator="patients")
    return rate(value / scale, like, (between_team_sd or 0.0) / scale).replace("-", MINUS)


def interval(low: str, high: str) -> str:
    """Write an interval of two numbers that are text already; blank where it is not known.

    Examples
    --------
    >>> interval("31%", "41%"), interval("–", "–")
    ('31% to 41%', '')
    """
    return "" if NOT_KNOWN in (low, high) else f"{low} to {high}"
