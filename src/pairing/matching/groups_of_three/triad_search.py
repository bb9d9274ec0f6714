"""The best plan with one group of three, where the number of vertices is odd and nobody is to stay alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pairing.matching.engine.blossom import blossom_engine
from pairing.matching.groups_of_three.gallai_edmonds import find_witness
from pairing.matching.groups_of_three.triad_proof import TriadProof
from pairing.matching.groups_of_three.triads import Triad, TriadBounds, triad_blocks, without
from pairing.matching.large.pricing import PricedSolution, solve_by_pricing
from pairing.matching.proof.certificate import prove_bound
from pairing.matching.solving import cardinality_bonus, solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pairing.matching.problem import MatchingProblem
    from pairing.matching.proof.certificate import Certificate
    from pairing.matching.proof.witness import Witness


@dataclass(frozen=True, eq=False)
class TriadSolution:
    """A best plan with one group of three, and its proof.

    Parameters
    ----------
    triad : tuple of int, length 3
        The three vertices, ascending.
    value : int
        The least weight of the three edges.
    partner : ndarray of int64, shape (n,)
        Partner of each vertex, -1 for none and for those of the triad.
    total : int
        Weights of the pairs, and the value of the triad.
    proof : TriadProof
        That no plan with another triad is better.
    n_solved : int
        Triads for which the rest of the graph had to be solved.
    """

    triad: Triad
    value: int
    partner: NDArray[np.int64] = field(repr=False)
    total: int
    proof: TriadProof = field(repr=False)
    n_solved: int


def best_with_triad(
    problem: MatchingProblem, *, progress: Callable[[int], None] | None = None
) -> TriadSolution | None:
    """Find the best plan of pairs and one group of three, if it leaves fewer vertices alone than pairs do.

    Parameters
    ----------
    problem : MatchingProblem
        Permitted edges and their weights. Every two of a triad must be permitted; it counts with the least
        weight of its three edges.
    progress : callable, optional
        Called with the number of triads solved so far.

    Returns
    -------
    TriadSolution or None
        As many pairs beside the triad as possible, then the greatest total. None if the number of vertices
        is even, or no triad leaves fewer alone.

    Notes
    -----
    Triads are solved in the order of their bounds
    (:class:`~pairing.matching.groups_of_three.triads.TriadBounds`), until the best plan found is as good as
    every bound that is left. The certificates of those solved in vain are part of the proof.

    Examples
    --------
    >>> from pairing.matching import MatchingProblem
    >>> house = MatchingProblem(5, [0, 0, 1, 1, 2, 3], [1, 2, 2, 3, 4, 4], [5, 6, 7, 9, 9, 2])
    >>> best = best_with_triad(house)
    >>> best.triad, best.value, best.total
    ((0, 1, 2), 5, 7)
    """
    if problem.n_vertices % 2 == 0:
        return None
    whole = solve(problem)
    search = _Search(problem, progress)
    witness = find_witness(problem, whole.partner)
    bounds = TriadBounds(problem, whole.certificate, witness)
    # With a pair fewer and three in a group, one vertex fewer is alone.
    lightest = min(int(problem.weights.min(initial=0)), 0)
    floor = search.bonus * (whole.n_pairs - 1) + whole.n_pairs * lightest - 1
    for bound, triad, value in _promising(problem, bounds, floor):
        if bound <= search.score(floor):
            break
        search.try_out(bound, triad, value, floor)
    return search.solution(whole.certificate, witness)


def _promising(problem: MatchingProblem, bounds: TriadBounds, floor: int) -> list[tuple[int, Triad, int]]:
    """Triads that might be good enough, by descending bound and then by their vertices."""
    found = []
    for block in triad_blocks(problem):
        bound = bounds.of(block)
        for row in np.flatnonzero(np.asarray(bound > floor, dtype=bool)):
            one, two, three = block.vertices[row].tolist()
            found.append((int(bound[row]), (one, two, three), int(block.value[row])))
    return sorted(found, key=lambda entry: (-entry[0], entry[1]))


class _Search:
    """The best plan so far, and the certificates of the others."""

    def __init__(self, problem: MatchingProblem, progress: Callable[[int], None] | None) -> None:
        self.problem, self.progress = problem, progress
        self.bonus = cardinality_bonus(problem)
        self.tried: dict[Triad, tuple[int, Certificate]] = {}
        self.best: tuple[int, Triad, int, PricedSolution] | None = None

    def score(self, floor: int) -> int:
        return floor if self.best is None else self.best[0]

    def try_out(self, bound: int, triad: Triad, value: int, floor: int) -> None:
        rest = without(self.problem, triad)
        priced = solve_by_pricing(rest, self.bonus, blossom_engine)
        self.tried[triad] = bound, priced.certificate
        score = prove_bound(priced.certificate, 0, rest.blocks()) + value
        if score > self.score(floor):
            self.best = (score, triad, value, priced)
        if self.progress is not None:
            self.progress(len(self.tried))

    def solution(self, whole: Certificate, witness: Witness) -> TriadSolution | None:
        if self.best is None:
            return None
        score, triad, value, priced = self.best
        others = tuple(
            (other, certificate)
            for other, (bound, certificate) in sorted(self.tried.items())
            if other != triad and bound > score
        )
        partner = np.array(priced.partner, dtype=np.int64)
        partner.setflags(write=False)
        proof = TriadProof(triad, priced.certificate, whole, witness, others)
        return TriadSolution(triad, value, partner, priced.total + value, proof, len(self.tried))
