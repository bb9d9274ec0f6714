"""The answer of a constrained search, and where it stands on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InfeasibleMatchingError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.matching.constrained.lagrangean import LagrangeanBound


@dataclass(frozen=True)
class ConstrainedProgress:
    """Where a constrained search stands.

    Parameters
    ----------
    total : int or None
        Total of the best matching so far, None while there is none.
    bound : int
        No matching that keeps to the constraints weighs more.
    n_edges : int
        Edges that are still in question.
    """

    total: int | None
    bound: int
    n_edges: int

    @property
    def gap(self) -> int | None:
        """How far the best matching so far may be from the best there is."""
        return None if self.total is None else self.bound - self.total


@dataclass(frozen=True, eq=False)
class ConstrainedSolution:
    """The best matching found under side constraints, and how good any can be.

    Parameters
    ----------
    partner : ndarray of int64, shape (n,)
        Partner of each vertex, -1 for none.
    total : int
        Sum of the weights of the pairs, exact.
    bound : int
        No matching that keeps to the constraints weighs more. Where it is below `certified` this is
        HiGHS's word, in double precision with tolerances of 1e-9, on a model in which one unit of
        weight is at least a thousand times as large as the gap that HiGHS leaves; see Notes.
    certified : LagrangeanBound
        Prices and duals that prove a bound without any solver.
    certified_bound : int
        What they prove.
    status : {"optimal", "feasible"}
        "optimal" only if `bound` is `total`.
    interrupted : bool
        Whether the search was stopped with Ctrl-C.

    Notes
    -----
    HiGHS works on the shortfall from the certified bound, in units such that the largest number is a
    million; with a certified gap of up to 10^9 units its final gap of 10^-6 is thus less than a
    thousandth of a unit, and a bound that reaches the total to within half a unit is rounded to it.
    """

    partner: NDArray[np.int64] = field(repr=False)
    total: int
    bound: int
    certified: LagrangeanBound = field(repr=False)
    certified_bound: int
    status: str
    interrupted: bool = False

    @property
    def gap(self) -> int:
        """``bound - total``; 0 means proven."""
        return self.bound - self.total

    @property
    def n_pairs(self) -> int:
        """Pairs in the matching."""
        return int(np.count_nonzero(self.partner >= 0)) // 2


class NoConstrainedMatchingError(InfeasibleMatchingError):
    """No matching keeps to the constraints.

    Parameters
    ----------
    message : str
        What is impossible.
    certified : LagrangeanBound or None
        Prices and duals that prove it where the weights are 0: they bound a sum of zeros below 0. None where
        it is HiGHS's word.
    """

    def __init__(self, message: str, certified: LagrangeanBound | None) -> None:
        self.certified = certified
        super().__init__(message)
