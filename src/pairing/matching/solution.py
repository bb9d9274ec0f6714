"""The answer of the engine: who is matched with whom, and the certificate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import InfeasibleMatchingError
from pairing.shown import show_result, show_table
from pairing.wording import counted

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from pairing.matching.problem import Mode
    from pairing.matching.proof.certificate import Certificate


@dataclass(frozen=True, eq=False)
class MatchingSolution:
    """A best matching with its proof.

    Parameters
    ----------
    partner : ndarray of int64, shape (n,)
        Partner of each vertex, -1 for none.
    total : int
        Sum of the weights of the pairs.
    certificate : Certificate
        Duals that prove that no matching is better, over all permitted edges.
    mode : str
        What "better" means.
    n_rounds : int
        Rounds of solving on candidate edges and pricing the others; 1 if all edges were solved at once.
    n_searches : int
        Blossom searches over all rounds.
    stopped : str, optional
        "time limit" or "interrupted" if that ended the search: the matching is the best one found, and the
        certificate proves no more than a bound (:func:`~pairing.matching.proof.certificate.prove_bound`).
    """

    partner: NDArray[np.int64] = field(repr=False)
    total: int
    certificate: Certificate = field(repr=False)
    mode: Mode
    n_rounds: int = 1
    n_searches: int = 0
    stopped: str | None = None

    @property
    def n_pairs(self) -> int:
        """Pairs in the matching."""
        return int(np.count_nonzero(self.partner >= 0)) // 2

    @property
    def is_perfect(self) -> bool:
        """Whether every vertex has a partner."""
        return bool((self.partner >= 0).all())

    @property
    def unmatched(self) -> NDArray[np.int64]:
        """Vertices without a partner, ascending."""
        return np.flatnonzero(self.partner < 0).astype(np.int64)

    def pairs(self) -> NDArray[np.int64]:
        """List the pairs, the smaller vertex first, in ascending order; shape (k, 2)."""
        first = np.flatnonzero(self.partner > np.arange(self.partner.size)).astype(np.int64)
        return np.column_stack([first, self.partner[first]])

    def to_frame(self) -> pd.DataFrame:
        """Tabulate the pairs: one row a pair, columns `first` and `second`, the numbers of its vertices."""
        import pandas as pd

        return pd.DataFrame(self.pairs(), columns=["first", "second"])

    def summary(self) -> str:
        """Say how many are matched, and what that weighs."""
        alone = self.partner.size - 2 * self.n_pairs
        rest = "every vertex has a partner" if alone == 0 else f"{counted(alone, 'vertex', 'vertices')} alone"
        return f"{counted(self.n_pairs, 'pair')} of total weight {self.total:,} (mode {self.mode}); {rest}."

    def _repr_html_(self) -> str:
        return show_result("Matching", self.summary(), show_table(self.to_frame(), "The pairs, by vertex"))


class NoPerfectMatchingError(InfeasibleMatchingError):
    """Not every vertex can have a partner.

    Parameters
    ----------
    solution : MatchingSolution
        The best matching with as many pairs as possible, proven.

    Attributes
    ----------
    unmatched : ndarray of int64
        The vertices that it leaves out.
    """

    def __init__(self, solution: MatchingSolution) -> None:
        self.solution = solution
        self.unmatched = solution.unmatched
        n_vertices = solution.partner.size
        super().__init__(
            f"no perfect matching: at most {2 * solution.n_pairs} of {n_vertices} vertices can be matched"
        )
