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
_CROWDED = 4  # times as many positions as are picked: looking for the bar then costs less than sorting
_PADDING = 2  # times the positions: the largest table, with one row a vertex, worth making for that


def candidate_edges(source: EdgeSource, n_each: int) -> EdgeBlock:
    """Choose for every vertex the edges that are best for it, compared with what the other end is used to.

    Parameters
    ----------
    source : EdgeSource
        All edges; read twice.
    n_each : int
        Edges to choose at each vertex.

    Returns
    -------
    first, second, weights : ndarray of int64
        The chosen edges, each once, in ascending order.

    Notes
    -----
    From the point of view of i the edge to j counts as its weight less the mean weight of j's edges. By
    raw weight everybody would choose the same few popular vertices, and most would go without.
    """
    n_vertices = source.n_vertices
    shift = _bits_beyond_doubles(source)
    means = _mean_weights(source, shift)
    chosen: list[EdgeBlock] = []
    for block in source.blocks():
        chosen.append(_best_at_each_end(block, means, n_each, shift))
        if len(chosen) > 1:  # merge at once, so that memory does not grow with the number of blocks
            chosen = [_best_at_each_end(merged_edges(n_vertices, chosen), means, n_each, shift)]
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


def _mean_weights(source: EdgeSource, shift: int) -> NDArray[np.float64]:
    n_vertices = source.n_vertices
    sums, counts = np.zeros(n_vertices), np.zeros(n_vertices)
    for first, second, integers in source.blocks():
        weights = in_doubles(integers, shift)
        for ends in (first, second):
            sums += np.bincount(ends, weights=weights, minlength=n_vertices)
            counts += np.bincount(ends, minlength=n_vertices)
    return sums / np.maximum(counts, 1)


def _best_at_each_end(block: EdgeBlock, means: NDArray[np.float64], n_each: int, shift: int) -> EdgeBlock:
    first, second, integers = block
    ends = np.concatenate([first, second])
    weights = in_doubles(integers, shift)
    centred = np.concatenate([weights - means[second], weights - means[first]])
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
    near = _near_the_best(vertices, scores, n_each)
    if near is not None:
        vertices, scores = vertices[near], scores[near]
    order = _by_vertex(vertices, scores)
    ordered = vertices[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    rank = np.arange(order.size) - np.repeat(starts, np.diff(starts, append=order.size))
    picked = order[rank < n_each]
    return picked if near is None else near[picked]


def _near_the_best(vertices: Integers, scores: NDArray[np.float64], n_each: int) -> NDArray[np.intp] | None:
    """Leave out, without sorting, what is not among the best; None where vertices have few to choose from.

    Positions stay in the order in which they come, and of those that tie for the last place the first ones.
    """
    counts = np.bincount(vertices)
    most = int(counts.max(initial=0))
    n_crowded = max(_CROWDED * n_each * counts.size, 1)
    if vertices.size < n_crowded or most * counts.size > _PADDING * vertices.size:
        return None
    grouped = np.argsort(_short(vertices), kind="stable")
    is_filled = np.arange(most) < counts[:, None]
    by_row = np.full(is_filled.shape, -np.inf)
    by_row[is_filled] = scores[grouped]
    bar = np.partition(by_row, most - n_each, axis=1)[:, most - n_each, None]
    above, level = by_row > bar, by_row == bar
    n_missing = n_each - np.count_nonzero(above, axis=1)
    level &= np.cumsum(level, axis=1, dtype=np.int32) <= n_missing[:, None]
    near: NDArray[np.intp] = grouped[(above | level)[is_filled]]
    return near


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
