"""Edges that several rounds use together, and inequalities that hold for every such set of edges."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from pairing.matching.several.exhaustion import can_be_coloured

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

CutKind = Literal["odd set", "blossom", "uncolourable"]


@dataclass(frozen=True, eq=False)
class UnionProblem:
    """Choose the edges that several rounds use together: no edge twice, every round a matching.

    Parameters
    ----------
    n_vertices : int
        Vertices are numbered from 0.
    n_rounds : int
        How many matchings the edges are to fall into; no vertex has more edges than that.
    first, second : ndarray of int64, shape (m,)
        Permitted edges, the smaller end first, in ascending order.
    weights : ndarray of int64 or of Python integers, shape (m,)
        What an edge is worth.
    least : int
        Edges that every vertex must have.
    n_edges : int, optional
        How many edges have to be chosen; any number if not given.
    """

    n_vertices: int
    n_rounds: int
    first: Integers = field(repr=False)
    second: Integers = field(repr=False)
    weights: NDArray[Any] = field(repr=False)
    least: int = 0
    n_edges: int | None = None

    @property
    def most_edges(self) -> int:
        """A number that no choice of edges exceeds: every round full."""
        return self.n_rounds * (self.n_vertices // 2)

    @cached_property
    def heaviest(self) -> int:
        """The greatest absolute weight."""
        return max(int(self.weights.max(initial=0)), -int(self.weights.min(initial=0)))

    @cached_property
    def _keys(self) -> Integers:
        return self.first * self.n_vertices + self.second

    def positions(self, edges: tuple[tuple[int, int], ...]) -> Integers:
        """Where edges stand among the permitted ones, those that are not permitted left out; ascending."""
        ends = np.array(edges, dtype=np.int64).reshape(-1, 2)
        return self.positions_of(ends.min(axis=1), ends.max(axis=1))

    def positions_of(self, first: Integers, second: Integers) -> Integers:
        """The same for edges whose smaller ends and whose larger ends come as arrays."""
        keys = np.unique(first * self.n_vertices + second)
        found = np.searchsorted(self._keys, keys)
        there = found < self._keys.size
        there[there] = self._keys[found[there]] == keys[there]
        return found[there].astype(np.int64)


@dataclass(frozen=True)
class Cut:
    """An inequality that the edges of any rounds obey: so many of certain edges at most.

    Parameters
    ----------
    kind : {"odd set", "blossom", "uncolourable"}
        "odd set": a round has at most (s - 1)/2 edges among s vertices, s odd. "blossom": the edges among
        s vertices and a number t of edges that leave them are together at most half of (rounds times s plus
        t), rounded down. "uncolourable": these edges do not all fall into so many matchings.
    vertices : tuple of int
        The vertices, ascending; empty for "uncolourable".
    edges : tuple of (int, int)
        The edges that leave the vertices, or that cannot be coloured, smaller end first, ascending.

    References
    ----------
    .. [1] Edmonds (1965), "Maximum matching and a polyhedron with 0,1-vertices", J. Res. NBS 69B: odd sets.
    .. [2] Edmonds and Johnson (1970), "Matching: a well-solved class of integer linear programs": blossoms
       of matchings in which a vertex has several partners.
    """

    kind: CutKind
    vertices: tuple[int, ...]
    edges: tuple[tuple[int, int], ...] = ()

    def limit(self, n_rounds: int) -> int:
        """How many of the edges that it counts may be chosen at most."""
        size = len(self.vertices)
        if self.kind == "odd set":
            return n_rounds * ((size - 1) // 2)
        if self.kind == "blossom":
            return (n_rounds * size + len(self.edges)) // 2
        return len(self.edges) - 1

    def counted(self, problem: UnionProblem) -> Integers:
        """Positions of the permitted edges that it counts, ascending."""
        named = problem.positions(self.edges)
        if self.kind == "uncolourable":
            return named
        inside = np.zeros(problem.n_vertices, dtype=np.bool_)
        inside[list(self.vertices)] = True
        within = np.flatnonzero(inside[problem.first] & inside[problem.second])
        return np.union1d(within, named).astype(np.int64)

    def failures(self, n_vertices: int, n_rounds: int) -> list[str]:
        """Say why it does not hold for every choice of edges; empty if it does."""
        named = [vertex for edge in self.edges for vertex in edge]
        if any(not 0 <= vertex < n_vertices for vertex in (*self.vertices, *named)):
            return [f"an inequality of kind '{self.kind}' names a vertex that there is not"]
        if len(set(self.vertices)) < len(self.vertices) or len(set(self.edges)) < len(self.edges):
            return [f"an inequality of kind '{self.kind}' names something twice"]
        check = {"odd set": self._odd_set, "blossom": self._blossom, "uncolourable": self._uncolourable}
        return check[self.kind](n_rounds)

    def _odd_set(self, _: int) -> list[str]:
        if len(self.vertices) % 2 == 1 and not self.edges:
            return []
        return [f"an inequality for odd sets has {len(self.vertices)} vertices and {len(self.edges)} edges"]

    def _blossom(self, _: int) -> list[str]:
        inside = set(self.vertices)
        leave = all((a in inside) != (b in inside) and a < b for a, b in self.edges)
        return [] if leave else ["an edge of a blossom inequality does not leave its vertices"]

    def _uncolourable(self, n_rounds: int) -> list[str]:
        verdict = can_be_coloured(self.edges, n_rounds)
        if verdict is False and all(a < b for a, b in self.edges):
            return []
        reason = "can" if verdict else "could not be shown not to"
        return [f"{len(self.edges)} edges {reason} fall into {n_rounds} matchings"]

    def to_dict(self) -> dict[str, Any]:
        """Give it as a JSON-safe dictionary."""
        return {
            "kind": self.kind,
            "vertices": list(self.vertices),
            "edges": [list(edge) for edge in self.edges],
        }

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Cut:
        """Read one back; KeyError, TypeError or ValueError where it is of another form."""
        if data["kind"] not in get_args(CutKind):
            raise ValueError(f"there is no inequality of kind '{data['kind']}'")
        edges = tuple((_whole(a), _whole(b)) for a, b in data["edges"])
        return Cut(data["kind"], tuple(map(_whole, data["vertices"])), edges)


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is not a whole number")
    return value
