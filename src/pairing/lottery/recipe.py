"""The recipe of a draw, for a stranger with a hash calculator."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pairing.lottery.lottery import Lottery

_HASHING = """\
Write the randomness with single spaces between its parts and none at the ends. The SHA-256 of the
pool, as published, is {sha256}.
To draw a number from 1 to N for a purpose, take the SHA-256 of this text (in UTF-8):
    <randomness>|<SHA-256 of the pool>|<purpose>|1
Read it as a hexadecimal number X. The number drawn is the remainder of X divided by N, plus 1. (Should X
not be below the largest multiple of N up to 2^256, end the text with 2 instead, then with 3, and so on.)"""

_TICKETS = """\
There are N = {n_tickets} tickets. Draw a number for the purpose 'ticket'. Add up the column 'tickets' of the
published pool from the top: the first row at which the sum reaches the number is the draw."""

_UNITS = """\
{lists}
Strike out units one after the other: with N units left on a list, draw a number for the purpose 'unit 1',
next time 'unit 2' and so on (counting on from list to list). The unit at that place of those left on the
list is drawn; strike it out."""

_RESERVES = """\
For the reserves, write down the units that were not drawn in this order: {units}.
Strike out {n_reserves} of them in the same way, for the purposes 'reserve 1', 'reserve 2' and so on. They
are called in the order in which they were struck out."""


def recipe(lottery: Lottery) -> str:
    r"""Say in words how to redo the draw by hand.

    Parameters
    ----------
    lottery : Lottery
        The published lottery.

    Returns
    -------
    str
        Paragraphs separated by blank lines; no randomness is in it.

    Examples
    --------
    >>> from pairing.lottery import simple, uniform_lottery
    >>> lottery = uniform_lottery(simple(3, 1), ["a", "b", "c"], [("a",), ("b",), ("c",)])
    >>> print(recipe(lottery).split("\n\n")[1])
    There are N = 3 tickets. Draw a number for the purpose 'ticket'. Add up the column 'tickets' of the
    published pool from the top: the first row at which the sum reaches the number is the draw.
    """
    parts = [_HASHING.format(sha256=lottery.sha256)]
    if lottery.listed:
        parts.append(_TICKETS.format(n_tickets=lottery.n_tickets))
    else:
        parts.append(_UNITS.format(lists=_lists(lottery)))
    if lottery.n_reserves:
        parts.append(_RESERVES.format(units=", ".join(lottery.units), n_reserves=lottery.n_reserves))
    return "\n\n".join(parts)


def _lists(lottery: Lottery) -> str:
    return "\n".join(
        f"Draw {drawn} from this list: {', '.join(lottery.units[unit] for unit in stratum)}."
        for stratum, drawn in zip(lottery.design.strata, lottery.design.drawn, strict=True)
    )
