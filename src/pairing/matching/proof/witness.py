"""The proof that no matching has more pairs, checked in one pass over the edges and without any engine.

Take away some vertices, the barrier, and what is left falls into parts. A part with an odd number of
vertices cannot be matched within itself: one of its vertices needs a partner in the barrier. With more odd
parts than barrier vertices, some parts go without, whatever the matching.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pairing.errors import CertificateError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from pairing.matching.problem import EdgeBlock

_MOST_LISTED = 5
_ELSEWHERE = -1
_IN_BARRIER = -2


@dataclass(frozen=True)
class Witness:
    """Why at least so many vertices stay without a partner.

    Parameters
    ----------
    n_vertices : int
        Number of vertices of the graph.
    barrier : tuple of int
        Vertices for which the odd parts compete, ascending.
    odd_parts : tuple of tuple of int
        Sets of an odd number of vertices, each ascending. No edge leads from one to anywhere but the
        barrier.

    References
    ----------
    Berge (1958), "Sur le couplage maximum d'un graphe", Comptes rendus 247; Tutte (1947), "The factorization
    of linear graphs", Journal of the London Mathematical Society 22.
    """

    n_vertices: int
    barrier: tuple[int, ...]
    odd_parts: tuple[tuple[int, ...], ...]

    @property
    def n_unmatched(self) -> int:
        """At least so many vertices stay alone in every matching."""
        return max(0, len(self.odd_parts) - len(self.barrier))

    def to_dict(self) -> dict[str, Any]:
        """Give the witness as a JSON-safe dictionary."""
        return {
            "n_vertices": self.n_vertices,
            "barrier": list(self.barrier),
            "odd_parts": [list(part) for part in self.odd_parts],
        }


def check_witness(witness: Witness, edge_blocks: Iterable[EdgeBlock]) -> int:
    """Prove from its witness alone that every matching leaves so many vertices without a partner.

    Parameters
    ----------
    witness : Witness
        The barrier and the odd parts.
    edge_blocks : iterable of (first, second, weights)
        Every permitted edge, in pieces of any size; the weights do not matter.

    Returns
    -------
    int
        At least so many vertices stay alone. A matching that leaves exactly so many has as many pairs as
        possible.

    Raises
    ------
    CertificateError
        If any clause of the proof fails; every clause that fails has its sentence.

    Examples
    --------
    >>> star = (np.array([0, 0, 0]), np.array([1, 2, 3]), np.array([1, 1, 1]))
    >>> check_witness(Witness(4, (0,), ((1,), (2,), (3,))), [star])
    2
    >>> check_witness(Witness(4, (1,), ((0,), (2,), (3,))), [star])
    Traceback (most recent call last):
        ...
    pairing.errors.CertificateError: 2 edges leave an odd part for somewhere else than the barrier: 0-2, 0-3
    """
    failures = _structure_failures(witness)
    if failures:
        raise CertificateError(failures)
    place = _places(witness)
    n_leaving, examples = 0, list[str]()
    for first, second, _ in edge_blocks:
        one, other = place[first], place[second]
        leaving = (one != other) & (np.minimum(one, other) != _IN_BARRIER)
        n_leaving += int(np.count_nonzero(leaving))
        for edge in np.flatnonzero(leaving)[: _MOST_LISTED - len(examples)]:
            examples.append(f"{first[edge]}-{second[edge]}")
    if n_leaving:
        more = ", ..." if n_leaving > len(examples) else ""
        leave = "edge leaves" if n_leaving == 1 else "edges leave"
        message = f"{n_leaving} {leave} an odd part for somewhere else than the barrier: "
        raise CertificateError([message + ", ".join(examples) + more])
    return witness.n_unmatched


def _structure_failures(witness: Witness) -> list[str]:
    listed = [*witness.barrier, *(vertex for part in witness.odd_parts for vertex in part)]
    outside = sorted({vertex for vertex in listed if not 0 <= vertex < witness.n_vertices})
    failures = [f"vertex {vertex} is outside 0..{witness.n_vertices - 1}" for vertex in outside]
    vertices, counts = np.unique(np.array(listed, np.int64), return_counts=True)
    failures += [f"vertex {vertex} is listed more than once" for vertex in vertices[counts > 1]]
    failures += [
        f"part {number} has {len(part)} vertices, which is not odd"
        for number, part in enumerate(witness.odd_parts)
        if len(part) % 2 == 0
    ]
    return failures


def _places(witness: Witness) -> NDArray[np.int64]:
    """Number of the odd part that holds each vertex, or a negative number for the two other places."""
    place = np.full(witness.n_vertices, _ELSEWHERE, dtype=np.int64)
    place[list(witness.barrier)] = _IN_BARRIER
    for number, part in enumerate(witness.odd_parts):
        place[list(part)] = number
    return place
