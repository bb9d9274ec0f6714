"""By how much the duals of a certificate cover each edge: exact, vectorised, block by block."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.matching.proof.odd_sets import OddSetForest, odd_set_forest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.matching.proof.certificate import Certificate

_SAFE = 2**62  # the sum of two numbers below it still fits into 64 bits


class EdgeSlack:
    """Slack of edges under fixed duals: duals of both ends and of the sets around, less twice the weight.

    Parameters
    ----------
    certificate : Certificate
        Duals whose indices are in range and whose forest has no cycle.
    """

    def __init__(self, certificate: Certificate) -> None:
        self._certificate = certificate
        self._largest_dual = max(map(abs, certificate.vertex_duals), default=0)
        self._sets_total = sum(map(abs, certificate.set_duals))

    def of(self, first: NDArray[np.int64], second: NDArray[np.int64], weights: NDArray[Any]) -> NDArray[Any]:
        """Give the slack of each edge, in units of doubled weights; negative where an edge is violated.

        Parameters
        ----------
        first, second : ndarray of int64, shape (m,)
            Ends of the edges.
        weights : ndarray of int64, or of Python integers, shape (m,)
            Their weights, without the bonus.

        Returns
        -------
        ndarray of int64, or of Python integers where 64 bits might not do, shape (m,)
            The slacks.
        """
        slack = self._without_sets(first, second, weights)
        if self._sets_total:
            slack = slack + self._forest.common_sums(first, second)
        return slack

    def violations(
        self,
        first: NDArray[np.int64],
        second: NDArray[np.int64],
        weights: NDArray[Any],
        *,
        tolerance: int = 0,
    ) -> tuple[NDArray[np.intp], NDArray[Any]]:
        """Find the edges that are not covered.

        Parameters
        ----------
        first, second : ndarray of int64, shape (m,)
            Ends of the edges.
        weights : ndarray of int64, or of Python integers, shape (m,)
            Their weights.
        tolerance : int
            Units of weight by which an edge may be uncovered.

        Returns
        -------
        positions : ndarray of int, shape (v,)
            Where the uncovered edges are, ascending.
        slack : ndarray of int64 or Python integers, shape (v,)
            Their slack, the tolerance included; all negative.

        Notes
        -----
        Odd sets only add to the slack, so they are looked up only for the edges that need them.
        """
        slack = self._without_sets(first, second, weights) + 2 * tolerance
        positions = np.flatnonzero(slack < 0)
        slack = slack[positions]
        if positions.size and self._sets_total:
            slack = slack + self._forest.common_sums(first[positions], second[positions])
            positions, slack = positions[slack < 0], slack[slack < 0]
        return positions, slack

    def _without_sets(
        self, first: NDArray[np.int64], second: NDArray[np.int64], weights: NDArray[Any]
    ) -> NDArray[Any]:
        duals, doubled = self._operands(weights)
        slack: NDArray[Any] = duals[first] + duals[second] - doubled
        return slack

    def _operands(self, weights: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Give the vertex duals and the doubled weights in a type in which nothing overflows."""
        bonus = self._certificate.cardinality_bonus
        heaviest = max(int(weights.max(initial=0)), -int(weights.min(initial=0)))
        if 2 * (heaviest + abs(bonus)) + 2 * self._largest_dual + self._sets_total < _SAFE:
            return self._duals, 2 * (weights + bonus)
        return self._duals.astype(object), 2 * (weights.astype(object) + bonus)

    @cached_property
    def _duals(self) -> NDArray[Any]:
        dtype = np.int64 if self._largest_dual < _SAFE else object
        return np.array(self._certificate.vertex_duals, dtype=dtype)

    @cached_property
    def _forest(self) -> OddSetForest:
        certificate = self._certificate
        return odd_set_forest(
            certificate.innermost_set,
            certificate.set_parent,
            certificate.set_duals,
            exact=self._sets_total >= _SAFE,
        )
