"""What people ask of a lottery, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pairing.lottery.lottery import Lottery

_MOST_WRITTEN = 10**4000
"""Python writes whole numbers of up to 4,300 digits only, for the time that more would take."""


def lottery_facts(lottery: Lottery) -> dict[str, str]:
    """Give the facts that people ask for, in words."""
    facts = {
        "design": f"{lottery.design.kind}: {lottery.design.sentence(lottery.unit_noun)}",
        "draws that can happen": count_in_words(lottery.n_draws),
        "chance of each unit": in_words(lottery.chances()),
        "largest error of a chance": f"{lottery.largest_chance_error():.1e}",
    }
    if lottery.listed:
        facts["effective number of draws"] = f"{lottery.effective_draws:,.0f}"
        facts["most likely draw"] = f"{lottery.largest_weight:.3g}"
    if lottery.origin is not None and lottery.origin.balanced_on:
        before, after = lottery.origin.mean_score_unconstrained, lottery.origin.mean_score
        facts["mean balance score"] = f"{after:.4g}, against {before:.4g} without the constraint"
    if lottery.n_reserves:
        facts["reserves"] = str(lottery.n_reserves)
    facts["SHA-256 of the pool" if lottery.listed else "SHA-256 of the design"] = lottery.sha256
    return facts


def count_in_words(count: int) -> str:
    """Write a count that may be far too large for a float.

    Examples
    --------
    >>> count_in_words(40225345056), count_in_words(2**10_000)
    ('40,225,345,056', 'about 10^3010')
    """
    return f"{count:,}" if count < 10**15 else f"about 10^{math.log10(count):.0f}"


def countable(count: int) -> int | str:
    """Give a count as it can be written to a file: in words where Python refuses to write all its digits.

    Examples
    --------
    >>> countable(455), countable(10**6000)
    (455, 'about 10^6000')
    """
    return count if count < _MOST_WRITTEN else count_in_words(count)


def in_words(chances: NDArray[np.float64]) -> str:
    """Write chances as one number where all are the same, else as their range."""
    low, high = f"{chances.min():.6g}", f"{chances.max():.6g}"
    return low if low == high else f"{low} to {high}"
