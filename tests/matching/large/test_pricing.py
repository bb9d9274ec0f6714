"""Solving on candidates and pricing the rest gives the proven optimum of the whole graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from pairing.matching import MatchingProblem, Progress, check_certificate, prove_bound, solve
from pairing.matching.candidates import best_per_vertex, candidate_edges
from pairing.matching.edge_source import EdgeSource
from pairing.matching.engine.blossom import blossom_engine
from pairing.matching.large.pricing import PricedSolution, solve_by_pricing
from pairing.matching.problem import EdgeBlock
from pairing.matching.solving import cardinality_bonus

Maker = Callable[..., MatchingProblem]


class StreamedProblem(EdgeSource):
    """The same edges, in small pieces, as a source that is never held at once would give them."""

    def __init__(self, problem: MatchingProblem, size: int) -> None:
        self.n_vertices = problem.n_vertices
        self.problem, self.size = problem, size

    @property
    def n_edges(self) -> int:
        """As the problem."""
        return self.problem.n_edges

    def blocks(self) -> Iterator[EdgeBlock]:
        """As the problem, in pieces."""
        return self.problem.blocks(self.size)


def assert_same_optimum(problem: MatchingProblem, bonus: int, **options: int) -> PricedSolution:
    """Candidates with pricing against all edges at once; no guess at the prices makes them better ones."""
    whole = solve_by_pricing(problem, bonus, blossom_engine, solved_at_once=problem.n_edges)
    source = StreamedProblem(problem, problem.n_edges)
    priced = solve_by_pricing(source, bonus, blossom_engine, solved_at_once=0, **options)
    pairs = [(one, other) for one, other in enumerate(priced.partner) if one < other]
    proof = check_certificate(priced.certificate, pairs, problem.blocks())
    assert proof.n_edges_checked == problem.n_edges
    assert sum(partner >= 0 for partner in priced.partner) == sum(partner >= 0 for partner in whole.partner)
    assert priced.total == whole.total == proof.total
    return priced


@pytest.mark.parametrize("n_each", [1, 3, 12])
@pytest.mark.parametrize("seed", range(4))
def test_pricing_equals_solving_all_at_once(seed: int, n_each: int, teams: Maker) -> None:
    """However few the first candidates, in both kinds of mode."""
    problem = teams(151, seed)
    for bonus in (0, cardinality_bonus(problem)):
        priced = assert_same_optimum(problem, bonus, n_each=n_each)
        assert priced.n_rounds > 1 or n_each > 1


@pytest.mark.parametrize("seed", range(20))
def test_pricing_finds_the_missing_pairs(
    seed: int, problem_of: Maker, random_edges: Callable[..., list[tuple[int, int, int]]]
) -> None:
    """On sparse graphs with ties one candidate each does not reach the most pairs; pricing does."""
    rng = np.random.default_rng(seed)
    problem = problem_of(60, random_edges(rng, 60, 0.06, -2, 3))
    assert_same_optimum(problem, cardinality_bonus(problem), n_each=1)


def test_a_source_in_small_pieces_gives_the_same_proof(teams: Maker) -> None:
    """Streaming 50 edges at a time changes neither the total nor the pairs."""
    problem = teams(120, 5)
    bonus = cardinality_bonus(problem)
    whole = solve_by_pricing(problem, bonus, blossom_engine, solved_at_once=0)
    streamed = solve_by_pricing(StreamedProblem(problem, 50), bonus, blossom_engine, solved_at_once=0)
    assert streamed.total == whole.total
    assert streamed.partner == whole.partner


def test_candidates_are_the_best_by_centred_value(problem_of: Maker) -> None:
    """Vertex 3 is good for everybody, so that being paired with it says little; 0-1 is chosen instead."""
    edges = [(0, 1, 50), (0, 2, 10), (0, 3, 60), (1, 2, 10), (1, 3, 90), (2, 3, 90), (1, 4, 1), (0, 4, 1)]
    first, second, weights = candidate_edges(problem_of(5, edges), 1)
    assert (0, 1, 50) in list(zip(first.tolist(), second.tolist(), weights.tolist(), strict=True))
    assert len(first) < len(edges)


@pytest.mark.parametrize("n_vertices", [7, 2**16 + 1])
def test_best_per_vertex_equals_sorting(n_vertices: int) -> None:
    """The picked scores are the highest ones at each vertex, for few and for many vertices."""
    rng = np.random.default_rng(0)
    numbers = np.append(np.arange(6), n_vertices - 1)
    vertices, scores = rng.choice(numbers, 200), rng.permutation(200).astype(float)
    picked = best_per_vertex(vertices, scores, 3)
    for vertex in numbers:
        expected = np.sort(scores[vertices == vertex])[-3:]
        assert np.array_equal(np.sort(scores[picked][vertices[picked] == vertex]), expected)


def test_progress_is_told_every_round_until_nothing_is_violated(teams: Maker) -> None:
    """Rounds count up, the last one has no violated edge and the final total."""
    seen = []
    solution = solve(teams(200, 1), progress=seen.append)
    assert [step.round_number for step in seen] == list(range(1, solution.n_rounds + 1))
    assert all(step.n_violated > 0 for step in seen[:-1])
    assert all(step.bound >= solution.total for step in seen)
    assert seen[-1].bound == solution.total
    assert (seen[-1].n_violated, seen[-1].total, seen[-1].n_pairs) == (0, solution.total, solution.n_pairs)


@pytest.mark.parametrize("size", [1 << 20, 50])
@pytest.mark.parametrize("after", [1, 2, 3])
def test_what_is_kept_after_an_interrupt_has_a_bound_that_holds(after: int, size: int, teams: Maker) -> None:
    """With poor candidates the matching so far is worse than the best; its duals cover every edge."""
    problem = teams(160, 3)
    bonus = cardinality_bonus(problem)
    best = solve(problem)

    def interrupt(state: Progress) -> None:
        if state.round_number == after:
            raise KeyboardInterrupt

    found = solve_by_pricing(
        StreamedProblem(problem, size),
        bonus,
        blossom_engine,
        n_each=2,
        solved_at_once=0,
        in_two_steps=True,
        progress=interrupt,
        keep_interrupted=True,
    )
    n_pairs = sum(partner >= 0 for partner in found.partner) // 2
    bound = prove_bound(found.certificate, best.n_pairs, problem.blocks())
    assert found.stopped == "interrupted"
    assert bound >= best.total
    assert (n_pairs, found.total) <= (best.n_pairs, best.total)
    assert after > 1 or (n_pairs, found.total) < (best.n_pairs, best.total)


def test_interrupt_passes_through(teams: Maker) -> None:
    """Ctrl-C in the middle reaches the caller."""

    def interrupt(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        solve(teams(60, 1), progress=interrupt)


def test_candidates_are_spread_where_all_edges_weigh_the_same(problem_of: Maker) -> None:
    """Nobody is everybody's choice: each vertex begins with those that come next."""
    edges = [(one, other, 7 - (other == one + 20)) for one in range(50) for other in range(one + 1, 50)]
    first, second, _ = candidate_edges(problem_of(50, edges), 3)
    degrees = np.bincount(np.concatenate([first, second]), minlength=50)
    assert set(degrees.tolist()) == {6}
