"""The search behind a constrained matching: prices for a bound, then HiGHS among what is near it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import SolverError
from pairing.matching.constrained.constrained_solution import (
    ConstrainedProgress,
    ConstrainedSolution,
    NoConstrainedMatchingError,
)
from pairing.matching.constrained.gap_model import GapModel, shortfalls
from pairing.matching.constrained.lagrangean import LagrangeanBound, priced_weights
from pairing.matching.constrained.row_prices import RowPrices, RowRelaxation
from pairing.matching.problem import MatchingProblem
from pairing.matching.solving import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pairing.matching.constrained.highs import Watch
    from pairing.matching.constrained.side_rows import SideRow
    from pairing.matching.problem import Mode
    from pairing.matching.solution import MatchingSolution

    Chosen = NDArray[np.bool_]

_CUTTING_ROUNDS = 8
_FIRST_COLUMNS_EACH = 10
_FIRST_EDGES_EACH = 2
_FIRST_EDGES = 200
_WIDER = 4
_MOST_FORBIDDEN = 200
_WEIGHT_BITS = 45
_ROUNDING = 0.01


@dataclass(eq=False)
class ConstrainedSearch:
    """A search, and the best matching and the bound that it has so far.

    Parameters
    ----------
    problem : MatchingProblem
        Edges and weights.
    rows : tuple of SideRow
        The constraints, aligned with the edges.
    n_pairs : int or None
        How many pairs; None for any number.
    watch : Watch
        The time limit.
    progress : callable or None
        Told now and then.

    Raises
    ------
    NoConstrainedMatchingError
        If there are no matchings with so many pairs.

    Attributes
    ----------
    best : ndarray of bool, shape (m,), or None
        The best matching so far.
    total : int
        Its total.
    bound : int
        No matching that keeps to the constraints weighs more.
    """

    problem: MatchingProblem
    rows: tuple[SideRow, ...]
    n_pairs: int | None
    watch: Watch
    progress: Callable[[ConstrainedProgress], None] | None
    best: Chosen | None = field(default=None, init=False)
    total: int = field(default=0, init=False)
    bound: int = field(init=False)

    def __post_init__(self) -> None:
        weights = self.problem.weights
        heaviest = max(int(weights.max(initial=0)), -int(weights.min(initial=0)))
        self._scale = 1 << max(_WEIGHT_BITS - heaviest.bit_length(), 0)
        most = solve(self.problem, "max-cardinality")
        if self.n_pairs is not None and self.n_pairs > most.n_pairs:
            free = (Fraction(0),) * len(self.rows)
            raise NoConstrainedMatchingError(
                f"no matching has {self.n_pairs} pairs: at most {most.n_pairs} are possible",
                LagrangeanBound(free, Fraction(0), 1, most.certificate),
            )
        reaches = [row.reach(most.n_pairs) for row in self.rows]
        if any(row.limit < lowest for row, (lowest, _) in zip(self.rows, reaches, strict=True)):
            raise self._infeasible()
        self._binds = [row.limit < highest for row, (_, highest) in zip(self.rows, reaches, strict=True)]
        self._binding = tuple(row for row, binds in zip(self.rows, self._binds, strict=True) if binds)
        self._most = self._chosen(most.partner)
        self._mode: Mode = "max-cardinality" if self.n_pairs == most.n_pairs else "max-value"
        nothing = RowPrices((Fraction(0),) * len(self._binding), Fraction(0))
        self._certified, self._certified_bound, solution = self._priced(nothing)
        self.bound = floor(self._certified_bound)
        self._keep(self._chosen(solution.partner))

    @property
    def settled(self) -> bool:
        """Whether the best matching is as good as the bound."""
        return self.best is not None and self.bound <= self.total

    def bound_by_prices(self) -> None:
        """Look for prices of the constraints that prove a good bound.

        Raises
        ------
        NoConstrainedMatchingError
            If the bound is below anything that a matching could weigh.
        """
        if self.settled:
            return
        free_count = self._mode == "max-cardinality"
        relaxation = RowRelaxation(self.problem, self._binding, self.n_pairs, free_count, self.watch)
        slack = shortfalls(self._certified, self.problem, self._binding).of_edges
        nearest = np.argsort(slack, kind="stable")[: _FIRST_COLUMNS_EACH * self.problem.n_vertices]
        relaxation.see(np.union1d(nearest, np.flatnonzero(self._most)))
        for _ in range(_CUTTING_ROUNDS):
            prices = relaxation.solve()
            if prices is None:
                return
            certificate = self._try(prices).certificate
            if self.settled or self.watch.over or not relaxation.cut_off(certificate):
                return

    def close_the_gap(self) -> None:
        """Let HiGHS find the best matching among those not far from the bound, as far as need be.

        Raises
        ------
        NoConstrainedMatchingError
            If no matching keeps to the constraints.
        """
        parts = shortfalls(self._certified, self.problem, self._binding)
        order = np.sort(parts.of_edges)
        n_edges = max(_FIRST_EDGES_EACH * self.problem.n_vertices, _FIRST_EDGES)
        while not self.settled and not self.watch.over:
            within = float(order[n_edges]) if n_edges < order.size else float("inf")
            if self.best is not None:
                within = min(within, self._open_gap)
            model = GapModel(self.problem, self._binding, self.n_pairs, parts, within)
            if not self._solve(model):
                return
            self._tell(model.n_edges)
            if self.best is None and model.is_whole:
                raise self._infeasible()
            if self.best is not None and self._open_gap <= within and self._sharp_enough(model):
                return
            n_edges = order.size if self.best is not None else _WIDER * max(model.n_edges, _FIRST_EDGES)

    def answer(self) -> ConstrainedSolution:
        """Give what was found.

        Raises
        ------
        SolverError
            If the time limit passed before anything was found.
        """
        if self.best is None:
            if self.watch.interrupted:
                raise KeyboardInterrupt
            raise SolverError(
                "The time limit passed while the first plan was being searched for that keeps to every "
                "constraint on the whole plan. With thousands of teams that can take minutes. "
                "Allow more time, or relax a constraint."
            )
        partner = np.full(self.problem.n_vertices, -1, dtype=np.int64)
        first, second = self.problem.first[self.best], self.problem.second[self.best]
        partner[first], partner[second] = second, first
        partner.setflags(write=False)
        return ConstrainedSolution(
            partner=partner,
            total=self.total,
            bound=max(self.bound, self.total),
            certified=self._with_all_prices(self._certified),
            certified_bound=floor(self._certified_bound),
            status="optimal" if self.settled else "feasible",
            interrupted=self.watch.interrupted,
        )

    def _with_all_prices(self, bound: LagrangeanBound) -> LagrangeanBound:
        """Give a bound with a price of 0 for the constraints that cannot bind."""
        found = iter(bound.prices)
        prices = tuple(next(found) if binds else Fraction(0) for binds in self._binds)
        return replace(bound, prices=prices)

    def _sharp_enough(self, model: GapModel) -> bool:
        """Whether single units show in HiGHS's bound, or a model with fewer edges would not be sharper."""
        return model.tolerance <= _ROUNDING or self._open_gap > model.within / 2

    @property
    def _open_gap(self) -> float:
        """How far the best matching falls short of the certified bound."""
        return float(self._certified_bound - self.total)

    def _priced(self, prices: RowPrices) -> tuple[LagrangeanBound, Fraction, MatchingSolution]:
        weights = priced_weights(self.problem, self._binding, prices.of_rows, prices.of_a_pair, self._scale)
        priced = MatchingProblem(self.problem.n_vertices, self.problem.first, self.problem.second, weights)
        solution = solve(priced, self._mode)
        bound = LagrangeanBound(prices.of_rows, prices.of_a_pair, self._scale, solution.certificate)
        proven = Fraction(solution.total, self._scale) + bound.price_of_limits(self._binding, self.n_pairs)
        return bound, proven, solution

    def _try(self, prices: RowPrices) -> MatchingSolution:
        """Bound all matchings at these prices, and see whether the best one at them is allowed."""
        bound, proven, solution = self._priced(prices)
        if proven < self._certified_bound:
            self._certified, self._certified_bound = bound, proven
            self.bound = min(self.bound, floor(proven))
        if proven < self._least_conceivable():
            raise self._infeasible(self._with_all_prices(bound))
        self._keep(self._chosen(solution.partner))
        self._tell(self.problem.n_edges)
        return solution

    def _solve(self, model: GapModel) -> bool:
        """Let HiGHS work on a model; matchings that exact arithmetic refuses are forbidden one by one."""
        for _ in range(_MOST_FORBIDDEN):
            found = model.solve(self.watch, lambda best, low: self._hear(model, best, low))
            refused = found.chosen is not None and not self._keep(found.chosen)
            self._lower_bound(min(found.at_least, model.within), model.tolerance)
            if found.outcome == "stopped":
                return False
            if found.chosen is None or not refused:
                return True
            model.forbid(found.chosen)
        return False

    def _lower_bound(self, shortfall: float, tolerance: float) -> None:
        """Every matching falls short of the certified bound by at least so much."""
        if np.isfinite(shortfall):
            solvers = self._certified_bound - Fraction(shortfall) + Fraction(_ROUNDING + tolerance)
            self.bound = min(self.bound, floor(solvers))

    def _keep(self, chosen: Chosen) -> bool:
        """Keep a matching if it is allowed, which is checked exactly, and better than the best so far."""
        ends = np.concatenate([self.problem.first[chosen], self.problem.second[chosen]])
        if np.unique(ends).size < ends.size or self.n_pairs not in (None, ends.size // 2):
            return False
        if not all(row.permits(chosen) for row in self.rows):
            return False
        total = sum(self.problem.weights[chosen].tolist())
        if self.best is None or total > self.total:
            self.best, self.total = chosen, total
        return True

    def _chosen(self, partner: NDArray[np.int64]) -> Chosen:
        chosen: Chosen = partner[self.problem.first] == self.problem.second
        return chosen

    def _least_conceivable(self) -> int:
        """A number that no matching with the right number of pairs weighs less than."""
        weights = self.problem.weights
        if self.n_pairs is None or weights.size == 0:
            return int(weights.min(initial=0)) * (self.problem.n_vertices // 2)
        return int(weights.min()) * self.n_pairs

    def _infeasible(self, certified: LagrangeanBound | None = None) -> NoConstrainedMatchingError:
        pairs = "" if self.n_pairs is None else f" with {self.n_pairs} pairs"
        message = f"no matching{pairs} keeps to the side constraints"
        return NoConstrainedMatchingError(message, certified)

    def _hear(self, model: GapModel, best: float, low: float) -> None:
        """Tell of HiGHS's state, which is in shortfalls."""
        if self.progress is None or not np.isfinite(low):
            return
        bound = min(self.bound, floor(self._certified_bound - Fraction(min(max(low, 0.0), model.within))))
        total = self.total if self.best is not None else None
        if np.isfinite(best):
            found = floor(self._certified_bound - Fraction(best) + Fraction(1, 2))
            total = found if total is None else max(total, found)
        self.progress(
            ConstrainedProgress(total, bound if total is None else max(bound, total), model.n_edges)
        )

    def _tell(self, n_edges: int) -> None:
        if self.progress is not None:
            total = self.total if self.best is not None else None
            self.progress(ConstrainedProgress(total, self.bound, n_edges))
