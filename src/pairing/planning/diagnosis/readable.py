"""Limits as people write them: as few digits as possible, and the same pairs permitted."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

_MOST_DECIMALS = 15
_EVERY_DIGIT = 400  # a double has at most 309 before the point


def readable_limit(exact: float, beyond: float | None, furthest: float, *, upwards: bool) -> float:
    """Round a limit outwards to the fewest decimals with which it permits no further pair.

    Parameters
    ----------
    exact : float
        The figure of the last pair that the limit has to permit.
    beyond : float or None
        The figure of the next pair, which it must not permit; None if there is none.
    furthest : float
        Not to be passed: a change that is told as the smallest must not look much larger.
    upwards : bool
        Whether a higher limit permits more.

    Returns
    -------
    float
        Permits what `exact` permits, and no more; `exact` itself if no shorter number does.

    Notes
    -----
    A decimal number on the outer side of what a double is written as is read back as a double on that side
    or as that double, never on the inner side, so that the rounded limit surely permits the pair.

    Examples
    --------
    >>> readable_limit(1.4183006535947713, 1.4231, 1.5, upwards=True)
    1.42
    >>> readable_limit(118.73, 118.69, 110.0, upwards=False)
    118.7
    >>> readable_limit(1.4183006535947713, None, 1.419, upwards=True)
    1.419
    """
    context = Context(_EVERY_DIGIT, ROUND_CEILING if upwards else ROUND_FLOOR)
    for decimals in range(_MOST_DECIMALS + 1):
        step = Decimal(1).scaleb(-decimals)
        rounded = float(Decimal(repr(exact)).quantize(step, context=context))
        outwards = rounded if upwards else -rounded
        if outwards > (furthest if upwards else -furthest):
            continue
        if beyond is None or outwards < (beyond if upwards else -beyond):
            return rounded
    return exact


def limit_text(limit: float) -> str:
    """Write a limit with every digit that it needs, and no more.

    Examples
    --------
    >>> limit_text(2.0), limit_text(1.42)
    ('2', '1.42')
    """
    return str(int(limit)) if limit == int(limit) and abs(limit) < 1e15 else repr(float(limit))
