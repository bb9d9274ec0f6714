"""Branch and bound over the edges of several rounds, with a proof made of the duals of every branch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from pairing.matching.several.bound import BoundTree, Branch, Decision, Duals
from pairing.matching.several.colouring import colour_edges
from pairing.matching.several.exhaustion import can_be_coloured
from pairing.matching.several.likely import first_duals, likely_edges
from pairing.matching.several.relaxation import Relaxation, Relaxed
from pairing.matching.several.separation import TINY, Separator
from pairing.matching.several.union import Cut, UnionProblem

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pairing.matching.constrained.highs import Watch
    from pairing.matching.several.colouring import Edge

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

Aim = Literal["pairs", "rests", "total"]
"""What a search is for: as many pairs as possible, as few rests as possible, or the greatest total."""

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
        The best total found so far; pairs where these are searched for.
    bound : int
        No total is greater.
    aim : {"pairs", "rests", "total"}
        What is searched for.
    """

    n_nodes: int
    n_open: int
    total: int | None
    bound: int
    aim: Aim = "total"


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


@dataclass(frozen=True, eq=False)
class _Node:
    decisions: tuple[Decision, ...]
    duals: Duals
    bound: int


@dataclass(frozen=True, eq=False)
class _Cases:
    """Cases that together leave nothing out: those to look at, and those that are settled."""

    open: tuple[_Node, ...]
    settled: tuple[_Node, ...] = ()

    def settle(self, at: int, node: _Node) -> _Cases:
        """Nothing better is in this open case."""
        return _Cases(self.open[:at] + self.open[at + 1 :], (*self.settled, node))

    def replace(self, at: int, *nodes: _Node) -> _Cases:
        """Split an open case, or know more of it."""
        return _Cases((*self.open[:at], *self.open[at + 1 :], *nodes), self.settled)

    @property
    def bound(self) -> int:
        """Nothing in any of them is worth more."""
        return max((node.bound for node in (*self.open, *self.settled)), default=0)


def search(
    problem: UnionProblem,
    *,
    known: list[list[Edge]] | None = None,
    floor: int | None = None,
    enough: int | None = None,
    watch: Watch,
    aim: Aim = "total",
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
    watch : Watch
        Stop when time is up. Ctrl-C stops the search as well and is noted there.
    aim : {"pairs", "rests", "total"}
        What is searched for, to be told.
    progress : callable, optional
        Called at the beginning, and whenever there is a better bound.

    Returns
    -------
    Found
        The bound equals the total unless the search was stopped.
    """
    found = _Search(problem, known, floor, enough, watch, aim, progress)
    try:
        found.run()
    except KeyboardInterrupt:
        if watch.interrupted:
            raise
        watch.interrupted = True
    return found.found()


class _Search:
    def __init__(
        self,
        problem: UnionProblem,
        known: list[list[Edge]] | None,
        floor: int | None,
        enough: int | None,
        watch: Watch,
        aim: Aim,
        progress: Callable[[SearchProgress], None] | None,
    ) -> None:
        self.problem, self.enough, self.floor = problem, enough, floor
        self.watch, self.aim, self.progress = watch, aim, progress
        self.matchings = known
        self.total = None if known is None else weight_of(problem, known)
        likely = likely_edges(problem, known)
        self.relaxation = Relaxation(problem, _PARTS, likely, watch)
        self.separator = Separator(problem)
        # One assignment replaces all cases, so that whenever Ctrl-C comes none is missing and none is twice.
        self.cases = _Cases((self._first(likely),))
        self.n_nodes = 0

    def run(self) -> None:
        self._tell(self.cases.bound)
        while self.cases.open and not self._should_stop():
            at = self._next()
            node = self.cases.open[at]
            if node.bound <= self._target():
                self.cases = self.cases.settle(at, node)
                continue
            self._look_at(at, node)
            self.n_nodes += 1
            self._tell(self.cases.bound)

    def found(self) -> Found:
        cases = sorted((*self.cases.settled, *self.cases.open), key=lambda node: node.decisions)
        branches = tuple(Branch(node.decisions, node.duals) for node in cases)
        proof = BoundTree(_PARTS, tuple(self.relaxation.cuts), branches)
        return Found(self.matchings, self.total, self.cases.bound, proof, self.n_nodes)

    def _first(self, likely: Integers) -> _Node:
        """Everything, with what is known of it before any linear programme is solved."""
        bounds = self.relaxation.bounds
        nothing, single = Duals((0,) * self.problem.n_vertices), first_duals(self.problem, likely, _PARTS)
        bound, duals = min((bounds.of(nothing), nothing), (bounds.of(single), single), key=lambda one: one[0])
        return _Node((), duals, bound)

    def _tell(self, bound: int) -> None:
        if self.progress is not None:
            self.progress(SearchProgress(self.n_nodes, len(self.cases.open), self.total, bound, self.aim))

    def _should_stop(self) -> bool:
        return self.watch.over or (
            self.enough is not None and self.total is not None and self.total >= self.enough
        )

    def _next(self) -> int:
        """The place of the case with the greatest bound; before anything is found, of the latest one."""
        cases = self.cases.open
        if self.total is None:
            return len(cases) - 1
        return max(range(len(cases)), key=lambda place: (cases[place].bound, place))

    def _target(self) -> int:
        """A bound that is low enough to leave a case."""
        reached = [number for number in (self.total, self.floor) if number is not None]
        if reached:
            return max(reached)
        lightest = min((int(weight) for weight in self.problem.weights), default=0)
        return min(0, lightest) * self.problem.most_edges - 1

    def _look_at(self, at: int, node: _Node) -> None:
        relaxed = self._tightened(node)
        node = _Node(node.decisions, relaxed.duals, relaxed.bound)
        if relaxed.is_cut_off:
            self.cases = self.cases.replace(at, node)
            return
        below = relaxed.chosen is None or node.bound <= self._target()
        edge = None if below else self._edge_to_decide(relaxed.chosen, node)  # type: ignore[arg-type]
        if edge is None:
            self.cases = self.cases.settle(at, node)
            return
        a, b = int(self.problem.first[edge]), int(self.problem.second[edge])
        likely = bool(relaxed.chosen[edge] >= 0.5)  # type: ignore[index]
        with_it, without = (
            _Node((*node.decisions, (a, b, used)), node.duals, node.bound) for used in (likely, not likely)
        )
        self.cases = self.cases.replace(at, without, with_it)

    def _tightened(self, node: _Node) -> Relaxed:
        """Solve the linear programme of a case, with cuts until none is violated or the bound will do."""
        self.relaxation.decide(node.decisions)
        duals, bound = node.duals, node.bound
        for _ in range(_MOST_ROUNDS_OF_CUTS):
            relaxed = self.relaxation.solve(node.decisions, self._target(), node.duals)
            if relaxed.bound < bound:
                duals, bound = relaxed.duals, relaxed.bound
                if not node.decisions:
                    self._tell(bound)
            if relaxed.chosen is None or relaxed.bound <= self._target():
                break
            if not self.relaxation.add(self._violated(relaxed.chosen)):
                break
        return Relaxed(relaxed.chosen, duals, bound, relaxed.is_cut_off)

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
