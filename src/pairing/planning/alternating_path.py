"""The shortest way to give one team a partner again: pairs broken up and formed anew in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Indices = NDArray[np.int64]

NEVER = np.iinfo(np.int64).min // 4
"""Value of a pair that is not permitted: half of it is below any sum of values, and no sum overflows."""


def shortest_exchange(
    values: NDArray[np.int64], partner: Indices, start: int, ends: Sequence[int]
) -> list[tuple[int, int]] | None:
    """Find the pairs to form so that the fewest pairs are broken up, and then the total is the greatest.

    Parameters
    ----------
    values : ndarray of int64, shape (n, n)
        Value of each pair; that of a pair that is not permitted is below any sum.
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
    paired = np.flatnonzero(partner >= 0)
    lost = values[paired, partner[paired]]
    layer = np.full(n_teams, NEVER, dtype=np.int64)
    layer[start] = 0
    came_from: list[Indices] = []
    seen = np.zeros(n_teams, dtype=np.bool_)
    seen[start] = True
    while (layer > NEVER // 2).any():
        free = np.flatnonzero(layer > NEVER // 2)
        arrived = layer[free, None] + values[free][:, ends]
        if arrived.size and arrived.max() > NEVER // 2:
            row, column = np.unravel_index(int(arrived.argmax()), arrived.shape)
            return _walked(partner, came_from, int(free[row]), ends[int(column)])
        reached = layer[free, None] + values[free][:, paired]
        best = reached.argmax(axis=0)
        value = reached[best, np.arange(len(paired))]
        known = (value > NEVER // 2) & ~seen[partner[paired]]
        layer, origin = np.full(n_teams, NEVER, dtype=np.int64), np.full(n_teams, -1)
        layer[partner[paired[known]]] = value[known] - lost[known]
        origin[partner[paired[known]]] = free[best[known]]
        came_from.append(origin)
        seen |= layer > NEVER // 2
    return []


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
