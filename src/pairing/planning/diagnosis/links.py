"""Lists of pairs of teams with their values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]
    Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Links:
    """A list of pairs of vertices with their values.

    Parameters
    ----------
    first, second : ndarray of int, shape (m,)
        Numbers of the two teams among those that take part, the smaller one first.
    integers : ndarray of int, shape (m,)
        Values in units of ``1 / VALUE_SCALE``.
    """

    first: Indices
    second: Indices
    integers: Indices

    def __len__(self) -> int:
        return len(self.first)

    def only(self, rows: Flags | Indices) -> Links:
        """Some of the pairs."""
        return Links(self.first[rows], self.second[rows], self.integers[rows])

    def plus(self, other: Links) -> Links:
        """These pairs and others."""
        columns = zip(self._columns(), other._columns(), strict=True)
        return Links(*(np.concatenate(column) for column in columns))

    def weighing(self, integers: Indices) -> Links:
        """The same pairs with other values."""
        return Links(self.first, self.second, integers)

    def in_order(self, n_vertices: int) -> Links:
        """The same pairs in ascending order, which a graph of millions of edges need not make then."""
        return self.only(np.argsort(self.first * n_vertices + self.second, kind="stable"))

    def _columns(self) -> tuple[Indices, Indices, Indices]:
        return self.first, self.second, self.integers
