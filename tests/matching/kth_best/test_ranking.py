"""The best matchings in order equal enumeration, and their proof holds and can fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from pairing.errors import CertificateError, SettingsError
from pairing.matching import (
    MatchingProblem,
    RankedMatching,
    Ranking,
    RankingProgress,
    check_ranking,
    rank_matchings,
    solve,
)
from pairing.matching.kth_best.branching import least_losses, restricted

Maker = Callable[..., MatchingProblem]
Edges = list[tuple[int, int, int]]
Pairs = tuple[tuple[int, int], ...]

SETTINGS = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SPANS = {
    "ties": st.integers(0, 2),
    "all equal": st.just(1),
    "signs": st.integers(-3, 3),
    "negative": st.integers(-1000, -1),
    "wide": st.integers(-1000, 1000),
    "beyond doubles": st.integers(-(2**61), 2**61),
}


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, Edges]:
    """A graph of up to eight vertices, from empty to complete."""
    n_vertices = draw(st.integers(0, 8))
    possible = [(other, one) for one in range(n_vertices) for other in range(one)]
    everything = draw(st.booleans())
    weight = SPANS[draw(st.sampled_from(sorted(SPANS)))]
    return n_vertices, [(*ends, draw(weight)) for ends in possible if everything or draw(st.booleans())]


def every_matching(edges: Edges) -> dict[Pairs, int]:
    """The total of each matching with as many pairs as possible, by going through all matchings."""
    found: dict[Pairs, int] = {}

    def extend(at: int, pairs: Pairs, total: int) -> None:
        if at == len(edges):
            found[tuple(sorted(pairs))] = total
            return
        one, other, weight = edges[at]
        extend(at + 1, pairs, total)
        if not any({one, other} & set(pair) for pair in pairs):
            extend(at + 1, (*pairs, (one, other)), total + weight)

    extend(0, (), 0)
    most = max(map(len, found))
    return {pairs: total for pairs, total in found.items() if len(pairs) == most}


def pairs_of(ranked: RankedMatching) -> Pairs:
    """The pairs of a matching, ascending."""
    partner = ranked.partner.tolist()
    return tuple((one, other) for one, other in enumerate(partner) if one < other)


@SETTINGS
@given(graph=graphs(), n_wanted=st.integers(1, 12))
def test_the_best_matchings_equal_enumeration(
    graph: tuple[int, Edges], n_wanted: int, problem_of: Maker
) -> None:
    """The totals are the greatest there are, the matchings are different, and the proof says so too."""
    totals = every_matching(graph[1])
    problem = problem_of(*graph)
    ranking = rank_matchings(problem, n_wanted)
    found = [pairs_of(ranked) for ranked in ranking.matchings]
    assert len(set(found)) == len(found)
    assert [ranked.total for ranked in ranking.matchings] == [totals[pairs] for pairs in found]
    in_order = sorted(totals.values(), reverse=True)
    assert [totals[pairs] for pairs in found] == in_order[:n_wanted]
    proof = check_ranking(problem, ranking)
    assert list(proof.totals) == in_order[:n_wanted]
    next_best = in_order[n_wanted] if len(in_order) > n_wanted else None
    assert next_best is None or (proof.rest is not None and next_best <= proof.rest <= proof.totals[-1])


@SETTINGS
@given(graph=graphs(), below=st.integers(0, 30))
def test_a_least_total_stops_the_ranking(graph: tuple[int, Edges], below: int, problem_of: Maker) -> None:
    """Exactly the matchings that come up to it are given."""
    totals = sorted(every_matching(graph[1]).values(), reverse=True)
    at_least = totals[0] - below
    problem = problem_of(*graph)
    ranking = rank_matchings(problem, 1_000, at_least=at_least)
    assert [ranked.total for ranked in ranking.matchings] == [each for each in totals if each >= at_least]
    assert check_ranking(problem, ranking).totals[0] == totals[0]


@SETTINGS
@given(graph=graphs(), seed=st.integers(0, 100))
def test_the_order_of_the_edges_does_not_matter(
    graph: tuple[int, Edges], seed: int, problem_of: Maker
) -> None:
    """The same matchings in the same order, among ties too; the first is the engine's own."""
    n_vertices, edges = graph
    shuffled = [edges[at] for at in np.random.default_rng(seed).permutation(len(edges))]
    one, other = (rank_matchings(problem_of(n_vertices, each), 6) for each in (edges, shuffled))
    assert [pairs_of(each) for each in one.matchings] == [pairs_of(each) for each in other.matchings]
    best = solve(problem_of(n_vertices, edges)).partner
    assert one.matchings[0].partner.tolist() == best.tolist()


@SETTINGS
@given(graph=graphs())
def test_no_loss_is_less_than_its_bound(graph: tuple[int, Edges], problem_of: Maker) -> None:
    """Solving again without a pair of a perfect matching never costs less than its duals say."""
    problem = problem_of(*graph)
    best = solve(problem)
    if not best.is_perfect:
        return
    losses = least_losses(problem, best.pairs(), best.certificate)
    for pair, loss in zip(map(tuple, best.pairs().tolist()), losses, strict=True):
        without = solve(restricted(problem, [], [pair]))
        lost = best.total - without.total if without.is_perfect else None
        assert lost is None or (loss is not None and loss <= lost)


def test_few_parts_are_solved(teams: Callable[..., MatchingProblem]) -> None:
    """The bounds spare nearly all of the 10 times 60 solutions that ranking without them would take."""
    problem = teams(120, 3)
    ranking = rank_matchings(problem, 10)
    assert len(ranking.matchings) == 10
    assert len(ranking.parts) < 200
    assert check_ranking(problem, ranking).n_parts > len(ranking.parts)


def test_progress_is_told(problem_of: Maker) -> None:
    """After every matching."""
    told: list[RankingProgress] = []
    rank_matchings(problem_of(4, [(0, 1, 5), (2, 3, 5), (0, 2, 4), (1, 3, 4)]), 5, progress=told.append)
    assert [(each.n_found, each.n_wanted) for each in told][:1] == [(1, 5)]
    assert (told[-1].n_found, told[-1].bound) == (2, None)
    assert [each.n_solved for each in told] == sorted(each.n_solved for each in told)


def test_none_wanted_is_refused(problem_of: Maker) -> None:
    """Zero matchings are no ranking."""
    with pytest.raises(SettingsError, match="0 matchings are wanted; expected at least 1"):
        rank_matchings(problem_of(2, [(0, 1, 1)]), 0)


COMPLETE: Edges = [(0, 1, 9), (0, 2, 5), (0, 3, 1), (1, 2, 2), (1, 3, 6), (2, 3, 8)]
ODD: Edges = [(0, 1, 9), (0, 2, 5), (1, 2, 2)]


def swap(ranking: Ranking) -> Ranking:
    """The first two in the wrong order."""
    first, second, *rest = ranking.matchings
    return replace(ranking, matchings=(second, first, *rest))


def drop_last(ranking: Ranking) -> Ranking:
    """One fewer than was wanted."""
    return replace(ranking, matchings=ranking.matchings[:-1])


def skip_second(ranking: Ranking) -> Ranking:
    """Claim that the second best was not there."""
    first, _, *rest = ranking.matchings
    return replace(ranking, matchings=(first, *rest), n_wanted=ranking.n_wanted - 1)


def repeat(ranking: Ranking) -> Ranking:
    """One of them twice."""
    first, *rest = ranking.matchings
    return replace(ranking, matchings=(first, first, *rest))


def overstate(ranking: Ranking) -> Ranking:
    """A total that is one too high."""
    first, *rest = ranking.matchings
    return replace(ranking, matchings=(replace(first, total=first.total + 1), *rest))


def exchange(ranking: Ranking) -> Ranking:
    """A matching that belongs to another part."""
    first, second, *rest = ranking.matchings
    return replace(ranking, matchings=(replace(first, partner=second.partner), second, *rest))


def no_such_part(ranking: Ranking) -> Ranking:
    """A matching of a part that was not solved."""
    first, *rest = ranking.matchings
    return replace(ranking, matchings=(replace(first, part=99), *rest))


def forge_certificate(ranking: Ranking) -> Ranking:
    """Duals that do not cover every edge."""
    part = ranking.parts[-1]
    lower = tuple(max(0, dual - 1) for dual in part.certificate.vertex_duals)
    forged = replace(part, certificate=replace(part.certificate, vertex_duals=lower))
    return replace(ranking, parts=(*ranking.parts[:-1], forged))


def move_part(ranking: Ranking) -> Ranking:
    """A part that claims to avoid another pair than it does."""
    part = ranking.parts[-1]
    return replace(ranking, parts=(*ranking.parts[:-1], replace(part, place=part.place + 1)))


def two_roots(ranking: Ranking) -> Ranking:
    """All matchings twice."""
    return replace(ranking, parts=(*ranking.parts, ranking.parts[0]))


def list_twice(ranking: Ranking) -> Ranking:
    """The same part under two numbers, and its matching listed for both."""
    first, second, _ = ranking.matchings
    again = replace(second, part=len(ranking.parts))
    return replace(
        ranking, parts=(*ranking.parts, ranking.parts[second.part]), matchings=(first, second, again)
    )


def orphan(ranking: Ranking) -> Ranking:
    """A part that was cut out of one that comes later."""
    part = replace(ranking.parts[-1], parent=len(ranking.parts))
    return replace(ranking, parts=(*ranking.parts[:-1], part))


FORGERIES = [
    swap,
    drop_last,
    skip_second,
    repeat,
    overstate,
    exchange,
    no_such_part,
    forge_certificate,
    move_part,
    two_roots,
    list_twice,
    orphan,
]


@pytest.mark.parametrize("forge", FORGERIES)
def test_a_forged_ranking_fails(forge: Callable[[Ranking], Ranking], problem_of: Maker) -> None:
    """Whatever is wrong with it."""
    problem = problem_of(4, COMPLETE)
    ranking = rank_matchings(problem, 3)
    assert check_ranking(problem, ranking).totals == (17, 11, 3)
    with pytest.raises(CertificateError):
        check_ranking(problem, forge(ranking))


def test_the_rest_is_held_against_the_last_one(problem_of: Maker) -> None:
    """Leaving the second best out fails although it is not better than the best."""
    squares = [(0, 1, 5), (2, 3, 5), (0, 2, 5), (1, 3, 4), (4, 5, 5), (6, 7, 5), (4, 6, 5), (5, 7, 3)]
    problem = problem_of(8, squares)
    ranking = rank_matchings(problem, 3)
    assert [ranked.total for ranked in ranking.matchings] == [20, 19, 18]
    first, _, third = ranking.matchings
    with pytest.raises(CertificateError, match="may weigh 19, and the last one weighs 18"):
        check_ranking(problem, replace(ranking, n_wanted=2, matchings=(first, third)))


def test_pairs_of_spare_vertices_must_come_last(problem_of: Maker) -> None:
    """Otherwise parts would overlap: the same matching with other company for the one left alone."""
    problem = problem_of(3, ODD)
    ranking = rank_matchings(problem, 1)
    root = replace(ranking.parts[0], pairs=ranking.parts[0].pairs[::-1])
    with pytest.raises(CertificateError, match="not in an order"):
        check_ranking(problem, replace(ranking, parts=(root, *ranking.parts[1:])))


def test_a_ranking_of_a_smaller_graph_proves_nothing(problem_of: Maker) -> None:
    """An edge that the ranking did not know of may belong to a better matching."""
    ranking = rank_matchings(problem_of(4, [edge for edge in COMPLETE if edge[:2] != (0, 2)]), 2)
    with pytest.raises(CertificateError):
        check_ranking(problem_of(4, [*COMPLETE[:1], (0, 2, 50), *COMPLETE[2:]]), ranking)


def test_a_time_limit_leaves_the_best_so_far_proven(teams: Callable[..., MatchingProblem]) -> None:
    """The best one in any case; it says what stopped it, and the proof holds for what is there."""
    problem = teams(60, 3)
    stopped = rank_matchings(problem, 10, time_limit_s=0)
    assert (len(stopped.matchings), stopped.stopped) == (1, "time limit")
    proof = check_ranking(problem, stopped)
    second = rank_matchings(problem, 2).matchings[1].total
    assert proof.rest is not None
    assert second <= proof.rest <= stopped.matchings[0].total
    with pytest.raises(CertificateError, match="fewer are listed"):
        check_ranking(problem, replace(stopped, stopped=None))


@pytest.mark.parametrize("n_solved", [2, 5, 20])
def test_ctrl_c_leaves_the_best_so_far(n_solved: int, teams: Callable[..., MatchingProblem]) -> None:
    """They are the first of those that are found without it; where nothing is to be kept, it is raised."""
    problem = teams(60, 3)

    def tell(state: RankingProgress) -> None:
        assert state.bound is not None
        if state.n_solved >= n_solved:
            raise KeyboardInterrupt

    stopped = rank_matchings(problem, 30, keep_interrupted=True, progress=tell)
    assert stopped.stopped == "interrupted"
    whole = rank_matchings(problem, len(stopped.matchings))
    assert [one.total for one in stopped.matchings] == [one.total for one in whole.matchings]
    assert check_ranking(problem, stopped).totals == tuple(one.total for one in whole.matchings)
    with pytest.raises(KeyboardInterrupt):
        rank_matchings(problem, 30, progress=tell)
