"""The integer programme of what a matching falls short of a proven bound, for HiGHS.

Under a Lagrangean bound every matching that keeps to the side constraints falls short of the bound by a sum
of terms none of which is negative: the slack of each of its edges, the duals of the vertices and the odd
sets that it does not use to the full, and the price of what it leaves of each limit. Least shortfall is
greatest total; but the shortfalls that matter are small numbers, in which a solver in floating point
does not lose single units, and everything that alone falls short by too much can be left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.errors import SolverError
from pairing.matching.constrained.highs import new_highs, run
from pairing.matching.constrained.lagrangean import priced_weights
from pairing.matching.proof.odd_set_members import odd_set_members
from pairing.matching.proof.slack import EdgeSlack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import highspy
    from numpy.typing import NDArray

    from pairing.matching.constrained.highs import Watch
    from pairing.matching.constrained.lagrangean import LagrangeanBound
    from pairing.matching.constrained.side_rows import SideRow
    from pairing.matching.problem import MatchingProblem

    Floats = NDArray[np.float64]
    Chosen = NDArray[np.bool_]

_COMFORTABLE = 1e6
_EXPECTED = ("kOptimal", "kTimeLimit", "kInterrupt", "kHighsInterrupt")


@dataclass(frozen=True, eq=False)
class Shortfalls:
    """What each part of a matching makes it fall short of a bound, in units of the weights.

    Parameters
    ----------
    of_edges : ndarray of float, shape (m,)
        For each edge that is used.
    of_vertices : ndarray of float, shape (n,)
        For each vertex that is not.
    members : list of ndarray of bool, each of shape (n,)
        The odd sets with a dual.
    of_sets : ndarray of float, shape (k,)
        For each pair that an odd set has less than it could.
    of_rows : ndarray of float, shape (r,)
        For each unit of a row's coefficients below its limit.
    """

    of_edges: Floats
    of_vertices: Floats
    members: list[NDArray[np.bool_]]
    of_sets: Floats
    of_rows: Floats


def shortfalls(bound: LagrangeanBound, problem: MatchingProblem, rows: Sequence[SideRow]) -> Shortfalls:
    """Take a bound apart.

    Parameters
    ----------
    bound : LagrangeanBound
        A bound that holds.
    problem : MatchingProblem
        The edges.
    rows : sequence of SideRow
        The constraints that it prices.

    Returns
    -------
    Shortfalls
        In doubles; they steer a solver and are not part of any proof.
    """
    weights = priced_weights(problem, rows, bound.prices, bound.price_of_a_pair, bound.scale)
    slack = EdgeSlack(bound.certificate).of(problem.first, problem.second, weights)
    certificate, doubled = bound.certificate, 2 * bound.scale
    kept = [index for index, dual in enumerate(certificate.set_duals) if dual > 0]
    members = odd_set_members(certificate)
    return Shortfalls(
        of_edges=_quotients(slack, doubled),
        of_vertices=_quotients(certificate.vertex_duals, doubled),
        members=[members[index] for index in kept],
        of_sets=_quotients([certificate.set_duals[index] for index in kept], doubled),
        of_rows=np.array([float(price) for price in bound.prices]),
    )


def _quotients(integers: Any, divisor: int) -> Floats:  # noqa: ANN401 - a sequence or an array of integers
    return np.array([float(Fraction(int(number), divisor)) for number in integers], dtype=np.float64)


@dataclass(frozen=True, eq=False)
class GapAnswer:
    """What HiGHS found.

    Parameters
    ----------
    outcome : {"done", "infeasible", "stopped"}
        Whether it finished.
    chosen : ndarray of bool, shape (m,), or None
        The edges of the best matching that it found.
    at_least : float
        No matching within the model falls short by less, in units of the weights, as far as HiGHS's
        arithmetic can be trusted.
    """

    outcome: str
    chosen: Chosen | None
    at_least: float


@dataclass(eq=False)
class GapModel:
    """Matchings that fall short of a bound by no more than so much.

    Parameters
    ----------
    problem : MatchingProblem
        Edges and weights.
    rows : sequence of SideRow
        The constraints.
    n_pairs : int or None
        How many pairs; None for any number.
    parts : Shortfalls
        The bound, taken apart.
    within : float
        Parts that alone fall short by more are left out; ``inf`` keeps all.

    Notes
    -----
    HiGHS is not told of a matching to begin with: its presolve (1.16) carries such a start over with a wrong
    objective and stops there, calling it optimal.
    """

    problem: MatchingProblem
    rows: Sequence[SideRow]
    n_pairs: int | None
    parts: Shortfalls
    within: float
    _highs: highspy.Highs = field(init=False)

    def __post_init__(self) -> None:
        self._edges = np.flatnonzero(self.parts.of_edges <= self.within)
        largest = self.within if np.isfinite(self.within) else float(self.parts.of_edges.max(initial=0.0))
        self._factor = _COMFORTABLE / max(largest, _COMFORTABLE)
        self._highs = new_highs()
        self._highs.passModel(self._model())

    @property
    def n_edges(self) -> int:
        """Edges that are kept."""
        return int(self._edges.size)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left out."""
        return not np.isfinite(self.within)

    @property
    def tolerance(self) -> float:
        """Units of weight by which HiGHS's bound may be off: its gap of 1e-6 in its own units."""
        return 1e-6 / self._factor

    def forbid(self, chosen: Chosen) -> None:
        """Rule one matching out, because in exact arithmetic it breaks a constraint."""
        signs = np.where(chosen[self._edges], 1.0, -1.0)
        at = np.arange(self._edges.size, dtype=np.int32)
        limit = np.array([float(chosen.sum()) - 1.0])
        self._highs.addRows(1, np.array([-np.inf]), limit, at.size, np.array([0], dtype=np.int32), at, signs)

    def solve(self, watch: Watch, told: Callable[[float, float], None] | None = None) -> GapAnswer:
        """Let HiGHS look for the least shortfall."""
        run(self._highs, watch, told and (lambda best, low: told(best / self._factor, low / self._factor)))
        status = str(self._highs.getModelStatus())
        if "Infeasible" in status:
            return GapAnswer("infeasible", None, float("inf"))
        if not status.endswith(_EXPECTED):
            raise SolverError(f"HiGHS ended with {status}; nothing is known about its answer.")
        info = self._highs.getInfo()
        found = info.primal_solution_status == 2
        outcome = "done" if status.endswith("kOptimal") else "stopped"
        low = info.mip_dual_bound / self._factor if np.isfinite(info.mip_dual_bound) else -np.inf
        return GapAnswer(outcome, self._chosen() if found else None, low)

    def _chosen(self) -> Chosen:
        chosen = np.zeros(self.problem.n_edges, dtype=bool)
        answer = np.array(self._highs.getSolution().col_value)[: self._edges.size]
        chosen[self._edges[answer > 0.5]] = True
        return chosen

    def _model(self) -> highspy.HighsLp:
        """Write the programme down: edges, then what vertices, sets and rows leave unused."""
        import highspy
        from scipy import sparse

        used, unused_cost, unused_limit, upper = self._rows_of_the_model()
        n_rows = used.shape[0]
        keeps = np.flatnonzero(np.isfinite(unused_cost))
        leaves = sparse.csc_array((np.ones(keeps.size), (keeps, np.arange(keeps.size))), (n_rows, keeps.size))
        matrix = sparse.csc_array(sparse.hstack([used, leaves]))
        model = highspy.HighsLp()
        n_edges = self._edges.size
        model.num_col_, model.num_row_ = n_edges + keeps.size, n_rows
        model.col_cost_ = self._factor * np.concatenate(
            [self.parts.of_edges[self._edges], unused_cost[keeps]]
        )
        model.col_lower_ = np.zeros(model.num_col_)
        model.col_upper_ = np.concatenate([np.ones(n_edges), unused_limit[keeps]])
        model.row_lower_, model.row_upper_ = upper, upper
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr, matrix.indices
        model.a_matrix_.value_ = matrix.data
        kinds = highspy.HighsVarType
        model.integrality_ = [kinds.kInteger] * n_edges + [kinds.kContinuous] * keeps.size
        return model

    def _rows_of_the_model(self) -> tuple[Any, Floats, Floats, Floats]:
        """Give what edges use of each row, what leaving some of it unused costs, and how much there is.

        A row whose unused part is too costly has an infinite cost: it must be used up.
        """
        from scipy import sparse

        first, second = self.problem.first[self._edges], self.problem.second[self._edges]
        n_vertices, n_edges = self.problem.n_vertices, self._edges.size
        at = np.arange(n_edges)
        degrees = sparse.csr_array(
            (np.ones(2 * n_edges), (np.concatenate([first, second]), np.concatenate([at, at]))),
            (n_vertices, n_edges),
        )
        lines = [(members[first] & members[second]).astype(np.float64) for members in self.parts.members]
        lines += [row.coefficients[self._edges] / row.magnitude for row in self.rows]
        lines += [] if self.n_pairs is None else [np.ones(n_edges)]
        blocks = [degrees, *(sparse.csr_array(line[None, :]) for line in lines)]
        sizes = [float(members.sum() // 2) for members in self.parts.members]
        limits = [row.at_most / row.magnitude for row in self.rows]
        cost = [self._or_used_up(self.parts.of_vertices), self._or_used_up(self.parts.of_sets)]
        cost.append(self.parts.of_rows * [row.magnitude for row in self.rows])
        room = [np.ones(n_vertices), np.array(sizes), np.full(len(self.rows), np.inf)]
        target = [np.ones(n_vertices), np.array(sizes), np.array(limits)]
        if self.n_pairs is not None:
            cost.append(np.array([np.inf]))
            room.append(np.zeros(1))
            target.append(np.array([float(self.n_pairs)]))
        return sparse.vstack(blocks), np.concatenate(cost), np.concatenate(room), np.concatenate(target)

    def _or_used_up(self, cost: Floats) -> Floats:
        return np.where(cost > self.within, np.inf, cost)
