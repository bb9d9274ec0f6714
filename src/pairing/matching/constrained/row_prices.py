"""Good prices for side constraints, from linear relaxations that see few edges and few odd sets.

Whatever prices come out, the bound that they give is proven afterwards in whole numbers; a poor relaxation
makes a poor bound, never a wrong one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.matching.candidates import best_per_vertex
from pairing.matching.constrained.highs import new_highs, run
from pairing.matching.proof.odd_set_members import odd_set_members

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pairing.matching.constrained.highs import Watch
    from pairing.matching.constrained.side_rows import SideRow
    from pairing.matching.problem import MatchingProblem
    from pairing.matching.proof.certificate import Certificate

    Floats = NDArray[np.float64]
    Positions = NDArray[np.intp]

_ADDED_EACH = 6
_REDUCED_COST = 1e-7
_PRICE_BITS = 30
_SHORTFALL_COST = 10.0


@dataclass(frozen=True)
class RowPrices:
    """Prices in units of weight for a unit of the coefficients, and the price of a pair."""

    of_rows: tuple[Fraction, ...]
    of_a_pair: Fraction


@dataclass(eq=False)
class RowRelaxation:
    """The linear relaxation of a matching under side constraints, with columns and odd sets added as needed.

    Parameters
    ----------
    problem : MatchingProblem
        Edges and weights.
    rows : sequence of SideRow
        The constraints.
    n_pairs : int or None
        How many pairs there must be; None for any number.
    free_count : bool
        Whether the number of pairs needs no price, because duals see to it that there are as many as
        possible.
    watch : Watch
        The limits of the whole solve.
    """

    problem: MatchingProblem
    rows: Sequence[SideRow]
    n_pairs: int | None
    free_count: bool
    watch: Watch
    _edges: list[int] = field(default_factory=list)
    _sets: list[NDArray[np.bool_]] = field(default_factory=list)

    def __post_init__(self) -> None:
        weights = self.problem.weights.astype(np.float64)
        self._unit = max(float(np.abs(weights).max(initial=0.0)), 1.0)
        self._weights = weights / self._unit
        self._spends = [row.coefficients / row.magnitude for row in self.rows]
        self._seen = np.zeros(self.problem.n_edges, dtype=bool)
        self._highs = new_highs()
        self._add_first_rows()

    def see(self, edges: Positions) -> None:
        """Add edges that the relaxation has not seen yet."""
        new = np.unique(edges[~self._seen[edges]])
        self._seen[new] = True
        self._edges.extend(new.tolist())
        rows, values = self._columns(new)
        starts = np.arange(new.size, dtype=np.int32) * rows.shape[1]
        kept = values != 0
        counts = kept.sum(axis=1)
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int32)
        self._highs.addCols(
            new.size,
            -self._weights[new],
            np.zeros(new.size),
            np.full(new.size, np.inf),
            int(counts.sum()),
            starts,
            rows[kept].astype(np.int32),
            values[kept],
        )

    def cut_off(self, certificate: Certificate) -> int:
        """Add the odd sets of a certificate that the present answer violates; say how many."""
        answer = np.array(self._highs.getSolution().col_value)[len(self.rows) :]
        edges = np.array(self._edges, dtype=np.intp)
        first, second = self.problem.first[edges], self.problem.second[edges]
        n_added = 0
        for members in odd_set_members(certificate):
            inside = members[first] & members[second]
            limit = int(members.sum()) // 2
            if float(answer[inside].sum()) > limit + 1e-6:
                at = (np.flatnonzero(inside) + len(self.rows)).astype(np.int32)
                self._highs.addRows(
                    1, np.array([-np.inf]), np.array([float(limit)]), at.size, np.array([0]), at,
                    np.ones(at.size),
                )  # fmt: skip
                self._sets.append(members)
                n_added += 1
        return n_added

    def solve(self) -> RowPrices | None:
        """Solve, with all edges priced; None if time ran out or the relaxation has no answer."""
        while True:
            run(self._highs, self.watch)
            if "Optimal" not in str(self._highs.getModelStatus()):
                return None
            duals = np.array(self._highs.getSolution().row_dual)
            reduced = self._reduced(duals)
            missing = np.flatnonzero((reduced > _REDUCED_COST) & ~self._seen)
            if missing.size == 0 or self.watch.over:
                return self._prices(duals)
            ends = np.concatenate([self.problem.first[missing], self.problem.second[missing]])
            picked = best_per_vertex(ends, np.tile(reduced[missing], 2), _ADDED_EACH)
            self.see(missing[np.unique(picked % missing.size)])

    def _add_first_rows(self) -> None:
        """Add the rows of vertices, constraints and the count, with a costly way to miss a constraint."""
        n_vertices, n_rows = self.problem.n_vertices, len(self.rows)
        count = float(self.n_pairs or 0)
        lower = np.full(n_vertices + n_rows + 1, -np.inf)
        limits = [row.at_most / row.magnitude for row in self.rows]
        upper = np.concatenate([np.ones(n_vertices), limits, [np.inf if self.n_pairs is None else count]])
        if self.n_pairs is not None:
            lower[-1] = count
        nothing: Any = np.zeros(0, dtype=np.int32)
        self._highs.addRows(lower.size, lower, upper, 0, nothing, nothing, np.zeros(0))
        cost = np.full(n_rows, _SHORTFALL_COST * max(n_vertices, 2))
        at = np.arange(n_rows, dtype=np.int32)
        self._highs.addCols(
            n_rows, cost, np.zeros(n_rows), np.full(n_rows, np.inf), n_rows, at,
            at + n_vertices, np.full(n_rows, -1.0),
        )  # fmt: skip

    def _columns(self, edges: Positions) -> tuple[NDArray[Any], Floats]:
        """Give the rows and the coefficients of edges, one line each, zeros included."""
        n_vertices, n_rows = self.problem.n_vertices, len(self.rows)
        first, second = self.problem.first[edges], self.problem.second[edges]
        ones = np.ones(edges.size)
        places = [first, second]
        values = [ones, ones]
        for at, spends in enumerate([*self._spends, np.ones(self.problem.n_edges)]):
            places.append(np.full(edges.size, n_vertices + at))
            values.append(spends[edges])
        for at, members in enumerate(self._sets):
            places.append(np.full(edges.size, n_vertices + n_rows + 1 + at))
            values.append((members[first] & members[second]).astype(np.float64))
        return np.column_stack(places), np.column_stack(values)

    def _reduced(self, duals: Floats) -> Floats:
        """What each edge would add to the objective beyond the prices of what it uses."""
        n_vertices, n_rows = self.problem.n_vertices, len(self.rows)
        first, second = self.problem.first, self.problem.second
        worth: Floats = self._weights + duals[first] + duals[second] + duals[n_vertices + n_rows]
        for at, spends in enumerate(self._spends):
            if duals[n_vertices + at]:
                worth = worth + duals[n_vertices + at] * spends
        for at, members in enumerate(self._sets):
            dual = duals[n_vertices + n_rows + 1 + at]
            if dual:
                worth = worth + dual * (members[first] & members[second])
        return worth

    def _prices(self, duals: Floats) -> RowPrices:
        n_vertices, n_rows = self.problem.n_vertices, len(self.rows)
        of_rows = tuple(
            _rounded(max(-float(dual), 0.0) * self._unit / row.magnitude)
            for dual, row in zip(duals[n_vertices : n_vertices + n_rows], self.rows, strict=True)
        )
        of_a_pair = 0.0 if self.free_count else -float(duals[n_vertices + n_rows]) * self._unit
        return RowPrices(of_rows, _rounded(of_a_pair))


def _rounded(price: float) -> Fraction:
    """Keep the leading bits of a price, so that exact arithmetic with it stays quick."""
    mantissa, exponent = np.frexp(price)
    return Fraction(int(np.rint(mantissa * 2.0**_PRICE_BITS))) * Fraction(2) ** int(exponent - _PRICE_BITS)
