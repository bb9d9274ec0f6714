"""Which edges to solve first when there are many: each vertex's best by centred value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.matching.edge_source import EdgeSource
    from pairing.matching.problem import EdgeBlock

    Integers = NDArray[np.int64]

_BITS_OF_DOUBLES = 900  # leaves room below 2**1024 for sums and differences
_FIRST = 4  # times as many positions as are picked are enough to tell what most others have to beat
_TIMES = 3  # that others are left out; the more there are at a vertex, the more often it helps
_CROWDED = 6  # times as many positions as are picked: finding a bar then costs less than sorting


def candidate_edges(source: EdgeSource, n_each: int) -> EdgeBlock:
    """Choose for every vertex the edges that are best for it, compared with what the other end is used to.

    Parameters
    ----------
    source : EdgeSource
        All edges.
    n_each : int
        Edges to choose at each vertex.

    Returns
    -------
    first, second, weights : ndarray of int64
        The chosen edges, each once, in ascending order.

    Notes
    -----
    From the point of view of i the edge to j counts as its weight less the price of j or, without a guess at
    that, the mean weight of j's edges. By raw weight everybody would choose the same few popular vertices,
    and most would go without.
    """
    n_vertices = source.n_vertices
    shift = _bits_beyond_doubles(source)
    rates = source.prices()
    if rates is None:
        rates = mean_weights(source, shift)
    rates = np.rint(rates)  # where weights tie, so do edges: then each vertex begins with those after its own
    chosen: list[EdgeBlock] = []
    for block in source.blocks():
        chosen.append(_best_at_each_end(block, rates, n_each, shift))
        if len(chosen) > 1:  # merge at once, so that memory does not grow with the number of blocks
            chosen = [_best_at_each_end(merged_edges(n_vertices, chosen), rates, n_each, shift)]
    return merged_edges(n_vertices, chosen)


def merged_edges(n_vertices: int, blocks: list[EdgeBlock]) -> EdgeBlock:
    """Put edges of several blocks together, each once, in ascending order.

    Parameters
    ----------
    n_vertices : int
        Number of vertices.
    blocks : list of (first, second, weights)
        Edges with first < second; the same edge has the same weight wherever it occurs.

    Returns
    -------
    first, second, weights : ndarray of int64
        The edges.
    """
    if not blocks:
        return (np.zeros(0, dtype=np.int64),) * 3
    first, second, weights = (np.concatenate(column) for column in zip(*blocks, strict=True))
    _, places = np.unique(first * n_vertices + second, return_index=True)
    return first[places], second[places], weights[places]


def in_doubles(integers: NDArray[Any], shift: int | None = None) -> NDArray[np.float64]:
    """Give whole numbers of any size as doubles, good enough to rank them.

    Parameters
    ----------
    integers : ndarray of int64, or of Python integers, shape (m,)
        The numbers.
    shift : int, optional
        Binary places to leave out, so that no double overflows; as few as possible if not given.

    Returns
    -------
    ndarray of float, shape (m,)
        The numbers, divided by ``2**shift``.
    """
    if integers.dtype != object:
        return integers.astype(np.float64)
    doubles: NDArray[np.float64] = (integers >> (_excess(integers) if shift is None else shift)).astype(
        np.float64
    )
    return doubles


def _excess(integers: NDArray[Any]) -> int:
    """Count the binary places by which the largest number is too long."""
    largest = max(int(integers.max(initial=0)), -int(integers.min(initial=0)))
    return max(largest.bit_length() - _BITS_OF_DOUBLES, 0)


def _bits_beyond_doubles(source: EdgeSource) -> int:
    """Count the binary places by which the weights of a source are too long; all blocks are of one type."""
    excess = 0
    for _, _, weights in source.blocks():
        if weights.dtype != object:
            return 0
        excess = max(excess, _excess(weights))
    return excess


def mean_weights(source: EdgeSource, shift: int = 0) -> NDArray[np.float64]:
    """Average the weights of each vertex's edges; 0 for a vertex without any.

    Parameters
    ----------
    source : EdgeSource
        All edges.
    shift : int
        Binary places to leave out.

    Returns
    -------
    ndarray of float, shape (n,)
        The averages.
    """
    n_vertices = source.n_vertices
    sums, counts = np.zeros(n_vertices), np.zeros(n_vertices)
    for first, second, integers in source.blocks():
        weights = in_doubles(integers, shift)
        for ends in (first, second):
            sums += np.bincount(ends, weights=weights, minlength=n_vertices)
            counts += np.bincount(ends, minlength=n_vertices)
    return sums / np.maximum(counts, 1)


def _best_at_each_end(block: EdgeBlock, rates: NDArray[np.float64], n_each: int, shift: int) -> EdgeBlock:
    first, second, integers = block
    ends = np.concatenate([first, second])
    weights = in_doubles(integers, shift)
    centred = np.concatenate([weights - rates[second], weights - rates[first]])
    kept = _edges_at(best_per_vertex(ends, centred, n_each), first.size)
    return first[kept], second[kept], integers[kept]


def nearest_edges(edges: EdgeBlock, floors: NDArray[np.float64], n_each: int) -> EdgeBlock:
    """Choose at each vertex the edges that weigh most in comparison with the floors of their two ends.

    Parameters
    ----------
    edges : (first, second, weights)
        Edges, each once, with first < second.
    floors : ndarray of float, shape (n,)
        In units of weight.
    n_each : int
        Edges to choose at each vertex.

    Returns
    -------
    first, second, weights : ndarray of int64, or of Python integers, shape (m,)
        The chosen edges, in the order in which they were given.
    """
    first, second, weights = edges
    excess = in_doubles(weights) - floors[first] - floors[second]
    picked = best_per_vertex(np.concatenate([first, second]), np.tile(excess, 2), n_each)
    kept = _edges_at(picked, first.size)
    return first[kept], second[kept], weights[kept]


def _edges_at(ends: NDArray[np.intp], n_edges: int) -> NDArray[np.intp]:
    """Number the edges, each once and ascending, that are picked at their first or their second end."""
    picked = np.zeros(n_edges, dtype=bool)
    picked[ends % max(n_edges, 1)] = True
    return np.flatnonzero(picked)


def best_per_vertex(vertices: Integers, scores: NDArray[np.float64], n_each: int) -> NDArray[np.intp]:
    """Pick at every vertex the positions with the highest scores.

    Parameters
    ----------
    vertices : ndarray of int64, shape (m,)
        The vertex that each position belongs to.
    scores : ndarray of float, shape (m,)
        Higher is better.
    n_each : int
        Positions to pick at each vertex, if it has as many.

    Returns
    -------
    ndarray of int, shape (p,)
        The picked positions.
    """
    places = np.arange(vertices.size)
    for _ in range(_TIMES):
        if vertices.size < _CROWDED * n_each * (int(vertices.max(initial=0)) + 1):
            break
        near = _near_the_best(vertices, scores, n_each)
        places, vertices, scores = places[near], vertices[near], scores[near]
    order = _by_vertex(vertices, scores)
    ordered = vertices[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    rank = np.arange(order.size) - np.repeat(starts, np.diff(starts, append=order.size))
    return places[order[rank < n_each]]


def _near_the_best(vertices: Integers, scores: NDArray[np.float64], n_each: int) -> NDArray[np.intp]:
    """Leave out most of what is not among the best, without sorting by scores.

    The last of the best among the first few positions of a vertex is a bar for its later ones: only what is
    above it can be picked, because ties go to what comes first. Positions stay in the order they come in.
    """
    n_first = _FIRST * n_each
    counts = np.bincount(vertices, minlength=1)
    stops = np.cumsum(counts)
    grouped = np.argsort(_short(vertices), kind="stable")
    places = (stops - counts)[:, None] + np.arange(n_first)
    is_own = places < stops[:, None]
    firsts = grouped[np.minimum(places, vertices.size - 1)]
    falling = np.where(is_own, -scores[firsts], np.inf)
    bar = np.partition(falling, n_each - 1, axis=1)[:, n_each - 1]
    near = scores > -bar[vertices]
    near[firsts[is_own & (falling <= bar[:, None])]] = True
    return np.flatnonzero(near)


def _by_vertex(vertices: Integers, scores: NDArray[np.float64]) -> NDArray[np.intp]:
    """Order positions by vertex, then by score, the highest first, then as they come; quick without ties."""
    falling = -scores
    order = np.argsort(falling)
    ordered = falling[order]
    if (ordered[1:] == ordered[:-1]).any():
        order = np.argsort(falling, kind="stable")
    grouped: NDArray[np.intp] = order[np.argsort(_short(vertices[order]), kind="stable")]
    return grouped


def _short(vertices: Integers) -> NDArray[np.unsignedinteger[Any]]:
    """Give vertices in 16 bits where they fit, because such numbers are sorted by their digits."""
    return vertices.astype(np.uint16 if vertices.max(initial=0) < 1 << 16 else np.uint32)


class BestPerVertex:
    """The highest scores at every vertex among all that come by, with what they belong to.

    Parameters
    ----------
    n_vertices : int
        Number of vertices.
    n_each : int
        How many to keep at each vertex.

    Examples
    --------
    >>> best = BestPerVertex(2, 1)
    >>> best.add(np.array([0, 0, 1]), np.array([2.0, 3.0, 1.0]), np.array([10, 11, 12]))
    >>> best.add(np.array([0, 1]), np.array([1.0, 5.0]), np.array([13, 14]))
    >>> best.kept().tolist()
    [11, 14]
    """

    def __init__(self, n_vertices: int, n_each: int) -> None:
        self._n_each = n_each
        self._bar = np.full(n_vertices, -np.inf)
        self._pieces: list[tuple[Integers, NDArray[np.float64], Integers]] = []
        self._n_waiting = 0
        self._most_waiting = 2 * n_vertices * n_each + 1024

    def add(self, vertices: Integers, scores: NDArray[np.float64], keys: Integers) -> None:
        """Take in scores, each with its vertex and a key."""
        high = np.flatnonzero(scores > self._bar[vertices])
        self._pieces.append((vertices[high], scores[high], keys[high]))
        self._n_waiting += self._pieces[-1][0].size
        if self._n_waiting > self._most_waiting:
            self._condense()

    def kept(self) -> Integers:
        """Give the keys of the highest scores, each once, ascending."""
        self._condense()
        return np.unique(self._pieces[0][2])

    def _condense(self) -> None:
        if not self._pieces:
            self._pieces = [(np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int64))]
        vertices, scores, keys = (np.concatenate(column) for column in zip(*self._pieces, strict=True))
        kept = best_per_vertex(vertices, scores, self._n_each)
        vertices, scores, keys = vertices[kept], scores[kept], keys[kept]
        full = np.flatnonzero(np.bincount(vertices, minlength=self._bar.size) == self._n_each)
        least = np.full(self._bar.size, np.inf)
        np.minimum.at(least, vertices, scores)
        self._bar[full] = least[full]
        self._pieces, self._n_waiting = [(vertices, scores, keys)], 0
