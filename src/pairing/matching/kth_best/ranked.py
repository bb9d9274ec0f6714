"""What a ranking consists of: the best matchings in order, and the parts that were solved to find them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pairing.matching.proof.certificate import Certificate
    from pairing.matching.solution import MatchingSolution

    Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RankedMatching:
    """One of the best matchings.

    Parameters
    ----------
    partner : ndarray of int64, shape (n,)
        Partner of each vertex, -1 for none.
    total : int
        Sum of the weights of the pairs.
    part : int
        Index of the part of which it is the best matching.
    """

    partner: Indices = field(repr=False)
    total: int
    part: int


@dataclass(frozen=True, eq=False)
class SolvedPart:
    """A part of all matchings that was solved.

    Parameters
    ----------
    parent : int
        Index of the part that it was cut out of, -1 for all matchings.
    place : int
        Position, in the parent's pairs, of the pair that is avoided here; those before it are held.
    pairs : ndarray of int64, shape (p, 2)
        The best matching of the vertices that are not held, spare vertices included, the pairs in the order
        in which the part was divided. If it does not cover them all, the part is empty.
    certificate : Certificate
        Proves that.
    """

    parent: int
    place: int
    pairs: Indices = field(repr=False)
    certificate: Certificate = field(repr=False)


@dataclass(frozen=True, eq=False)
class Ranking:
    """The best matchings in order, with what proves that none is missing.

    Parameters
    ----------
    n_wanted : int
        How many were wanted.
    at_least : int or None
        The least total that was wanted.
    matchings : tuple of RankedMatching
        The best first. Fewer than wanted only if no other has as many pairs and the least total.
    best : MatchingSolution
        The first one as the engine gave it; its certificate proves how many pairs are possible.
    parts : tuple of SolvedPart
        Every part that was solved, in that order.
    stopped : str, optional
        "time limit" or "interrupted" if that ended the ranking before as many were found as were wanted.
    """

    n_wanted: int
    at_least: int | None
    matchings: tuple[RankedMatching, ...]
    best: MatchingSolution
    parts: tuple[SolvedPart, ...] = field(repr=False)
    stopped: str | None = None
