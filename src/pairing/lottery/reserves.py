"""Reserves: who is called when a unit drops out of the intervention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairing.errors import Problem, SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        Units in the order in which they dropped out.

    Returns
    -------
    tuple of Replacement
        One for each of `dropped`.

    Raises
    ------
    SettingsError
        If a unit is not in the intervention arm, or is named twice.

    Examples
    --------
    >>> from pairing.lottery import draw_lottery, simple, uniform_lottery
    >>> units = ["a", "b", "c", "d", "e"]
    >>> lottery = uniform_lottery(simple(5, 2), units, [(unit,) for unit in units], n_reserves=1)
    >>> drawn = draw_lottery(lottery, "an example")
    >>> replace_dropped(drawn, drawn.intervention)[1].reserve is None
    True
    """
    problems = [
        Problem("is not in the intervention arm", value=unit)
        for unit in dropped
        if unit not in drawn.intervention
    ]
    problems += [
        Problem("is named twice", value=unit)
        for unit in sorted(set(dropped))
        if list(dropped).count(unit) > 1
    ]
    if problems:
        raise SettingsError(problems)
    called = [*drawn.reserves, *[None] * len(dropped)]
    return tuple(Replacement(unit, reserve) for unit, reserve in zip(dropped, called, strict=False))
