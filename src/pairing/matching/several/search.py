"""Branch and bound over the edges of several rounds, with a proof made of the duals of every branch."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pairing.matching.several.bound import BoundTree, Branch, Decision, Duals
from pairing.matching.several.colouring import colour_edges
from pairing.matching.several.exhaustion import can_be_coloured
from pairing.matching.several.relaxation import Relaxation, Relaxed
from pairing.matching.several.separation import TINY, Separator
from pairing.matching.several.union import Cut, UnionProblem

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pairing.matching.several.colouring import Edge

    Floats = NDArray[np.float64]

_PARTS = 2**14
_MOST_ROUNDS_OF_CUTS = 60


@dataclass(frozen=True)
class SearchProgress:
    """How far a search has come.

    Parameters
    ----------
    n_nodes : int
        Cases that have been looked at.
    n_open : int
        Cases that still have to be.
    total : int or None
        The best total found so far.
    bound : int
        No total is greater.
    """

    n_nodes: int
    n_open: int
    total: int | None
    bound: int


@dataclass(frozen=True, eq=False)
class Found:
    """What a search came to.

    Parameters
    ----------
    matchings : list of list of (int, int), or None
        The best rounds found; None if there are none, or none were found in time.
    total : int or None
        Their weight.
    bound : int
        No rounds weigh more.
    proof : BoundTree
        The proof of that.
    n_nodes : int
        Cases that were looked at.
    """

    matchings: list[list[Edge]] | None
    total: int | None
    bound: int
    proof: BoundTree = field(repr=False)
    n_nodes: int


@dataclass(eq=False)
class _Node:
    decisions: tuple[Decision, ...]
    duals: Duals
    bound: int


def search(
    problem: UnionProblem,
    *,
    known: list[list[Edge]] | None = None,
    floor: int | None = None,
    enough: int | None = None,
    deadline: float | None = None,
    progress: Callable[[SearchProgress], None] | None = None,
) -> Found:
    """Find the heaviest edges that fall into the rounds.

    Parameters
    ----------
    problem : UnionProblem
        The edges and what is asked of them.
    known : list of list of (int, int), optional
        Rounds to begin with, which keep everything that is asked.
    floor : int, optional
        Only rounds that weigh more than this matter.
    enough : int, optional
        Stop as soon as rounds weigh this much.
    deadline : float, optional
        Stop at this reading of :func:`time.monotonic`.
    progress : callable, optional
        Called after every case.

    Returns
    -------
    Found
        The bound equals the total unless the deadline came first.
    """
    return _Search(problem, known, floor, enough, deadline, progress).run()


class _Search:
    def __init__(
        self,
        problem: UnionProblem,
        known: list[list[Edge]] | None,
        floor: int | None,
        enough: int | None,
        deadline: float | None,
        progress: Callable[[SearchProgress], None] | None,
    ) -> None:
        self.problem, self.enough, self.deadline, self.progress = problem, enough, deadline, progress
        self.matchings = known
        self.total = None if known is None else weight_of(problem, known)
        self.floor = floor
        self.relaxation = Relaxation(problem, _PARTS)
        self.separator = Separator(problem)
        self.open: list[_Node] = []
        self.leaves: list[_Node] = []
        self.n_nodes = 0

    def run(self) -> Found:
        start = Duals((0,) * self.problem.n_vertices)
        self.open.append(_Node((), start, self.relaxation.bounds.of(start)))
        while self.open and not self._should_stop():
            node = self._next()
            if node.bound <= self._target():
                self.leaves.append(node)
                continue
            self._look_at(node)
            self.n_nodes += 1
            if self.progress is not None:
                self.progress(SearchProgress(self.n_nodes, len(self.open), self.total, self._bound()))
        return self._found()

    def _should_stop(self) -> bool:
        # The first case is always looked at: without it there is no bound worth the name.
        late = self.n_nodes > 0 and self.deadline is not None and time.monotonic() >= self.deadline
        return late or (self.enough is not None and self.total is not None and self.total >= self.enough)

    def _next(self) -> _Node:
        """The case with the greatest bound; before anything is found, the latest one."""
        if self.total is None:
            return self.open.pop()
        at = max(range(len(self.open)), key=lambda place: (self.open[place].bound, place))
        return self.open.pop(at)

    def _target(self) -> int:
        """A bound that is low enough to leave a case."""
        reached = [number for number in (self.total, self.floor) if number is not None]
        if reached:
            return max(reached)
        lightest = min((int(weight) for weight in self.problem.weights), default=0)
        return min(0, lightest) * self.problem.most_edges - 1

    def _look_at(self, node: _Node) -> None:
        relaxed = self._tightened(node)
        node = _Node(node.decisions, relaxed.duals, relaxed.bound)
        if relaxed.chosen is None or node.bound <= self._target():
            self.leaves.append(node)
            return
        edge = self._edge_to_decide(relaxed.chosen, node)
        if edge is None:
            self.leaves.append(node)
            return
        a, b = int(self.problem.first[edge]), int(self.problem.second[edge])
        likely = bool(relaxed.chosen[edge] >= 0.5)
        for used in (not likely, likely):
            self.open.append(_Node((*node.decisions, (a, b, used)), node.duals, node.bound))

    def _tightened(self, node: _Node) -> Relaxed:
        """Solve the linear programme of a case, with cuts until none is violated or the bound will do."""
        self.relaxation.decide(node.decisions)
        duals, bound = node.duals, node.bound
        for _ in range(_MOST_ROUNDS_OF_CUTS):
            relaxed = self.relaxation.solve(node.decisions, self._target(), node.duals)
            if relaxed.bound < bound:
                duals, bound = relaxed.duals, relaxed.bound
            if relaxed.chosen is None or relaxed.bound <= self._target():
                break
            if not self.relaxation.add(self._violated(relaxed.chosen)):
                break
        return Relaxed(relaxed.chosen, duals, bound)

    def _violated(self, chosen: Floats) -> list[Cut]:
        cuts = self.separator.cheap(chosen)
        if cuts:
            return cuts
        if _is_whole(chosen):
            return self._cuts_off_whole(chosen)
        return self.separator.thorough(chosen)

    def _cuts_off_whole(self, chosen: Floats) -> list[Cut]:
        """Split whole edges into rounds; where that cannot be done, say what forbids it."""
        edges = self._edges_of(chosen)
        matchings = colour_edges(edges, self.problem.n_rounds)
        if matchings is not None:
            self._take(matchings)
            return []
        cuts = self.separator.thorough(chosen)
        if cuts:
            return cuts
        return [
            Cut("uncolourable", (), piece)
            for piece in _pieces(edges)
            if can_be_coloured(piece, self.problem.n_rounds) is False
        ]

    def _take(self, matchings: list[list[Edge]]) -> None:
        total = weight_of(self.problem, matchings)
        if self.total is None or total > self.total:
            self.matchings, self.total = matchings, total

    def _edges_of(self, chosen: Floats) -> list[Edge]:
        used = np.flatnonzero(chosen > 0.5)
        return list(zip(self.problem.first[used].tolist(), self.problem.second[used].tolist(), strict=True))

    def _edge_to_decide(self, chosen: Floats, node: _Node) -> int | None:
        """The edge furthest from whole; of whole edges that were not split, any that is not decided."""
        distance = np.minimum(chosen, 1 - chosen)
        if distance.max(initial=0.0) > TINY:
            return int(np.argmax(distance))
        decided = set(self.problem.positions(tuple((a, b) for a, b, _ in node.decisions)).tolist())
        split = self.total is not None and node.bound <= self.total + 1
        candidates = [] if split else [e for e in np.flatnonzero(chosen > 0.5).tolist() if e not in decided]
        return candidates[0] if candidates else None

    def _bound(self) -> int:
        bounds = [node.bound for node in (*self.open, *self.leaves)]
        return max(bounds, default=0)

    def _found(self) -> Found:
        nodes = [*self.leaves, *self.open]
        branches = tuple(
            Branch(node.decisions, node.duals) for node in sorted(nodes, key=lambda node: node.decisions)
        )
        proof = BoundTree(_PARTS, tuple(self.relaxation.cuts), branches)
        return Found(self.matchings, self.total, self._bound(), proof, self.n_nodes)


def weight_of(problem: UnionProblem, matchings: list[list[Edge]]) -> int:
    """Sum the weights of all edges of some rounds."""
    positions = problem.positions(tuple(edge for matching in matchings for edge in matching))
    return sum(int(weight) for weight in problem.weights[positions])


def _is_whole(chosen: Floats) -> bool:
    return bool((np.minimum(chosen, 1 - chosen) <= TINY).all())


def _pieces(edges: list[Edge]) -> list[tuple[Edge, ...]]:
    """Edges that hang together, piece by piece."""
    home: dict[int, int] = {}

    def root(vertex: int) -> int:
        while home.setdefault(vertex, vertex) != vertex:
            vertex = home[vertex]
        return vertex

    for a, b in edges:
        home[root(a)] = root(b)
    pieces: dict[int, list[Edge]] = {}
    for edge in edges:
        pieces.setdefault(root(edge[0]), []).append(edge)
    return [tuple(sorted(piece)) for _, piece in sorted(pieces.items())]
