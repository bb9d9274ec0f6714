"""The shortest way to give one team a partner again: pairs broken up and formed anew in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]
    Indices = NDArray[np.int64]

NEVER = np.iinfo(np.int64).min // 4
"""Value on the way to a team that cannot be set free: half of it is below any sum, and no sum overflows."""


class Arcs(NamedTuple):
    """The permitted pairs, each from both of its ends, by the first one and then the other.

    Attributes
    ----------
    tails, heads : ndarray of int, shape (2 m,)
        Positions of the teams.
    values : ndarray of int64, shape (2 m,)
        Value of the pair.
    """

    tails: Indices
    heads: Indices
    values: Indices

    @classmethod
    def of(cls, first: Indices, second: Indices, values: Indices) -> tuple[Arcs, Indices]:
        """Sort some pairs, and tell of each arc which of them it is."""
        tails, heads = np.concatenate([first, second]), np.concatenate([second, first])
        order = np.lexsort((heads, tails))
        rows = order % max(len(first), 1)
        return cls(tails[order], heads[order], values[rows]), rows

    def only(self, chosen: Flags) -> Arcs:
        """Some of them."""
        return Arcs(self.tails[chosen], self.heads[chosen], self.values[chosen])


def shortest_exchange(
    arcs: Arcs, partner: Indices, start: int, ends: Sequence[int]
) -> list[tuple[int, int]] | None:
    """Find the pairs to form so that the fewest pairs are broken up, and then the total is the greatest.

    Parameters
    ----------
    arcs : Arcs
        The permitted pairs. What is needed beside them grows with the number of teams only.
    partner : ndarray of int, shape (n,)
        Partner of each team, -1 for none. All pairs are permitted.
    start : int
        A team without a partner.
    ends : sequence of int
        The other teams without one, that may get it.

    Returns
    -------
    list of (int, int) or None
        The new pairs along the path, empty if there is no way at all; None where the best walk passes a pair
        in both directions, so that it is no path and the answer has to be found otherwise.

    Notes
    -----
    Layer by layer: the teams that can be set free by breaking up so many pairs, each with the greatest
    value on the way. A walk contains every path, so that a best walk that is a path is a best path.

    References
    ----------
    Berge (1957), "Two theorems in graph theory", PNAS 43(9).
    """
    n_teams = len(partner)
    free = np.zeros(n_teams, dtype=np.bool_)
    free[list(ends)] = True
    own = partner[arcs.tails] == arcs.heads
    lost = np.zeros(n_teams, dtype=np.int64)
    lost[arcs.tails[own]] = arcs.values[own]
    to_end, to_pair = arcs.only(free[arcs.heads]), arcs.only(partner[arcs.heads] >= 0)
    layer = np.full(n_teams, NEVER, dtype=np.int64)
    layer[start] = 0
    came_from: list[Indices] = []
    seen = np.zeros(n_teams, dtype=np.bool_)
    seen[start] = True
    while (layer > NEVER // 2).any():
        arrived = layer[to_end.tails] + to_end.values
        if arrived.size and arrived.max() > NEVER // 2:
            at = int(arrived.argmax())
            return _walked(partner, came_from, int(to_end.tails[at]), int(to_end.heads[at]))
        layer, origin = _next_layer(layer, to_pair, partner, lost, seen)
        came_from.append(origin)
        seen |= layer > NEVER // 2
    return []


def _next_layer(
    layer: Indices, arcs: Arcs, partner: Indices, lost: Indices, seen: Flags
) -> tuple[Indices, Indices]:
    """Break up one pair more: the greatest value on the way to each team set free, and where it came from."""
    n_teams = len(partner)
    going = arcs.only((layer[arcs.tails] > NEVER // 2) & ~seen[partner[arcs.heads]])
    reached = layer[going.tails] + going.values
    best = np.full(n_teams, NEVER, dtype=np.int64)
    np.maximum.at(best, going.heads, reached)
    first = np.flatnonzero(reached == best[going.heads])[::-1]  # of equals, the first team is written last
    following, origin = np.full(n_teams, NEVER, dtype=np.int64), np.full(n_teams, -1)
    heads = going.heads[first]
    following[partner[heads]] = best[heads] - lost[heads]
    origin[partner[heads]] = going.tails[first]
    return following, origin


def _walked(partner: Indices, came_from: list[Indices], last: int, end: int) -> list[tuple[int, int]] | None:
    """Walk back from the last team set free; None if a pair is passed twice."""
    pairs, teams = [(last, end)], [end]
    for origin in reversed(came_from):
        taken, before = int(partner[last]), int(origin[last])
        pairs.append((before, taken))
        teams += [last, taken]
        last = before
    teams.append(last)
    return pairs if len(set(teams)) == len(teams) else None
