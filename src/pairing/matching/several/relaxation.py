"""The linear programme behind several rounds: solved in floating point, its duals handed on in integers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.errors import SolverError
from pairing.matching.highs import new_highs
from pairing.matching.several.bound import Decision, DualBound, Duals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pairing.matching.several.union import Cut, UnionProblem

    Floats = NDArray[np.float64]

_LARGEST_COST = 1e6
"""Weights are scaled to at most this for the solver, so that its tolerances mean the same for any unit."""

_RAY_PARTS = 2**20


@dataclass(frozen=True, eq=False)
class Relaxed:
    """An optimum of the linear programme.

    Parameters
    ----------
    chosen : ndarray of float, shape (m,), or None
        To what extent each edge is used; None if nothing agrees with the decisions.
    duals : Duals
        Multiples that prove the bound.
    bound : int
        The bound that they prove, exactly.
    """

    chosen: Floats | None
    duals: Duals
    bound: int


class Relaxation:
    """The linear programme of one problem, with more and more cuts, under changing decisions.

    Parameters
    ----------
    problem : UnionProblem
        The edges and what is asked of them.
    parts : int
        Parts of a unit of weight to which duals are rounded.
    """

    def __init__(self, problem: UnionProblem, parts: int) -> None:
        import highspy

        self.problem, self.parts = problem, parts
        self.bounds = DualBound(problem, parts)
        self.cuts: list[Cut] = []
        self._known: set[Cut] = set()
        self._status = highspy.HighsModelStatus
        heaviest = max((abs(int(weight)) for weight in problem.weights), default=0)
        self._unit = max(1.0, heaviest / _LARGEST_COST)
        self._decided: dict[int, bool] = {}
        self._solver = self._model(highspy)

    def _model(self, highspy: Any) -> Any:  # noqa: ANN401 - the solver has no type stubs
        problem, nothing = self.problem, np.zeros(0)
        n, m = problem.n_vertices, problem.first.size
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
        rows = np.column_stack([problem.first, problem.second, np.full(m, n)]).ravel().astype(np.int32)
        costs = problem.weights.astype(np.float64) / self._unit
        starts = (3 * np.arange(m)).astype(np.int32)
        solver.addCols(m, costs, np.zeros(m), np.ones(m), 3 * m, starts, rows, np.ones(3 * m))
        solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        return solver

    def add(self, cuts: Sequence[Cut]) -> int:
        """Add those cuts that are new; give their number."""
        new = [cut for cut in cuts if cut not in self._known]
        for cut in new:
            columns = cut.counted(self.problem).astype(np.int32)
            limit = float(cut.limit(self.problem.n_rounds))
            self._solver.addRow(-np.inf, limit, columns.size, columns, np.ones(columns.size))
            self.bounds.add(cut)
        self.cuts += new
        self._known.update(new)
        return len(new)

    def decide(self, decisions: Sequence[Decision]) -> None:
        """Fix edges, and free those that were fixed before."""
        wanted = {int(self.problem.positions(((a, b),))[0]): used for a, b, used in decisions}
        for edge in [edge for edge in self._decided if edge not in wanted]:
            self._solver.changeColBounds(edge, 0.0, 1.0)
        for edge, used in wanted.items():
            if self._decided.get(edge) is not used:
                self._solver.changeColBounds(edge, float(used), float(used))
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
            Duals to start from where nothing agrees with the decisions.

        Raises
        ------
        SolverError
            If the solver stops for a reason of its own.
        """
        self._solver.run()
        status = self._solver.getModelStatus()
        if status == self._status.kInfeasible:
            duals = self._refutation(decisions, target, fallback)
            return Relaxed(None, duals, self.bounds.of(duals, decisions))
        if status != self._status.kOptimal:
            raise SolverError(f"The linear solver stopped with {self._solver.modelStatusToString(status)}.")
        solution = self._solver.getSolution()
        duals = self._rounded(np.array(solution.row_dual), self._unit * self.parts)
        return Relaxed(np.array(solution.col_value), duals, self.bounds.of(duals, decisions))

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
