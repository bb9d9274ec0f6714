"""Prices of holding any edge, of all vertices at once: the same as one by one, and as by enumeration."""

from __future__ import annotations

import numpy as np
import pytest

from pairing.matching import BoundMatching, MatchingProblem, cheapest_held_edges, leximin_weights, solve
from pairing.matching.changes.held_edges import cheapest_held_edges_everywhere


def random_problem(seed: int, *, n: int, density: float, largest: int) -> MatchingProblem:
    """A graph by chance; with few different weights there are many ties."""
    rng = np.random.default_rng(seed)
    first, second = np.triu_indices(n, 1)
    there = rng.random(len(first)) < density
    weights = rng.integers(0, largest, int(there.sum()))
    return MatchingProblem(n, first[there], second[there], weights)


def prices(edges: tuple[BoundMatching, ...]) -> list[tuple[tuple[int, int], int, int]]:
    """The edges with what is lost."""
    return [(each.edge, each.n_pairs_lost, each.weight_lost) for each in edges]


@pytest.mark.parametrize("seed", range(60))
def test_all_at_once_is_the_same_as_one_by_one(seed: int) -> None:
    """Odd numbers of vertices, vertices that must stay out, ties, sparse and dense graphs."""
    problem = random_problem(
        seed, n=5 + seed % 10, density=(0.25, 0.5, 0.9)[seed % 3], largest=(3, 10, 10**9)[seed % 3]
    )
    best = solve(problem)
    found = cheapest_held_edges_everywhere(problem, best, 3)
    for vertex in range(problem.n_vertices):
        assert prices(found[vertex]) == prices(cheapest_held_edges(problem, best, vertex, 3))


@pytest.mark.parametrize("n", [40, 41])
def test_larger_graphs_with_odd_sets(n: int) -> None:
    """Where walks run around odd sets, they are no paths, and the price has to be found otherwise."""
    problem = random_problem(n, n=n, density=0.2, largest=1_000)
    best = solve(problem)
    found = cheapest_held_edges_everywhere(problem, best, 5)
    for vertex in range(0, n, 3):
        assert prices(found[vertex]) == prices(cheapest_held_edges(problem, best, vertex, 5))


def test_weights_of_any_length() -> None:
    """The weights of a fairest plan have hundreds of digits."""
    problem = random_problem(1, n=44, density=0.5, largest=10**9)
    planned = solve(problem).partner
    values = problem.weights[planned[problem.first] == problem.second]
    weights = leximin_weights(problem.weights, values)
    long = MatchingProblem(44, problem.first, problem.second, weights)
    assert weights.dtype == object
    best = solve(long)
    found = cheapest_held_edges_everywhere(long, best, 2)
    for vertex in (0, 17, 43):
        assert prices(found[vertex]) == prices(cheapest_held_edges(long, best, vertex, 2))


def test_each_matching_costs_what_it_says() -> None:
    """The matching that comes with a price holds the edge, uses permitted edges only, and has that weight."""
    problem = random_problem(5, n=20, density=0.4, largest=100)
    best = solve(problem)
    edges = list(zip(problem.first.tolist(), problem.second.tolist(), strict=True))
    weight = dict(zip(edges, problem.weights.tolist(), strict=True))
    for vertex, held in enumerate(cheapest_held_edges_everywhere(problem, best, 4)):
        for each in held:
            pairs = [(at, int(other)) for at, other in enumerate(each.partner) if at < other]
            assert vertex in each.edge
            assert each.edge in pairs
            assert sum(weight[pair] for pair in pairs) == each.total == best.total - each.weight_lost
            assert len(pairs) == best.n_pairs - each.n_pairs_lost


def test_progress_is_told() -> None:
    """After every vertex."""
    told: list[tuple[int, int]] = []
    problem = random_problem(2, n=6, density=0.9, largest=10)
    cheapest_held_edges_everywhere(problem, solve(problem), 1, progress=lambda *at: told.append(at))
    assert told == [(number, 6) for number in range(1, 7)]
