"""The proof that the best matchings are these, in this order, checked without any engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from pairing.errors import CertificateError
from pairing.matching.kth_best.branching import Pair, least_losses, restricted, weights_by_pair, with_spares
from pairing.matching.proof.certificate import check_certificate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.matching.kth_best.ranked import RankedMatching, Ranking, SolvedPart
    from pairing.matching.problem import MatchingProblem

    Indices = NDArray[np.int64]


@dataclass(frozen=True)
class RankingProof:
    """What a checked ranking proves.

    Parameters
    ----------
    totals : tuple of int
        Totals of the matchings, descending.
    rest : int or None
        No other matching with as many pairs weighs more; None if there is no other.
    n_pairs : int
        Pairs of each matching: as many as possible.
    n_parts : int
        Parts of all matchings whose bound was checked. They do not overlap, and nothing is outside them.
    """

    totals: tuple[int, ...]
    rest: int | None
    n_pairs: int
    n_parts: int


def check_ranking(problem: MatchingProblem, ranking: Ranking) -> RankingProof:
    """Prove without any engine that the matchings of a ranking are the best, and in order.

    Parameters
    ----------
    problem : MatchingProblem
        Permitted edges and their weights.
    ranking : Ranking
        The matchings, the parts that were solved, and their certificates.

    Returns
    -------
    RankingProof
        The totals, and a bound on every matching that is not listed.

    Raises
    ------
    CertificateError
        If any clause of the proof fails.

    Notes
    -----
    A listed matching divides its part: for each of its pairs there is the part that avoids this pair and
    holds those before it, and any other matching of the same size is in exactly one of them, the one of the
    first pair that it lacks. A part that is not divided is bounded by its own certificate if it was solved,
    else by :func:`~pairing.matching.kth_best.branching.least_losses` from the certificate of the part
    around it. If no bound exceeds the last total, nothing is missing before it; that is all there is to
    show where the ranking was stopped. Where fewer matchings exist than were wanted, none may reach the
    least total wanted.

    Examples
    --------
    >>> from pairing.matching import MatchingProblem, rank_matchings
    >>> complete = MatchingProblem(4, [0, 0, 0, 1, 1, 2], [1, 2, 3, 2, 3, 3], [9, 5, 1, 2, 6, 8])
    >>> check_ranking(complete, rank_matchings(complete, 2))
    RankingProof(totals=(17, 11), rest=11, n_pairs=2, n_parts=3)
    """
    check = _Check(problem, ranking)
    for index, part in enumerate(ranking.parts):
        check.part(index, part)
    for ranked in ranking.matchings:
        check.listed(ranked)
    return check.proof()


@dataclass(frozen=True, eq=False)
class _Known:
    """A solved part whose certificate holds."""

    held: tuple[Pair, ...]
    avoided: tuple[Pair, ...]
    graph: MatchingProblem
    total: int | None  # None if the part is empty


class _Check:
    def __init__(self, problem: MatchingProblem, ranking: Ranking) -> None:
        best = ranking.best
        self._ranking = ranking
        self._problem = problem
        self._n_pairs = check_certificate(best.certificate, best.pairs(), problem.blocks()).n_pairs
        self._graph = with_spares(problem, problem.n_vertices - 2 * self._n_pairs)
        self._weight_of = weights_by_pair(self._graph)
        self._known: list[_Known] = []
        self._solved_places: set[tuple[int, int]] = set()

    def part(self, index: int, part: SolvedPart) -> None:
        """Prove the best matching of a solved part."""
        if (part.parent, part.place) in self._solved_places or (part.parent == -1) != (index == 0):
            _fail(f"part {index} stands where another part stands")
        self._solved_places.add((part.parent, part.place))
        held, avoided = self._limits(index, part)
        graph = restricted(self._graph, held, avoided)
        proof = check_certificate(part.certificate, part.pairs, graph.blocks())
        is_full = len(held) + proof.n_pairs == self._graph.n_vertices // 2
        total = proof.total + sum(self._weight_of[pair] for pair in held) if is_full else None
        self._known.append(_Known(held, avoided, graph, total))

    def _limits(self, index: int, part: SolvedPart) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
        """What a part holds and avoids follows from where it was cut out."""
        if part.parent == -1:
            return (), ()
        if not 0 <= part.parent < index:
            _fail(f"part {index} is cut out of part {part.parent}, which does not come before it")
        around = self._known[part.parent]
        pairs = self._divided_by(part.parent)
        if around.total is None or not 0 <= part.place < len(pairs):
            _fail(f"part {index} is cut out of part {part.parent} where nothing can be cut")
        return (*around.held, *pairs[: part.place]), (*around.avoided, pairs[part.place])

    def _divided_by(self, index: int) -> list[Pair]:
        """The pairs along which a part is divided: those without spare vertices, which must come first."""
        pairs = [(int(one), int(other)) for one, other in self._ranking.parts[index].pairs]
        real = [pair for pair in pairs if max(pair) < self._problem.n_vertices]
        if real != pairs[: len(real)] or any(one >= other for one, other in real):
            _fail(f"the pairs of part {index} are not in an order in which it can be divided")
        return real

    def listed(self, ranked: RankedMatching) -> None:
        """Prove that a listed matching is the best one of its part."""
        known = self._known[ranked.part] if 0 <= ranked.part < len(self._known) else None
        if known is None or known.total is None:
            _fail(f"a matching is listed for part {ranked.part}, which has none")
        pairs = sorted([*known.held, *self._divided_by(ranked.part)])
        first = np.flatnonzero(ranked.partner > np.arange(ranked.partner.size))
        if pairs != list(zip(first.tolist(), ranked.partner[first].tolist(), strict=True)):
            _fail(f"the matching listed for part {ranked.part} is not its best one")
        if ranked.total != known.total:
            _fail(f"the total listed for part {ranked.part} is {ranked.total}; {known.total} is right")

    def proof(self) -> RankingProof:
        """Prove that no part that is not divided holds anything better than the last matching listed."""
        matchings = self._ranking.matchings
        totals = tuple(ranked.total for ranked in matchings)
        divided = [ranked.part for ranked in matchings]
        if len(set(divided)) < len(divided) or sorted(totals, reverse=True) != list(totals):
            _fail("the matchings are not different, or not in order")
        bounds = [known.total for index, known in enumerate(self._known) if index not in divided]
        for index in divided:
            bounds += self._open_bounds(index)
        possible = [bound for bound in bounds if bound is not None]
        rest = max(possible, default=None)
        self._compare(totals, rest)
        return RankingProof(totals, rest, self._n_pairs, len(bounds))

    def _open_bounds(self, index: int) -> list[int | None]:
        """Bounds of the parts cut out of a part that were not solved."""
        part, known = self._ranking.parts[index], self._known[index]
        losses = least_losses(known.graph, part.pairs, part.certificate)[: len(self._divided_by(index))]
        total = known.total or 0
        return [
            None if loss is None else total - loss
            for place, loss in enumerate(losses)
            if (index, place) not in self._solved_places
        ]

    def _compare(self, totals: tuple[int, ...], rest: int | None) -> None:
        if rest is None:
            return
        if len(totals) >= self._ranking.n_wanted or self._ranking.stopped is not None:
            if rest > totals[-1]:
                _fail(f"a matching that is not listed may weigh {rest}, and the last one weighs {totals[-1]}")
        elif self._ranking.at_least is None or rest >= self._ranking.at_least:
            _fail(f"a matching that is not listed may weigh {rest}, and fewer are listed than were wanted")


def _fail(sentence: str) -> NoReturn:
    raise CertificateError([sentence])
