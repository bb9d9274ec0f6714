"""What a pairing makes as great as possible, as one whole number for each permitted pair."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pairing.errors import CertificateError, InputDataError, Problem
from pairing.matching import Proof, check_certificate, prove_bound
from pairing.pairs import VALUE_SCALE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from pairing.matching import Certificate, EdgeSource
    from pairing.matching.problem import EdgeBlock
    from pairing.pairs import PairTable
    from pairing.planning.pairing import Pairing

CLAIM_OF_TOTAL = "no pairing has more pairs, or as many and a greater total"


class Objective(ABC):
    """What "best" means among pairings with as many pairs as possible.

    An objective gives every permitted pair a whole-number weight. A pairing is the best one if no pairing
    has more pairs, or as many and a greater sum of weights; that is what its certificate proves.
    """

    kind: ClassVar[str]
    """The objective's name in ``run.json``."""

    tolerance: ClassVar[int] = 0
    """Units by which a weight may differ on another machine without harm to the proof."""

    why_left_out: ClassVar[str] = "costs the least"
    """What speaks for leaving out some teams rather than others, where not all can be paired."""

    stopped: str | None = None
    """What ended the search before all was proven, if anything did."""

    @property
    def triad(self) -> tuple[int, int, int] | None:
        """Positions of the teams of the plan's one group of three, ascending; None in a plan of pairs."""
        return None

    @property
    def has_side_constraints(self) -> bool:
        """Whether constraints on the whole plan limit it, beside the rules for its pairs."""
        return bool(getattr(self, "constraints", ()))

    @abstractmethod
    def weights(self, table: PairTable, pairs: NDArray[np.int64]) -> NDArray[Any]:
        """Weigh the permitted pairs.

        Parameters
        ----------
        table : PairTable
            The permitted pairs.
        pairs : ndarray of int, shape (k, 2)
            Positions of the teams of each pair of the plan, for objectives whose weights are relative to it.

        Returns
        -------
        ndarray of int64, or of Python integers where 64 bits might not do, shape (m,)
            One weight a permitted pair, in the table's order.
        """

    @abstractmethod
    def claim(self) -> str:
        """Say what is proven of the plan, as the end of a sentence."""

    def prove(
        self, certificate: Certificate, table: PairTable, pairs: NDArray[np.int64], *, tolerance: int = 0
    ) -> Proof:
        """Prove a plan from its certificate over all permitted pairs, without any solver.

        Parameters
        ----------
        certificate : Certificate
            Dual variables.
        table : PairTable
            The permitted pairs.
        pairs : ndarray of int, shape (k, 2)
            Positions of the teams of each pair of the plan.
        tolerance : int
            Units by which recomputed weights may differ from those that were proven.

        Raises
        ------
        CertificateError
            With every clause of the proof that fails.
        """
        return check_certificate(certificate, pairs, self.edges(table, pairs), tolerance=tolerance)

    def edges(self, table: PairTable, pairs: NDArray[np.int64]) -> Iterable[EdgeBlock] | EdgeSource:
        """The permitted pairs with their weights, for :func:`pairing.matching.check_certificate`."""
        return [(table.first, table.second, self.weights(table, pairs))]

    def proof_in_words(self, pairing: Pairing) -> str:
        """Say what is proven of a plan, and over how many pairs."""
        return (
            f"Proven optimal over all {len(pairing.table):,} permitted pairs: {self.claim()} "
            f"(rounding: at most {pairing.error_bound:.1e})."
        )

    def gap(self) -> float:
        """How far a plan may be from the best, in the unit of what was still to be improved; 0 if proven."""
        return 0.0

    def remarks(self, pairing: Pairing) -> tuple[str, ...]:  # noqa: ARG002
        """Say what else belongs in the summary of a plan; nothing is solved for it."""
        return ()

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        return {"kind": self.kind}


@dataclass(frozen=True)
class TotalValue(Objective):
    """The greatest sum of the pairs' values."""

    kind: ClassVar[str] = "total"
    tolerance: ClassVar[int] = 1  # maths libraries round the last digit of a value differently

    def weights(self, table: PairTable, pairs: NDArray[np.int64]) -> NDArray[Any]:  # noqa: ARG002
        """The values themselves, in units of ``1 / VALUE_SCALE``."""
        return table.integers

    def edges(self, table: PairTable, pairs: NDArray[np.int64]) -> EdgeSource:  # noqa: ARG002
        """The values themselves, of a large cohort as a stream."""
        return table.edges()

    def claim(self) -> str:
        """That no plan has a greater total."""
        return CLAIM_OF_TOTAL


@dataclass(frozen=True)
class TotalSoFar(TotalValue):
    """The greatest sum of the pairs' values, as far as a search came that was stopped.

    Parameters
    ----------
    gap_units : int
        No plan with as many pairs has a total that is greater by more, in units of ``1 / VALUE_SCALE``.
    stopped : str
        "time limit" or "interrupted".
    """

    gap_units: int = 0
    stopped: str = "time limit"
    kind: ClassVar[str] = "total so far"

    def claim(self) -> str:
        """By how much a plan with as many pairs could be better."""
        return f"no pairing with as many pairs has a total that is greater by more than {self.gap():.6f} SD"

    def gap(self) -> float:
        """By how much the total could be greater, in between-team SD."""
        return self.gap_units / VALUE_SCALE

    def prove(
        self, certificate: Certificate, table: PairTable, pairs: NDArray[np.int64], *, tolerance: int = 0
    ) -> Proof:
        """Prove the bound and hold the plan against it; see :meth:`Objective.prove`.

        Raises
        ------
        CertificateError
            If the duals prove nothing, or less than is claimed.
        """
        edges = table.edges()
        bound = prove_bound(certificate, len(pairs), edges, tolerance=tolerance)
        total = int(table.model.integers(pairs[:, 0], pairs[:, 1]).sum())
        allowed = self.gap_units + 2 * tolerance * (certificate.n_vertices // 2)
        if bound - total > allowed:
            raise CertificateError([f"the duals prove a gap of {bound - total}, not of {self.gap_units}"])
        return Proof(total, bound, bound - total, len(pairs), edges.n_edges)

    def proof_in_words(self, pairing: Pairing) -> str:
        """Say that the plan is not proven to be the best, and how good it is at least."""
        why = (
            "The time limit stopped the search"
            if self.stopped == "time limit"
            else "The search was interrupted"
        )
        more = "" if len(pairing.pairs) == len(pairing.cohort) // 2 else " Plans with more pairs may exist."
        return (
            f"NOT PROVEN to be the best plan. {why}. Over all {len(pairing.table):,} permitted pairs, "
            f"{self.claim()}.{more}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as a JSON-safe dictionary."""
        return {"kind": self.kind, "gap_units": self.gap_units, "stopped": self.stopped}

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> TotalSoFar:
        """Read the objective back.

        Raises
        ------
        InputDataError
            If an entry is missing or of the wrong kind.
        """
        gap_units, stopped = data.get("gap_units"), data.get("stopped")
        if type(gap_units) is not int or gap_units < 0 or stopped not in ("time limit", "interrupted"):
            raise InputDataError(
                [Problem("is no plan so far", column="weights", expected="a gap and what stopped the search")]
            )
        return TotalSoFar(gap_units, stopped)


TOTAL = TotalValue()
"""The default."""
