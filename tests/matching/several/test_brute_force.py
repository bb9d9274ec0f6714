"""Rounds planned together equal enumeration on small graphs of every kind, and every proof can be checked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from pairing.matching import MatchingProblem
from pairing.matching.several import (
    RoundsCertificate,
    RoundsSolution,
    check_rounds,
    likely,
    most_rests,
    solve_rounds,
)
from pairing.matching.several.union import Cut

Weights = dict[tuple[int, int], int]
WEIGHTS = {
    "ties": st.integers(0, 2),
    "signs": st.integers(-3, 3),
    "negative": st.integers(-1000, -1),
    "wide": st.integers(-1000, 1000),
    "huge": st.integers(-(10**12), 10**12),
}


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, Weights]:
    """A graph of up to seven vertices, from empty to complete."""
    n_vertices = draw(st.integers(0, 7))
    possible = [(a, b) for b in range(n_vertices) for a in range(b)]
    kept = draw(st.lists(st.integers(0, 3), min_size=len(possible), max_size=len(possible)))
    least = draw(st.sampled_from([0, 1, 2]))  # all edges, three in four, half of them
    weight = WEIGHTS[draw(st.sampled_from(sorted(WEIGHTS)))]
    return n_vertices, {
        edge: draw(weight) for edge, luck in zip(possible, kept, strict=True) if luck >= least
    }


def matchings(free: tuple[int, ...], edges: Weights) -> list[frozenset[tuple[int, int]]]:
    """All matchings among some vertices."""
    if len(free) < 2:
        return [frozenset()]
    head, rest = free[0], free[1:]
    found = matchings(rest, edges)
    for other in rest:
        if (head, other) in edges:
            left = tuple(vertex for vertex in rest if vertex != other)
            found += [matching | {(head, other)} for matching in matchings(left, edges)]
    return found


def best_by_enumeration(n_vertices: int, edges: Weights, n_rounds: int) -> tuple[int, int, int]:
    """Most pairs, then fewest rests of the vertex that rests most (negative), then the greatest weight."""
    single = matchings(tuple(range(n_vertices)), edges)
    unions = {frozenset[tuple[int, int]]()}
    for _ in range(n_rounds):
        unions = {union | matching for union in unions for matching in single if not union & matching}

    def score(union: frozenset[tuple[int, int]]) -> tuple[int, int, int]:
        met = [sum(vertex in edge for edge in union) for vertex in range(n_vertices)]
        return len(union), min(met, default=n_rounds) - n_rounds, sum(edges[edge] for edge in union)

    return max(map(score, unions))


def problem_of(n_vertices: int, edges: Weights) -> MatchingProblem:
    """The problem of a graph that is given as a dictionary."""
    return MatchingProblem(
        n_vertices, [a for a, _ in edges], [b for _, b in edges], np.array(list(edges.values()), np.int64)
    )


def assert_proven(problem: MatchingProblem, solution: RoundsSolution) -> None:
    """The certificate, by way of its stored form, proves what the solution says."""
    stored = RoundsCertificate.from_dict(solution.certificate.to_dict())
    edges = problem.first, problem.second, problem.weights
    assert check_rounds(stored, problem.n_vertices, solution.rounds, edges) == solution.proof
    assert solution.proof.is_optimal
    assert solution.status == "optimal"


@settings(max_examples=150, deadline=None)
@given(graph=graphs(), n_rounds=st.integers(1, 3))
def test_rounds_equal_enumeration(graph: tuple[int, Weights], n_rounds: int) -> None:
    """As many pairs as possible, then few rests, then the greatest weight; proven."""
    n_vertices, edges = graph
    if n_vertices == 7:
        n_rounds = min(n_rounds, 2)  # to keep the enumeration short
    problem = problem_of(n_vertices, edges)
    solution = solve_rounds(problem, n_rounds)
    proof = solution.proof
    assert_proven(problem, solution)
    expected = best_by_enumeration(n_vertices, edges, n_rounds)
    assert (proof.n_pairs, -proof.most_rests, proof.total) == expected
    sizes = [len(pairs) for pairs in solution.rounds]
    assert len(sizes) == n_rounds
    assert max(sizes) - min(sizes) <= 1
    assert sizes == sorted(sizes, reverse=True)


@settings(max_examples=150, deadline=None)
@given(graph=graphs(), n_rounds=st.integers(1, 3))
def test_rounds_are_the_best_where_the_solver_sees_few_edges(
    graph: tuple[int, Weights], n_rounds: int
) -> None:
    """It begins with the known rounds and one edge a vertex; all others are priced, refutations too."""
    n_vertices, edges = graph
    if n_vertices == 7:
        n_rounds = min(n_rounds, 2)
    problem = problem_of(n_vertices, edges)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(likely, "SOLVED_AT_ONCE", 0)
        patched.setattr(likely, "CANDIDATES_EACH", 1)
        solution = solve_rounds(problem, n_rounds)
    assert_proven(problem, solution)
    proof = solution.proof
    expected = best_by_enumeration(n_vertices, edges, n_rounds)
    assert (proof.n_pairs, -proof.most_rests, proof.total) == expected


@pytest.mark.parametrize(("n_vertices", "n_rounds"), [(8, 7), (9, 9), (12, 5), (11, 4)])
def test_a_league_without_repeats(n_vertices: int, n_rounds: int) -> None:
    """In a complete graph every round is full, and with an odd number each rests at most once."""
    rng = np.random.default_rng(n_vertices)
    edges = {(a, b): int(rng.integers(100)) for b in range(n_vertices) for a in range(b)}
    problem = problem_of(n_vertices, edges)
    solution = solve_rounds(problem, n_rounds)
    assert_proven(problem, solution)
    assert [len(pairs) for pairs in solution.rounds] == [n_vertices // 2] * n_rounds
    assert solution.proof.most_rests == n_vertices % 2
    if n_rounds == n_vertices - 1 + n_vertices % 2:  # every pair meets
        assert solution.proof.total == sum(edges.values())


def test_petersens_graph_does_not_fall_into_three_matchings() -> None:
    """Its 15 edges obey every odd-set and blossom inequality, and still only 13 fit into three rounds."""
    outer = [(at, (at + 1) % 5) for at in range(5)]
    inner = [(5 + at, 5 + (at + 2) % 5) for at in range(5)]
    spokes = [(at, at + 5) for at in range(5)]
    edges = {(min(edge), max(edge)): 1 for edge in outer + inner + spokes}
    problem = problem_of(10, edges)
    solution = solve_rounds(problem, 3)
    assert_proven(problem, solution)
    assert solution.proof.n_pairs == 13
    assert solution.certificate.pairs is not None
    assert any(cut.kind == "uncolourable" for cut in solution.certificate.pairs.cuts)


def test_planning_ahead_beats_planning_round_by_round() -> None:
    """The best first round may spoil the second: 1-2 is worth most, but then 0-3 is used up."""
    edges = {(0, 1): 4, (2, 3): 4, (0, 2): 3, (1, 3): 3, (0, 3): 1, (1, 2): 9}
    solution = solve_rounds(problem_of(4, edges), 2)
    greedy = sum(edges[a, b] for pairs in solution.greedy for a, b in pairs.tolist())
    assert (solution.proof.total, greedy) == (18, 18)
    tempting = {
        (0, 1): 6,
        (2, 3): 6,
        (0, 2): 5,
        (1, 3): 5,
        (1, 4): 4,
        (0, 5): 4,
        (3, 4): 1,
        (2, 5): 1,
        (4, 5): 6,
    }
    ahead = solve_rounds(problem_of(6, tempting), 2)
    assert ahead.proof.n_pairs == 6
    assert ahead.proof.total == best_by_enumeration(6, tempting, 2)[2]


def test_order_of_edges_does_not_matter() -> None:
    """The same rounds, whatever the order in which edges are given, among many ties."""
    rng = np.random.default_rng(3)
    edges = [(a, b, int(rng.integers(3))) for b in range(14) for a in range(b)]
    plans = []
    for _ in range(3):
        first, second, weights = zip(*(edges[at] for at in rng.permutation(len(edges))), strict=True)
        solution = solve_rounds(MatchingProblem(14, list(first), list(second), list(weights)), 3)
        plans.append([pairs.tolist() for pairs in solution.rounds])
    assert plans[0] == plans[1] == plans[2]


def test_rests_come_before_weight() -> None:
    """Two leagues of five: who is worth least rests once like others; the greedy plan rests them twice."""
    worth = {(a, b): 1 if 0 in (a, b) else 10 + a * b for b in range(5) for a in range(b)}
    edges = worth | {(a + 5, b + 5): weight for (a, b), weight in worth.items()}
    problem = problem_of(10, edges)
    solution = solve_rounds(problem, 2)
    assert_proven(problem, solution)
    assert most_rests(10, solution.greedy) == 2
    assert (solution.proof.n_pairs, solution.proof.most_rests) == (8, 1)


def test_greedy_rounds_of_an_odd_number_rest_in_turn() -> None:
    """The comparison is a fair one: planning round by round, nobody rests twice either."""
    edges = {(a, b): 1 if 0 in (a, b) else 10 + a * b for b in range(7) for a in range(b)}
    greedy = solve_rounds(problem_of(7, edges), 3).greedy
    assert [len(pairs) for pairs in greedy] == [3, 3, 3]
    assert most_rests(7, greedy) == 1


def test_a_blossom_can_be_full() -> None:
    """Its limit is reached: a triangle and two edges that leave it fall into three rounds."""
    edges = {(0, 1): 1, (0, 2): 1, (1, 2): 1, (0, 3): 1, (1, 4): 1}
    assert solve_rounds(problem_of(5, edges), 3).proof.n_pairs == 5
    assert Cut("blossom", (0, 1, 2), ((0, 3), (1, 4))).limit(3) == 5
