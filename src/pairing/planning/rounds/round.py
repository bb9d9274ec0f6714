"""One of several rounds: who meets whom in it, and who rests."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pairing.matching import Certificate
from pairing.planning.pairing import Pairing
from pairing.shown import show_result, show_table
from pairing.wording import counted, shortened

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from pairing.pairs import PairTable

    Pairs = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Round:
    """One of several rounds.

    Parameters
    ----------
    number : int
        From 1.
    table : PairTable
        The permitted pairs.
    pairs : ndarray of int64, shape (k, 2)
        Positions of the teams of each pair, the smaller one first, ascending.
    """

    number: int
    table: PairTable = field(repr=False)
    pairs: Pairs = field(repr=False)

    def __repr__(self) -> str:
        return f"<Round {self.number}: {counted(len(self.pairs), 'pair')}>"

    @property
    def pair_ids(self) -> tuple[str, ...]:
        """``R1-P01``, ``R1-P02``, ... in the order of the pairs."""
        return tuple(f"R{self.number}-{pair_id}" for pair_id in self._as_pairing.pair_ids)

    @property
    def total_value(self) -> float:
        """Sum of the pairs' values, in between-team SD."""
        return self._as_pairing.total_value

    @cached_property
    def resting(self) -> tuple[str, ...]:
        """Ids of the teams without a partner in this round."""
        ids = self.table.model.cohort.ids
        return tuple(ids[at] for at in np.setdiff1d(np.arange(len(ids)), self.pairs.ravel()))

    def summary(self) -> str:
        """Say how many meet, how good that is, and who rests."""
        total = f"{counted(len(self.pairs), 'pair')}, worth {self.total_value:.3f} SD in total"
        who = f"{shortened(self.resting)} rest" if self.resting else "nobody rests"
        return f"Round {self.number}: {total}; {who}."

    def to_frame(self) -> pd.DataFrame:
        """Tabulate the pairs with the columns of ``pairs.csv``."""
        return self._as_pairing.to_frame().assign(pair_id=list(self.pair_ids))

    def gains(self) -> NDArray[np.float64]:
        """What each team can expect to learn in this round, shape (n,); 0 where it rests."""
        gains = np.zeros(len(self.table.model.cohort))
        gains[self.pairs[:, 0]] = self._as_pairing.scored.gains.first
        gains[self.pairs[:, 1]] = self._as_pairing.scored.gains.second
        return gains

    @cached_property
    def partner(self) -> NDArray[np.int64]:
        """Position of each team's partner, -1 for none."""
        partner = np.full(len(self.table.model.cohort), -1)
        partner[self.pairs[:, 0]], partner[self.pairs[:, 1]] = self.pairs[:, 1], self.pairs[:, 0]
        return partner

    def _repr_html_(self) -> str:
        columns = ["pair_id", "team_a", "name_a", "team_b", "name_b", "value", "gain_a", "gain_b"]
        table = show_table(self.to_frame(), "The pairs", columns=columns)
        return show_result("Round", self.summary(), table)

    @cached_property
    def _as_pairing(self) -> Pairing:
        # Only for its tables. A round alone need not be the best pairing, so there is nothing to certify.
        n = len(self.table.model.cohort)
        nothing = Certificate(n, 0, (0,) * n, (-1,) * n, (), ())
        return Pairing(self.table, self.partner, nothing, status="feasible")
