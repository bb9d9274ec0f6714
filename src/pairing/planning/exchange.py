"""What has to be exchanged to get from one plan to another: small parts that can each be done or undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Indices = NDArray[np.int64]
    Pair = tuple[int, int]

_MOST_NAMED, _NAMED_OF_MORE = 20, 8
"""Up to so many pairs are all named on either side, and so many of more."""


@dataclass(frozen=True)
class Exchange:
    """Pairs that take the place of others; the teams in it meet nobody outside it, before or after.

    Parameters
    ----------
    old, new : tuple of (int, int)
        Positions of the teams of the pairs before and after, the smaller one first, ascending.
    """

    old: tuple[Pair, ...]
    new: tuple[Pair, ...]

    def in_words(self, ids: Sequence[str]) -> str:
        """Name the pairs: "A–C and B–D instead of A–B and C–D"."""
        new, old = _listed(self.new, ids), _listed(self.old, ids)
        if not old:
            return f"{new} in addition"
        return f"{new} instead of {old}" if new else f"without {old}"


def exchanges(before: Indices, after: Indices) -> tuple[Exchange, ...]:
    """Split the difference between two plans into its smallest independent parts.

    Parameters
    ----------
    before, after : ndarray of int, shape (n,)
        Position of each team's partner in either plan, -1 for none.

    Returns
    -------
    tuple of Exchange
        The paths and cycles of pairs that only one of the plans has, by their first team. Each can be made
        on its own, so that what they change adds up to the whole difference.

    References
    ----------
    Berge (1957), "Two theorems in graph theory", PNAS 43(9): the symmetric difference of two matchings
    consists of alternating paths and cycles.

    Examples
    --------
    >>> before, after = np.array([1, 0, 3, 2, 5, 4]), np.array([2, 3, 0, 1, 5, 4])
    >>> exchanges(before, after)
    (Exchange(old=((0, 1), (2, 3)), new=((0, 2), (1, 3))),)
    """
    seen: set[int] = set()
    found = []
    for start in np.flatnonzero(before != after).tolist():
        if start not in seen:
            teams = _connected(start, before, after)
            seen |= teams
            found.append(Exchange(_pairs(teams, before), _pairs(teams, after)))
    return tuple(found)


def _connected(start: int, before: Indices, after: Indices) -> set[int]:
    teams, waiting = {start}, [start]
    while waiting:
        team = waiting.pop()
        partners = {int(before[team]), int(after[team])} - {-1} - teams
        teams |= partners
        waiting.extend(partners)
    return teams


def _pairs(teams: set[int], partner: Indices) -> tuple[Pair, ...]:
    return tuple((team, int(partner[team])) for team in sorted(teams) if team < partner[team])


def _listed(pairs: tuple[Pair, ...], ids: Sequence[str]) -> str:
    named = [f"{ids[first]}–{ids[second]}" for first, second in pairs]
    if len(named) > _MOST_NAMED:
        return shortened(named, _NAMED_OF_MORE)
    return " and ".join(filter(None, [", ".join(named[:-1]), *named[-1:]]))
