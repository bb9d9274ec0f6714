"""How many pairs there can be at most if pairs may be halved: a bound that costs next to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]


def most_half_pairs(n_vertices: int, first: Integers, second: Integers) -> int:
    """Count the half pairs of the best matching in which pairs may be halved.

    Parameters
    ----------
    n_vertices : int
        Number of vertices.
    first, second : ndarray of int, shape (m,)
        The two ends of each edge.

    Returns
    -------
    int
        No matching covers more vertices. It may cover fewer, where odd sets stand in the way.

    Notes
    -----
    As many as the best assignment has pairs in the double cover of the graph, in which every vertex has a
    left and a right copy.

    Examples
    --------
    >>> triangle = np.array([0, 0, 1]), np.array([1, 2, 2])
    >>> star = np.array([0, 0, 0]), np.array([1, 2, 3])
    >>> most_half_pairs(3, *triangle), most_half_pairs(4, *star)
    (3, 2)
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    if n_vertices == 0:
        return 0
    tails = np.concatenate([first, second]).astype(np.int32)
    heads = np.concatenate([second, first]).astype(np.int32)
    shape = (n_vertices, n_vertices)
    cover = csr_array((np.ones(tails.size, np.bool_), (tails, heads)), shape=shape)
    return int(np.count_nonzero(maximum_bipartite_matching(cover, perm_type="column") >= 0))
