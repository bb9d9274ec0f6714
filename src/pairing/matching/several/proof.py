"""What is proven of several rounds, and the check of it: no solver is imported."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.errors import CertificateError
from pairing.matching.several.bound import BoundTree, prove_union_bound
from pairing.matching.several.union import UnionProblem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from pairing.matching.problem import EdgeBlock

Edge = tuple[int, int]


@dataclass(frozen=True)
class RoundsCertificate:
    """Proofs of the three things that several rounds make as good as possible, one after the other.

    Parameters
    ----------
    value : BoundTree
        That no rounds with as many pairs, in which nobody rests more often, weigh more.
    pairs : BoundTree, optional
        That no rounds have more pairs; not needed where every round is full.
    rests : BoundTree, optional
        That with as many pairs somebody has to rest so often; not needed where counting shows it.
    """

    value: BoundTree = field(repr=False)
    pairs: BoundTree | None = field(default=None, repr=False)
    rests: BoundTree | None = field(default=None, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Give the certificate as a JSON-safe dictionary."""
        trees = {"value": self.value, "pairs": self.pairs, "rests": self.rests}
        return {name: None if tree is None else tree.to_dict() for name, tree in trees.items()}

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> RoundsCertificate:
        """Read a certificate back.

        Raises
        ------
        CertificateError
            If it is not of the right form.
        """
        missing = [
            f"the certificate has no '{name}'" for name in ("value", "pairs", "rests") if name not in data
        ]
        if missing:
            raise CertificateError(missing)
        pairs, rests = (
            None if data[name] is None else BoundTree.from_dict(data[name]) for name in ("pairs", "rests")
        )
        return RoundsCertificate(BoundTree.from_dict(data["value"]), pairs, rests)


@dataclass(frozen=True)
class RoundsProof:
    """What is proven of several rounds, in units of the weights.

    Parameters
    ----------
    n_pairs, n_pairs_bound : int
        Pairs of all rounds, and how many there can be at most.
    most_rests, most_rests_bound : int
        In how many rounds the vertex that rests most often has no partner, and how few that can be with so
        many pairs.
    total, bound : int
        Weight of all rounds, and what rounds with so many pairs and rests can weigh at most.
    n_edges_checked : int
        Permitted edges over which that was checked: all of them.
    """

    n_pairs: int
    n_pairs_bound: int
    most_rests: int
    most_rests_bound: int
    total: int
    bound: int
    n_edges_checked: int

    @property
    def gap(self) -> int:
        """``bound - total``."""
        return self.bound - self.total

    @property
    def is_optimal(self) -> bool:
        """Whether nothing is left between the rounds and the bounds."""
        counted = self.n_pairs == self.n_pairs_bound and self.most_rests == self.most_rests_bound
        return counted and self.gap == 0


def check_rounds(
    certificate: RoundsCertificate,
    n_vertices: int,
    rounds: Sequence[NDArray[np.int64]],
    edges: EdgeBlock,
    *,
    tolerance: int = 0,
) -> RoundsProof:
    """Prove from its certificate alone how good several rounds are.

    Parameters
    ----------
    certificate : RoundsCertificate
        The proofs.
    n_vertices : int
        Number of vertices.
    rounds : sequence of ndarray of int64, each of shape (k, 2)
        The pairs of each round.
    edges : (first, second, weights)
        Every permitted edge once, the smaller end first, in ascending order.
    tolerance : int
        Units by which each weight may differ from the one that was proven. The bound then grows by as much
        for each pair that the rounds can have.

    Returns
    -------
    RoundsProof
        What is proven.

    Raises
    ------
    CertificateError
        If the rounds repeat a pair, use one that is not permitted or a vertex twice, or a proof has a fault.
    """
    failures = _round_failures(rounds, edges)
    if failures:
        raise CertificateError(failures)
    n_rounds, n_pairs, rests = len(rounds), sum(map(len, rounds)), most_rests(n_vertices, rounds)
    asked = UnionProblem(
        n_vertices, n_rounds, edges[0], edges[1], edges[2] - tolerance, n_rounds - rests, n_pairs
    )
    bound = prove_union_bound(asked, certificate.value) + tolerance * n_pairs
    used = asked.positions(tuple((int(a), int(b)) for pairs in rounds for a, b in pairs))
    total = sum(int(weight) for weight in edges[2][used])
    return RoundsProof(
        n_pairs,
        _pairs_bound(certificate.pairs, n_vertices, n_rounds, edges),
        rests,
        _rests_bound(certificate.rests, n_vertices, n_rounds, n_pairs, rests, edges),
        total,
        bound,
        int(edges[0].size),
    )


def most_rests(n_vertices: int, rounds: Sequence[NDArray[np.int64]]) -> int:
    """In how many rounds the vertex that rests most often has no partner."""
    if n_vertices == 0:
        return 0
    met = sum(
        (np.bincount(pairs.ravel(), minlength=n_vertices) for pairs in rounds), np.zeros(n_vertices, int)
    )
    return int(len(rounds) - met.min())


def pairs_by_counting(n_vertices: int, n_rounds: int, edges: EdgeBlock) -> int:
    """How many pairs several rounds can have at most, by counting places and permitted partners."""
    partners = np.bincount(np.concatenate(edges[:2]), minlength=n_vertices)
    return min(n_rounds * (n_vertices // 2), int(np.minimum(partners, n_rounds).sum()) // 2)


def rests_by_counting(n_vertices: int, n_rounds: int, n_pairs: int, edges: EdgeBlock) -> int:
    """How often somebody has to rest at least, by counting places and permitted partners."""
    if n_vertices == 0:
        return 0
    partners = np.bincount(np.concatenate(edges[:2]), minlength=n_vertices)
    on_average = -(-(n_rounds * n_vertices - 2 * n_pairs) // n_vertices)
    return max(0, on_average, n_rounds - int(partners.min()))


def _round_failures(rounds: Sequence[NDArray[np.int64]], edges: EdgeBlock) -> list[str]:
    permitted = set(zip(edges[0].tolist(), edges[1].tolist(), strict=True))
    failures = []
    met: dict[Edge, int] = {}
    for number, pairs in enumerate(rounds, start=1):
        ends: list[Edge] = [(min(a, b), max(a, b)) for a, b in pairs.tolist()]
        twice = [vertex for vertex, times in Counter(np.ravel(pairs).tolist()).items() if times > 1]
        failures += [f"round {number} has vertex {vertex} in more than one pair" for vertex in sorted(twice)]
        failures += [
            f"round {number} has the pair {a}-{b}, which is not permitted"
            for a, b in ends
            if (a, b) not in permitted
        ]
        for edge in ends:
            if met.setdefault(edge, number) != number:
                failures.append(f"round {number} repeats the pair {edge[0]}-{edge[1]} of round {met[edge]}")
    return failures


def _ones(n_vertices: int, n_rounds: int, edges: EdgeBlock, least: int = 0) -> UnionProblem:
    return UnionProblem(n_vertices, n_rounds, edges[0], edges[1], np.ones(edges[0].size, np.int64), least)


def _pairs_bound(tree: BoundTree | None, n_vertices: int, n_rounds: int, edges: EdgeBlock) -> int:
    bound = pairs_by_counting(n_vertices, n_rounds, edges)
    if tree is None:
        return bound
    return min(bound, prove_union_bound(_ones(n_vertices, n_rounds, edges), tree))


def _rests_bound(
    tree: BoundTree | None, n_vertices: int, n_rounds: int, n_pairs: int, rests: int, edges: EdgeBlock
) -> int:
    """If so many pairs cannot be had with one rest less, then no fewer rests will do."""
    bound = rests_by_counting(n_vertices, n_rounds, n_pairs, edges)
    if tree is None or rests <= bound:
        return bound
    fewer = _ones(n_vertices, n_rounds, edges, least=n_rounds - rests + 1)
    return rests if prove_union_bound(fewer, tree) < n_pairs else bound
