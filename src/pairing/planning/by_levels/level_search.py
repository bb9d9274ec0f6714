"""How a level's best plan is found: by the exact engine where it can, by the constrained search elsewhere."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import SolverError
from pairing.matching import (
    ConstrainedSolution,
    LagrangeanBound,
    MatchingProblem,
    NoConstrainedMatchingError,
    SideRow,
    solve,
    solve_constrained,
)
from pairing.planning.by_levels.levels import Level, Room

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pairing.matching import ConstrainedProgress, Mode

    Chosen = NDArray[np.bool_]


@dataclass(eq=False)
class LevelSearch:
    """Finds plans in a room.

    Parameters
    ----------
    time_limit_s : float, optional
        Seconds for all levels together.
    progress : callable, optional
        Told the name of the level and where its search stands.

    Attributes
    ----------
    stopped : str or None
        "time limit" or "interrupted" once either has ended a search.
    """

    time_limit_s: float | None = None
    progress: Callable[[str, ConstrainedProgress], None] | None = None
    stopped: str | None = field(default=None, init=False)
    _start: float = field(default_factory=time.monotonic, init=False)

    def best(self, room: Room, weights: NDArray[np.int64], name: str, *, exact: bool) -> ConstrainedSolution:
        """Find the plan of the greatest weight in a room.

        Parameters
        ----------
        room : Room
            What is possible.
        weights : ndarray of int64, shape (m,)
            Weight of every permitted pair.
        name : str
            The level, for the progress.
        exact : bool
            Whether the room's rows are nothing but floors of earlier levels at their best, most important
            first, so that the exact engine can do it alone.

        Raises
        ------
        NoConstrainedMatchingError
            If the room is empty.
        SolverError
            If the time passed before any plan was found.
        """
        problem, rows = room.problem(weights), room.kept_rows()
        if exact:
            return _by_weight_alone(problem, rows, room.n_pairs)
        progress = self.progress
        solution = solve_constrained(
            problem,
            rows,
            n_pairs=room.n_pairs,
            time_limit_s=self.left_s(),
            progress=progress and (lambda state: progress(name, state)),
        )
        if solution.status != "optimal" and self.stopped is None:
            self.stopped = _why_stopped(solution, self.left_s())
        return solution

    def worst(self, room: Room, start: Chosen, *, exact: bool) -> tuple[Level, Chosen]:
        """Raise the value of the worst pair as far as possible, by bisection over the values of pairs.

        Parameters
        ----------
        room : Room
            What is possible.
        start : ndarray of bool, shape (m,)
            A plan in the room.
        exact : bool
            As for :meth:`best`.

        Returns
        -------
        tuple of (Level, ndarray of bool)
            The level, and a plan that attains it.
        """
        integers = room.table.integers
        values = np.unique(integers[room.kept])
        nothing = np.zeros(len(room.table), dtype=np.int64)
        low, high = int(np.searchsorted(values, integers[start].min())), int(values.size) - 1
        plan, proof = start, None
        while low < high and self.stopped is None:
            middle = (low + high + 1) // 2
            try:
                above = room.above(int(values[middle - 1]))
                found = self.best(above, nothing, "worst", exact=exact)
            except NoConstrainedMatchingError as error:
                high, proof = middle - 1, error.certified
            except SolverError:
                self.stopped = "time limit"
            else:
                plan = _chosen(room, found)
                low = int(np.searchsorted(values, integers[plan].min()))
        best, bound = int(values[low]), int(values[high])
        return Level("worst", best, bound, 0.0, proof if best == bound else None, bound), plan

    def left_s(self) -> float | None:
        """Seconds that are left for the search; None for any number."""
        if self.time_limit_s is None:
            return None
        return max(self.time_limit_s - (time.monotonic() - self._start), 0.0)


def _why_stopped(solution: ConstrainedSolution, left_s: float | None) -> str:
    if solution.interrupted:
        return "interrupted"
    return "time limit" if left_s is not None and left_s <= 0 else "precision"


def _chosen(room: Room, solution: ConstrainedSolution) -> Chosen:
    table = room.table
    chosen: Chosen = solution.partner[table.first] == table.second
    return chosen


def _by_weight_alone(
    problem: MatchingProblem, rows: tuple[SideRow, ...], n_pairs: int | None
) -> ConstrainedSolution:
    """Solve with prices of the rows at which nothing can make up for a unit of a more important level."""
    combined = problem.weights.astype(object)
    prices = [Fraction(0)] * len(rows)
    for at in reversed(range(len(rows))):
        spread = (combined.max() - combined.min()) if combined.size else 0
        price = (problem.n_vertices // 2) * int(max(spread, abs(combined).max(initial=0))) + 1
        combined = combined - price * rows[at].multiples.astype(object)
        prices[at] = Fraction(price)
    mode: Mode = "max-value" if n_pairs is None else "max-cardinality"
    priced = MatchingProblem(problem.n_vertices, problem.first, problem.second, combined)
    solution = solve(priced, mode)
    chosen = solution.partner[problem.first] == problem.second
    if n_pairs not in (None, solution.n_pairs) or not all(row.permits(chosen) for row in rows):
        certified = LagrangeanBound(tuple(prices), Fraction(0), 1, solution.certificate)
        raise NoConstrainedMatchingError("no plan is left by the earlier levels", certified)
    total = sum(problem.weights[chosen].tolist())
    certified = LagrangeanBound(tuple(prices), Fraction(0), 1, solution.certificate)
    bound = int((solution.total + certified.price_of_limits(rows, n_pairs)) // 1)
    return ConstrainedSolution(solution.partner, total, bound, certified, bound, "optimal")
