"""Better candidates, a larger bonus from where the search left off, and the order behind both."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from pairing.matching import MatchingProblem
from pairing.matching.candidates import best_per_vertex, nearest_edges
from pairing.matching.edge_source import EdgeSource
from pairing.matching.engine.blossom import blossom_engine, with_larger_bonus
from pairing.matching.engine.graph import doubled_graph
from pairing.matching.large.remembered import RememberedEdges
from pairing.matching.large.screening import screened
from pairing.matching.problem import EdgeBlock

Maker = Callable[..., MatchingProblem]


class Guessing(EdgeSource):
    """A problem with a guess at the prices, in pieces."""

    def __init__(self, problem: MatchingProblem) -> None:
        self.n_vertices, self.problem = problem.n_vertices, problem

    @property
    def n_edges(self) -> int:
        """As the problem."""
        return self.problem.n_edges

    def blocks(self) -> list[EdgeBlock]:
        """As the problem, in pieces."""
        return list(self.problem.blocks(100))

    def prices(self) -> np.ndarray | None:
        """Half of the average weight for everybody."""
        weights = np.concatenate([weights for _, _, weights in self.blocks()])
        return np.full(self.n_vertices, weights.mean() / 2.0)


class Silent(Guessing):
    """The same without a guess."""

    def prices(self) -> None:
        """None."""


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("remembers", [False, True])
def test_screened_candidates_hold_what_the_optimum_needs(seed: int, teams: Maker, *, remembers: bool) -> None:
    """From two edges each, they come to hold nearly as good a plan as all edges do, as the first do not."""
    problem = teams(160, seed)
    plain = Guessing(problem)
    source = RememberedEdges(plain) if remembers else plain
    few = source.candidates(2)
    better, prices = screened(source, few, lambda: None)
    assert prices is not None
    assert better[0].size < problem.n_edges / 2
    held = set(zip(better[0].tolist(), better[1].tolist(), strict=True))
    assert set(zip(few[0].tolist(), few[1].tolist(), strict=True)) <= held
    bonus = 10 * int(problem.weights.max())
    pairs = {}
    for name, edges in {"few": few, "better": better, "all": next(iter(problem.blocks(10**6)))}.items():
        partner = np.array(blossom_engine(doubled_graph(160, *edges, bonus)).partner)
        pairs[name] = int((partner >= 0).sum()) // 2, sum(edges[2][partner[edges[0]] == edges[1]].tolist())
    assert pairs["few"] < pairs["better"]
    assert pairs["better"][0] == pairs["all"][0]
    assert pairs["better"][1] > 0.999 * pairs["all"][1]


def test_without_a_guess_nothing_is_screened(teams: Maker) -> None:
    source = Silent(teams(60, 1))
    few = source.candidates(3)
    assert screened(source, few, lambda: None) == (few, None)


def test_a_problem_guesses_the_prices_of_weights_that_fit_into_doubles(problem_of: Maker) -> None:
    """The mean of each vertex less half of the mean of all means; of longer weights no guess is made."""
    edges = [(0, 1, 4), (0, 2, 8), (1, 3, 2)]
    problem = problem_of(4, edges)
    assert problem.prices() is not None
    assert problem.prices().tolist() == [6 - 2.375, 3 - 2.375, 8 - 2.375, 2 - 2.375]
    first, second, weights = zip(*edges, strict=True)
    assert MatchingProblem(4, first, second, [weight << 70 for weight in weights]).prices() is None


@pytest.mark.parametrize("seed", range(200))
def test_a_larger_bonus_goes_on_to_the_same_optimum(seed: int) -> None:
    """As a fresh start does, and its duals prove it: no slack is negative, and the bound is reached."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, 40))
    first, second = np.triu_indices(n, 1)
    kept = rng.random(first.size) < rng.choice([0.06, 0.15, 0.5])
    first, second = first[kept], second[kept]
    weights = rng.integers(0, int(rng.choice([3, 1000])), first.size)
    small, large = int(rng.integers(1, 2000)), 10**7
    found = blossom_engine(doubled_graph(n, first, second, weights, small))
    graph = doubled_graph(n, first, second, weights, large)
    before = list(found.partner)
    answer = with_larger_bonus(found, graph, large - small)
    assert answer is not None
    assert found.partner == before
    fresh = blossom_engine(graph)
    assert sum(answer.vertex_duals) >= 0
    totals = []
    for each in (answer, fresh):
        partner = np.array(each.partner)
        chosen = partner[first] == second
        totals.append(int((weights[chosen] + large).sum()))
        sizes = np.zeros(len(each.set_parent), dtype=int)
        for index in each.innermost_set:
            while index >= 0:
                sizes[index] += 1
                index = each.set_parent[index]
        bound = sum(each.vertex_duals) + sum(
            dual * (int(size) // 2) for dual, size in zip(each.set_duals, sizes, strict=True)
        )
        assert bound == 2 * totals[-1]
    assert totals[0] == totals[1]


@pytest.mark.parametrize("n_scores", [2, 10**6])
@pytest.mark.parametrize("n_positions", [3000, 20_000])
@pytest.mark.parametrize("rises", [False, True])
def test_best_per_vertex_takes_the_earlier_of_tied_ones(
    n_scores: int, n_positions: int, *, rises: bool
) -> None:
    """As sorting does, for vertices with many positions and one, the last, with few; in any order."""
    rng = np.random.default_rng(3)
    vertices = np.append(rng.integers(0, 50, n_positions), [50, 50, 50])
    scores = np.append(rng.integers(0, n_scores, n_positions), [-np.inf, 1, 2])
    if rises:
        scores = np.sort(scores)
    expected = [
        place
        for vertex in range(51)
        for place in sorted(np.flatnonzero(vertices == vertex), key=lambda at: (-scores[at], at))[:7]
    ]
    assert best_per_vertex(vertices, scores, 7).tolist() == expected
    wide = best_per_vertex(vertices * 40_000, scores, 7)
    assert wide.tolist() == expected


def test_nearest_edges_are_those_with_the_least_slack() -> None:
    edges = (np.array([0, 0, 1, 2]), np.array([1, 2, 3, 3]), np.array([5, 9, 8, 3]))
    floors = np.array([1.0, 1.0, 7.0, 0.0])
    assert [column.tolist() for column in nearest_edges(edges, floors, 1)] == [
        [0, 0, 1],
        [1, 2, 3],
        [5, 9, 8],
    ]
