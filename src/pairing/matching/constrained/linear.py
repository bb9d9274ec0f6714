"""The best matching under linear side constraints, proven with a bound and a gap.

An ordinary certificate at the right prices of the constraints leaves a small gap; the edges that cannot be
in any matching within that gap are dropped, and HiGHS closes it on the rest. Totals, constraints and the
certificate are exact; what HiGHS adds is the claim that nothing lies in between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.matching.constrained.constrained_search import ConstrainedSearch
from pairing.matching.constrained.constrained_solution import ConstrainedProgress, ConstrainedSolution
from pairing.matching.constrained.highs import Watch
from pairing.matching.constrained.side_rows import SideRow, check_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pairing.matching.problem import MatchingProblem

__all__ = ["ConstrainedProgress", "ConstrainedSolution", "SideRow", "solve_constrained"]


def solve_constrained(
    problem: MatchingProblem,
    rows: Sequence[SideRow],
    *,
    n_pairs: int | None,
    time_limit_s: float | None = None,
    progress: Callable[[ConstrainedProgress], None] | None = None,
) -> ConstrainedSolution:
    """Find the matching of the greatest weight that keeps to linear side constraints.

    Parameters
    ----------
    problem : MatchingProblem
        Permitted edges and their weights.
    rows : sequence of SideRow
        The constraints, aligned with the problem's edges.
    n_pairs : int or None
        How many pairs the matching must have; None for any number.
    time_limit_s : float, optional
        Seconds after which the best matching so far is returned, with its gap.
    progress : callable, optional
        Called now and then.

    Returns
    -------
    ConstrainedSolution
        The matching, the bound, and the certificate of a bound.

    Raises
    ------
    NoConstrainedMatchingError
        An InfeasibleMatchingError: if no matching with so many pairs keeps to the constraints.
    SolverError
        If the time limit passes before any matching was found.
    InputDataError
        If a row is not aligned with the edges.

    Notes
    -----
    On one thread and with fixed seeds: the answer is the same every time, unless a time limit stops it.
    Ctrl-C returns the best matching so far, if there is one.

    References
    ----------
    Geoffrion (1974), "Lagrangean relaxation for integer programming", Mathematical Programming Study 2.
    Huangfu and Hall (2018), "Parallelizing the dual revised simplex method", Mathematical Programming
    Computation 10.

    Examples
    --------
    >>> import numpy as np
    >>> from pairing.matching import MatchingProblem
    >>> square = MatchingProblem(4, [0, 2, 0, 1], [1, 3, 3, 2], [9, 9, 4, 5])
    >>> long = SideRow(np.array([300.0, 40.0, 50.0, 60.0]), 200.0, "km")
    >>> best = solve_constrained(square, [long], n_pairs=2)
    >>> best.total, best.bound, best.status
    (9, 9, 'optimal')
    """
    check_rows(rows, problem.n_edges)
    search = ConstrainedSearch(problem, tuple(rows), n_pairs, Watch(time_limit_s), progress)
    try:
        search.bound_by_prices()
        search.close_the_gap()
    except KeyboardInterrupt:
        search.watch.interrupted = True
    return search.answer()
