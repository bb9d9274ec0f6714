"""Figures in sentences: probabilities, rates, and amounts that are never rounded to nothing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pairing.cohort import Indicator

FEWEST_DIGITS_OF_A_NUMBER = 2
"""Figures after the leading one of the between-team SD that a value in an arbitrary unit is shown with."""


def chance(probability: float) -> str:
    """Write a probability in per cent, never as if it were certain.

    Examples
    --------
    >>> chance(0.973), chance(0.99971), chance(0.0004), chance(1.0)
    ('97%', 'more than 99.9%', 'less than 0.1%', 'more than 99.9%')
    >>> chance(0.996), chance(0.004)
    ('99.6%', '0.4%')
    """
    if probability > 0.999:
        return "more than 99.9%"
    if probability < 0.001:
        return "less than 0.1%"
    return f"{100 * probability:.{0 if 0.01 <= probability < 0.99 else 1}f}%"


def short_chance(probability: float) -> str:
    """The same for a table.

    Examples
    --------
    >>> short_chance(0.99971), short_chance(0.5)
    ('>99.9%', '50%')
    """
    return chance(probability).replace("more than ", ">").replace("less than ", "<")


def amount(value: float, digits: int = 0) -> str:
    """Write a number with so many decimals, and more while it would read as 0 and is not.

    Examples
    --------
    >>> amount(31.4), amount(0.02), amount(0.0), amount(2.0, digits=2)
    ('31', '0.02', '0', '2.00')
    """
    if value == 0:
        return "0"
    while digits < 12 and float(f"{value:.{digits}f}") == 0:
        digits += 1
    return f"{value:.{digits}f}"


def rate(value: float, indicator: Indicator, between_team_sd: float) -> str:
    """Write an indicator's value in its own unit, as finely as teams differ.

    Parameters
    ----------
    value : float
        A proportion between 0 and 1, or a number in the indicator's own unit.
    indicator : Indicator
        The indicator.
    between_team_sd : float
        How much teams differ, in the same unit; 0 where that is not known.

    Examples
    --------
    >>> from pairing.cohort import Indicator
    >>> rate(0.3575, Indicator("resection", denominator="n"), 0.08)
    '36%'
    >>> rate(0.0042, Indicator("mortality", denominator="n", higher_is_better=False), 0.002)
    '0.4%'
    """
    if indicator.unit == "number":
        return f"{value:.{_digits(between_team_sd) + FEWEST_DIGITS_OF_A_NUMBER - 1}f}"
    return f"{100 * value:.{_digits(100 * between_team_sd)}f}%"


def _digits(spread: float) -> int:
    """Decimals with which a difference of one SD can be seen."""
    return max(0, math.ceil(-math.log10(spread))) if spread > 0 else 0
