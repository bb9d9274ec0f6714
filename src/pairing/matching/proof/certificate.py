"""The proof that a matching is the best one, checked in exact integers and without any engine.

A certificate gives every vertex and some odd sets of vertices a number that is not negative, its dual.
If along every permitted edge the duals of the two ends and of the odd sets around both add up to at
least the edge's weight, then no matching weighs more than the sum of all vertex duals plus, for each odd
set of size s, (s - 1)/2 times its dual. A matching that weighs exactly that is therefore the best.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.errors import CertificateError
from pairing.matching.proof.clauses import (
    dual_failures,
    format_failures,
    matching_failures,
    set_sizes,
    structure_failures,
)
from pairing.matching.proof.edge_census import EdgeCensus
from pairing.shown import show_facts, show_result
from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import ArrayLike

    from pairing.matching.edge_source import EdgeSource
    from pairing.matching.problem import EdgeBlock

_NUMBERS = ("n_vertices", "cardinality_bonus")
_LISTS = ("vertex_duals", "innermost_set", "set_parent", "set_duals")


@dataclass(frozen=True, eq=False)
class Certificate:
    """Dual variables that prove a bound on every matching. All are for doubled weights, to be whole.

    Parameters
    ----------
    n_vertices : int
        Number of vertices.
    cardinality_bonus : int
        Constant that was added to the weight of every edge so that a pair more always counts more than
        any weight; 0 when the number of pairs does not matter.
    vertex_duals : tuple of int, length n
        Dual of each vertex, at least 0.
    innermost_set : tuple of int, length n
        Index of the innermost odd set that holds each vertex, -1 for none.
    set_parent : tuple of int, length k
        Index of the odd set just around each odd set, -1 for none.
    set_duals : tuple of int, length k
        Dual of each odd set, at least 0.

    References
    ----------
    Edmonds (1965), "Maximum matching and a polyhedron with 0,1-vertices", Journal of Research of the
    National Bureau of Standards 69B.
    """

    n_vertices: int
    cardinality_bonus: int
    vertex_duals: tuple[int, ...]
    innermost_set: tuple[int, ...]
    set_parent: tuple[int, ...]
    set_duals: tuple[int, ...]

    def summary(self) -> str:
        """Say what it holds and how it is checked."""
        return (
            f"Dual variables of {counted(self.n_vertices, 'vertex', 'vertices')} and of "
            f"{counted(len(self.set_duals), 'odd set')}. They prove nothing until check_certificate has held "
            "them against every permitted edge."
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the certificate as a JSON-safe dictionary."""
        numbers = {name: getattr(self, name) for name in _NUMBERS}
        lists = {name: list(getattr(self, name)) for name in _LISTS}
        return {**numbers, "duals_for": "doubled weights", **lists}

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Certificate:
        """Read a certificate back.

        Parameters
        ----------
        data : mapping
            What :meth:`to_dict` gave, perhaps by way of JSON.

        Returns
        -------
        Certificate
            The certificate, not yet checked against any graph.

        Raises
        ------
        CertificateError
            If an entry is missing or does not consist of whole numbers.
        """
        failures = format_failures(data, _NUMBERS, _LISTS)
        if failures:
            raise CertificateError(failures)
        lists = {name: tuple(data[name]) for name in _LISTS}
        return Certificate(
            n_vertices=data["n_vertices"], cardinality_bonus=data["cardinality_bonus"], **lists
        )

    def _repr_html_(self) -> str:
        inside = sum(index >= 0 for index in self.innermost_set)
        facts = {
            "vertices": f"{self.n_vertices:,}",
            "odd sets": f"{len(self.set_duals):,}",
            "vertices inside an odd set": f"{inside:,}",
            "bonus of an edge": f"{self.cardinality_bonus:,}",
        }
        return show_result("Certificate", self.summary(), show_facts(facts, "What it holds"))


@dataclass(frozen=True)
class Proof:
    """What a checked certificate proves, in units of the integer weights.

    Parameters
    ----------
    total : int
        Total weight of the matching, without the bonus.
    bound : int
        No matching (where cardinality comes first: none with as many pairs) weighs more than this.
    gap : int
        ``bound - total``; 0 means proven to be the best.
    n_pairs : int
        Pairs in the matching; where cardinality comes first, proven to be as many as possible.
    n_edges_checked : int
        Permitted edges whose dual constraint was checked: all of them.
    """

    total: int
    bound: int
    gap: int
    n_pairs: int
    n_edges_checked: int

    def summary(self) -> str:
        """Say what is proven."""
        over = f"over all {counted(self.n_edges_checked, 'permitted edge')}"
        if self.gap == 0:
            return f"Proven {over}: {counted(self.n_pairs, 'pair')} of weight {self.total:,}, the greatest."
        return f"Proven {over}: no matching weighs more than {self.bound:,}, and this one {self.total:,}."

    def _repr_html_(self) -> str:
        names = ("total", "bound", "gap", "n_pairs", "n_edges_checked")
        facts = {name: f"{getattr(self, name):,}" for name in names}
        return show_result("Proof", self.summary(), show_facts(facts, "In integer units"))


def check_certificate(
    certificate: Certificate,
    pairs: ArrayLike,
    edge_blocks: Iterable[EdgeBlock] | EdgeSource,
    *,
    tolerance: int = 0,
) -> Proof:
    """Prove from its certificate alone that a matching is the best one.

    Parameters
    ----------
    certificate : Certificate
        The dual variables.
    pairs : array_like of int, shape (k, 2)
        The matching.
    edge_blocks : iterable of (first, second, weights), or EdgeSource
        Every permitted edge, once, in pieces of any size; they are read once and not kept. A source gives
        all edges that can be heavier than the duals of their ends allow, and counts the others.
    tolerance : int
        Units by which each weight may differ from the weight that was proven, as when values are
        recomputed on another machine. The gap that is proven then grows by as much for each of the
        n // 2 pairs that a matching can have.

    Returns
    -------
    Proof
        Total, bound and gap. With a tolerance of 0 the gap is 0.

    Raises
    ------
    CertificateError
        If any clause of the proof fails; every clause that fails has its sentence. (Broken indices are
        reported before anything is computed with them.)

    Notes
    -----
    Uses 64-bit integers where the magnitudes prove that nothing can overflow, Python integers elsewhere.

    Examples
    --------
    >>> triangle = (np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([4, 4, 4]))
    >>> certificate = Certificate(3, 0, (0, 0, 0), (0, 0, 0), (-1,), (8,))
    >>> check_certificate(certificate, [[0, 1]], [triangle])
    Proof(total=4, bound=4, gap=0, n_pairs=1, n_edges_checked=3)
    >>> rounded = Certificate(3, 0, (4, 4, 4), (0, 0, 0), (-1,), (0,))
    >>> check_certificate(rounded, [[0, 1]], [triangle])
    Traceback (most recent call last):
        ...
    pairing.errors.CertificateError: the duals prove a bound of 6 and the total is 4
    """
    matching = np.asarray(pairs) if np.size(pairs) else np.zeros((0, 2), dtype=np.int64)
    failures = matching_failures(certificate.n_vertices, matching) + structure_failures(certificate)
    if failures:
        raise CertificateError(failures)
    census = EdgeCensus(certificate, matching, tolerance)
    census.add_all(edge_blocks)
    proof = _proof(certificate, census, tolerance)
    failures = dual_failures(certificate) + census.failures()
    failures += _optimality_failures(certificate, census, proof, tolerance)
    if failures:
        raise CertificateError(failures)
    return proof


def prove_bound(
    certificate: Certificate,
    n_pairs: int,
    edge_blocks: Iterable[EdgeBlock] | EdgeSource,
    *,
    tolerance: int = 0,
) -> int:
    """Prove from a certificate alone what matchings can weigh at most, whatever the matching at hand.

    Parameters
    ----------
    certificate : Certificate
        The dual variables.
    n_pairs : int
        Pairs of the matchings in question; it matters only where cardinality comes first.
    edge_blocks : iterable of (first, second, weights)
        Every permitted edge, once, in pieces of any size.
    tolerance : int
        As in :func:`check_certificate`.

    Returns
    -------
    int
        No matching with that many pairs weighs more.

    Raises
    ------
    CertificateError
        If the duals prove nothing; every clause that fails has its sentence.

    Examples
    --------
    >>> triangle = (np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([4, 4, 4]))
    >>> prove_bound(Certificate(3, 0, (0, 0, 0), (0, 0, 0), (-1,), (8,)), 1, [triangle])
    4
    """
    failures = structure_failures(certificate)
    if failures:
        raise CertificateError(failures)
    census = EdgeCensus(certificate, np.zeros((0, 2), dtype=np.int64), tolerance)
    census.add_all(edge_blocks)
    failures = dual_failures(certificate) + census.failures()
    if failures:
        raise CertificateError(failures)
    return _bound(certificate, n_pairs, tolerance)


def bound_of(certificate: Certificate, n_pairs: int) -> int:
    """What matchings with so many pairs can weigh at most, if the duals cover every edge; nothing is proven.

    Parameters
    ----------
    certificate : Certificate
        The dual variables.
    n_pairs : int
        Pairs of the matchings in question; it matters only where cardinality comes first.
    """
    return _bound(certificate, n_pairs, 0)


def _bound(certificate: Certificate, n_pairs: int, tolerance: int) -> int:
    sets = zip(certificate.set_duals, set_sizes(certificate), strict=True)
    doubled = sum(certificate.vertex_duals) + sum(dual * (size // 2) for dual, size in sets)
    reach = certificate.n_vertices // 2
    return doubled // 2 + reach * tolerance - certificate.cardinality_bonus * n_pairs


def _proof(certificate: Certificate, census: EdgeCensus, tolerance: int) -> Proof:
    bound, total = _bound(certificate, census.n_pairs, tolerance), census.total
    return Proof(total, bound, bound - total, census.n_pairs, census.n_edges)


def _optimality_failures(
    certificate: Certificate, census: EdgeCensus, proof: Proof, tolerance: int
) -> list[str]:
    reach = certificate.n_vertices // 2
    failures = []
    if proof.gap > 2 * reach * tolerance:
        failures.append(
            f"the duals prove a bound of {proof.bound - reach * tolerance} and the total is {proof.total}"
        )
    if proof.gap < 0:
        failures.append(
            f"the total of {proof.total} is above the bound of {proof.bound}: the duals prove nothing"
        )
    bonus = certificate.cardinality_bonus
    lightest_rival = reach * census.lowest_weight - 2 * reach * tolerance
    if bonus > 0 and proof.n_pairs < reach and bonus <= proof.total - lightest_rival:
        failures.append(f"the bonus of {bonus} a pair is too small to prove that no more pairs are possible")
    return failures
