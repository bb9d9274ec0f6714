"""What about a lottery should give pause before it is published."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pairing.lottery.balance import same_arm
from pairing.lottery.significance import enough_draws, worst_smallest_p
from pairing.wording import counted, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pairing.lottery.balance import SameArm
    from pairing.lottery.lottery import Lottery
    from pairing.lottery.origin import Origin


def lottery_warnings(lottery: Lottery, alpha: float = 0.05, arms: SameArm | None = None) -> tuple[str, ...]:
    """Say what about a lottery should give pause before it is published.

    Parameters
    ----------
    lottery : Lottery
        The lottery.
    alpha : float
        Significance level that the analysis will use.
    arms : SameArm, optional
        What :func:`same_arm` gives of this lottery, if it is known already.

    Returns
    -------
    tuple of str
        One sentence a warning; empty when there is nothing to say.

    Examples
    --------
    >>> from pairing.lottery import simple, uniform_lottery
    >>> units = ["a", "b", "c", "d"]
    >>> lottery_warnings(uniform_lottery(simple(4, 2), units, [(unit,) for unit in units]))[0]
    'Only 6 draws can happen; at least 1,000 are advisable for 4 teams.'
    """
    return (
        *_of_draws(lottery, alpha),
        *_of_balance(lottery, alpha),
        *_of_chances(lottery),
        *_of_same_arm(same_arm(lottery) if arms is None else arms),
    )


def _of_draws(lottery: Lottery, alpha: float) -> Iterator[str]:
    m, largest = len(lottery.units), lottery.largest_weight
    if lottery.n_draws < enough_draws(m):
        yield (
            f"Only {counted(lottery.n_draws, 'draw')} can happen; "
            f"at least {enough_draws(m):,} are advisable for {counted(m, lottery.unit_noun)}."
        )
    smallest = worst_smallest_p(lottery, two_sided=True)
    if smallest > alpha:
        yield (
            f"No outcome may be significant at {alpha:g} in a two-sided test: once the most likely draw is "
            f"drawn, the smallest attainable p-value is {smallest:.3g}."
        )
    elif largest > alpha / 10:
        yield (
            f"The most likely draw has probability {largest:.3g}; if it is drawn, no p-value can be smaller. "
            f"At most {alpha / 10:g} is advisable for a significance level of {alpha:g}."
        )


def _of_balance(lottery: Lottery, alpha: float) -> Iterator[str]:
    origin = lottery.origin
    if origin is None or not origin.balanced_on:
        return
    if origin.keep >= 1:
        yield f"Balance was asked for, but {_all_kept(origin)} {_smaller_share(origin, alpha)}"
    elif origin.mean_score >= origin.mean_score_unconstrained * (1 - 1e-9):
        yield (
            "Balance was asked for, but had no effect: the draws that are kept have a mean balance score of "
            f"{origin.mean_score:.3g}, against {origin.mean_score_unconstrained:.3g} without the constraint. "
            "Declare more candidates or a smaller share to keep."
        )


def _all_kept(origin: Origin) -> str:
    what = counted(origin.candidates, "possible draw" if origin.enumerated else "candidate")
    return f"all {what} are kept, so that no imbalance is ruled out."


def _smaller_share(origin: Origin, alpha: float) -> str:
    """Say which share would still leave as many draws as the significance level needs."""
    if not origin.enumerated:
        return f"Declare more candidates than {origin.candidates:,}."
    # Rounding up, so that the draws that are left suffice.
    share = math.ceil(1000 / alpha / origin.candidates) / 100
    if share >= 1:
        return (
            "There are too few to choose from: a keep below 1 would balance, at the price of fewer draws "
            f"than are advisable for a significance level of {alpha:g}."
        )
    return (
        f"keep = {share:g} would keep the best {math.ceil(share * origin.candidates):,}, about the fewest "
        f"that are advisable for a significance level of {alpha:g}."
    )


def _of_chances(lottery: Lottery) -> Iterator[str]:
    error = lottery.largest_chance_error()
    if error > 1e-6:
        yield f"Chances differ from the declared ones by up to {error:.2g}."


def _of_same_arm(arms: SameArm) -> Iterator[str]:
    for pairs, how in ((arms.always, "always"), (arms.never, "never")):
        if pairs:
            named = shortened([f"{a} and {b}" for a, b in pairs])
            verb = "shares" if len(pairs) == 1 else "share"
            number = counted(len(pairs), "pair of units", "pairs of units")
            yield f"{number} {how} {verb} an arm: {named}."
