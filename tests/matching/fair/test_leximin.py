"""The fairest matching equals enumeration, and its certificate proves it against every rival."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from pairing.errors import CertificateError, SettingsError
from pairing.matching import (
    MatchingProblem,
    MatchingSolution,
    Progress,
    check_certificate,
    fairest_matching,
    leximin_weights,
    solve,
)
from pairing.matching.fair.leximin import LONGEST_BITS

Maker = Callable[..., MatchingProblem]
Edge = tuple[int, int, int]

SETTINGS = settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SPANS = {
    "ties": st.integers(0, 2),
    "all equal": st.just(7),
    "signs": st.integers(-3, 3),
    "negative": st.integers(-1000, -1),
    "wide": st.integers(-1000, 1000),
    "values of pairs": st.integers(0, 10**9),
    "64 bits": st.integers(-(2**62), 2**62),
}


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[Edge]]:
    """A graph of up to nine vertices: from empty to complete, sometimes in two parts."""
    n_vertices = draw(st.integers(0, 9))
    possible = [(one, other) for one in range(n_vertices) for other in range(one)]
    chosen = draw(st.lists(st.booleans(), min_size=len(possible), max_size=len(possible)))
    if draw(st.booleans()):
        chosen = [True] * len(possible)
    split = draw(st.integers(0, n_vertices))
    weight = SPANS[draw(st.sampled_from(sorted(SPANS)))]
    return n_vertices, [
        (one, other, draw(weight))
        for (one, other), kept in zip(possible, chosen, strict=True)
        if kept and (one < split) == (other < split)
    ]


def all_matchings(edges: list[Edge]) -> Iterator[list[Edge]]:
    """Every matching of the edges."""
    if not edges:
        yield []
        return
    head, rest = edges[0], edges[1:]
    yield from all_matchings(rest)
    apart = [edge for edge in rest if not {edge[0], edge[1]} & {head[0], head[1]}]
    for matching in all_matchings(apart):
        yield [head, *matching]


def fairness(matching: list[Edge]) -> tuple[int, list[int]]:
    """Sorts matchings: more pairs first, then leximin."""
    return len(matching), sorted(edge[2] for edge in matching)


def values_of(solution: MatchingSolution, problem: MatchingProblem) -> list[int]:
    """Values of the pairs, the worst first."""
    chosen = solution.partner[problem.first] == problem.second
    return sorted(problem.weights[chosen].tolist())


def prove(problem: MatchingProblem, solution: MatchingSolution) -> None:
    """Check the certificate over every edge, under the weights that belong to the solution's values."""
    weights = leximin_weights(problem.weights, np.array(values_of(solution, problem), dtype=np.int64))
    block = (problem.first, problem.second, weights)
    proof = check_certificate(solution.certificate, solution.pairs(), [block])
    assert proof.gap == 0
    assert proof.total == solution.total
    assert proof.n_edges_checked == problem.n_edges


@SETTINGS
@given(graph=graphs())
def test_fairest_matching_equals_enumeration(graph: tuple[int, list[Edge]], problem_of: Maker) -> None:
    """As many pairs as any, and nobody's sorted values are better."""
    problem = problem_of(*graph)
    solution = fairest_matching(problem)
    assert (solution.n_pairs, values_of(solution, problem)) == max(map(fairness, all_matchings(graph[1])))
    prove(problem, solution)


@SETTINGS
@given(graph=graphs(), data=st.data())
def test_weights_order_rivals_as_leximin_does(graph: tuple[int, list[Edge]], data: st.DataObject) -> None:
    """Relative to any matching, rivals with as many pairs weigh more, as much or less as they are fairer."""
    matchings = list(all_matchings(graph[1]))
    given_one = data.draw(st.sampled_from(matchings))
    values = np.array([edge[2] for edge in graph[1]], dtype=np.int64)
    pair_values = np.array([edge[2] for edge in given_one], dtype=np.int64)
    weights = leximin_weights(values, pair_values).tolist()
    weight_of = dict(zip(graph[1], weights, strict=True))
    own = sum(weight_of[edge] for edge in given_one)
    for rival in matchings:
        if len(rival) == len(given_one):
            total = sum(weight_of[edge] for edge in rival)
            better, worse = fairness(rival) > fairness(given_one), fairness(rival) < fairness(given_one)
            assert (total > own, total < own) == (better, worse)


@SETTINGS
@given(graph=graphs(), seed=st.integers(0, 2**32))
def test_order_of_edges_and_start_do_not_matter_for_the_values(
    graph: tuple[int, list[Edge]], seed: int, problem_of: Maker
) -> None:
    """Shuffled edges give the same matching; another matching to start from gives the same values."""
    n_vertices, edges = graph
    problem, solution = problem_of(*graph), fairest_matching(problem_of(*graph))
    order = np.random.default_rng(seed).permutation(len(edges))
    shuffled = fairest_matching(problem_of(n_vertices, [edges[at] for at in order]))
    assert np.array_equal(shuffled.partner, solution.partner)
    least = solve(MatchingProblem(n_vertices, problem.first, problem.second, -problem.weights))
    other = fairest_matching(problem, start=least.partner)
    assert values_of(other, problem) == values_of(solution, problem)
    prove(problem, other)


@pytest.mark.parametrize("unit", [1, 10_000], ids=["all different", "masses of ties"])
def test_numbers_beyond_64_bits_are_proven_at_156_teams(unit: int, teams: Maker) -> None:
    """At the size of a real programme no value that is not in the plan can be had for a worse pair."""
    raw = teams(156, 5)
    problem = MatchingProblem(156, raw.first, raw.second, raw.weights // unit)
    solution = fairest_matching(problem)
    prove(problem, solution)
    values = values_of(solution, problem)
    assert values > values_of(solve(problem), problem)
    assert (solution.certificate.cardinality_bonus.bit_length() > 300) == (unit == 1)
    for level in sorted({values[0], values[1], values[20]}):  # by deleting edges: no longer as fair a plan
        position = values.index(level)
        kept = (problem.weights > level) | np.isin(problem.weights, values[:position])
        without = MatchingProblem(156, problem.first[kept], problem.second[kept], problem.weights[kept])
        rival = solve(without)
        if rival.n_pairs == solution.n_pairs:
            assert values_of(rival, without) < values


def test_the_worst_value_is_the_bottleneck(teams: Maker) -> None:
    """Without edges below the worst value as many pairs are possible; without that value too, fewer."""
    problem = teams(80, 3)
    solution = fairest_matching(problem)
    worst = values_of(solution, problem)[0]
    for kept, as_many in ((problem.weights >= worst, True), (problem.weights > worst, False)):
        part = MatchingProblem(80, problem.first[kept], problem.second[kept], problem.weights[kept])
        assert (solve(part).n_pairs == solution.n_pairs) is as_many


def test_a_corrupted_proof_is_refused(teams: Maker) -> None:
    """A dual that is a unit off, another pair of pairs, or the weights of a less fair plan fail."""
    problem = teams(80, 3)
    solution = fairest_matching(problem)
    values = np.array(values_of(solution, problem))
    block = (problem.first, problem.second, leximin_weights(problem.weights, values))
    certificate, pairs = solution.certificate, solution.pairs()
    check_certificate(certificate, pairs, [block])
    one_less = replace(
        certificate, vertex_duals=(certificate.vertex_duals[0] - 1, *certificate.vertex_duals[1:])
    )
    with pytest.raises(CertificateError, match="outweigh their duals"):
        check_certificate(one_less, pairs, [block])
    total = solve(problem)
    with pytest.raises(CertificateError, match="prove a bound"):
        check_certificate(certificate, total.pairs(), [block])
    for_total = leximin_weights(problem.weights, np.array(values_of(total, problem)))
    with pytest.raises(CertificateError):
        check_certificate(certificate, total.pairs(), [(problem.first, problem.second, for_total)])


def test_progress_is_told(teams: Maker) -> None:
    """Every round of pricing reports, the last one that nothing is violated any more."""
    told: list[Progress] = []
    solution = fairest_matching(teams(200, 2), progress=told.append)
    assert len(told) > solution.n_rounds > 1  # the rounds of the first matching come on top
    assert told[-1].n_violated == 0


def test_too_long_numbers_are_refused_at_once() -> None:
    """Where the proof could not be written as decimal digits, the message says why."""
    n_pairs = 1_700
    first = np.arange(0, 2 * n_pairs, 2)
    problem = MatchingProblem(2 * n_pairs, first, first + 1, np.arange(n_pairs))
    with pytest.raises(SettingsError, match="1,700 different values"):
        fairest_matching(problem)
    tied = MatchingProblem(2 * n_pairs, first, first + 1, np.arange(n_pairs) // 10)
    assert fairest_matching(tied).certificate.cardinality_bonus.bit_length() < LONGEST_BITS


def test_values_beyond_64_bits_are_refused() -> None:
    """The values themselves are ordinary numbers."""
    with pytest.raises(SettingsError, match="64 bits"):
        fairest_matching(MatchingProblem(2, [0], [1], np.array([2**70], dtype=object)))
