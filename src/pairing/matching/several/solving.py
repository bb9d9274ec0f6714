"""Several rounds planned together: as many pairs as possible, then few rests, then the greatest weight."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import Problem, SettingsError
from pairing.matching.constrained.highs import Watch
from pairing.matching.several.colouring import evened
from pairing.matching.several.greedy import greedy_rounds
from pairing.matching.several.proof import (
    RoundsCertificate,
    RoundsProof,
    check_rounds,
    most_rests,
    pairs_by_counting,
    rests_by_counting,
)
from pairing.matching.several.search import Aim, Found, SearchProgress, search
from pairing.matching.several.union import UnionProblem

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pairing.matching.problem import MatchingProblem
    from pairing.matching.several.bound import BoundTree
    from pairing.matching.several.colouring import Edge

    Pairs = NDArray[np.int64]
    Tell = Callable[[SearchProgress], None]


@dataclass(frozen=True, eq=False)
class RoundsSolution:
    """The best rounds found, and what is proven of them.

    Parameters
    ----------
    rounds : tuple of ndarray of int64, each of shape (k, 2)
        The pairs of each round, the smaller vertex first, ascending. The round with most pairs comes first,
        among equals the one that weighs most.
    proof : RoundsProof
        Totals and bounds, checked from the certificate.
    certificate : RoundsCertificate
        The proof for anyone else.
    greedy : tuple of ndarray of int64
        What comes of planning one round after the other.
    n_nodes : int
        Cases that the searches looked at.
    stopped : str, optional
        "time limit" or "interrupted" if that came before the proof.
    """

    rounds: tuple[Pairs, ...] = field(repr=False)
    proof: RoundsProof
    certificate: RoundsCertificate = field(repr=False)
    greedy: tuple[Pairs, ...] = field(repr=False)
    n_nodes: int
    stopped: str | None = None

    @property
    def status(self) -> str:
        """Either "optimal" or, where a limit came first, "feasible"."""
        return "optimal" if self.proof.is_optimal else "feasible"


def solve_rounds(
    problem: MatchingProblem,
    n_rounds: int,
    *,
    time_limit_s: float | None = None,
    keep_interrupted: bool = False,
    progress: Callable[[SearchProgress], None] | None = None,
) -> RoundsSolution:
    """Plan several rounds together, with no pair in two of them.

    Parameters
    ----------
    problem : MatchingProblem
        Permitted edges and their weights.
    n_rounds : int
        How many rounds.
    time_limit_s : float, optional
        Seconds after which the best rounds found so far are given, with a bound. One round after the other is
        planned in any case.
    keep_interrupted : bool
        Whether Ctrl-C, too, ends the search with the best rounds so far, once there are any.
    progress : callable, optional
        Called now and then.

    Returns
    -------
    RoundsSolution
        As many pairs in all rounds together as possible; among those plans one in which the vertex that rests
        most often does so as rarely as possible; among those the greatest weight.

    Raises
    ------
    SettingsError
        If there is not at least one round, or the time limit is no time.
    SolverError
        If the linear solver fails.
    KeyboardInterrupt
        If Ctrl-C was pressed, unless there were rounds that were to be kept.

    Notes
    -----
    Rounds can be exchanged for one another, so only the edges that they use together are searched for: a
    linear programme with odd-set and blossom inequalities, added as they are violated, and branch and bound
    where it has fractions left. Where there are many edges, the solver begins with those that are likely to
    be used, and all others are priced. The edges are then split into matchings [1]_. Every bound is
    computed again in integers from rounded duals, so that nothing rests on the solver's arithmetic.

    References
    ----------
    .. [1] Seymour (1979), "On multi-colourings of cubic graphs, and conjectures of Fulkerson and Tutte",
       Proc. London Math. Soc. 38.

    Examples
    --------
    >>> from pairing.matching import MatchingProblem
    >>> square = MatchingProblem(4, [0, 0, 0, 1, 1, 2], [1, 2, 3, 2, 3, 3], [9, 1, 5, 5, 1, 1])
    >>> solution = solve_rounds(square, 2)
    >>> [pairs.tolist() for pairs in solution.rounds], solution.proof.total, solution.status
    ([[[0, 1], [2, 3]], [[0, 3], [1, 2]]], 20, 'optimal')
    """
    _require(n_rounds, time_limit_s)
    stages = _Stages(problem, n_rounds, Watch(time_limit_s), progress)
    try:
        solution = stages.solution()
    except KeyboardInterrupt:
        if stages.watch.interrupted or not keep_interrupted:
            raise
        stages.watch.interrupted = True
        solution = stages.solution()  # with what was found; every search ends at once now
    if stages.watch.interrupted and not keep_interrupted:
        raise KeyboardInterrupt
    return solution


def _require(n_rounds: int, time_limit_s: float | None) -> None:
    problems = []
    if n_rounds < 1:
        problems.append(Problem(f"the number of rounds is {n_rounds}", expected="at least 1"))
    if time_limit_s is not None and not time_limit_s >= 0:
        problems.append(Problem(f"the time limit is {time_limit_s} seconds", expected="at least 0"))
    if problems:
        raise SettingsError(problems)


class _Stages:
    """First the number of pairs, then the rests, then the weight; each begins with what was found before."""

    def __init__(self, problem: MatchingProblem, n_rounds: int, watch: Watch, progress: Tell | None) -> None:
        self.problem, self.n_rounds, self.watch, self.progress = problem, n_rounds, watch, progress
        self.edges = problem.first, problem.second, problem.weights
        self.greedy = greedy_rounds(problem, n_rounds)
        self.best: list[list[Edge]] = [list(map(tuple, pairs.tolist())) for pairs in self.greedy]
        self.n_nodes = 0

    def solution(self) -> RoundsSolution:
        pairs = self._most_pairs()
        rests = self._fewest_rests()
        n_pairs = sum(map(len, self.best))
        value = self._search(
            "total",
            self._task(self.problem.weights, self.n_rounds - self._rests(), n_pairs),
            known=self.best,
        )
        self.best = value.matchings or self.best
        self.best = evened(self.best)
        certificate = RoundsCertificate(value.proof, pairs, rests)
        rounds = self._in_order()
        proof = check_rounds(certificate, self.problem.n_vertices, rounds, self.edges)
        return RoundsSolution(rounds, proof, certificate, self.greedy, self.n_nodes, self._stopped(proof))

    def _stopped(self, proof: RoundsProof) -> str | None:
        if proof.is_optimal or not self.watch.over:
            return None
        return "interrupted" if self.watch.interrupted else "time limit"

    def _most_pairs(self) -> BoundTree | None:
        most = pairs_by_counting(self.problem.n_vertices, self.n_rounds, self.edges)
        if sum(map(len, self.best)) == most:
            return None
        found = self._search("pairs", self._task(self._ones(), 0), known=self.best, enough=most)
        self.best = found.matchings or self.best
        return found.proof if found.bound < most else None

    def _fewest_rests(self) -> BoundTree | None:
        """Try fewer and fewest rests from below; the last number that was shown not to do is the proof."""
        n_pairs, proof = sum(map(len, self.best)), None
        fewest = rests_by_counting(self.problem.n_vertices, self.n_rounds, n_pairs, self.edges)
        for rests in range(fewest, self._rests()):
            task = self._task(self._ones(), self.n_rounds - rests)
            found = self._search("rests", task, floor=n_pairs - 1, enough=n_pairs)
            if found.matchings is not None:
                self.best = found.matchings
                break
            if found.bound >= n_pairs:
                break  # the time is over
            proof = found.proof
        return proof

    def _search(self, aim: Aim, task: UnionProblem, **known: object) -> Found:
        found = search(task, watch=self.watch, aim=aim, progress=self.progress, **known)  # type: ignore[arg-type]
        self.n_nodes += found.n_nodes
        return found

    def _task(self, weights: NDArray[np.int64], least: int, n_pairs: int | None = None) -> UnionProblem:
        n, (first, second, _) = self.problem.n_vertices, self.edges
        return UnionProblem(n, self.n_rounds, first, second, weights, least, n_pairs)

    def _ones(self) -> NDArray[np.int64]:
        return np.ones(self.problem.n_edges, np.int64)

    def _arrays(self) -> list[Pairs]:
        return [np.array(sorted(pairs), np.int64).reshape(-1, 2) for pairs in self.best]

    def _rests(self) -> int:
        return most_rests(self.problem.n_vertices, self._arrays())

    def _in_order(self) -> tuple[Pairs, ...]:
        weight = dict(
            zip(
                zip(*map(np.ndarray.tolist, self.edges[:2]), strict=True), self.edges[2].tolist(), strict=True
            )
        )
        totals = {at: sum(weight[a, b] for a, b in pairs) for at, pairs in enumerate(self.best)}
        arrays = self._arrays()
        order = sorted(totals, key=lambda at: (-len(arrays[at]), -totals[at], arrays[at].tolist()))
        return tuple(arrays[at] for at in order)
