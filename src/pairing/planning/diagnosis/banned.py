"""The pairs that a change of some rules would permit, held small: valued only once they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairing.pairs.model import PAIRS_PER_BLOCK, upper_triangle
from pairing.planning.diagnosis.links import Links

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from pairing.pairs import PairModel

    Flags = NDArray[np.bool_]
    Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class BannedPairs:
    """Pairs that exactly one rule bans, or only rules that are flexible together. Make them with :meth:`of`.

    Parameters
    ----------
    model : PairModel
        How pairs are valued and judged.
    teams : ndarray of int, shape (n,)
        Positions of the teams that take part.
    first, second : ndarray of int32, shape (m,)
        Numbers of the two teams of each pair among those, the smaller one first; of a large cohort these are
        millions.
    bans : ndarray of bool, shape (m, number of rules)
        Which rule bans which of them.
    """

    model: PairModel
    teams: Indices
    first: NDArray[np.int32]
    second: NDArray[np.int32]
    bans: Flags

    @classmethod
    def of(cls, model: PairModel, teams: Indices, flexible: Collection[str] = ()) -> BannedPairs:
        """Judge every pair of the teams that take part.

        Parameters
        ----------
        model : PairModel
            How pairs are valued and judged.
        teams : ndarray of int, shape (n,)
            Positions of the teams that take part, ascending.
        flexible : collection of str
            Keys of rules that may move together.
        """
        rigid = np.array([key not in flexible for key in model.rules.keys], dtype=np.bool_)
        firsts, seconds = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
        found = [np.empty((0, rigid.size), np.bool_)]
        for first, second in upper_triangle(len(teams), PAIRS_PER_BLOCK):
            bans = model.rules.bans(model.facts.pairs(teams[first], teams[second]))
            n_bans = np.count_nonzero(bans, axis=1)
            within = (n_bans > 0) & ~bans[:, rigid].any(axis=1)
            rows = np.flatnonzero((n_bans == 1) | within)
            firsts.append(first[rows].astype(np.int32))
            seconds.append(second[rows].astype(np.int32))
            found.append(bans[rows])
        return cls(model, teams, np.concatenate(firsts), np.concatenate(seconds), np.concatenate(found))

    def __len__(self) -> int:
        return len(self.first)

    def only(self, rows: Flags | Indices) -> Links:
        """Some of the pairs, with their values."""
        first, second = self.first[rows].astype(np.int64), self.second[rows].astype(np.int64)
        values = np.empty(len(first), np.int64)
        for start in range(0, len(first), PAIRS_PER_BLOCK):
            piece = slice(start, start + PAIRS_PER_BLOCK)
            values[piece] = self.model.integers(self.teams[first[piece]], self.teams[second[piece]])
        return Links(first, second, values)

    def only_by(self, column: int) -> Indices:
        """Which of the pairs no other rule bans than the one of this column."""
        alone = self.bans[:, column] & (np.count_nonzero(self.bans, axis=1) == 1)
        return np.flatnonzero(alone).astype(np.int64)
