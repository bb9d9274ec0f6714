"""Whether edges fall into so many matchings, by trying everything: a last resort, free of any solver."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_WORK = 3_000_000
"""Trials times edges after which it is given up: some seconds."""


def can_be_coloured(edges: Sequence[tuple[int, int]], n_colours: int) -> bool | None:
    """Try whether edges can be split into so many matchings.

    Parameters
    ----------
    edges : sequence of (int, int)
        The edges, each once.
    n_colours : int
        How many matchings.

    Returns
    -------
    bool or None
        None if it was given up after `MOST_WORK`.

    Notes
    -----
    Always continues at an edge with the fewest colours left; colours that were not used yet are the same, so
    that only one of them is tried.

    Examples
    --------
    >>> can_be_coloured([(0, 1), (1, 2), (0, 2)], 2), can_be_coloured([(0, 1), (1, 2), (2, 3)], 2)
    (False, True)
    """
    everything = (1 << n_colours) - 1
    free = {vertex: everything for edge in edges for vertex in edge}
    left = set(range(len(edges)))
    trail: list[tuple[int, int, int, int]] = []  # edge, colour given, colours still to try, colours in use

    def choose(used: int) -> tuple[int, int, int, int]:
        edge = min(left, key=lambda at: ((free[edges[at][0]] & free[edges[at][1]]).bit_count(), at))
        options = free[edges[edge][0]] & free[edges[edge][1]]
        return edge, 0, options & ((1 << (used + 1)) - 1), used

    if not edges:
        return True
    trail.append(choose(0))
    for _ in range(MOST_WORK // len(edges)):
        edge, given, options, used = trail.pop()
        a, b = edges[edge]
        if given:  # take back what was tried last
            free[a] |= given
            free[b] |= given
            left.add(edge)
        if not options:
            if not trail:
                return False
            continue
        colour = options & -options
        free[a] &= ~colour
        free[b] &= ~colour
        left.discard(edge)
        trail.append((edge, colour, options & ~colour, used))
        if not left:
            return True
        trail.append(choose(max(used, colour.bit_length())))
    return None
