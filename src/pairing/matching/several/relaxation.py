"""The linear programme behind several rounds: solved in floating point, its duals handed on in integers.

The solver sees only edges that are likely to be used. All others are priced against its duals, and those that
they do not cover are added, until none is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.errors import SolverError
from pairing.matching.constrained.highs import new_highs, run
from pairing.matching.several.bound import Decision, DualBound, Duals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pairing.matching.constrained.highs import Watch
    from pairing.matching.several.union import Cut, UnionProblem

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

_LARGEST_COST = 1e6
"""Weights are scaled to at most this for the solver, so that its tolerances mean the same for any unit."""

_RAY_PARTS = 2**20

_ADDED_EACH = 5
"""Edges that are added at once, for each vertex on average."""

_ROUNDED = 8
"""Parts of a unit by which an edge may be uncovered: no more than rounding the duals explains."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """An optimum of the linear programme.

    Parameters
    ----------
    chosen : ndarray of float, shape (m,), or None
        To what extent each edge is used; None if nothing agrees with the decisions, or it is not known.
    duals : Duals
        Multiples that prove the bound.
    bound : int
        The bound that they prove, exactly.
    is_cut_off : bool
        Whether time was up, or Ctrl-C pressed, before there was an optimum. What is here is what is known.
    """

    chosen: Floats | None
    duals: Duals
    bound: int
    is_cut_off: bool = False


class Relaxation:
    """The linear programme of one problem, with more and more cuts, under changing decisions.

    Parameters
    ----------
    problem : UnionProblem
        The edges and what is asked of them.
    parts : int
        Parts of a unit of weight to which duals are rounded.
    likely : ndarray of int64
        Positions of the edges to begin with, ascending.
    watch : Watch
        The time limit, and whether Ctrl-C was pressed.
    """

    def __init__(self, problem: UnionProblem, parts: int, likely: Integers, watch: Watch) -> None:
        import highspy

        self.problem, self.parts, self.watch = problem, parts, watch
        self.bounds = DualBound(problem, parts)
        self.cuts: list[Cut] = []
        self._known: set[Cut] = set()
        self._status = highspy.HighsModelStatus
        self._unit = max(1.0, problem.heaviest / _LARGEST_COST)
        self._decided: dict[int, bool] = {}
        self._column = np.full(problem.first.size, -1)
        self._edges = np.zeros(0, np.int64)
        self._solver = self._model(highspy)
        self._see(likely)

    def _model(self, highspy: Any) -> Any:  # noqa: ANN401 - the solver has no type stubs
        problem, nothing = self.problem, np.zeros(0)
        n = problem.n_vertices
        solver = new_highs()
        solver.setOptionValue("presolve", "off")  # rays and warm starts need the model as it stands
        solver.setOptionValue("solver", "simplex")
        solver.addRows(
            n, np.full(n, float(problem.least)), np.full(n, float(problem.n_rounds)), 0,
            np.zeros(n, np.int32), nothing.astype(np.int32), nothing,
        )  # fmt: skip
        counted = problem.n_edges is not None
        limits = (float(problem.n_edges or 0),) * 2 if counted else (0.0, float(problem.most_edges))
        solver.addRow(*limits, 0, nothing.astype(np.int32), nothing)
        solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        return solver

    def _see(self, edges: Integers) -> None:
        """Let the solver see more edges: a column for each, with its place in every row that counts it."""
        problem, m = self.problem, edges.size
        n, which = problem.n_vertices, np.arange(m)
        rows, places = [problem.first[edges], problem.second[edges], np.full(m, n)], [which] * 3
        for number, counted in enumerate(self.bounds.counted, start=n + 1):
            inside = np.flatnonzero(np.isin(edges, counted, assume_unique=True))
            rows.append(np.full(inside.size, number))
            places.append(inside)
        place = np.concatenate(places)
        order = np.argsort(place, kind="stable")
        starts = np.searchsorted(place[order], which).astype(np.int32)
        row = np.concatenate(rows)[order].astype(np.int32)
        costs = problem.weights[edges].astype(np.float64) / self._unit
        self._solver.addCols(m, costs, np.zeros(m), np.ones(m), row.size, starts, row, np.ones(row.size))
        self._column[edges] = self._edges.size + which
        self._edges = np.concatenate([self._edges, edges])

    def add(self, cuts: Sequence[Cut]) -> int:
        """Add those cuts that are new; give their number."""
        new = [cut for cut in cuts if cut not in self._known]
        for cut in new:
            self.bounds.add(cut)
            columns = self._column[self.bounds.counted[-1]]
            columns = columns[columns >= 0].astype(np.int32)
            limit = float(cut.limit(self.problem.n_rounds))
            self._solver.addRow(-np.inf, limit, columns.size, columns, np.ones(columns.size))
        self.cuts += new
        self._known.update(new)
        return len(new)

    def decide(self, decisions: Sequence[Decision]) -> None:
        """Fix edges, and free those that were fixed before."""
        wanted = {int(self.problem.positions(((a, b),))[0]): used for a, b, used in decisions}
        for edge in [edge for edge in self._decided if edge not in wanted]:
            self._solver.changeColBounds(int(self._column[edge]), 0.0, 1.0)
        for edge, used in wanted.items():
            if self._decided.get(edge) is not used:
                self._solver.changeColBounds(int(self._column[edge]), float(used), float(used))
        self._decided = wanted

    def solve(self, decisions: Sequence[Decision], target: int, fallback: Duals) -> Relaxed:
        """Solve under the decisions.

        Parameters
        ----------
        decisions : sequence of Decision
            What is fixed; :meth:`decide` has been told.
        target : int
            Where nothing agrees with the decisions, a bound that is low enough.
        fallback : Duals
            Duals to start from where nothing agrees with the decisions, or time is up.

        Raises
        ------
        SolverError
            If the solver stops for a reason of its own.
        """
        best = Relaxed(None, fallback, self.bounds.of(fallback, decisions), is_cut_off=True)
        while not self.watch.over:
            run(self._solver, self.watch)
            status = self._solver.getModelStatus()
            if status == self._status.kInfeasible:
                duals = self._refutation(decisions, target, fallback)
                bound, unseen = self.bounds.of(duals, decisions), np.flatnonzero(self._column < 0)
                if bound <= target or unseen.size == 0:
                    return Relaxed(None, duals, bound)
            elif status == self._status.kOptimal:
                solution = self._solver.getSolution()
                duals = self._rounded(np.array(solution.row_dual), self._unit * self.parts)
                bound, unseen = self.bounds.of(duals, decisions), self._uncovered(duals)
                if unseen.size == 0:
                    return Relaxed(self._of_all(solution.col_value), duals, bound)
                best = min(best, Relaxed(None, duals, bound, is_cut_off=True), key=lambda one: one.bound)
            elif self.watch.over:
                break
            else:
                reason = self._solver.modelStatusToString(status)
                raise SolverError(f"The linear solver stopped with {reason}.")
            self._see(unseen)
        return best

    def _uncovered(self, duals: Duals) -> Integers:
        """Edges that the solver has not seen and that the duals do not cover, the worst ones if many."""
        missing = self.bounds.uncovered(duals)
        unseen = np.flatnonzero((self._column < 0) & (missing > _ROUNDED))
        at_once = _ADDED_EACH * self.problem.n_vertices
        worst = unseen[np.argsort(-missing[unseen], kind="stable")[:at_once]]
        return np.sort(worst).astype(np.int64)

    def _of_all(self, values: Sequence[float]) -> Floats:
        chosen = np.zeros(self._column.size)
        chosen[self._edges] = values
        return chosen

    def _rounded(self, row_duals: Floats, scale: float) -> Duals:
        n = self.problem.n_vertices
        whole = [round(value * scale) for value in row_duals.tolist()]
        cuts = tuple((index, dual) for index, dual in enumerate(whole[n + 1 :]) if dual > 0)
        return Duals(tuple(whole[:n]), whole[n] if self.problem.n_edges is not None else 0, cuts)

    def _refutation(self, decisions: Sequence[Decision], target: int, start: Duals) -> Duals:
        """Add to some duals so much of a ray of the dual that the bound falls to the target."""
        _, there, values = self._solver.getDualRay()
        if not there:
            return start
        ray = np.array(values)
        ray /= max(float(np.abs(ray).max()), 1e-300)
        best = start
        for sign in (1.0, -1.0):
            direction = self._rounded(sign * ray, _RAY_PARTS)
            for doubling in range(0, 80, 4):
                duals = _sum(start, direction, 2**doubling)
                bound = self.bounds.of(duals, decisions)
                if bound <= target:
                    return duals
                if bound > self.bounds.of(best, decisions):
                    break
                best = duals
        return best


def _sum(start: Duals, direction: Duals, times: int) -> Duals:
    vertices = tuple(a + times * b for a, b in zip(start.vertices, direction.vertices, strict=True))
    cuts = dict(start.cuts)
    for index, dual in direction.cuts:
        cuts[index] = cuts.get(index, 0) + times * dual
    return Duals(vertices, start.count + times * direction.count, tuple(sorted(cuts.items())))
