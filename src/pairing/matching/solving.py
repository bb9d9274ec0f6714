"""From a problem to a proven matching: the bonus that makes pairs count, and the engine with its pricing."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import numpy as np

from pairing.errors import Problem, SettingsError
from pairing.matching.engine.blossom import blossom_engine
from pairing.matching.large.pricing import SOLVED_AT_ONCE, PricedSolution, solve_by_pricing
from pairing.matching.large.remembered import RememberedEdges
from pairing.matching.large.stopped_in_time import proven_if_complete
from pairing.matching.problem import MatchingProblem, Mode
from pairing.matching.solution import MatchingSolution, NoPerfectMatchingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pairing.matching.edge_source import EdgeSource
    from pairing.matching.large.pricing import Progress


def solve(
    problem: EdgeSource,
    mode: Mode = "max-cardinality",
    *,
    progress: Callable[[Progress], None] | None = None,
    time_limit_s: float | None = None,
    keep_interrupted: bool = False,
) -> MatchingSolution:
    """Find the best matching there is, with a certificate that proves it.

    Parameters
    ----------
    problem : EdgeSource
        Permitted edges and their weights: a :class:`~pairing.matching.problem.MatchingProblem`, or a stream
        of edges that are never held at once.
    mode : {"perfect", "max-cardinality", "max-value"}
        "max-cardinality": as many pairs as possible, and among those the greatest total. "perfect": the
        same, but every vertex must have a partner. "max-value": the greatest total, however many pairs
        that takes; edges that are worth nothing or less are not used.
    progress : callable, optional
        Called after every round.
    time_limit_s : float, optional
        Seconds after which the best matching so far is given; its `stopped` says so, unless it is proven.
    keep_interrupted : bool
        Whether Ctrl-C, too, ends the search with the best matching so far, if there is one.

    Returns
    -------
    MatchingSolution
        The matching, its total, and the certificate.

    Raises
    ------
    NoPerfectMatchingError
        In mode "perfect" if some vertex must stay alone; it carries the best matching all the same.
    SolverError
        If the time limit passed before there was any matching.
    SettingsError
        If the mode is unknown.

    Notes
    -----
    The answer is the same whatever the order in which the edges were given.

    Examples
    --------
    >>> path = MatchingProblem(4, [0, 1, 2], [1, 2, 3], [3, 8, 4])
    >>> solve(path).pairs().tolist(), solve(path, "max-value").pairs().tolist()
    ([[0, 1], [2, 3]], [[1, 2]])
    """
    if mode not in get_args(Mode):
        raise SettingsError([Problem(f"mode '{mode}' is unknown", expected=", ".join(get_args(Mode)))])
    bonus = 0 if mode == "max-value" else cardinality_bonus(problem)
    priced = solve_by_pricing(
        _remembering(problem),
        bonus,
        blossom_engine,
        progress=progress,
        in_two_steps=bonus > 0,
        time_limit_s=time_limit_s,
        keep_interrupted=keep_interrupted,
    )
    solution = proven_solution(proven_if_complete(priced, bonus), mode)
    if mode == "perfect" and not solution.is_perfect and solution.stopped is None:
        raise NoPerfectMatchingError(solution)
    return solution


def _remembering(problem: EdgeSource) -> EdgeSource:
    """Give the edges a memory, unless they have one, are few, or are too long for its comparisons."""
    if isinstance(problem, RememberedEdges):
        return problem
    if isinstance(problem, MatchingProblem) and (
        problem.n_edges <= SOLVED_AT_ONCE or problem.weights.dtype == object
    ):
        return problem
    return RememberedEdges(problem)


def cardinality_bonus(problem: EdgeSource) -> int:
    """Give the constant that makes one pair more count for more than any difference in weight.

    Parameters
    ----------
    problem : EdgeSource
        Permitted edges and their weights.

    Returns
    -------
    int
        Above the greatest difference between the weights of two matchings, with four units a pair to
        spare, so that the proof survives when every weight is recomputed with an error of one unit.
    """
    lowest, highest = problem.weight_range()
    return (problem.n_vertices // 2) * (highest - lowest + 4) + 1


def proven_solution(priced: PricedSolution, mode: Mode) -> MatchingSolution:
    """Give what was found in the form in which it is handed out, its arrays read-only."""
    partner = np.array(priced.partner, dtype=np.int64)
    partner.setflags(write=False)
    return MatchingSolution(
        partner=partner,
        total=priced.total,
        certificate=priced.certificate,
        mode=mode,
        n_rounds=priced.n_rounds,
        n_searches=priced.n_searches,
        stopped=priced.stopped,
    )
