"""The vertices of every odd set of a certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.matching.proof.certificate import Certificate


def odd_set_members(certificate: Certificate) -> list[NDArray[np.bool_]]:
    """List the members of each odd set, those of the sets inside it included.

    Parameters
    ----------
    certificate : Certificate
        Duals with a forest of odd sets.

    Returns
    -------
    list of ndarray of bool, each of shape (n,)
        Whether each vertex belongs to the set, in the order of the sets.

    Examples
    --------
    >>> from pairing.matching.proof.certificate import Certificate
    >>> nested = Certificate(5, 0, (0,) * 5, (1, 1, 1, 0, 0), (-1, 0), (2, 2))
    >>> [members.astype(int).tolist() for members in odd_set_members(nested)]
    [[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]]
    """
    members = np.zeros((len(certificate.set_parent), certificate.n_vertices), dtype=bool)
    for vertex, innermost in enumerate(certificate.innermost_set):
        around = innermost
        while around >= 0:
            members[around, vertex] = True
            around = certificate.set_parent[around]
    return list(members)
