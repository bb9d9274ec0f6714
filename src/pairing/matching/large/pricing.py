"""Solve on candidate edges, price every other edge against the duals, add the violated ones, repeat.

When no edge is violated the duals cover the whole graph, so the proof does too, although the engine has
seen only a small part of it.
"""

from __future__ import annotations

import math
import operator
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import SolverError
from pairing.matching.candidates import merged_edges
from pairing.matching.engine.blossom import with_larger_bonus
from pairing.matching.engine.graph import doubled_graph
from pairing.matching.large.screening import screened
from pairing.matching.large.violated import ViolatedEdges, violated_edges
from pairing.matching.proof.certificate import Certificate

if TYPE_CHECKING:
    from collections.abc import Callable

    from pairing.matching.edge_source import EdgeSource
    from pairing.matching.engine.blossom import DualSolution, Engine
    from pairing.matching.engine.graph import DoubledGraph
    from pairing.matching.problem import EdgeBlock, EdgeEnds, Integers

CANDIDATES_EACH = 12
SOLVED_AT_ONCE = 5_000

_USUAL_TIMES = ((2_000, "a few seconds"), (10_000, "5 to 30 seconds"), (math.inf, "a minute or more"))
"""How long the first round takes as a rule, on an ordinary computer, up to so many vertices."""


@dataclass(frozen=True)
class Progress:
    """Where the search for the best matching stands after a round.

    Parameters
    ----------
    round_number : int
        Rounds done, from 1.
    n_candidates : int
        Edges that the engine has seen.
    n_violated : int
        Edges that it has not seen and that could improve the matching; 0 means proven.
    n_pairs : int
        Pairs in the best matching on the candidates.
    total : int
        Its total weight.
    bound : int or None
        No matching with so many pairs weighs more; None as long as nothing is known. Where cardinality comes
        first, each further pair that is not ruled out yet counts with the bonus.
    """

    round_number: int
    n_candidates: int
    n_violated: int
    n_pairs: int
    total: int
    bound: int | None


@dataclass(frozen=True, eq=False)
class PricedSolution:
    """A matching, proven over all edges of its source.

    Parameters
    ----------
    partner : list of int, length n
        Partner of each vertex, -1 for none.
    total : int
        Sum of the weights of the pairs, without the bonus.
    certificate : Certificate
        Duals that cover every edge.
    candidates : (first, second), each ndarray of int64
        Ends of the edges that the engine has seen.
    n_rounds, n_searches : int
        How much work it was.
    stopped : str, optional
        "time limit" or "interrupted" if that ended the search first. The certificate then covers every edge
        all the same, but proves a bound above the total.
    """

    partner: list[int]
    total: int
    certificate: Certificate
    candidates: EdgeEnds
    n_rounds: int
    n_searches: int
    stopped: str | None = None


def solve_by_pricing(
    source: EdgeSource,
    bonus: int,
    engine: Engine,
    *,
    progress: Callable[[Progress], None] | None = None,
    n_each: int = CANDIDATES_EACH,
    solved_at_once: int = SOLVED_AT_ONCE,
    start: EdgeEnds | None = None,
    in_two_steps: bool = False,
    time_limit_s: float | None = None,
    keep_interrupted: bool = False,
) -> PricedSolution:
    """Find a matching of the greatest weight, bonus included, over all edges of a source.

    Parameters
    ----------
    source : EdgeSource
        All permitted edges.
    bonus : int
        Constant that is added to every weight, to make pairs count.
    engine : Engine
        What solves the candidates exactly.
    progress : callable, optional
        Called after every round.
    n_each : int
        Candidates that each vertex starts with.
    solved_at_once : int
        With at most so many edges all of them are candidates.
    start : (first, second), each ndarray of int64, optional
        Ends of the edges to begin with instead, as when a similar problem has been solved.
    in_two_steps : bool
        Begin with a bonus that makes pairs count as much as weights do, and no more, if not all edges are
        solved at once. A vertex without a partner then does not upset the prices of all others.
    time_limit_s : float, optional
        Seconds after which the best matching so far is given, with a certificate of how good it is at least.
    keep_interrupted : bool
        Whether Ctrl-C, too, ends the search with the best matching so far.

    Returns
    -------
    PricedSolution
        The matching and its certificate.

    Raises
    ------
    SolverError
        If the time limit passed before there was a matching with a bound.
    KeyboardInterrupt
        If Ctrl-C was pressed, unless there was a matching that was to be kept.

    Notes
    -----
    Every round adds at least one edge that the engine has not seen, so the rounds come to an end.
    """
    deadline = math.inf if time_limit_s is None else time.monotonic() + time_limit_s
    rounds = _Rounds(source, engine, progress, deadline)
    try:
        candidates, prices = _first_candidates(source, n_each, solved_at_once, start), None
        if start is None and candidates[0].size < source.n_edges:
            candidates, prices = screened(source, candidates, rounds.check_time)
        easy = in_two_steps and candidates[0].size < source.n_edges
        rounds.begin(candidates, min(bonus, _easy_bonus(candidates)) if easy else bonus, prices)
        while rounds.price():
            pass
        return rounds.with_bonus(bonus)
    except KeyboardInterrupt:
        if rounds.so_far is None or not keep_interrupted:
            raise
        return replace(rounds.so_far, stopped="interrupted")
    except _TimeIsUpError:
        if rounds.so_far is None:
            raise SolverError(_too_soon(source.n_vertices, time_limit_s)) from None
        return replace(rounds.so_far, stopped="time limit")


def _too_soon(n_vertices: int, time_limit_s: float | None) -> str:
    """What was being done when the time was up, and how long it takes as a rule."""
    usual = next(words for most, words in _USUAL_TIMES if n_vertices <= most)
    return (
        f"The time limit of {time_limit_s or 0:g} s passed while the first plan of {n_vertices:,} teams, and "
        f"a bound on how good any can be, was being worked out. That takes {usual} as a rule. "
        "Allow more time, or leave the limit out; Ctrl-C, too, keeps the best plan so far."
    )


class _TimeIsUpError(Exception):
    """The time limit passed."""


class _Rounds:
    """Rounds of solving the candidates and pricing all other edges, and the best matching so far.

    Attributes
    ----------
    so_far : PricedSolution or None
        The best matching of which it is known how good it is at least.
    """

    def __init__(
        self,
        source: EdgeSource,
        engine: Engine,
        progress: Callable[[Progress], None] | None,
        deadline: float,
    ) -> None:
        self.so_far: PricedSolution | None = None
        self._source, self._engine, self._progress = source, engine, progress
        self._deadline = deadline
        self._n_rounds = self._n_searches = 0

    def begin(self, candidates: EdgeBlock, bonus: int, prices: Integers | None) -> None:
        """Set out with some edges, a bonus for each pair, and perhaps twice what each vertex is worth."""
        self._candidates, self._bonus = candidates, bonus
        self._near = None if prices is None else [price + bonus for price in prices.tolist()]

    def price(self) -> bool:
        """Solve the candidates and price all edges; true if some are violated, which become candidates."""
        return self._priced(self._engine(self._graph(), self._near))

    def _graph(self) -> DoubledGraph:
        return doubled_graph(self._source.n_vertices, *self._candidates, self._bonus)

    def _priced(self, answer: DualSolution) -> bool:
        """Price all edges under the duals of a solution; true if some are violated."""
        self._answer, self._near = answer, answer.vertex_duals
        self._n_rounds += 1
        self._n_searches += answer.n_searches
        certificate = _certificate(answer, self._bonus)
        pricing = violated_edges(certificate, self._source, self.check_time)
        self._note(answer, certificate, pricing)
        self._candidates = merged_edges(self._source.n_vertices, [self._candidates, pricing.worst])
        return pricing.n_violated > 0

    def with_bonus(self, bonus: int) -> PricedSolution:
        """Give the best matching, now that it is proven, for the bonus that was asked for."""
        found = self.so_far
        if found is not None and self._bonus < bonus and -1 not in found.partner:
            return replace(found, certificate=_with_bonus(found.certificate, bonus))
        if self._bonus < bonus:
            more, self._bonus = bonus - self._bonus, bonus
            answer = with_larger_bonus(self._answer, self._graph(), more)
            self._near = [dual + more for dual in self._answer.vertex_duals]
            if answer is None or self._priced(answer):
                while self.price():
                    pass
            found = self.so_far
        if found is None:
            raise SolverError("no round of pricing has been finished")
        return found

    def check_time(self) -> None:
        """Stop if the time limit has passed."""
        if time.monotonic() > self._deadline:
            raise _TimeIsUpError

    def _note(self, answer: DualSolution, certificate: Certificate, pricing: ViolatedEdges) -> None:
        """Keep the matching if it is the best so far, and tell how far the search is."""
        total = _total(answer.partner, self._candidates)
        n_pairs = sum(partner >= 0 for partner in answer.partner) // 2
        bound = None
        if pricing.raises is not None:
            bound = total + (sum(pricing.raises) + 1) // 2
            duals = tuple(map(operator.add, certificate.vertex_duals, pricing.raises))
            covering = replace(certificate, vertex_duals=duals)
            ends = self._candidates[:2]
            self.so_far = PricedSolution(
                answer.partner, total, covering, ends, self._n_rounds, self._n_searches
            )
        if self._progress is not None:
            seen = self._candidates[0].size
            self._progress(Progress(self._n_rounds, seen, pricing.n_violated, n_pairs, total, bound))


def _first_candidates(
    source: EdgeSource, n_each: int, solved_at_once: int, start: EdgeEnds | None
) -> EdgeBlock:
    if start is not None:
        return _edges_between(source, start)
    if source.n_edges > solved_at_once:
        return source.candidates(n_each)
    return merged_edges(source.n_vertices, list(source.blocks()))


def _easy_bonus(edges: EdgeBlock) -> int:
    """Twice as much as weights differ."""
    weights = edges[2]
    return 2 * (int(weights.max(initial=0)) - int(weights.min(initial=0))) + 1


def _with_bonus(certificate: Certificate, bonus: int) -> Certificate:
    """The proof of a perfect matching for another bonus: each vertex pays half of the difference."""
    more = bonus - certificate.cardinality_bonus
    return replace(
        certificate,
        cardinality_bonus=bonus,
        vertex_duals=tuple(dual + more for dual in certificate.vertex_duals),
    )


def _edges_between(source: EdgeSource, ends: EdgeEnds) -> EdgeBlock:
    """Look up the edges between given ends."""
    n_vertices = source.n_vertices
    wanted = ends[0] * n_vertices + ends[1]
    found: list[EdgeBlock] = []
    for first, second, weights in source.blocks():
        chosen = np.isin(first * n_vertices + second, wanted)
        found.append((first[chosen], second[chosen], weights[chosen]))
    return merged_edges(n_vertices, found)


def _certificate(answer: DualSolution, bonus: int) -> Certificate:
    return Certificate(
        n_vertices=len(answer.partner),
        cardinality_bonus=bonus,
        vertex_duals=tuple(answer.vertex_duals),
        innermost_set=tuple(answer.innermost_set),
        set_parent=tuple(answer.set_parent),
        set_duals=tuple(answer.set_duals),
    )


def _total(partner: list[int], edges: EdgeBlock) -> int:
    first, second, weights = edges
    paired = np.asarray(partner, dtype=np.int64)[first] == second
    return sum(weights[paired].tolist())
