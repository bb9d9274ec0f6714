"""Nested odd sets of vertices as a forest, linear in the number of vertices however deep they nest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Positions = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class OddSetForest:
    """Sets that are either disjoint or nested, each with a number (its dual), ready for many look-ups.

    Make one with :func:`odd_set_forest`.

    Parameters
    ----------
    vertex_position : ndarray of int64, shape (n,)
        Where the innermost set of each vertex stands in preorder; 0 is the outside of all sets.
    lowest : ndarray of int64, shape (levels, k + 1)
        ``lowest[p, q]`` is the least position of a parent among the ``2**p`` sets from position q on.
    sums : ndarray of int64 or object, shape (k + 1,)
        Sum of the duals of the set at each position and of all sets around it.

    Notes
    -----
    The innermost set that holds two vertices is the lowest common ancestor of theirs. In preorder it is
    the least parent position between the two (Bender and Farach-Colton 2000), so that one table of
    minima answers a whole array of pairs in a handful of vectorised steps.
    """

    vertex_position: Positions
    lowest: Positions
    sums: NDArray[Any]

    def common_sums(self, first: Positions, second: Positions) -> NDArray[Any]:
        """Sum the duals of the sets that hold both ends, for each edge.

        Parameters
        ----------
        first, second : ndarray of int64, shape (m,)
            The ends of the edges.

        Returns
        -------
        ndarray of int64 or object, shape (m,)
            One sum an edge, in the unit of the duals.
        """
        one, other = self.vertex_position[first], self.vertex_position[second]
        left, right = np.minimum(one, other), np.maximum(one, other)
        ancestor = left.copy()
        apart = np.flatnonzero(left < right)
        low, high = left[apart] + 1, right[apart] + 1
        level = np.frexp((high - low).astype(np.float64))[1] - 1
        minima = np.minimum(self.lowest[level, low], self.lowest[level, high - (1 << level)])
        ancestor[apart] = minima
        return self.sums[ancestor]


def odd_set_forest(
    innermost_set: Sequence[int], set_parent: Sequence[int], set_duals: Sequence[int], *, exact: bool
) -> OddSetForest:
    """Arrange nested sets for look-ups.

    Parameters
    ----------
    innermost_set : sequence of int, length n
        Index of the innermost set of each vertex, -1 for none.
    set_parent : sequence of int, length k
        Index of the set around each set, -1 for none; must be free of cycles.
    set_duals : sequence of int, length k
        The number that belongs to each set.
    exact : bool
        Whether to keep the sums as Python integers because they may not fit into 64 bits.

    Returns
    -------
    OddSetForest
        The forest.

    Examples
    --------
    >>> forest = odd_set_forest([0, 0, 1, 1, -1], [-1, 0], [10, 3], exact=False)
    >>> forest.common_sums(np.array([0, 1, 2, 0]), np.array([1, 2, 3, 4])).tolist()
    [10, 10, 13, 0]
    """
    preorder = _preorder(set_parent)
    position = np.zeros(len(set_parent) + 1, dtype=np.int64)  # the last entry serves index -1
    position[preorder] = np.arange(1, len(preorder) + 1)
    parents = np.array([set_parent[index] for index in preorder], dtype=np.int64)
    parent_position = np.concatenate([[0], position[parents]]).astype(np.int64)
    sums = [0] * (len(preorder) + 1)
    for place, index in enumerate(preorder, start=1):
        sums[place] = sums[parent_position[place]] + set_duals[index]
    return OddSetForest(
        vertex_position=position[np.asarray(innermost_set, dtype=np.int64)],
        lowest=_table_of_minima(parent_position),
        sums=np.array(sums, dtype=object if exact else np.int64),
    )


def _preorder(set_parent: Sequence[int]) -> list[int]:
    """List every set after the one around it, and all that is inside a set in one stretch after it."""
    children: list[list[int]] = [[] for _ in range(len(set_parent) + 1)]
    for index, parent in enumerate(set_parent):
        children[parent].append(index)
    order: list[int] = []
    waiting = children[-1][::-1]
    while waiting:
        index = waiting.pop()
        order.append(index)
        waiting.extend(reversed(children[index]))
    return order


def _table_of_minima(values: Positions) -> Positions:
    rows = [values]
    width = 1
    while 2 * width <= values.size:
        below = rows[-1]
        row = below.copy()
        row[: below.size - width] = np.minimum(below[: below.size - width], below[width:])
        rows.append(row)
        width *= 2
    return np.stack(rows)
