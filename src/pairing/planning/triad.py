"""One group of three, where the number of teams is odd and nobody is to stay at home."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from pairing.errors import CertificateError, InputDataError, Problem
from pairing.matching import Proof, TriadProof, best_with_triad, check_triad_proof
from pairing.planning.objective import Objective
from pairing.planning.pair import best_pairing, no_full_pairing
from pairing.planning.pairing import Pairing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from pairing.matching import Certificate, Progress
    from pairing.pairs import PairTable


@dataclass(frozen=True, eq=False)
class WithTriad(Objective):
    """The greatest total of a plan of pairs and one group of three, which counts with its least value.

    Parameters
    ----------
    proof : TriadProof
        That no other group of three leads to a better plan.
    """

    proof: TriadProof = field(repr=False)
    kind: ClassVar[str] = "total-with-triad"
    tolerance: ClassVar[int] = 1

    @property
    def triad(self) -> tuple[int, int, int]:
        """Positions of the three teams, ascending."""
        return self.proof.triad

    def weights(self, table: PairTable, pairs: NDArray[np.int64]) -> NDArray[Any]:  # noqa: ARG002
        """The values of the pairs, in units of ``1 / VALUE_SCALE``."""
        return table.integers

    def claim(self) -> str:
        """That no plan with one group of three is better."""
        return (
            "no plan with one group of three has more pairs beside it, or as many and a greater total, where "
            "the group counts with the least of its three values"
        )

    def prove(
        self, certificate: Certificate, table: PairTable, pairs: NDArray[np.int64], *, tolerance: int = 0
    ) -> Proof:
        """Prove the plan over every permitted pair and every permitted group of three, without any solver."""
        if certificate.to_dict() != self.proof.rest.to_dict():
            raise CertificateError(["the certificate is not the one of the pairs beside the group of three"])
        proven = check_triad_proof(self.proof, pairs, table.problem(), tolerance=tolerance)
        return Proof(proven.total, proven.bound, proven.bound - proven.total, proven.n_pairs, len(table))

    def to_dict(self) -> dict[str, Any]:
        """Give the kind and the proof."""
        return {"kind": self.kind, "proof": self.proof.to_dict()}

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> WithTriad:
        """Read the objective back.

        Raises
        ------
        InputDataError
            If the proof is missing or of the wrong kind.
        """
        try:
            return WithTriad(TriadProof.from_dict(data["proof"]))
        except (CertificateError, KeyError) as error:
            message = f"holds no proof of a group of three ({error})"
            raise InputDataError([Problem(message, column="weights")]) from error


def pairing_with_triad(
    table: PairTable,
    *,
    allow_unpaired: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Pairing:
    """Find the best pairing in which, where the number of teams is odd, three of them form a group.

    Parameters
    ----------
    table : PairTable
        The permitted pairs. In a group of three every two must be a permitted pair.
    allow_unpaired : bool
        Accept that teams stay without a partner when the rules leave no other way.
    progress : callable, optional
        Called now and then while pairs alone are searched for.

    Returns
    -------
    Pairing
        With as few teams left out as possible, then the greatest total; the group counts with the least of
        its three values. With an even number of teams, or where no group of three leaves fewer teams out,
        the best pairing without one.

    Raises
    ------
    InfeasibleMatchingError
        If teams must stay out and `allow_unpaired` is false.

    Examples
    --------
    >>> from pairing import MinDistance, load_audit, pair
    >>> cohort = load_audit()
    >>> alone = pair(cohort.subset(cohort.ids[:31]), MinDistance(50), allow_unpaired=True)
    >>> plan = pairing_with_triad(alone.table)
    >>> len(plan.pairs), len(plan.triad), plan.unpaired
    (14, 3, ())
    """
    solution = best_with_triad(table.problem())
    if solution is None:
        return best_pairing(table, allow_unpaired=allow_unpaired, progress=progress)
    plan = Pairing(table, solution.partner, solution.proof.rest, objective=WithTriad(solution.proof))
    if plan.unpaired and not allow_unpaired:
        raise no_full_pairing(plan)
    return plan
