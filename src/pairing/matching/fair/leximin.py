"""The fairest matching: as many pairs as possible, then the worst as good as can be, the next, and so on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.errors import Problem, SettingsError, SolverError
from pairing.matching.engine.blossom import blossom_engine
from pairing.matching.fair.fairness import leximin_weights
from pairing.matching.large.pricing import solve_by_pricing
from pairing.matching.problem import MatchingProblem
from pairing.matching.solving import cardinality_bonus, proven_solution, solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pairing.matching.large.pricing import PricedSolution, Progress
    from pairing.matching.problem import EdgeEnds
    from pairing.matching.solution import MatchingSolution

LONGEST_BITS = 14_000
"""Certificates are kept as decimal digits, of which Python reads up to 4,300 as one number."""


def fairest_matching(
    problem: MatchingProblem,
    *,
    start: NDArray[np.int64] | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> MatchingSolution:
    """Find a matching that no other is fairer than, with a certificate that proves it.

    As many pairs as possible come first. Among matchings with as many pairs, the fairer one is that whose
    worst pair is worth more; if these are equal, whose second worst pair is worth more; and so on. Ties
    count as what they are: all fairest matchings have the same values, each as often.

    Parameters
    ----------
    problem : MatchingProblem
        Permitted edges and their values, which must fit into 64 bits.
    start : ndarray of int64, shape (n,), optional
        Partner of each vertex in a matching with as many pairs as possible, -1 for none, to begin with. By
        default the one of the greatest total.
    progress : callable, optional
        Called after every round of pricing.

    Returns
    -------
    MatchingSolution
        The matching. Its certificate and its total are for the weights that
        :func:`~pairing.matching.fair.fairness.leximin_weights` gives for the values of its own pairs.

    Raises
    ------
    SettingsError
        If the values do not fit into 64 bits, or there are so many different ones in the matching (about
        1,500) that the numbers of the proof could not be written down.

    Notes
    -----
    Relative to any matching with as many pairs, the heaviest matching under its leximin weights is fairer
    than it, or as fair if none is fairer. So solving for the weights of the last answer ends with a fairest
    matching and its proof. From the matching of the greatest total that takes two to five solutions on the
    graphs of teams that were tried. The candidates of one solution serve the next.

    References
    ----------
    Rawls (1971), "A Theory of Justice"; Sen (1970), "Collective Choice and Social Welfare", for leximin.
    Irving, Kavitha, Mehlhorn, Michail and Paluch (2006), "Rank-maximal matchings", ACM Transactions on
    Algorithms 2(4), for weights that order matchings by counts of ranks.

    Examples
    --------
    >>> square = MatchingProblem(4, [0, 2, 0, 1], [1, 3, 3, 2], [9, 1, 2, 3])
    >>> solve(square).pairs().tolist(), fairest_matching(square).pairs().tolist()
    ([[0, 1], [2, 3]], [[0, 3], [1, 2]])
    """
    if problem.weights.dtype == object:
        raise SettingsError([Problem("values for the fairest matching must fit into 64 bits")])
    partner = solve(problem, progress=progress).partner if start is None else start
    values = _pair_values(problem, partner)
    seen: EdgeEnds | None = None
    n_rounds = n_searches = 0
    while True:
        priced = _heaviest(problem, values, seen, progress)
        n_rounds, n_searches = n_rounds + priced.n_rounds, n_searches + priced.n_searches
        improved = _pair_values(problem, np.array(priced.partner, dtype=np.int64))
        if np.array_equal(improved, values):
            solution = proven_solution(priced, "max-cardinality")
            return replace(solution, n_rounds=n_rounds, n_searches=n_searches)
        if (improved.size, improved.tolist()) < (values.size, values.tolist()):
            raise SolverError("a matching that should have been fairer is not")  # or this would never end
        values, seen = improved, priced.candidates


def _heaviest(
    problem: MatchingProblem,
    values: NDArray[np.int64],
    seen: EdgeEnds | None,
    progress: Callable[[Progress], None] | None,
) -> PricedSolution:
    """Find the heaviest matching under the leximin weights that belong to the values of some pairs."""
    # The weights of the pairs alone tell whether the numbers are too long; those of all edges take gigabytes.
    _refuse_too_long(problem.n_vertices, leximin_weights(values, values), values)
    weights = leximin_weights(problem.weights, values)
    weighed = MatchingProblem(problem.n_vertices, problem.first, problem.second, weights)
    bonus = cardinality_bonus(weighed)
    _refuse_too_long(problem.n_vertices, weights, values)
    return solve_by_pricing(weighed, bonus, blossom_engine, progress=progress, start=seen)


def _refuse_too_long(n_vertices: int, weights: NDArray[Any], values: NDArray[np.int64]) -> None:
    """Refuse weights whose bonus, were they all, would be too long to be written down."""
    if weights.size == 0:
        return
    bonus = (n_vertices // 2) * (int(weights.max()) - int(weights.min()) + 4) + 1
    if bonus.bit_length() > LONGEST_BITS:
        raise SettingsError(
            [
                Problem(
                    f"the fairest matching has {len(np.unique(values)):,} different values, for which the "
                    "numbers of the proof are too long to be written down",
                    advice="Round the values to fewer decimals, or make the total as great as possible.",
                )
            ]
        )


def _pair_values(problem: MatchingProblem, partner: NDArray[np.int64]) -> NDArray[np.int64]:
    """Values of the pairs of a matching, the worst first."""
    return np.sort(problem.weights[partner[problem.first] == problem.second])
