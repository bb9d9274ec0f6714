"""A search that was stopped when nothing was left to find: its proof for the bonus that was asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pairing.matching.proof.certificate import Certificate, bound_of

if TYPE_CHECKING:
    from pairing.matching.large.pricing import PricedSolution


def proven_if_complete(priced: PricedSolution, bonus: int) -> PricedSolution:
    """Take a matching for proven that is, although the search that found it was stopped.

    Parameters
    ----------
    priced : PricedSolution
        What a search has found, stopped or not.
    bonus : int
        The bonus that was asked for; a search may have begun with a smaller one.

    Returns
    -------
    PricedSolution
        With the certificate for that bonus and without what stopped it, if the duals meet the total and it
        is known that no more pairs are possible. Otherwise as it was.
    """
    certificate = priced.certificate
    n_pairs = sum(partner >= 0 for partner in priced.partner) // 2
    if priced.stopped is None or bound_of(certificate, n_pairs) > priced.total:
        return priced
    if certificate.cardinality_bonus != bonus:
        if n_pairs < certificate.n_vertices // 2:
            return priced
        certificate = with_bonus_of_a_full_matching(certificate, bonus)
    return replace(priced, certificate=certificate, stopped=None)


def with_bonus_of_a_full_matching(certificate: Certificate, bonus: int) -> Certificate:
    """Give the proof of a matching that leaves out one vertex at most for a larger bonus.

    Parameters
    ----------
    certificate : Certificate
        The proof for a smaller bonus.
    bonus : int
        The larger one.

    Returns
    -------
    Certificate
        The same bound for matchings with as many pairs.

    Notes
    -----
    With an even number of vertices each pays half of what an edge weighs more. With an odd number that would
    be too much by one half for the vertex that is left out: an odd set of all vertices pays it instead.

    Examples
    --------
    >>> path = Certificate(3, 1, (0, 8, 2), (-1, -1, -1), (), ())
    >>> more = with_bonus_of_a_full_matching(path, 5)
    >>> more.set_duals, more.innermost_set, bound_of(path, 1), bound_of(more, 1)
    ((8,), (0, 0, 0), 4, 4)
    """
    more, n_vertices = bonus - certificate.cardinality_bonus, certificate.n_vertices
    if n_vertices % 2 == 0:
        duals = tuple(dual + more for dual in certificate.vertex_duals)
        return replace(certificate, cardinality_bonus=bonus, vertex_duals=duals)
    everyone = len(certificate.set_duals)
    return replace(
        certificate,
        cardinality_bonus=bonus,
        innermost_set=tuple(everyone if at < 0 else at for at in certificate.innermost_set),
        set_parent=(*(everyone if at < 0 else at for at in certificate.set_parent), -1),
        set_duals=(*certificate.set_duals, 2 * more),
    )
