"""How many draws inference needs, and whether any outcome could be significant at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.lottery.errors import ImpossibleLotteryError
from pairing.wording import counted

if TYPE_CHECKING:
    from pairing.lottery.design import Design
    from pairing.lottery.lottery import Lottery

_ENOUGH_OF_MANY = 10_000


def enough_draws(n_units: int) -> int:
    """Give the number of draws that a pool should have.

    That is 1,000, or 25 a unit if that is more. From 400 units on 10,000 do, or 5 a unit if that is more: the
    published pool grows with the square of the number of units, and 5 a unit still leave tickets that are
    about as even as four fifths of as many equal ones would be.

    Examples
    --------
    >>> [enough_draws(n_units) for n_units in (20, 40, 100, 400, 1_000, 2_000, 3_000)]
    [1000, 1000, 2500, 10000, 10000, 10000, 15000]
    """
    return max(1_000, min(25 * n_units, max(_ENOUGH_OF_MANY, 5 * n_units)))


def worst_smallest_p(lottery: Lottery, *, two_sided: bool = False) -> float:
    """Give the smallest p-value that stays attainable whatever is drawn.

    Parameters
    ----------
    lottery : Lottery
        The lottery.
    two_sided : bool
        Whether a draw and its mirror image, with the arms exchanged, are equally extreme. This matters only
        where the arms are equal, because elsewhere no draw has a mirror image.

    Returns
    -------
    float

    Examples
    --------
    >>> from pairing.lottery import matched_pair, uniform_lottery
    >>> teams = list("abcdefghij")
    >>> design = matched_pair([(0, 1), (2, 3), (4, 5), (6, 7), (8, 9)])
    >>> lottery = uniform_lottery(design, teams, [(team,) for team in teams])
    >>> worst_smallest_p(lottery), worst_smallest_p(lottery, two_sided=True)
    (0.03125, 0.0625)
    """
    if not (two_sided and _equal_arms(lottery.design)):
        return lottery.largest_weight
    if lottery.draws is None or lottery.tickets is None:
        return 2 * lottery.largest_weight
    tickets: list[int] = lottery.tickets.tolist()
    packed = np.packbits(lottery.draws, axis=1)
    of = {row.tobytes(): number for row, number in zip(packed, tickets, strict=True)}
    mirrored = [of.get(np.packbits(~row).tobytes(), 0) for row in lottery.draws]
    return max(a + b for a, b in zip(tickets, mirrored, strict=True)) / lottery.n_tickets


def check_significance_possible(lottery: Lottery, alpha: float) -> None:
    """Refuse a lottery that, once drawn, may leave no outcome a chance of being significant.

    Parameters
    ----------
    lottery : Lottery
        The lottery.
    alpha : float
        Significance level that it has to serve.

    Raises
    ------
    ImpossibleLotteryError
        If the smallest attainable p-value is above `alpha`. It says whether there are too few units, or the
        pool was cut too small.
    """
    smallest = worst_smallest_p(lottery)
    if smallest <= alpha:
        return
    if 1 / lottery.design.n_draws > alpha:
        raise ImpossibleLotteryError(_too_few_units(lottery, alpha, smallest))
    raise ImpossibleLotteryError(
        f"With {counted(lottery.n_draws, 'draw')} and equal chances, one draw has probability "
        f"{lottery.largest_weight:.3g}, and the smallest p-value once it is drawn is {smallest:.3g}, more "
        f"than the significance level {alpha:g}: no outcome could be significant. {_remedy(lottery)}"
    )


def _too_few_units(lottery: Lottery, alpha: float, smallest: float) -> str:
    noun = lottery.unit_noun
    return (
        f"Too few {noun}s: {lottery.design.sentence(noun)}, so there are only "
        f"{counted(lottery.design.n_draws, 'draw')}. The smallest attainable p-value is {smallest:.3g}, and "
        f"no outcome could be significant at the level {alpha:g}. Have more {noun}s, make the arms more "
        "alike in size, or declare a larger level (analysis.alpha)."
    )


def _remedy(lottery: Lottery) -> str:
    origin = lottery.origin
    if origin is not None and origin.keep < 1:
        return "Keep a larger share of the candidates or balance on fewer covariates."
    if origin is not None and not origin.enumerated:
        return "Declare more candidates."
    return "Every draw that the rules permit is kept already: relax a rule, or have more units."


def _equal_arms(design: Design) -> bool:
    return all(2 * k == len(stratum) for stratum, k in zip(design.strata, design.drawn, strict=True))
