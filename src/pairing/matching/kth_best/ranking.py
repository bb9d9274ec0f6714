"""The best matchings in order: the best, the second best, and so on, each of them exact.

Murty's scheme: the matchings other than the best one fall into disjoint parts, one for each of its pairs:
those that avoid this pair and hold the pairs before it. The second best is the best of the best part, which
is then divided in the same way. A part is solved only when the bound on it, from the duals of the part that
it was cut out of, stands first in the queue; most parts are never solved.
"""

from __future__ import annotations

import heapq
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import Problem, SettingsError, SolverError
from pairing.matching.kth_best.branching import (
    Pair,
    least_losses,
    partner_of,
    restricted,
    weights_by_pair,
    with_spares,
)
from pairing.matching.kth_best.ranked import RankedMatching, Ranking, SolvedPart
from pairing.matching.solving import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pairing.matching.problem import MatchingProblem
    from pairing.matching.proof.certificate import Certificate
    from pairing.matching.solution import MatchingSolution

    Indices = NDArray[np.int64]


@dataclass(frozen=True)
class RankingProgress:
    """How far a ranking has come.

    Parameters
    ----------
    n_found, n_wanted : int
        Matchings found, and how many are wanted.
    n_solved : int
        Parts of all matchings that were solved.
    bound : int or None
        The next matching weighs no more; None if there is none.
    """

    n_found: int
    n_wanted: int
    n_solved: int
    bound: int | None = None


def rank_matchings(
    problem: MatchingProblem,
    n_wanted: int,
    *,
    at_least: int | None = None,
    time_limit_s: float | None = None,
    keep_interrupted: bool = False,
    progress: Callable[[RankingProgress], None] | None = None,
) -> Ranking:
    """Find the best matchings in order, among those with as many pairs as possible.

    Parameters
    ----------
    problem : MatchingProblem
        Permitted edges and their weights.
    n_wanted : int
        How many matchings, at least 1.
    at_least : int, optional
        Stop at the first matching whose total is below this.
    time_limit_s : float, optional
        Seconds after which the matchings found so far are given. The best one is found in any case.
    keep_interrupted : bool
        Whether Ctrl-C, too, ends the ranking with the matchings found so far, once there are any.
    progress : callable, optional
        Called after every matching that was found, and after every part that was solved.

    Returns
    -------
    Ranking
        The matchings, all different, by descending total; and the proof, which
        :func:`~pairing.matching.kth_best.ranking_proof.check_ranking` checks.

    Raises
    ------
    SettingsError
        If `n_wanted` is below 1.
    KeyboardInterrupt
        If Ctrl-C was pressed, unless there were matchings that were to be kept.

    Notes
    -----
    The first one is what :func:`~pairing.matching.solving.solve` gives. Matchings with equal totals come in
    the order in which the parts are divided, and if more of them tie than fit, that order decides which are
    given; it depends on the problem alone, not on the order in which its edges were listed.

    Each further matching divides one part into as many as it has pairs. Solving them all at once, as in
    [1]_, or keeping a second best of each, as in [2]_, takes thousands of solutions; by the bounds of
    :func:`~pairing.matching.kth_best.branching.least_losses` a few dozen usually do.

    References
    ----------
    .. [1] Murty (1968), "An algorithm for ranking all the assignments in order of increasing cost",
       Operations Research 16(3).
    .. [2] Chegireddy and Hamacher (1987), "Algorithms for finding K-best perfect matchings", Discrete
       Applied Mathematics 18(2).

    Examples
    --------
    >>> from pairing.matching import MatchingProblem
    >>> complete = MatchingProblem(4, [0, 0, 0, 1, 1, 2], [1, 2, 3, 2, 3, 3], [9, 5, 1, 2, 6, 8])
    >>> [(ranked.total, ranked.partner.tolist()) for ranked in rank_matchings(complete, 5).matchings]
    [(17, [1, 0, 3, 2]), (11, [2, 3, 0, 1]), (3, [3, 2, 1, 0])]
    """
    if n_wanted < 1:
        raise SettingsError([Problem(f"{n_wanted} matchings are wanted", expected="at least 1")])
    deadline = math.inf if time_limit_s is None else time.monotonic() + time_limit_s
    found: list[RankedMatching] = []
    stopped: str | None = None

    def tell(bound: int | None) -> None:
        if progress is not None:
            progress(RankingProgress(len(found), n_wanted, len(search.parts), bound))

    search = _Search(problem, solve(problem), deadline, tell)
    try:
        while len(found) < n_wanted:
            ranked = search.next_best(at_least, in_any_case=not found)
            if ranked is None:
                break
            found.append(ranked)
            tell(search.bound)
    except TimeIsUpError:
        stopped = "time limit"
    except KeyboardInterrupt:
        if not (found and keep_interrupted):
            raise
        stopped = "interrupted"
    return Ranking(n_wanted, at_least, tuple(found), search.best, tuple(search.parts), stopped)


class TimeIsUpError(Exception):
    """The time limit passed between two parts, or while one was solved."""


@dataclass(frozen=True, eq=False)
class _OpenPart:
    """A part in the queue that was not solved: where it was cut out, what it holds and avoids."""

    parent: int
    place: int
    held: tuple[Pair, ...]
    avoided: tuple[Pair, ...]


@dataclass(frozen=True, eq=False)
class _ReadyPart:
    """A part in the queue whose best matching is known."""

    index: int
    limits: _OpenPart
    graph: MatchingProblem
    losses: list[int | None]


class _Search:
    """The queue of parts, best bound first; among equal bounds solved parts first, then by age."""

    def __init__(
        self,
        problem: MatchingProblem,
        best: MatchingSolution,
        deadline: float,
        tell: Callable[[int | None], None],
    ) -> None:
        self.best, self._deadline, self._tell = best, deadline, tell
        self.parts: list[SolvedPart] = []
        self._n_vertices = problem.n_vertices
        self._graph = with_spares(problem, best.unmatched.size)
        self._weight_of = weights_by_pair(self._graph)
        self._queue: list[tuple[int, int, int, _OpenPart | _ReadyPart]] = []
        self._n_queued = 0
        self._start()

    @property
    def bound(self) -> int | None:
        """No matching that was not given yet weighs more; None if there is none."""
        return -self._queue[0][0] if self._queue else None

    def next_best(self, at_least: int | None, *, in_any_case: bool) -> RankedMatching | None:
        """Give the best matching that was not given yet, and divide the rest of its part.

        Raises
        ------
        TimeIsUpError
            If the time limit has passed, unless it is to be found in any case.
        """
        while self._queue and (at_least is None or -self._queue[0][0] >= at_least):
            if not in_any_case and time.monotonic() > self._deadline:
                raise TimeIsUpError
            bound, _, _, part = heapq.heappop(self._queue)
            if isinstance(part, _ReadyPart):
                self._divide(part, -bound)
                pairs = self.parts[part.index].pairs
                return RankedMatching(
                    partner_of(self._n_vertices, part.limits.held, pairs), -bound, part.index
                )
            self._solve(part)
            self._tell(self.bound)
        return None

    def _start(self) -> None:
        """The engine's own best matching comes first, whatever else ties with it."""
        alone = self.best.unmatched
        spare = self._n_vertices + np.arange(alone.size)
        pairs = np.concatenate([self.best.pairs(), np.column_stack([alone, spare])])
        certificate = solve(self._graph).certificate if alone.size else self.best.certificate
        self._record(_OpenPart(-1, 0, (), ()), self._graph, pairs, certificate)

    def _solve(self, part: _OpenPart) -> None:
        graph = restricted(self._graph, part.held, part.avoided)
        left = None if math.isinf(self._deadline) else max(0.0, self._deadline - time.monotonic())
        try:
            solution = solve(graph, time_limit_s=left)
        except SolverError:
            raise TimeIsUpError from None
        if solution.stopped is not None:
            raise TimeIsUpError
        self._record(part, graph, solution.pairs(), solution.certificate)

    def _record(
        self, part: _OpenPart, graph: MatchingProblem, pairs: Indices, certificate: Certificate
    ) -> None:
        """Put a solved part on record, and back into the queue if it has a matching of full size."""
        pairs, losses = self._in_order_of_division(pairs, least_losses(graph, pairs, certificate))
        self.parts.append(SolvedPart(part.parent, part.place, pairs, certificate))
        if len(part.held) + len(pairs) == self._graph.n_vertices // 2:
            total = sum(self._weight_of[pair] for pair in (*part.held, *map(tuple, pairs.tolist())))
            self._push(total, _ReadyPart(len(self.parts) - 1, part, graph, losses))

    def _in_order_of_division(
        self, pairs: Indices, losses: list[int | None]
    ) -> tuple[Indices, list[int | None]]:
        """Put the pairs that are dearest to avoid first: the parts that matter are the small ones then."""
        beyond = sum(loss for loss in losses if loss is not None) + 1
        known = [beyond if loss is None else loss for loss in losses]
        ends = pairs.tolist()
        order = sorted(
            range(len(ends)), key=lambda at: (ends[at][1] >= self._n_vertices, -known[at], ends[at])
        )
        return pairs[order], [losses[at] for at in order]

    def _divide(self, part: _ReadyPart, total: int) -> None:
        limits, held = part.limits, part.limits.held
        pairs = self.parts[part.index].pairs.tolist()
        for place, ((one, other), loss) in enumerate(zip(pairs, part.losses, strict=True)):
            if other >= self._n_vertices:
                break  # which spare vertex keeps whom company makes no other matching
            if loss is not None:
                avoided = (*limits.avoided, (one, other))
                self._push(total - loss, _OpenPart(part.index, place, held, avoided))
            held = (*held, (one, other))

    def _push(self, bound: int, part: _OpenPart | _ReadyPart) -> None:
        heapq.heappush(self._queue, (-bound, int(isinstance(part, _OpenPart)), self._n_queued, part))
        self._n_queued += 1
