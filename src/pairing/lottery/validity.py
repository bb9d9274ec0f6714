"""Whether the parts of a lottery fit together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pairing.lottery.lottery import Lottery


def unit_problems(lottery: Lottery) -> Iterator[Problem]:
    """Find units and teams that repeat or do not correspond."""
    m = lottery.design.n_units
    if len(lottery.units) != m or len(lottery.members) != m:
        yield Problem(f"{len(lottery.units)} units and {len(lottery.members)} member lists for {m} units")
    for unit in _repeated(lottery.units):
        yield Problem("is the id of two units", value=unit)
    for team in _repeated(lottery.teams):
        yield Problem("is a team of two units", value=team)
    for unit, teams in zip(lottery.units, lottery.members, strict=False):
        if not teams:
            yield Problem("has no team", value=unit)


def pool_problems(lottery: Lottery) -> Iterator[Problem]:
    """Find what in the pool contradicts the design."""
    draws, tickets = lottery.draws, lottery.tickets
    if draws is None and tickets is None:
        return
    if draws is None or tickets is None or len(draws) != len(tickets) or len(draws) == 0:
        yield Problem("a pool needs at least one draw, and tickets for each")
        return
    if draws.shape[1] != lottery.design.n_units:
        yield Problem(f"draws of {draws.shape[1]} units for a design of {lottery.design.n_units}")
        return
    if not np.issubdtype(tickets.dtype, np.integer) or (tickets < 1).any():
        yield Problem("tickets have to be whole numbers from 1")
    if not lottery.design.allows(draws).all():
        yield Problem(
            "a draw of the pool does not draw the declared number", expected=lottery.design.sentence()
        )
    if len(np.unique(np.packbits(draws, axis=1), axis=0)) < len(draws):
        yield Problem("a draw is listed more than once")


def reserve_problems(lottery: Lottery) -> Iterator[Problem]:
    """Find why the design cannot have the declared reserves."""
    spare = lottery.design.n_units - lottery.design.n_drawn - 1
    if lottery.n_reserves and lottery.design.kind not in ("pair-then-draw", "simple"):
        yield Problem(
            f"a {lottery.design.kind} lottery cannot have reserves",
            column="n_reserves",
            advice="A reserve would break a pair or a stratum. Draw pairs, or do without.",
        )
    elif not 0 <= lottery.n_reserves <= spare:
        yield Problem(
            "is no number of reserves",
            column="n_reserves",
            value=str(lottery.n_reserves),
            expected=f"from 0 to {spare}, so that a control is left",
        )


def _repeated(ids: tuple[str, ...]) -> list[str]:
    return sorted({unit for unit in ids if ids.count(unit) > 1}) if len(set(ids)) < len(ids) else []
