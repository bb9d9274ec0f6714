"""The proof that a plan with one group of three is the best such plan, checked without any engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.errors import CertificateError
from pairing.matching.groups_of_three.triads import Triad, TriadBounds, triad_blocks, without
from pairing.matching.proof.certificate import Certificate, check_certificate, prove_bound
from pairing.matching.proof.witness import Witness, check_witness

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from pairing.matching.problem import MatchingProblem

_MOST_LISTED = 5


@dataclass(frozen=True, eq=False)
class TriadProof:
    """What proves that no plan with another group of three is better.

    Parameters
    ----------
    triad : tuple of int, length 3
        The three vertices, ascending.
    rest : Certificate
        Duals that prove the pairs beside the triad to be the best ones.
    whole : Certificate
        Duals of the whole graph, which bound most other triads.
    witness : Witness
        Why the whole graph leaves vertices alone; it bounds the others too.
    exceptions : tuple of (triad, Certificate)
        Duals for the rest of the graph beside each triad that those two do not rule out.
    """

    triad: Triad
    rest: Certificate
    whole: Certificate
    witness: Witness
    exceptions: tuple[tuple[Triad, Certificate], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give the proof as a JSON-safe dictionary."""
        return {
            "triad": list(self.triad),
            "rest": self.rest.to_dict(),
            "whole": self.whole.to_dict(),
            "witness": self.witness.to_dict(),
            "exceptions": [
                {"triad": list(triad), "certificate": certificate.to_dict()}
                for triad, certificate in self.exceptions
            ],
        }

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> TriadProof:
        """Read a proof back from what :meth:`to_dict` gave, perhaps by way of JSON.

        Raises
        ------
        CertificateError
            If an entry is missing or of the wrong kind.
        """
        try:
            exceptions = tuple(
                (_triad(entry["triad"]), Certificate.from_dict(entry["certificate"]))
                for entry in data["exceptions"]
            )
            return TriadProof(
                _triad(data["triad"]),
                Certificate.from_dict(data["rest"]),
                Certificate.from_dict(data["whole"]),
                _witness(data["witness"]),
                exceptions,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise CertificateError([f"the proof of the group of three cannot be read ({error!r})"]) from error


def _triad(entry: Any) -> Triad:  # noqa: ANN401 - JSON
    one, two, three = (_whole(vertex) for vertex in entry)
    return one, two, three


def _witness(entry: Any) -> Witness:  # noqa: ANN401 - JSON
    return Witness(
        _whole(entry["n_vertices"]),
        tuple(_whole(vertex) for vertex in entry["barrier"]),
        tuple(tuple(_whole(vertex) for vertex in part) for part in entry["odd_parts"]),
    )


def _whole(entry: Any) -> int:  # noqa: ANN401 - JSON
    if not isinstance(entry, int) or isinstance(entry, bool):
        message = f"{entry!r} is no whole number"
        raise TypeError(message)
    return entry


@dataclass(frozen=True)
class ProvenTriad:
    """What a checked proof says of a plan with a group of three.

    Parameters
    ----------
    total : int
        Weights of the pairs, and the least weight within the triad.
    bound : int
        No plan with as many pairs beside a triad is worth more; the total itself without a tolerance.
    n_pairs : int
        Pairs beside the triad: as many as beside any.
    n_triads : int
        Triads that were ruled out, and the chosen one.
    """

    total: int
    bound: int
    n_pairs: int
    n_triads: int


def check_triad_proof(
    proof: TriadProof, pairs: ArrayLike, problem: MatchingProblem, *, tolerance: int = 0
) -> ProvenTriad:
    """Prove that a plan with a group of three is the best: most pairs beside it, then the greatest total.

    Parameters
    ----------
    proof : TriadProof
        Certificates for the triad, the whole graph, and the exceptions.
    pairs : array_like of int, shape (k, 2)
        The pairs beside the triad.
    problem : MatchingProblem
        Every permitted edge.
    tolerance : int
        Units by which each weight may differ from the weight that was proven, as when values are
        recomputed on another machine.

    Returns
    -------
    ProvenTriad

    Raises
    ------
    CertificateError
        If any clause fails; every clause that could be checked and fails has its sentence.
    """
    failures = _form_failures(proof, problem)
    if failures:
        raise CertificateError(failures)
    prove_bound(proof.whole, 0, problem.blocks(), tolerance=tolerance)
    check_witness(proof.witness, problem.blocks())
    rest = check_certificate(proof.rest, pairs, without(problem, proof.triad).blocks(), tolerance=tolerance)
    value = least_weight(problem, proof.triad)
    if value is None:
        raise CertificateError([f"not every two of the group {proof.triad} are permitted"])
    # The score that was proven, and that of a rival, can each be off by as much as all of their weights.
    allowance = 2 * tolerance * (problem.n_vertices // 2 + 1)
    score = proof.rest.cardinality_bonus * rest.n_pairs + rest.total + value + allowance
    excepted = {triad: certificate for triad, certificate in proof.exceptions if triad != proof.triad}
    failures = [
        sentence
        for triad, certificate in excepted.items()
        for sentence in _exception_failures(problem, triad, certificate, score, tolerance)
    ]
    n_triads, rivals = _rivals(proof, problem, score, {proof.triad, *excepted})
    failures += [f"a plan with the group {triad} might be better" for triad in rivals[:_MOST_LISTED]]
    if failures:
        raise CertificateError(failures)
    total = rest.total + value
    return ProvenTriad(total, total + allowance, rest.n_pairs, n_triads)


def least_weight(problem: MatchingProblem, triad: Triad) -> int | None:
    """The least weight of the three edges of a triad; None unless all three are permitted."""
    inside = np.isin(problem.first, triad) & np.isin(problem.second, triad)
    return int(problem.weights[inside].min()) if np.count_nonzero(inside) == 3 else None


def _form_failures(proof: TriadProof, problem: MatchingProblem) -> list[str]:
    certificates = {"the rest": proof.rest, "the whole": proof.whole}
    certificates |= {f"beside {triad}": certificate for triad, certificate in proof.exceptions}
    bonus = proof.whole.cardinality_bonus
    failures = [
        f"the certificate of {name} is for {certificate.n_vertices} vertices, not {problem.n_vertices}"
        for name, certificate in certificates.items()
        if certificate.n_vertices != problem.n_vertices
    ]
    failures += [
        f"the certificate of {name} has the bonus {certificate.cardinality_bonus}, not {bonus}"
        for name, certificate in certificates.items()
        if certificate.cardinality_bonus != bonus
    ]
    if proof.witness.n_vertices != problem.n_vertices:
        failures.append(f"the witness is for {proof.witness.n_vertices} vertices, not {problem.n_vertices}")
    triads = [proof.triad, *(triad for triad, _ in proof.exceptions)]
    failures += [
        f"{triad} are not three vertices in ascending order"
        for triad in triads
        if not 0 <= triad[0] < triad[1] < triad[2] < problem.n_vertices
    ]
    return failures


def _exception_failures(
    problem: MatchingProblem, triad: Triad, certificate: Certificate, score: int, tolerance: int
) -> list[str]:
    value = least_weight(problem, triad)
    if value is None:
        return []
    bound = prove_bound(certificate, 0, without(problem, triad).blocks(), tolerance=tolerance)
    return [f"the duals beside {triad} prove no less than a better plan"] if bound + value > score else []


def _rivals(
    proof: TriadProof, problem: MatchingProblem, score: int, settled: set[Triad]
) -> tuple[int, list[Triad]]:
    """Count all triads, and list those that nothing rules out."""
    bounds = TriadBounds(problem, proof.whole, proof.witness)
    n_triads, rivals = 0, []
    for block in triad_blocks(problem):
        n_triads += len(block.vertices)
        better: NDArray[np.int64] = block.vertices[np.asarray(bounds.of(block) > score, dtype=bool)]
        found = [(int(one), int(two), int(three)) for one, two, three in better]
        rivals += [triad for triad in found if triad not in settled]
    return n_triads, rivals
