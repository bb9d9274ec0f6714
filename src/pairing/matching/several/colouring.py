"""Splitting edges into matchings: a colour for each edge, no colour twice at a vertex."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

Edge = tuple[int, int]

_STEPS_PER_EDGE = 20
_MORE_STEPS = 2_000


def colour_edges(edges: Sequence[Edge], n_colours: int, *, seed: int = 0) -> list[list[Edge]] | None:
    """Split edges into so many matchings, by a walk that exchanges colours along alternating paths.

    Parameters
    ----------
    edges : sequence of (int, int)
        The edges, each once; no vertex in more than `n_colours` of them.
    n_colours : int
        How many matchings.
    seed : int
        Of the walk.

    Returns
    -------
    list of list of (int, int), or None
        The matchings, each sorted, of sizes that differ by at most one; None if the walk found no way, which
        does not prove that there is none.

    Notes
    -----
    An edge without colour gets one that both ends have free, after exchanging two colours along a path from
    one end if that helps. Otherwise it takes the colour of an edge beside it, which has none from then on,
    and two colours are exchanged somewhere by chance, so that the walk does not go round in circles.

    References
    ----------
    .. [1] Kempe chains as in Vizing (1964), "On an estimate of the chromatic class of a p-graph",
       Diskret. Analiz 3.
    .. [2] de Werra (1971), "Equitable colorations of graphs", RAIRO 5: sizes that differ by at most one.

    Examples
    --------
    >>> colour_edges([(0, 1), (0, 3), (1, 2), (2, 3)], 2)
    [[(0, 1), (2, 3)], [(0, 3), (1, 2)]]
    """
    colours = _Colours(edges, n_colours, np.random.default_rng(seed))
    waiting = sorted(edges, reverse=True)
    for _ in range(_MORE_STEPS + _STEPS_PER_EDGE * len(edges)):
        if not waiting:
            return colours.even_matchings()
        displaced = colours.place(waiting.pop())
        if displaced is not None:
            waiting.append(displaced)
    return None


def evened(matchings: Sequence[Sequence[Edge]]) -> list[list[Edge]]:
    """Exchange edges between matchings until their sizes differ by at most one.

    Parameters
    ----------
    matchings : sequence of sequence of (int, int)
        Matchings without a common edge.

    Returns
    -------
    list of list of (int, int)
        As many matchings of the same edges, each sorted.

    Examples
    --------
    >>> evened([[(0, 1), (2, 3)], []])
    [[(2, 3)], [(0, 1)]]
    """
    edges = [edge for matching in matchings for edge in matching]
    colours = _Colours(edges, len(matchings), np.random.default_rng(0))
    for colour, matching in enumerate(matchings):
        for a, b in matching:
            colours.give(a, b, colour)
    return colours.even_matchings()


class _Colours:
    """At each vertex, the neighbour that each colour leads to."""

    def __init__(self, edges: Sequence[Edge], n_colours: int, rng: np.random.Generator) -> None:
        self.n_colours, self.rng = n_colours, rng
        self.vertices = sorted({vertex for edge in edges for vertex in edge})
        self.at: dict[int, dict[int, int]] = {vertex: {} for vertex in self.vertices}

    def place(self, edge: Edge) -> Edge | None:
        """Colour an edge; give the edge that lost its colour instead, if one had to."""
        a, b = edge
        free_a, free_b = self._free(a), self._free(b)
        for one in free_a:
            if one in free_b:
                self.give(a, b, one)
                return None
        pairs = [(one, other) for one in free_a for other in free_b]
        for at in self.rng.permutation(len(pairs)).tolist():
            one, other = pairs[at]
            path = self._path(b, one, other)
            if path[-1] != a:
                self._exchange(path, one, other)
                self.give(a, b, one)
                return None
        return self._take_over(a, b)

    def _take_over(self, a: int, b: int) -> Edge:
        """Use a colour that is free at one end only, and take it from the edge at the other."""
        if self.rng.random() < 0.5:
            a, b = b, a
        free = self._free(a)
        colour = free[int(self.rng.integers(len(free)))]
        other = self.at[b][colour]
        del self.at[b][colour], self.at[other][colour]
        self.give(a, b, colour)
        self._shake()
        return min(b, other), max(b, other)

    def _shake(self) -> None:
        """Exchange two colours along the path or circle through some vertex."""
        if self.n_colours < 2:
            return
        one, other = self.rng.permutation(self.n_colours)[:2].tolist()
        start = self.vertices[int(self.rng.integers(len(self.vertices)))]
        path = self._path(start, one, other)
        if path[-1] != start:  # not a circle: begin at one of its ends
            start = path[-1]
            one, other = (one, other) if one in self.at[start] else (other, one)
            path = self._path(start, one, other)
        self._exchange(path, one, other)

    def _free(self, vertex: int) -> list[int]:
        return [colour for colour in range(self.n_colours) if colour not in self.at[vertex]]

    def give(self, a: int, b: int, colour: int) -> None:
        """Give an edge a colour that is free at both ends."""
        self.at[a][colour], self.at[b][colour] = b, a

    def _path(self, start: int, one: int, other: int) -> list[int]:
        """The vertices of the path from a vertex in which two colours alternate, the first one first."""
        path, colour = [start], one
        while colour in self.at[path[-1]]:
            path.append(self.at[path[-1]][colour])
            colour = other if colour == one else one
            if path[-1] == start:
                break
        return path

    def _exchange(self, path: list[int], one: int, other: int) -> None:
        colours = [one if step % 2 == 0 else other for step in range(len(path) - 1)]
        for a, b, colour in zip(path, path[1:], colours, strict=False):
            del self.at[a][colour], self.at[b][colour]
        for a, b, colour in zip(path, path[1:], colours, strict=False):
            self.give(a, b, other if colour == one else one)

    def even_matchings(self) -> list[list[Edge]]:
        """The matchings, after moving edges from the largest to the smallest while they differ by two."""
        while True:
            matchings = self._matchings()
            sizes = [len(matching) for matching in matchings]
            most, fewest = sizes.index(max(sizes)), sizes.index(min(sizes))
            if sizes[most] - sizes[fewest] < 2:
                return matchings
            self._exchange(self._longer_path(most, fewest), most, fewest)

    def _longer_path(self, more: int, fewer: int) -> list[int]:
        """A path of two colours that begins and ends with the one that has more edges."""
        for vertex in self.vertices:
            if more in self.at[vertex] and fewer not in self.at[vertex]:
                path = self._path(vertex, more, fewer)
                if len(path) % 2 == 0:
                    return path
        raise AssertionError("a larger matching has an augmenting path to a smaller one")

    def _matchings(self) -> list[list[Edge]]:
        matchings: list[list[Edge]] = [[] for _ in range(self.n_colours)]
        for a, neighbours in self.at.items():
            for colour, b in neighbours.items():
                if a < b:
                    matchings[colour].append((a, b))
        return [sorted(matching) for matching in matchings]
