"""Prices of holding and avoiding an edge equal enumeration, and few problems are solved for the cheapest."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from pairing.errors import InputDataError
from pairing.matching import (
    BoundMatching,
    MatchingProblem,
    MatchingSolution,
    Mode,
    avoid_edge,
    cheapest_held_edges,
    hold_edge,
    solve,
)
from pairing.matching.changes import remainders
from pairing.matching.changes.forced import ForcedEdges

Edges = dict[tuple[int, int], int]
Matching = frozenset[tuple[int, int]]

SETTINGS = settings(max_examples=60, deadline=None)
MODES: list[Mode] = ["max-cardinality", "max-value"]
SPANS = {
    "ties": st.integers(0, 2),
    "signs": st.integers(-3, 3),
    "wide": st.integers(-1000, 1000),
    "beyond 64 bits when stretched": st.integers(-(2**62), 2**62),
}


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, Edges]:
    """A graph of two to eight vertices with at least one edge."""
    n_vertices = draw(st.integers(2, 8))
    possible = [(one, other) for one in range(n_vertices) for other in range(one + 1, n_vertices)]
    chosen = draw(st.lists(st.sampled_from(possible), min_size=1, unique=True))
    weight = SPANS[draw(st.sampled_from(sorted(SPANS)))]
    return n_vertices, {edge: draw(weight) for edge in sorted(chosen)}


def problem_of(n_vertices: int, edges: Edges) -> MatchingProblem:
    """The graph as the engine takes it."""
    ends = np.array(list(edges), np.int64).reshape(-1, 2)
    return MatchingProblem(n_vertices, ends[:, 0], ends[:, 1], np.array(list(edges.values()), np.int64))


def matchings(edges: list[tuple[int, int]]) -> Iterator[Matching]:
    """Every matching, the empty one included."""
    if not edges:
        yield frozenset()
        return
    head, rest = edges[0], edges[1:]
    yield from matchings(rest)
    for matching in matchings([edge for edge in rest if not set(edge) & set(head)]):
        yield matching | {head}


def merit(matching: Matching, edges: Edges, mode: Mode) -> tuple[int, int]:
    """What counts: pairs and then the total, or the total alone."""
    total = sum(edges[edge] for edge in matching)
    return (len(matching), total) if mode == "max-cardinality" else (0, total)


def pairs_of(bound: BoundMatching) -> Matching:
    """The pairs of an answer."""
    return frozenset((at, int(other)) for at, other in enumerate(bound.partner) if at < other)


def lost_by(best: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """Pairs lost and weight lost, by enumeration."""
    return best[0] - other[0], best[1] - other[1]


def lost(bound: BoundMatching, mode: Mode) -> tuple[int, int]:
    """Pairs lost, where they count, and weight lost, as answered."""
    return bound.n_pairs_lost if mode == "max-cardinality" else 0, bound.weight_lost


@pytest.mark.parametrize("mode", MODES)
@SETTINGS
@given(graph=graphs())
def test_every_price_of_a_held_edge_equals_enumeration(mode: Mode, graph: tuple[int, Edges]) -> None:
    """For each vertex all edges outside the best matching, cheapest first, ties by the smaller other end."""
    n_vertices, edges = graph
    problem = problem_of(n_vertices, edges)
    solution = solve(problem, mode)
    everything = list(matchings(list(edges)))
    best = max(merit(each, edges, mode) for each in everything)
    planned = {tuple(pair) for pair in solution.pairs().tolist()}
    for vertex in range(n_vertices):
        expected = []
        for edge in edges:
            if vertex in edge and edge not in planned:
                held = max(merit(each, edges, mode) for each in everything if edge in each)
                expected.append((lost_by(best, held), sum(edge) - vertex))
        found = cheapest_held_edges(problem, solution, vertex, None)
        assert [(lost(each, mode), sum(each.edge) - vertex) for each in found] == sorted(expected)
        assert all(each.edge in pairs_of(each) for each in found)


@pytest.mark.parametrize("mode", MODES)
@SETTINGS
@given(graph=graphs())
def test_the_price_of_an_avoided_edge_equals_enumeration(mode: Mode, graph: tuple[int, Edges]) -> None:
    """Without the edge, the best of all other matchings."""
    n_vertices, edges = graph
    problem = problem_of(n_vertices, edges)
    solution = solve(problem, mode)
    everything = list(matchings(list(edges)))
    best = max(merit(each, edges, mode) for each in everything)
    for edge in edges:
        avoided = avoid_edge(problem, solution, edge)
        without = max(merit(each, edges, mode) for each in everything if edge not in each)
        assert lost(avoided, mode) == lost_by(best, without)
        assert edge not in pairs_of(avoided)


@SETTINGS
@given(graph=graphs())
def test_the_answer_changes_as_few_pairs_as_possible(graph: tuple[int, Edges]) -> None:
    """Of all equally good matchings with the edge, none shares more pairs with the best one."""
    n_vertices, edges = graph
    problem = problem_of(n_vertices, edges)
    solution = solve(problem)
    planned = frozenset((one, other) for one, other in solution.pairs().tolist())
    for edge in edges:
        held = pairs_of(hold_edge(problem, solution, edge))
        rivals = [each for each in matchings(list(edges)) if edge in each]
        best = max(merit(each, edges, "max-cardinality") for each in rivals)
        equals = [each for each in rivals if merit(each, edges, "max-cardinality") == best]
        assert held in equals
        assert len(held & planned) == max(len(each & planned) for each in equals)


@SETTINGS
@given(graph=graphs(), weight=st.integers(-50, 50))
def test_an_edge_that_the_problem_lacks_is_priced_like_one_that_it_has(
    graph: tuple[int, Edges], weight: int
) -> None:
    """A banned edge with its weight: the best matching of the wider graph that holds it."""
    n_vertices, edges = graph
    possible = {(one, other) for one in range(n_vertices) for other in range(one + 1, n_vertices)}
    for edge in sorted(possible - set(edges)):
        wider = edges | {edge: weight}
        held = hold_edge(
            problem_of(n_vertices, edges), solve(problem_of(n_vertices, edges)), edge, weight=weight
        )
        best = max(merit(each, wider, "max-cardinality") for each in matchings(list(wider)) if edge in each)
        assert (len(pairs_of(held)), held.total) == best


def dense(n_vertices: int, seed: int = 0, highest: int = 10**9) -> MatchingProblem:
    """A complete graph with weights that nobody can guess from one another."""
    first, second = np.triu_indices(n_vertices, 1)
    weights = np.random.default_rng(seed).integers(0, highest, first.size)
    return MatchingProblem(n_vertices, first, second, weights)


def test_the_cheapest_few_are_found_without_holding_all() -> None:
    """The certificate rules most edges out: a third of them is held, and the answer is the same."""
    problem = dense(40)
    forced = ForcedEdges(problem, solve(problem))
    everything = forced.cheapest(7, None)
    assert len(everything) == 38
    before = forced.n_searches
    told: list[tuple[int, int]] = []
    few = forced.cheapest(7, 3, progress=lambda done, total: told.append((done, total)))
    assert [each.edge for each in few] == [each.edge for each in everything[:3]]
    assert 3 <= forced.n_searches - before == len(told) <= 12
    assert told == sorted(told)
    assert told[-1] == (3, 3)


@pytest.mark.parametrize("largest", [2, 10**9])
@pytest.mark.parametrize(("n_vertices", "chosen"), [(46, range(46)), (47, range(40)), (60, range(9, 60))])
def test_edges_that_were_not_looked_at_change_nothing(
    monkeypatch: pytest.MonkeyPatch, n_vertices: int, chosen: range, largest: int
) -> None:
    """All edges at once, or few with the others held against the duals: the same prices.

    With vertices that only some others may be joined to, so that pairs are lost and odd sets are large.
    """
    first, second = np.triu_indices(n_vertices, 1)
    rng = np.random.default_rng(n_vertices)
    kept = (rng.random(first.size) < 0.6) & np.isin(first, chosen) & (np.isin(second, chosen) | (first < 14))
    weights = rng.integers(0, largest, int(kept.sum()))
    problem = MatchingProblem(n_vertices, first[kept], second[kept], weights)
    solution = solve(problem)
    found = []
    for most in (remainders.SOLVED_AT_ONCE, 1):
        monkeypatch.setattr(remainders, "SOLVED_AT_ONCE", most)
        monkeypatch.setattr(remainders, "CANDIDATES_EACH", 2)
        forced = ForcedEdges(problem, solution)
        held = [each for vertex in range(0, n_vertices, 5) for each in forced.cheapest(vertex, 6)]
        held += [forced.avoid((one, other)) for one, other in solution.pairs()[:9].tolist()]
        found.append([(each.edge, each.n_pairs_lost, each.weight_lost) for each in held])
        shared = [int((each.partner == solution.partner).sum()) for each in held]
        found[-1] += [(at, shared[at]) for at in range(len(shared))]
    assert found[0] == found[1]
    whole = [hold_edge_by_solving(problem, edge) for edge in (each.edge for each in held[:5])]
    assert [(each.n_pairs_lost, each.weight_lost) for each in held[:5]] == [
        (solution.n_pairs - rest.n_pairs - 1, solution.total - rest.total - weight) for rest, weight in whole
    ]


def hold_edge_by_solving(problem: MatchingProblem, edge: tuple[int, int]) -> tuple[MatchingSolution, int]:
    """The best matching without the ends of an edge, solved from the beginning, and that edge's weight."""
    apart = ~(np.isin(problem.first, edge) | np.isin(problem.second, edge))
    rest = MatchingProblem(
        problem.n_vertices, problem.first[apart], problem.second[apart], problem.weights[apart]
    )
    at = (problem.first == edge[0]) & (problem.second == edge[1])
    return solve(rest), int(problem.weights[at][0])


@pytest.mark.parametrize("highest", [3, 10**9])
@pytest.mark.parametrize("seed", range(2))
def test_the_cheapest_few_are_the_first_of_all(seed: int, highest: int) -> None:
    """However few are wanted, and with many ties, the lower bounds mislead nobody."""
    problem = dense(12, seed, highest)
    solution = solve(problem)
    for vertex in range(12):
        everything = [each.edge for each in cheapest_held_edges(problem, solution, vertex, None)]
        for n_wanted in (1, 2, 4):
            few = cheapest_held_edges(problem, solution, vertex, n_wanted)
            assert [each.edge for each in few] == everything[:n_wanted]


@pytest.mark.parametrize("n_wanted", [0, 1, 100])
def test_as_many_as_there_are_or_as_are_wanted(n_wanted: int) -> None:
    """No more edges than the vertex has outside the matching."""
    problem = dense(6)
    assert len(cheapest_held_edges(problem, solve(problem), 0, n_wanted)) == min(n_wanted, 4)


def test_the_order_of_the_edges_does_not_matter() -> None:
    """The same edges in reverse give the same partners."""
    problem = dense(14)
    turned = MatchingProblem(14, problem.second[::-1], problem.first[::-1], problem.weights[::-1])
    one = [each.partner.tolist() for each in cheapest_held_edges(problem, solve(problem), 3, None)]
    other = [each.partner.tolist() for each in cheapest_held_edges(turned, solve(turned), 3, None)]
    assert one == other


def test_an_unknown_edge_without_a_weight_is_refused() -> None:
    """Nothing is made up for an edge that is not there."""
    problem = problem_of(4, {(0, 1): 5, (2, 3): 1})
    with pytest.raises(InputDataError, match="no edge between 0 and 2"):
        hold_edge(problem, solve(problem), (2, 0))
