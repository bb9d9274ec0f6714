"""One pass over all permitted edges: whether the pairs are among them, and the duals cover every one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.matching.edge_source import EdgeSource
from pairing.matching.proof.floors import floors_of
from pairing.matching.proof.slack import EdgeSlack

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from pairing.matching.problem import EdgeBlock
    from pairing.matching.proof.certificate import Certificate

    Integers = NDArray[np.int64]

_MOST_LISTED = 10


class EdgeCensus:
    """What the permitted edges say about a matching and its duals, gathered piece by piece.

    Parameters
    ----------
    certificate : Certificate
        Duals with sound indices.
    pairs : ndarray of int, shape (k, 2)
        A matching.
    tolerance : int
        Units by which each weight may differ from the weight that was proven.

    Attributes
    ----------
    n_edges : int
        Edges seen.
    lowest_weight : int
        The least weight seen, or 0 if none is negative.
    """

    def __init__(self, certificate: Certificate, pairs: Integers, tolerance: int) -> None:
        self.n_edges = 0
        self.lowest_weight = 0
        self._certificate = certificate
        self._n_vertices = certificate.n_vertices
        self._tolerance = tolerance
        self._slack = EdgeSlack(certificate)
        self._pairs = np.sort(pairs.astype(np.int64), axis=1)
        self._pair_of = np.full(certificate.n_vertices, -1, dtype=np.int64)
        self._pair_of[self._pairs] = np.arange(len(pairs))[:, None]
        self._pair_weights: dict[int, int] = {}
        self._n_unsound = 0
        self._n_violated = 0
        self._worst = (0, -1, -1)
        self._repeated: list[int] = []

    @property
    def n_pairs(self) -> int:
        """Pairs in the matching."""
        return len(self._pairs)

    @property
    def total(self) -> int:
        """Weight of the pairs that are permitted edges."""
        return sum(self._pair_weights.values())

    def add_all(self, edges: Iterable[EdgeBlock] | EdgeSource) -> None:
        """Check all permitted edges, in pieces or from a source.

        Of a source, only the edges that are heavier than the duals of their two ends allow are looked at one
        by one, and those of the matching, which are just as heavy as that; the source answers for the
        others.
        """
        if not isinstance(edges, EdgeSource):
            for first, second, weights in edges:
                self.add(first, second, weights)
            return
        floors = floors_of(self._certificate)
        floors[self._pairs.ravel()] -= 1.0
        for piece in edges.heavy(floors):
            self.add(piece.first, piece.second, piece.weights)
            self.n_edges += piece.n_edges - piece.first.size
        self._look_up_missing(edges)
        self.lowest_weight = min(self.lowest_weight, edges.weight_range()[0])

    def _look_up_missing(self, edges: EdgeSource) -> None:
        """Find the pairs that weigh less than their duals allow; there are none in a proven matching."""
        missing = [pair for pair in range(self.n_pairs) if pair not in self._pair_weights]
        if missing:
            everything = np.full(self._n_vertices, -np.inf)
            for piece in edges.heavy(everything, self._pairs[missing, 0]):
                self._find_pairs(piece.first, piece.second, piece.weights)

    def add(self, first: Integers, second: Integers, weights: NDArray[Any]) -> None:
        """Check one piece of the permitted edges.

        Parameters
        ----------
        first, second : ndarray of int64, shape (m,)
            Their ends.
        weights : ndarray of int64, or of Python integers, shape (m,)
            Their weights.
        """
        low, high = np.minimum(first, second), np.maximum(first, second)
        values: NDArray[Any] = np.asarray(weights)
        if values.dtype != object:
            values = values.astype(np.int64, copy=False)
        self.n_edges += low.size
        sound = (low >= 0) & (high < self._n_vertices) & (low < high)
        if not sound.all():
            self._n_unsound += int(np.count_nonzero(~sound))
            low, high, values = low[sound], high[sound], values[sound]
        self.lowest_weight = min(self.lowest_weight, int(values.min(initial=0)))
        self._find_pairs(low, high, values)
        self._find_violations(low, high, values)

    def failures(self) -> list[str]:
        """Say which clauses fail that depend on the edges."""
        failures = [
            f"the pair {self._name(pair)} is not a permitted edge"
            for pair in range(self.n_pairs)
            if pair not in self._pair_weights
        ][:_MOST_LISTED]
        failures += [
            f"the pair {self._name(pair)} is listed twice among the edges" for pair in self._repeated
        ]
        if self._n_unsound:
            failures.append(f"{self._n_unsound} edges join no two vertices in 0..{self._n_vertices - 1}")
        if self._n_violated:
            shortfall, low, high = self._worst
            failures.append(
                f"{self._n_violated} edges outweigh their duals, most of all {low}-{high}, "
                f"by {-shortfall} half units"
            )
        return failures

    def _name(self, pair: int) -> str:
        return f"{self._pairs[pair, 0]}-{self._pairs[pair, 1]}"

    def _find_pairs(self, low: Integers, high: Integers, values: NDArray[Any]) -> None:
        candidates = self._pair_of[low]
        for edge in np.flatnonzero((candidates >= 0) & (candidates == self._pair_of[high])):
            pair = int(candidates[edge])
            if pair in self._pair_weights:
                self._repeated.append(pair)
            self._pair_weights[pair] = int(values[edge])

    def _find_violations(self, low: Integers, high: Integers, values: NDArray[Any]) -> None:
        violated, slack = self._slack.violations(low, high, values, tolerance=self._tolerance)
        if violated.size == 0:
            return
        self._n_violated += violated.size
        least = int(np.argmin(slack))
        worst = int(violated[least])
        self._worst = min(self._worst, (int(slack[least]), int(low[worst]), int(high[worst])))
