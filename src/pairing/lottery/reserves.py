"""Reserves: who is called when a unit drops out of the intervention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairing.errors import Problem, SettingsError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pairing.lottery.draw import Draw


@dataclass(frozen=True)
class Replacement:
    """A unit that dropped out of the intervention, and the reserve called for it (None when used up)."""

    dropped: str
    reserve: str | None


def replace_dropped(drawn: Draw, dropped: Sequence[str]) -> tuple[Replacement, ...]:
    """Call reserves, in their order, for units that dropped out of the intervention.

    The allocation itself stays as it was drawn: units that dropped out are analysed in the intervention arm,
    and reserves stay outside the comparison, so a replacement changes who is visited and not who is compared.

    Parameters
    ----------
    drawn : Draw
        The draw.
    dropped : sequence of str
        Units in the order in which they dropped out: drawn ones, or reserves that were called before.

    Returns
    -------
    tuple of Replacement
        One for each of `dropped`.

    Raises
    ------
    SettingsError
        If a unit is not in the intervention arm and was not called, or is named twice.

    Examples
    --------
    >>> from pairing.lottery import draw_lottery, simple, uniform_lottery
    >>> units = ["a", "b", "c", "d", "e"]
    >>> lottery = uniform_lottery(simple(5, 2), units, [(unit,) for unit in units], n_reserves=1)
    >>> drawn = draw_lottery(lottery, "an example")
    >>> replace_dropped(drawn, drawn.intervention)[1].reserve is None
    True
    """
    waiting = list(drawn.reserves)
    taking_part, gone = set(drawn.intervention), set[str]()
    replaced: list[Replacement] = []
    problems: list[Problem] = []
    for unit in dropped:
        if unit not in taking_part:
            problems.append(_why_not(drawn, unit, gone))
            continue
        taking_part.remove(unit)
        gone.add(unit)
        called = waiting.pop(0) if waiting else None
        taking_part |= {called} if called is not None else set()
        replaced.append(Replacement(unit, called))
    if problems:
        raise SettingsError(problems)
    return tuple(replaced)


def _why_not(drawn: Draw, unit: str, gone: Collection[str]) -> Problem:
    """Say why a unit cannot drop out."""
    if unit in gone:
        return Problem("is named twice", value=unit)
    if unit in drawn.reserves:
        return Problem("is a reserve that has not been called", value=unit)
    lottery = drawn.lottery
    if unit not in lottery.units:
        for whole, teams in zip(lottery.units, lottery.members, strict=True):
            if unit in teams:
                return Problem("is one team of a pair", value=unit, advice=f"Give the pair: {whole}.")
    return Problem("is not in the intervention arm", value=unit)
