"""What the engine is asked: numbered vertices, permitted edges, whole-number weights."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from pairing.errors import InputDataError, Problem
from pairing.matching.edge_source import EdgeSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

Integers: TypeAlias = "NDArray[np.int64]"
Weights: TypeAlias = "NDArray[Any]"
EdgeBlock: TypeAlias = "tuple[Integers, Integers, Weights]"
EdgeEnds: TypeAlias = "tuple[Integers, Integers]"
Mode: TypeAlias = Literal["perfect", "max-cardinality", "max-value"]

_MOST_LISTED = 5


@dataclass(frozen=True, eq=False)
class MatchingProblem(EdgeSource):
    """A graph with whole-number weights, in a canonical order of its edges.

    Parameters
    ----------
    n_vertices : int
        Vertices are numbered from 0.
    first, second : array_like of int, shape (m,)
        The two ends of each edge. An edge that is not listed is not permitted.
    weights : array_like of int, shape (m,)
        Value of each edge in units of :class:`~pairing.matching.scaling.ScaledValues`; any sign. Weights
        that do not fit into 64 bits come as an array of Python integers, dtype object, and stay one.

    Raises
    ------
    InputDataError
        If a vertex is out of range, an edge joins a vertex to itself, or two edges join the same
        vertices. All problems are listed at once.

    Notes
    -----
    The stored arrays have ``first < second`` and are sorted, so that the order in which edges were given
    cannot change the answer among ties.

    Examples
    --------
    >>> problem = MatchingProblem(3, [2, 0], [1, 1], [5, 7])
    >>> problem.first.tolist(), problem.second.tolist(), problem.weights.tolist()
    ([0, 1], [1, 2], [7, 5])
    """

    n_vertices: int
    first: Integers = field(repr=False)
    second: Integers = field(repr=False)
    weights: Weights = field(repr=False)

    def __post_init__(self) -> None:
        columns = [_integers(name, getattr(self, name)) for name in ("first", "second")]
        columns.append(_weights(self.weights))
        _refuse(_shape_problems(self.n_vertices, columns))
        _refuse(_edge_problems(self.n_vertices, columns[0], columns[1]))
        for name, column in zip(("first", "second", "weights"), _canonical(*columns), strict=True):
            column.setflags(write=False)
            object.__setattr__(self, name, column)

    @property
    def n_edges(self) -> int:
        """How many edges are permitted."""
        return int(self.first.size)

    def prices(self) -> NDArray[np.float64] | None:
        """Guess what each vertex will be worth; None for weights that doubles cannot hold."""
        return None if self.weights.dtype == object else self._mean_prices

    @cached_property
    def _mean_prices(self) -> NDArray[np.float64]:
        """The mean weight of each vertex's edges, less half of the mean of all."""
        from pairing.matching.candidates import mean_weights

        means = mean_weights(self)
        return means - float(means.mean()) / 2.0

    def blocks(self, size: int = 1 << 20) -> Iterator[EdgeBlock]:
        """Give the edges in pieces of at most `size`, in their canonical order."""
        for start in range(0, self.n_edges, size):
            piece = slice(start, start + size)
            yield self.first[piece], self.second[piece], self.weights[piece]


def _integers(name: str, values: ArrayLike) -> Integers:
    array: NDArray[Any] = np.asarray(values)
    if array.size == 0:
        return np.zeros(array.shape, dtype=np.int64)
    if array.dtype.kind not in "iu" or (array.dtype == np.uint64 and int(array.max()) >= 2**63):
        raise InputDataError([Problem(f"'{name}' has type {array.dtype}", expected="64-bit integers")])
    return np.array(array, dtype=np.int64)


def _weights(values: ArrayLike) -> Weights:
    """Keep Python integers only where 64 bits do not do."""
    array: NDArray[Any] = np.asarray(values)
    if array.dtype != object or array.size == 0:
        return _integers("weights", array)
    whole = np.frompyfunc(_is_whole, 1, 1)(array).astype(bool)
    if not whole.all():
        at = int(np.flatnonzero(~whole.ravel())[0])
        problem = f"'weights' holds {array.ravel()[at]!r} (position {at})"
        raise InputDataError([Problem(problem, expected="whole numbers")])
    if min(array.flat) >= -(2**63) and max(array.flat) < 2**63:
        return array.astype(np.int64)
    long: Weights = np.frompyfunc(int, 1, 1)(array)  # NumPy's integers among them would overflow later
    return long


def _is_whole(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _shape_problems(n_vertices: int, columns: list[NDArray[Any]]) -> list[Problem]:
    problems = []
    if n_vertices < 0:
        problems.append(Problem(f"the number of vertices is {n_vertices}", expected="0 or more"))
    shapes = [column.shape for column in columns]
    if len(set(shapes)) > 1 or len(shapes[0]) != 1:
        problems.append(
            Problem(
                "'first', 'second' and 'weights' have shapes " + ", ".join(map(str, shapes)),
                expected="one dimension and the same length",
            )
        )
    return problems


def _edge_problems(n_vertices: int, first: Integers, second: Integers) -> list[Problem]:
    if _is_canonical(first, second) and _are_vertices(n_vertices, first, second):
        return []
    low, high = np.minimum(first, second), np.maximum(first, second)
    order = np.lexsort((high, low))
    repeats = (np.diff(low[order]) == 0) & (np.diff(high[order]) == 0)
    faults = {
        f"join vertices outside 0..{n_vertices - 1}": np.flatnonzero((low < 0) | (high >= n_vertices)),
        "join a vertex to itself": np.flatnonzero(first == second),
        "join two vertices that another edge joins already": np.sort(order[1:][repeats]),
    }
    return [
        Problem(f"{positions.size} edges {fault}: {_examples(first, second, positions)}")
        for fault, positions in faults.items()
        if positions.size
    ]


def _examples(first: Integers, second: Integers, positions: NDArray[np.intp]) -> str:
    listed = [f"{first[edge]}-{second[edge]} (position {edge})" for edge in positions[:_MOST_LISTED]]
    return ", ".join([*listed, "..."] if positions.size > _MOST_LISTED else listed)


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise InputDataError(problems)


def _is_canonical(first: Integers, second: Integers) -> bool:
    """Whether edges have their lower end first and are in ascending order, none twice."""
    rises = first[1:] > first[:-1]
    rises |= (first[1:] == first[:-1]) & (second[1:] > second[:-1])
    return bool(rises.all() and (first < second).all())


def _are_vertices(n_vertices: int, low: Integers, high: Integers) -> bool:
    return int(low.min(initial=0)) >= 0 and int(high.max(initial=-1)) < n_vertices


def _canonical(first: Integers, second: Integers, weights: Weights) -> EdgeBlock:
    if _is_canonical(first, second):
        return first, second, weights
    low, high = np.minimum(first, second), np.maximum(first, second)
    order = np.lexsort((high, low))
    return low[order], high[order], weights[order]
