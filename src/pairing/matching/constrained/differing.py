"""Good matchings that really differ: each the best one that shares few enough pairs with those before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InfeasibleMatchingError, Problem, SettingsError
from pairing.matching.constrained.linear import SideRow, solve_constrained
from pairing.matching.solving import solve

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from pairing.matching.problem import MatchingProblem

    Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class DifferingMatching:
    """One of several good matchings that differ.

    Parameters
    ----------
    partner : ndarray of int64, shape (n,)
        Partner of each vertex, -1 for none.
    total : int
        Sum of the weights of the pairs.
    bound : int
        No matching that differs enough from those before weighs more; the total itself unless a limit
        stopped the search.
    """

    partner: Indices = field(repr=False)
    total: int
    bound: int


def differing_matchings(
    problem: MatchingProblem,
    n_wanted: int,
    n_changed: int,
    *,
    rows: Sequence[SideRow] = (),
    n_pairs: int | None = None,
    at_least: int | None = None,
    time_limit_s: float | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[DifferingMatching, ...]:
    """Find good matchings one after the other, each with enough pairs that none before it has.

    Parameters
    ----------
    problem : MatchingProblem
        Permitted edges and their weights.
    n_wanted : int
        How many matchings, at least 1.
    n_changed : int
        How many pairs each matching must have, at least, that any one before it does not have.
    rows : sequence of SideRow
        Side constraints that every matching has to keep, aligned with the problem's edges.
    n_pairs : int, optional
        Pairs of each matching; as many as possible without side constraints if not given.
    at_least : int, optional
        Stop at the first matching whose total is below this.
    time_limit_s : float, optional
        Seconds for each matching, after which the best one found is taken, with its bound.
    progress : callable, optional
        Called with the matchings found and wanted.

    Returns
    -------
    tuple of DifferingMatching
        All with the same number of pairs; the first is the best matching of all. Fewer than wanted if
        there are no more that differ so much and weigh enough.

    Raises
    ------
    SettingsError
        If `n_wanted` or `n_changed` is below 1.
    InfeasibleMatchingError
        If no matching at all keeps to the side constraints.
    SolverError
        If the time limit passes before any matching was found that differs enough.

    Notes
    -----
    Each step is exact, given the matchings before it: with p pairs, a matching M differs enough from an
    earlier one E if ``|M ∩ E| <= p − n_changed``, which is a linear side constraint. The sequence is greedy:
    no claim is made about the best set of matchings as a whole. With `n_changed` 1 they are the best
    matchings in order, under side constraints too.

    Examples
    --------
    >>> from pairing.matching import MatchingProblem
    >>> complete = MatchingProblem(4, [0, 0, 0, 1, 1, 2], [1, 2, 3, 2, 3, 3], [9, 5, 1, 2, 6, 8])
    >>> [found.total for found in differing_matchings(complete, 5, 2)]
    [17, 11, 3]
    """
    _refuse(n_wanted, n_changed)
    size = solve(problem).n_pairs if n_pairs is None else n_pairs
    found: list[DifferingMatching] = []
    while len(found) < n_wanted:
        apart = [_differs(problem, one.partner, size - n_changed) for one in found]
        try:
            next_one = solve_constrained(problem, [*rows, *apart], n_pairs=size, time_limit_s=time_limit_s)
        except InfeasibleMatchingError:
            if found:
                break
            raise
        if next_one.interrupted:
            raise KeyboardInterrupt
        if at_least is not None and next_one.total < at_least:
            break
        found.append(DifferingMatching(next_one.partner, next_one.total, next_one.bound))
        if progress is not None:
            progress(len(found), n_wanted)
    return tuple(found)


def _differs(problem: MatchingProblem, partner: Indices, most_shared: int) -> SideRow:
    shared = (partner[problem.first] == problem.second).astype(np.int64)
    return SideRow(shared, most_shared, "pairs shared with an earlier matching")


def _refuse(n_wanted: int, n_changed: int) -> None:
    problems = []
    if n_wanted < 1:
        problems.append(Problem(f"{n_wanted} matchings are wanted", expected="at least 1"))
    if n_changed < 1:
        problems.append(Problem(f"{n_changed} pairs have to change", expected="at least 1"))
    if problems:
        raise SettingsError(problems)
